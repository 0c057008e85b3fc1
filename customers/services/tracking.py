"""Anonymous tracking ids: what a shop shows in public in place of a customer's source id."""

import hmac
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from loyalty_project.core.models import Project

PREFIX = "track_"


def encode(*, project: Project, raw: str) -> str:
    """The `track_…` form of a source id; the same for the same project and source id."""
    if raw.startswith(PREFIX):
        return raw
    text = f"{project.public_id}:{raw}".encode()
    return PREFIX + hmac.digest(_key(settings.SECRET_KEY), text, "sha256").hex()[:32]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """As django.utils.crypto.salted_hmac makes it, once instead of for each id."""
    return sha256(b"customers.tracking" + secret.encode()).digest()
