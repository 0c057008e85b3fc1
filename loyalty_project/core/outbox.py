"""The two verbs of every event: emit and subscribe. The dispatcher is in `core.dispatch`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from loyalty_project.core import context
from loyalty_project.core.models import OutboxEvent, Project
from loyalty_project.core.wakeup import wake_workers

Handler = Callable[[OutboxEvent], None]
_subscribers: dict[str, dict[str, Handler]] = {}


class NotInTransaction(RuntimeError):
    """An event was emitted outside the transaction of its change: a programming error."""


def emit(
    event_type: str,
    *,
    project: Project,
    subject: str,
    data: Mapping[str, Any],
    at: datetime,
    about: str = "",
) -> OutboxEvent:
    """Record that `event_type` happened to `subject`, in the caller's transaction.

    `subject` and `about` are public ids: what changed, and whose activity list shows it.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(event_type)
    actor = context.actor()
    event = OutboxEvent.objects.create(
        project=project,
        type=event_type,
        subject=subject,
        about=about,
        group_id=actor.request_id,
        channel=actor.channel,
        data=dict(data),
        occurred_at=at,
    )
    transaction.on_commit(wake_workers)
    return event


def subscribe(event_type: str, handler: Handler) -> None:
    """Call `handler(event)` once for each event of this type, in a worker, in its project."""
    name = f"{handler.__module__}.{handler.__qualname__}"
    _subscribers.setdefault(event_type, {})[name] = handler


def subscribers(event_type: str) -> Mapping[str, Handler]:
    return _subscribers.get(event_type, {})
