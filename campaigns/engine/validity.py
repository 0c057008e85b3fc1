"""When something is valid: dates, recurring frames, days of the week, hours, holidays."""

from datetime import datetime, tzinfo

from campaigns.engine.redeemable import (
    DailyHours,
    HolidayMode,
    Redeemable,
    Timeframe,
    Validity,
    once,
)
from loyalty_project.core import durations


def has_started(validity: Validity, at: datetime) -> bool:
    return validity.starts_at is None or at >= validity.starts_at


def has_ended(validity: Validity, at: datetime) -> bool:
    return validity.ends_at is not None and at >= validity.ends_at


@once
def windows(redeemable: Redeemable) -> tuple[tuple[str, Validity], ...]:
    """When it and its campaign are valid, each with whose that is."""
    own = (redeemable.kind.value, redeemable.validity)
    if redeemable.campaign is None:
        return (own,)
    return (own, ("campaign", redeemable.campaign.validity))


@once
def span(redeemable: Redeemable) -> tuple[datetime | None, datetime | None]:
    """The last start and the first end of its windows."""
    found = [window for _, window in windows(redeemable)]
    starts = [each.starts_at for each in found if each.starts_at is not None]
    ends = [each.ends_at for each in found if each.ends_at is not None]
    return max(starts, default=None), min(ends, default=None)


def recurs(validity: Validity) -> bool:
    """Whether there is more than dates to it."""
    return bool(
        validity.timeframe is not None
        or validity.days_of_week
        or validity.daily_hours
        or validity.holidays
        or validity.holiday_mode != HolidayMode.EXCEPT
    )


def recurs_at(
    validity: Validity, at: datetime, time_zone: tzinfo, *, anchor: datetime | None = None
) -> bool:
    """Whether the recurring frame, the days, the hours and the holidays all hold at an instant.

    A frame is counted from the start of the validity, or from `anchor` where there is none; without
    either it never holds.
    """
    if validity.timeframe is not None:
        start = validity.starts_at or anchor
        if start is None or not _in_timeframe(validity.timeframe, start, at, time_zone):
            return False
    if not suits_holidays(validity, at, time_zone):
        return False
    if not validity.days_of_week and not validity.daily_hours:
        return True
    local = at.astimezone(time_zone)
    if validity.days_of_week and _day(local) not in validity.days_of_week:
        return False
    return not validity.daily_hours or any(_in_hours(h, local) for h in validity.daily_hours)


def suits_holidays(validity: Validity, at: datetime, time_zone: tzinfo) -> bool:
    """Hours that run past midnight end with their day."""
    if not validity.holidays:
        return validity.holiday_mode == HolidayMode.EXCEPT
    is_holiday = at.astimezone(time_zone).date() in validity.holidays
    return is_holiday is (validity.holiday_mode == HolidayMode.ONLY)


def _day(local: datetime) -> int:
    """Sunday is 0."""
    return local.isoweekday() % 7


def _in_timeframe(frame: Timeframe, start: datetime, at: datetime, time_zone: tzinfo) -> bool:
    return durations.recurs(start, frame.interval, frame.duration, at, time_zone)


def _in_hours(hours: DailyHours, local: datetime) -> bool:
    now = local.time()
    days = hours.days_of_week or frozenset(range(7))
    if hours.expiration is None:
        return _day(local) in days and now >= hours.start
    if hours.start < hours.expiration:
        return _day(local) in days and hours.start <= now < hours.expiration
    yesterday = (_day(local) - 1) % 7
    return (_day(local) in days and now >= hours.start) or (
        yesterday in days and now < hours.expiration
    )
