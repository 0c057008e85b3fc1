"""Signatures of what is sent: Standard Webhooks, and the published one beside it. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

_PREFIX = "whsec_"


def new_secret() -> str:
    """`whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(*, message_id: str, timestamp: int, body: str, keys: Sequence[str]) -> dict[str, str]:
    """The headers that prove where `body` comes from; `keys` are secrets, the newest first.

    `timestamp` is in seconds. While a rotation lasts, `webhook-signature` has one signature for
    each key; the published header knows only one, that of the newest.
    """
    signed = f"{message_id}.{timestamp}.{body}"
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_signature(signed, key)}" for key in keys),
        "x-voucherify-signature": published(body, keys[0]),
    }


def published(body: str, key: str) -> str:
    """HMAC-SHA256 of the compact JSON text in lower-case hex."""
    return hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()


def _signature(text: str, key: str) -> str:
    secret = base64.b64decode(key.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(secret, text.encode(), hashlib.sha256).digest()).decode()
