"""Keys of machines. A secret is returned once and never again."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import ApiKey, KeyRole, ManagementKey, Project
from loyalty_project.core.models.api_key import hash_secret, new_secret


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its secret in clear, to be shown to a person and then forgotten."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class IssuedManagement:
    key: ManagementKey
    secret: str


class InvalidApiKey(Invalid):
    key = "invalid_api_key"
    message = "Invalid API key"


def create(
    *,
    project: Project,
    name: str,
    role: str = KeyRole.ADMIN,
    is_client: bool = False,
    origins: Sequence[str] = (),
    scopes: Sequence[str] = (),
    allowed_ips: Sequence[str] = (),
    rate_limit: int = 2000,
    expires_at: datetime | None = None,
) -> Issued:
    """Make a key. Raises InvalidApiKey for unknown roles, scopes or networks."""
    if role not in KeyRole.values:
        raise InvalidApiKey(f"There is no role {role}; use one of {', '.join(KeyRole.values)}")
    _check_scopes(scopes)
    _check_networks(allowed_ips)
    secret = new_secret()
    with transaction.atomic():
        key = ApiKey.objects.create(
            project=project,
            name=name,
            role=role,
            is_client=is_client,
            origins=list(origins),
            scopes=list(scopes),
            allowed_ips=list(allowed_ips),
            rate_limit=rate_limit,
            expires_at=expires_at,
            secret_hash=hash_secret(secret),
            secret_hint=secret[-4:],
        )
    return Issued(key, secret)


def regenerate(*, project: Project, key: ApiKey) -> Issued:
    """Give the key a new secret; the old one stops at once, tokens issued by it live on."""
    secret = new_secret()
    with transaction.atomic():
        locked = ApiKey.objects.select_for_update().get(project=project, pk=key.pk)
        locked.secret_hash, locked.secret_hint = hash_secret(secret), secret[-4:]
        locked.save(update_fields=["secret_hash", "secret_hint", "updated_at"])
    return Issued(locked, secret)


def revoke(*, project: Project, key: ApiKey, at: datetime) -> ApiKey:
    """Stop the key and its tokens for good. Other keys are not affected."""
    with transaction.atomic():
        locked: ApiKey = ApiKey.objects.select_for_update().get(project=project, pk=key.pk)
        if locked.revoked_at is None:
            locked.revoked_at = at
            locked.save(update_fields=["revoked_at", "updated_at"])
        locked.tokens.all().delete()
    return locked


def create_management(*, name: str) -> IssuedManagement:
    """Make a key of the whole installation, for `/management/v1`."""
    secret = new_secret()
    with transaction.atomic():
        key = ManagementKey.objects.create(
            name=name, secret_hash=hash_secret(secret), secret_hint=secret[-4:]
        )
    return IssuedManagement(key, secret)


def revoke_management(*, key: ManagementKey, at: datetime) -> ManagementKey:
    """Stop a key of the installation for good."""
    with transaction.atomic():
        locked = ManagementKey.objects.select_for_update().get(pk=key.pk)
        if locked.revoked_at is None:
            locked.revoked_at = at
            locked.save(update_fields=["revoked_at"])
    return locked


def _check_scopes(scopes: Sequence[str]) -> None:
    known = set(import_string(settings.WAFA_API_RESOURCES))
    for scope in scopes:
        if scope not in known:
            raise InvalidApiKey(f"There is no resource {scope}")


def _check_networks(networks: Sequence[str]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise InvalidApiKey(f"{network} is neither an address nor a network") from None
