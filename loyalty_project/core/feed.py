"""The feed of events: each position once in one order, for at least 30 days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import OutboxEvent, Project

KEPT = timedelta(days=30)


class CursorTooOld(LoyaltyError):
    """Events after the cursor are no longer told, so that the reader has missed some."""

    status = 410
    key = "cursor_expired"
    message = "Cursor expired"


@dataclass(frozen=True, slots=True)
class Page:
    """Go on after `cursor`; `has_more` says that something is there already."""

    events: list[OutboxEvent]
    cursor: int
    has_more: bool


def read(
    *,
    project: Project,
    after: int | None,
    limit: int,
    types: Collection[str] = (),
    at: datetime,
) -> Page:
    """The events after a cursor, those of `types` alone where there are any.

    Without a cursor, from the oldest that is kept. An event is here once it is dispatched, and
    whatever is dispatched later comes behind it. Raises CursorTooOld.
    """
    rows = OutboxEvent.objects.filter(project=project, position__isnull=False)
    # Read before the page: what is dispatched between the two comes with the next one.
    end = latest(project=project)
    oldest = at - KEPT
    if after is None:
        start = _first(project, oldest) - 1
    else:
        start = after
        following = rows.filter(position__gt=after).order_by("position")
        skipped = following.values_list("dispatched_at", flat=True).first()
        if skipped is not None and skipped < oldest:
            raise CursorTooOld("Events after this cursor are older than 30 days; begin without one")
    page = rows.filter(position__gt=start, position__lte=end).order_by("position")
    if types:
        page = page.filter(type__in=types)
    found = list(page[: limit + 1])
    if len(found) > limit:
        return Page(found[:limit], found[limit - 1].position or start, has_more=True)
    return Page(found, max(end, start), has_more=False)


def latest(*, project: Project) -> int:
    """The cursor after everything that has been dispatched by now."""
    rows = OutboxEvent.objects.filter(project=project, position__isnull=False)
    return rows.aggregate(last=Max("position"))["last"] or 0


def _first(project: Project, oldest: datetime) -> int:
    """The first position of what is kept; behind everything where nothing is."""
    kept = OutboxEvent.objects.filter(
        project=project, position__isnull=False, dispatched_at__gte=oldest
    ).order_by("dispatched_at", "position")
    found: int | None = kept.values_list("position", flat=True).first()
    return found if found is not None else 1
