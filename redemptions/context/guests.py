"""Who buys without an account: known by e-mail or phone, which are kept nowhere but as a hash."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

_SALT = "redemptions.guest"


def of(said: Mapping[str, Any]) -> str | None:
    """`guest_…`, the same for the same e-mail however it is written; else of the phone number."""
    address = unicodedata.normalize("NFKC", _text(said.get("email"))).strip().casefold()
    phone = _text(said.get("phone"))
    digits = "".join(str(unicodedata.digit(each)) for each in phone if each.isdigit())
    known = address or digits.removeprefix("00")
    if not known:
        return None
    return f"guest_{salted_hmac(_SALT, known, algorithm='sha256').hexdigest()[:40]}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
