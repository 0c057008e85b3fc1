"""Guessing codes: whoever names too many unknown ones has to wait, right guesses included."""

from datetime import datetime

import structlog

from loyalty_project.core import context as acting
from loyalty_project.core import throttle
from loyalty_project.core.errors import Limited
from redemptions.context import Loaded

log = structlog.get_logger(__name__)
# Unknown codes per minute, key and address; behind a server's key stand all shoppers of a shop.
CLIENT_LIMIT = 20
SERVER_LIMIT = 300


def refuse(*, at: datetime) -> None:
    """Raises Limited while the caller is over the limit, before anything is looked up."""
    identity, limit = _caller()
    if identity:
        _raise_above(throttle.peek(identity, limit=limit, at=at))


def note(*, loaded: Loaded, at: datetime) -> None:
    """Count the unknown codes of a request."""
    identity, limit = _caller()
    if not identity:
        return
    for redeemable in loaded.context.redeemables:
        if not redeemable.exists:
            throttle.count(identity, limit=limit, at=at)


def _caller() -> tuple[str, int]:
    """Without a key it is a person of the team, who is not limited."""
    actor = acting.actor()
    if actor.api_key is None:
        return "", 0
    is_client = actor.api_key.is_client
    identity = f"codes:{actor.api_key.pk}:{throttle.place(actor.ip)}"
    return identity, CLIENT_LIMIT if is_client else SERVER_LIMIT


def _raise_above(state: throttle.State) -> None:
    if state.used >= state.limit:
        log.warning("codes_guessed", ip=acting.current_ip())
        raise Limited(
            "Too many unknown codes. Wait before the next one.",
            extra={"retry_after": state.retry_after},
        )
