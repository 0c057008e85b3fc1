"""The second factor of a person: one-time passwords of an app, and codes for when it is lost."""

import secrets
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from loyalty_project.core.models import RecoveryCode, User

log = structlog.get_logger(__name__)
RECOVERY_CODES = 10
# 16 symbols without 0, 1, i, l, o and u are nearly 80 bits.
_SYMBOLS = "23456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 16


def begin(*, user: User) -> TOTPDevice:
    """The device that waits for its first password; the same one until it is confirmed."""
    device, _made = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "app"}
    )
    return device


def confirm(*, user: User, token: str, at: datetime) -> list[str]:
    """Turn the second factor on by the first password of the app; the recovery codes, or none
    where the password is wrong."""
    with transaction.atomic():
        device = _device(user, confirmed=False)
        if device is None or not device.verify_token(_plain(token)):
            return []
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        _note(user, at=at)
        codes = renew_codes(user=user)
    log.info("second_factor_on", user_id=user.pk)
    return codes


def verify(*, user: User, token: str, at: datetime) -> bool:
    """Does the person hold the app, or an unused recovery code, which is then used?

    Each wrong try doubles the time until the next one is looked at.
    """
    with transaction.atomic():
        device = _device(user, confirmed=True)
        if device is None or not device.verify_is_allowed()[0]:
            return False
        plain = _plain(token)
        if len(plain) != _LENGTH:
            return device.verify_token(plain) or _refused(user)
        used = RecoveryCode.objects.filter(user=user, digest=_digest(user, plain), used_at=None)
        if used.update(used_at=at):
            device.throttle_reset()
            log.info("recovery_code_used", user_id=user.pk)
            return True
        device.throttle_increment()
        return _refused(user)


def renew_codes(*, user: User) -> list[str]:
    """New recovery codes; those before them end."""
    codes = [
        "".join(secrets.choice(_SYMBOLS) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=_digest(user, code)) for code in codes
        )
    return ["-".join(code[i : i + 4] for i in range(0, _LENGTH, 4)) for code in codes]


def remove(*, user: User) -> None:
    """Turn the second factor off; who does so is in the history of the person."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        RecoveryCode.objects.filter(user=user).delete()
        _note(user, at=None)
    log.info("second_factor_off", user_id=user.pk)


def _refused(user: User) -> bool:
    log.warning("second_factor_wrong", user_id=user.pk)
    return False


def _note(user: User, *, at: datetime | None) -> None:
    user.second_factor_at = at
    user.save(update_fields=["second_factor_at"])


def _device(user: User, *, confirmed: bool) -> TOTPDevice | None:
    rows = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=confirmed)
    return rows.order_by("pk").first()


def _plain(token: str) -> str:
    """Without the blanks and dashes that people type between groups."""
    return "".join(letter for letter in token if letter.isalnum()).lower()


def _digest(user: User, code: str) -> str:
    """Useless without SECRET_KEY, which no copy of the database holds."""
    return salted_hmac(f"wafa.recovery.{user.pk}", code, algorithm="sha256").hexdigest()
