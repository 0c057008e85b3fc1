"""What is counted about redemptions: by whom, where, and in which part of the calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from loyalty_project.core.predicates import values


class _Name(StrEnum):
    """Hashed as the text that it is; keys of counters are made of them all the time."""

    __hash__ = str.__hash__


class Measure(_Name):
    """Redemptions, customers who redeemed, minor units of discount and of orders."""

    REDEMPTIONS = "redemptions"
    CUSTOMERS = "customers"
    DISCOUNT = "discount"
    ORDERS = "orders"


class Scope(_Name):
    """A code or promotion tier, its campaign, a budget that campaigns share, the project."""

    REDEEMABLE = "redeemable"
    CAMPAIGN = "campaign"
    BUDGET = "budget"
    PROJECT = "project"


class Period(_Name):
    """Calendar periods of the project's time zone."""

    ALWAYS = "always"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Counter:
    """One number that is kept. `per` narrows it: "customer:cust_1", "api_key:…", "user:…".

    `begins` is the first day of the period, None for ALWAYS.
    """

    measure: Measure
    scope: Scope
    scope_id: str
    period: Period = Period.ALWAYS
    begins: date | None = None
    per: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What a redemption would add to a counter."""

    counter: Counter
    amount: int


@dataclass(frozen=True, slots=True)
class Relied:
    """A counter that made a rule true: after the use of `amount` it is from `least` to `limit`.

    None is no bound on that side.
    """

    counter: Counter
    amount: int
    limit: int | None
    least: int | None = None


def first_day(period: Period, at: datetime, time_zone: tzinfo, week_start: int) -> date | None:
    """The first day of the period around an instant; weeks begin on `week_start`, Sunday is 0."""
    if period == Period.ALWAYS:
        return None
    today = (values.local_of(at, time_zone) or at).date()
    if period == Period.DAY:
        return today
    if period == Period.WEEK:
        back = timedelta(days=(today.isoweekday() - week_start) % 7)
        return today - min(back, today - date.min)
    if period == Period.MONTH:
        return today.replace(day=1)
    return today.replace(month=1, day=1)


def next_first_day(period: Period, begins: date) -> date:
    """The first day of the period after the one that begins on a day."""
    if period == Period.DAY:
        return begins + timedelta(days=1)
    if period == Period.WEEK:
        return begins + timedelta(days=7)
    if period == Period.MONTH:
        return (begins + timedelta(days=31)).replace(day=1)
    return begins.replace(year=begins.year + 1)
