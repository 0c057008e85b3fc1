"""What a customer did before, as facts that rules ask for and the loader looks up."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from loyalty_project.core import durations

LIFETIME = ""


class Measure(StrEnum):
    """Paid orders and their minor units, and redemptions that succeeded and were not undone.

    ORDERS_WITH are the paid orders that held something of a collection, or a product or SKU.
    """

    ORDERS_COUNT = "orders_count"
    ORDERS_AMOUNT = "orders_amount"
    ORDERS_WITH = "orders_with"
    REDEMPTIONS = "redemptions"


@dataclass(frozen=True, slots=True)
class Past:
    """A number about a customer's past.

    `window` is "" for all time, an ISO 8601 duration back from now such as "P6M", or one of
    CALENDAR. Redemptions count those of campaign `only`, or all but those of campaign `but`; for
    ORDERS_WITH `only` is what the orders held.
    """

    measure: Measure
    window: str = LIFETIME
    only: str | None = None
    but: str | None = None


CALENDAR = frozenset({"today", "this_month", "this_year", "last_month", "last_year"})


def check(window: str) -> None:
    """Raises durations.InvalidDuration for a window that means nothing."""
    if window != LIFETIME and window not in CALENDAR:
        durations.parse(window)


def bounds(window: str, at: datetime, time_zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """When a window begins, inclusive, and ends, exclusive; None is open."""
    if window == LIFETIME:
        return None, None
    if window not in CALENDAR:
        return durations.add(at, durations.parse(window), time_zone, times=-1), None
    today = at.astimezone(time_zone).date()
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    if window == "last_month":
        first = (
            month.replace(month=month.month - 1)
            if month.month > 1
            else month.replace(year=month.year - 1, month=12)
        )
        return _midnight(first, time_zone), _midnight(month, time_zone)
    if window == "last_year":
        return _midnight(year.replace(year=year.year - 1), time_zone), _midnight(year, time_zone)
    begin = {"today": today, "this_month": month, "this_year": year}[window]
    return _midnight(begin, time_zone), None


def _midnight(day: date, time_zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=time_zone)
