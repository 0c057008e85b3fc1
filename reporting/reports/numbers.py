"""The first numbers of a project, each read by one query over an index.

Days are those of the project's clock. A redemption counts once per code, so the parents of stacks
do not count; what was taken back counts neither as redeemed nor as a discount. Amounts are minor
units. The tables are read as they are: 30 days of a million redemptions a year are a range of the
index (project, redeemed_at).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from campaigns.models import Campaign
from loyalty_project.core.models import Project
from redemptions.models import Order, OrderStatus, Redemption, Result
from redemptions.queries.returns import DISCOUNT_LEFT

DAYS = 30
SOON = timedelta(days=7)
_COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)
_SUCCEEDED = Q(result=Result.SUCCESS, rolled_back_at__isnull=True)
_REFUSED = Q(result=Result.FAILURE)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    succeeded: int = 0
    refused: int = 0
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Orders:
    """Paid orders, and those among them that used a code."""

    total: int
    with_code: int


@dataclass(frozen=True, slots=True)
class Campaigns:
    """`running` work now, `scheduled` begin later, both switched on."""

    running: int
    scheduled: int


@dataclass(frozen=True, slots=True)
class Top:
    campaign: Campaign
    redemptions: int
    discount: int


def midnight(project: Project, at: datetime, *, days_ago: int = 0) -> datetime:
    """When the project's day of `at` began, or one of the days before."""
    zone = ZoneInfo(project.timezone)
    day = at.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), tzinfo=zone)


def days(project: Project, at: datetime) -> list[Day]:
    """The last 30 days, today included, none left out."""
    first = midnight(project, at, days_ago=DAYS - 1)
    rows = (
        _uses(first, at)
        .annotate(day=TruncDate("redeemed_at", tzinfo=ZoneInfo(project.timezone)))
        .values("day")
        .annotate(
            succeeded=Count("pk", filter=_SUCCEEDED),
            refused=Count("pk", filter=_REFUSED),
            discount=Sum(DISCOUNT_LEFT, filter=_SUCCEEDED, default=0),
        )
        .order_by("day")
    )
    found = {row["day"]: Day(**row) for row in rows}
    every = (first.date() + timedelta(days=number) for number in range(DAYS))
    return [found.get(day, Day(day)) for day in every]


def succeeded_between(first: datetime, last: datetime) -> int:
    """Redemptions from the first instant on, before the last."""
    return int(_uses(first, last).filter(_SUCCEEDED).count())


def orders(project: Project, at: datetime) -> Orders:
    """Of the last 7 days, today included."""
    used = Redemption.objects.filter(_SUCCEEDED, order=OuterRef("pk"))
    counts = Order.objects.filter(
        created_at__gte=midnight(project, at, days_ago=6), created_at__lte=at, status__in=_COUNTED
    ).aggregate(total=Count("pk"), with_code=Count("pk", filter=Exists(used)))
    return Orders(counts["total"], counts["with_code"])


def campaigns(at: datetime) -> Campaigns:
    started = Q(starts_at__isnull=True) | Q(starts_at__lte=at)
    return Campaigns(
        **_switched_on(at).aggregate(
            running=Count("pk", filter=started), scheduled=Count("pk", filter=Q(starts_at__gt=at))
        )
    )


def ending_soon(at: datetime, *, limit: int = 5) -> list[Campaign]:
    """Campaigns that end within 7 days, the next one first."""
    soon = _switched_on(at).filter(expires_at__lte=at + SOON)
    return list(soon.order_by("expires_at", "pk")[:limit])


def top_campaigns(project: Project, at: datetime, *, limit: int = 5) -> list[Top]:
    """The campaigns of the last 30 days with the most redemptions."""
    first = midnight(project, at, days_ago=DAYS - 1)
    rows = (
        _uses(first, at)
        .filter(_SUCCEEDED, campaign__isnull=False)
        .values("campaign")
        .annotate(redemptions=Count("pk"), discount=Sum(DISCOUNT_LEFT))
        .order_by("-redemptions", "campaign")[:limit]
    )
    counts = {row["campaign"]: row for row in rows}
    known = Campaign.objects.in_bulk(list(counts))
    return [Top(known[key], row["redemptions"], row["discount"]) for key, row in counts.items()]


def change(now: int, before: int) -> float | None:
    """In percent of what was before; None where that was nothing."""
    return None if before == 0 else 100 * (now - before) / before


def _uses(first: datetime, last: datetime) -> QuerySet[Redemption]:
    """Tries of codes in a range of time; a success without code and campaign is a stack."""
    stack = Q(result=Result.SUCCESS, voucher__isnull=True, campaign__isnull=True)
    found: Any = Redemption.objects.filter(redeemed_at__gte=first, redeemed_at__lte=last)
    return found.exclude(stack)


def _switched_on(at: datetime) -> QuerySet[Campaign]:
    running: QuerySet[Campaign] = Campaign.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at),
        active=True,
        deleted_at__isnull=True,
    )
    return running
