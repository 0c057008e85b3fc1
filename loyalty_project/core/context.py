"""Who is acting, from where, in which request: read by history, outbox and logs.

Set once per request or job by middleware and the job runner; everything below reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person or key. `user`, `api_key` and `management_key` are rows or None."""

    user: Any = None
    api_key: Any = None
    management_key: Any = None
    ip: str | None = None
    request_id: str = ""
    channel: str = "INTERNAL"

    def published(self) -> dict[str, Any]:
        """As the `event_source` of a published webhook names a person or a key."""
        if self.user is not None:
            return {"user": {"id": str(self.user.pk)}}
        if self.api_key is not None:
            return {"api_key": {"name": self.api_key.name, "app_id": self.api_key.app_id}}
        if self.management_key is not None:
            key = self.management_key
            return {"api_key": {"name": key.name, "app_id": key.management_id}}
        return {}


_NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=_NOBODY)


def actor() -> Actor:
    return _actor.get()


@contextmanager
def acting(**changes: Any) -> Iterator[Actor]:
    """Act as the current actor with `changes` until the block ends."""
    token = _actor.set(replace(_actor.get(), **changes))
    try:
        yield _actor.get()
    finally:
        _actor.reset(token)


def current_ip() -> str | None:
    return _actor.get().ip


def current_request_id() -> str:
    return _actor.get().request_id


def current_api_key_pk() -> int | None:
    key = _actor.get().api_key
    return key.pk if key is not None else None


def current_credential() -> str:
    """The name of the key, as it reads after the key itself is gone; empty for a person."""
    key = _actor.get().api_key or _actor.get().management_key
    return f"{key} (…{key.secret_hint})" if key is not None else ""
