"""When campaigns and promotion tiers run: all that touch a span of time, read at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.models import Campaign, HolidayCalendar, PromotionTier

MOST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """From `starts_at` on, before `ends_at`; None is open. A tier lies within its campaign."""

    row: Campaign | PromotionTier
    starts_at: datetime | None
    ends_at: datetime | None
    switched_on: bool
    recurs: bool

    def state(self, at: datetime) -> str:
        """`off`, `later`, `ended` or `on`, by switches and dates."""
        if not self.switched_on:
            return "off"
        if self.starts_at is not None and self.starts_at > at:
            return "later"
        return "ended" if self.ends_at is not None and self.ends_at <= at else "on"


def of_campaigns(first: datetime, end: datetime) -> list[Run]:
    """Those that run somewhere from `first` on and before `end`, in one query.

    One more than `MOST` where there are more.
    """
    rows = Campaign.objects.filter(_touching(first, end), deleted_at__isnull=True)
    return [
        Run(row, row.starts_at, row.expires_at, row.active, _recurs(row))
        for row in _in_sequence(rows)
    ]


def of_tiers(first: datetime, end: datetime) -> list[Run]:
    """Tiers with dates of their own; the others run as their campaign does. Bounded likewise."""
    dated = Q(starts_at__isnull=False) | Q(expires_at__isnull=False)
    rows = PromotionTier.objects.filter(
        dated,
        _touching(first, end),
        _touching(first, end, "campaign__"),
        deleted_at__isnull=True,
        campaign__deleted_at__isnull=True,
    )
    found = [_of_tier(row) for row in _in_sequence(rows.select_related("campaign"))]
    return [
        run
        for run in found
        if run.starts_at is None or run.ends_at is None or run.starts_at < run.ends_at
    ]


def holidays(first: date, end: date) -> dict[date, list[str]]:
    """What the days of all holiday calendars are called; one query."""
    found: dict[date, list[str]] = {}
    for calendar in HolidayCalendar.objects.order_by("name", "pk"):
        for entry in calendar.days:
            day = date.fromisoformat(entry["date"])
            if first <= day < end:
                names = found.setdefault(day, [])
                name = entry["name"] or calendar.name
                if name not in names:
                    names.append(name)
    return found


def _touching(first: datetime, end: datetime, path: str = "") -> Q:
    starts = Q(**{f"{path}starts_at__isnull": True}) | Q(**{f"{path}starts_at__lt": end})
    ends = Q(**{f"{path}expires_at__isnull": True}) | Q(**{f"{path}expires_at__gt": first})
    return starts & ends


def _in_sequence(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("starts_at", "expires_at", "name", "pk")[: MOST + 1]


def _of_tier(tier: PromotionTier) -> Run:
    rows = (tier, tier.campaign)
    starts = [row.starts_at for row in rows if row.starts_at is not None]
    ends = [row.expires_at for row in rows if row.expires_at is not None]
    return Run(
        tier,
        max(starts, default=None),
        min(ends, default=None),
        all(row.active for row in rows),
        any(_recurs(row) for row in rows),
    )


def _recurs(row: Campaign | PromotionTier) -> bool:
    """Does it pause in between, on days, at hours, or on holidays?"""
    pauses = (row.validity_timeframe, row.validity_day_of_week, row.validity_hours)
    return any(pauses) or getattr(row, "holiday_calendar_id", None) is not None
