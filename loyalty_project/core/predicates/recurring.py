"""Frames of time as conditions write them, as a question about an instant in a time zone."""

from collections.abc import Callable
from datetime import datetime, time, tzinfo

from loyalty_project.core import durations
from loyalty_project.core.predicates import values
from loyalty_project.core.predicates.errors import InvalidCondition

Frame = Callable[[datetime, tzinfo], bool]

DAYS = frozenset(range(7))


def timeframe(value: object, where: str) -> Frame:
    """ "2024-11-12T14:59:23.019Z;P1D;PT1H": from then on, every day for an hour."""
    start_text, interval_text, duration_text = _parts(value, 3, where, "a start;interval;duration")
    start = values.read_date(start_text)
    if not isinstance(start, datetime):
        raise InvalidCondition(where, f"has no instant in {start_text[:40]!r}")
    try:
        interval, duration = durations.parse(interval_text), durations.parse(duration_text)
    except durations.InvalidDuration as error:
        raise InvalidCondition(where, f"has no duration in {str(error)[:40]!r}") from None
    return lambda at, time_zone: durations.recurs(start, interval, duration, at, time_zone)


def refuse_too_long(value: object, where: str) -> None:
    """Raises InvalidCondition for a frame of `timeframe` that lasts or recurs for centuries."""
    for text in str(value).split(";")[1:]:
        try:
            durations.bounded(text.strip())
        except durations.TooLong:
            what = f"must not have {text.strip()[:40]!r}, more than {durations.YEARS_MAX} years"
            raise InvalidCondition(where, what) from None


def absolute(value: object, where: str) -> Frame:
    """ "2024-11-14T16:02:00.000Z;2024-11-28T16:02:00.000Z": the end is not in."""
    texts = _parts(value, 2, where, "a start;end")
    start, end = (values.read_date(part) for part in texts)
    if not isinstance(start, datetime) or not isinstance(end, datetime) or start >= end:
        raise InvalidCondition(where, "must have two instants, the later one last")
    return lambda at, _: start <= at < end


def daily_hours(value: object, where: str) -> Frame:
    """ "18:00;20:01;2,3": on Tuesdays and Wednesdays; hours may run past midnight."""
    begin, end, days_text = _parts(value, 3, where, "a start;end;days")
    try:
        first, last = time.fromisoformat(begin), time.fromisoformat(end)
        days = frozenset(int(day) for day in days_text.split(",") if day) or DAYS
    except ValueError:
        raise InvalidCondition(where, "must have two times and days from 0 to 6") from None
    if not days <= DAYS or first == last:
        raise InvalidCondition(where, "must have two times and days from 0 to 6")

    def holds(at: datetime, time_zone: tzinfo) -> bool:
        local = values.local_of(at, time_zone)
        return local is not None and _in_hours(local, first, last, days)

    return holds


def day_of_week(value: object, where: str) -> Frame:
    """Sunday is 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in DAYS:
        raise InvalidCondition(where, "must have days from 0 (Sunday) to 6")

    def holds(at: datetime, time_zone: tzinfo) -> bool:
        local = values.local_of(at, time_zone)
        return local is not None and _day(local) == value

    return holds


def _parts(value: object, count: int, where: str, form: str) -> list[str]:
    parts = value.split(";") if isinstance(value, str) else []
    if len(parts) != count:
        raise InvalidCondition(where, f"must be written as {form}")
    return [part.strip() for part in parts]


def _in_hours(local: datetime, first: time, last: time, days: frozenset[int]) -> bool:
    now = local.time()
    if first < last:
        return _day(local) in days and first <= now < last
    yesterday = (_day(local) - 1) % 7
    return (_day(local) in days and now >= first) or (yesterday in days and now < last)


def _day(local: datetime) -> int:
    return local.isoweekday() % 7
