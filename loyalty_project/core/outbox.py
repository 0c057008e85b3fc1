"""The two verbs of every event: emit and subscribe. The dispatcher is in `core.dispatch`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from loyalty_project.core import context, guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import OutboxEvent, Project
from loyalty_project.core.wakeup import wake_workers

Handler = Callable[[OutboxEvent], None]
_subscribers: dict[str, dict[str, Handler]] = {}


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be: `subject` and `about` are public ids, as for `emit`."""

    event_type: str
    subject: str
    data: Mapping[str, Any]
    about: str = ""


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
    happening = Happening(event_type, subject, data, about)
    return emit_all([happening], project=project, at=at)[0]


def emit_all(
    happenings: Sequence[Happening], *, project: Project, at: datetime
) -> list[OutboxEvent]:
    """As `emit`, for all events of one change at once and in this order."""
    events = _events(happenings, project=project, at=at)
    OutboxEvent.objects.bulk_create(events)
    return events


def statements(
    happenings: Sequence[Happening], *, project: Project, at: datetime
) -> list[Statement]:
    """As `emit_all`, for who sends the INSERT together with other statements of the commit."""
    return guarded.inserts(_events(happenings, project=project, at=at))


def _events(
    happenings: Sequence[Happening], *, project: Project, at: datetime
) -> list[OutboxEvent]:
    if not connection.in_atomic_block:
        raise NotInTransaction(", ".join(happening.event_type for happening in happenings))
    if happenings:
        transaction.on_commit(wake_workers)
    actor = context.actor()
    return [
        OutboxEvent(
            project=project,
            type=happening.event_type,
            subject=happening.subject,
            about=happening.about,
            group_id=actor.request_id,
            channel=actor.channel,
            actor=actor.published(),
            data=dict(happening.data),
            occurred_at=at,
        )
        for happening in happenings
    ]


def subscribe(event_type: str, handler: Handler) -> None:
    """Call `handler(event)` once for each event of this type, in a worker, in its project."""
    name = f"{handler.__module__}.{handler.__qualname__}"
    _subscribers.setdefault(event_type, {})[name] = handler


def subscribers(event_type: str) -> Mapping[str, Handler]:
    return _subscribers.get(event_type, {})
