"""ISO 8601 durations, with days, months and years of the calendar kept apart from hours."""

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, tzinfo

BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
YEARS_MAX = 100
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)

_PATTERN = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10})S)?)?",
    re.ASCII,
)


class InvalidDuration(ValueError):
    """Not an ISO 8601 duration of whole units, or one of no length."""


class TooLong(InvalidDuration):
    """More than YEARS_MAX years of the calendar."""


@dataclass(frozen=True, slots=True)
class Duration:
    months: int = 0
    days: int = 0
    seconds: int = 0


def parse(text: str) -> Duration:
    """Read "P1D", "PT1H", "P3M", "P1Y2M3W4DT5H6M7S"; raise InvalidDuration for anything else."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise InvalidDuration(text)
    part = {name: int(value or 0) for name, value in found.groupdict().items()}
    duration = Duration(
        months=part["years"] * 12 + part["months"],
        days=part["weeks"] * 7 + part["days"],
        seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
    )
    if duration == Duration():
        raise InvalidDuration(text)
    return duration


def bounded(text: str) -> Duration:
    """As `parse`, for what is going to be saved; raise TooLong for more than YEARS_MAX years."""
    duration = parse(text)
    if add(_SOME_DAY, duration, UTC) > _SOME_DAY.replace(year=_SOME_DAY.year + YEARS_MAX):
        raise TooLong(text)
    return duration


def text(duration: Duration) -> str:
    """ISO 8601 again: "P1M2DT3H4M5S"; what `parse` reads as the same duration."""
    dates = [(duration.months, "M"), (duration.days, "D")]
    minutes, seconds = divmod(duration.seconds, 60)
    times = [(minutes // 60, "H"), (minutes % 60, "M"), (seconds, "S")]
    of_day = "".join(f"{count}{unit}" for count, unit in times if count)
    written = "".join(f"{count}{unit}" for count, unit in dates if count)
    return f"P{written}T{of_day}" if of_day else f"P{written}"


def add(instant: datetime, duration: Duration, time_zone: tzinfo, *, times: int = 1) -> datetime:
    """Add a duration on the wall clock of a time zone, the hours of it as elapsed time.

    All months are added at once, so that 31 January plus twice a month is 31 March, while plus one
    month it is the last day of February. What lies beyond the calendar is its last instant,
    or its first one for negative `times`.
    """
    beyond = BEGINNING_OF_TIME if times < 0 else END_OF_TIME
    try:
        local = instant.astimezone(time_zone)
        month = local.month - 1 + duration.months * times
        year, month = local.year + month // 12, month % 12 + 1
        if not MINYEAR <= year <= MAXYEAR:
            return beyond
        day = min(local.day, calendar.monthrange(year, month)[1])
        moved = local.replace(year=year, month=month, day=day)
        moved += timedelta(days=duration.days * times)
        # Elapsed seconds are added in UTC: within one zone Python adds them to the wall clock.
        return moved.astimezone(UTC) + timedelta(seconds=duration.seconds * times)
    except OverflowError:
        return beyond


def recurs(
    start: datetime, interval: Duration, duration: Duration, at: datetime, time_zone: tzinfo
) -> bool:
    """Whether an instant lies in a frame that lasts `duration` at every `interval` from a start."""
    begun = last_begin(start, interval, at, time_zone)
    return begun is not None and at < add(begun, duration, time_zone)


def last_begin(
    start: datetime, interval: Duration, at: datetime, time_zone: tzinfo
) -> datetime | None:
    """The last of the recurring instants that has come, found by halving; None before the first."""
    if at < start:
        return None

    def has_come(times: int) -> bool:
        begin = add(start, interval, time_zone, times=times)
        return begin <= at and begin != END_OF_TIME

    low, high = 0, 1
    while has_come(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if has_come(middle):
            low = middle
        else:
            high = middle
    return add(start, interval, time_zone, times=low)
