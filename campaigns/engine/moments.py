"""The next instant at which something holds that depends on the time alone."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from campaigns.engine import validity
from campaigns.engine.context import Context
from campaigns.engine.redeemable import Redeemable, Validity
from loyalty_project.core import durations

HOURS_DAYS = 8
DAYS = 400
OCCURRENCES = 3
HOUR = timedelta(hours=1)
# Nothing is looked for in the last years of the calendar, where days can no longer be added.
LAST = durations.END_OF_TIME - timedelta(days=2 * DAYS)


def next_valid(redeemable: Redeemable, context: Context) -> datetime | None:
    """When all windows of a redeemable are open again; None where they never are."""
    windows = [redeemable.validity]
    anchor = None
    if redeemable.campaign is not None:
        windows.append(redeemable.campaign.validity)
        anchor = redeemable.campaign.validity.starts_at
    starts = [window.starts_at for window in windows if window.starts_at is not None]
    begin = max([context.at, *starts])

    def is_open(at: datetime) -> bool:
        return all(
            validity.has_started(window, at)
            and not validity.has_ended(window, at)
            and validity.recurs_at(window, at, context.time_zone, anchor=anchor)
            for window in windows
        )

    return search(is_open, begin, context.time_zone, _begins(windows, anchor, begin, context))


def search(
    holds: Callable[[datetime], bool],
    begin: datetime,
    time_zone: tzinfo,
    more: Iterable[datetime] = (),
) -> datetime | None:
    """The first instant from `begin` on, to the second.

    Looked for at every hour of the next days, every midnight of the next year and at `more`
    instants; between the last that fails and the first that holds the search is halved.
    """
    before = begin
    if begin > LAST:
        return None
    if holds(begin):
        return begin
    for instant in heapq.merge(_candidates(begin, time_zone), sorted(more)):
        if instant <= before:
            continue
        if holds(instant):
            return _halve(holds, before, instant)
        before = instant
    return None


def daily(
    at: time, begin: datetime, time_zone: tzinfo, days: int = HOURS_DAYS
) -> Iterator[datetime]:
    """A time of the day on that day and the days after it."""
    today = begin.astimezone(time_zone).date()
    for day in range(days):
        local = datetime.combine(today + timedelta(days=day), at, tzinfo=time_zone)
        yield local.astimezone(UTC)


def _candidates(begin: datetime, time_zone: tzinfo) -> Iterator[datetime]:
    local = begin.astimezone(time_zone)
    hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    for step in range(1, HOURS_DAYS * 24 + 1):
        yield hour + step * HOUR
    today = local.date()
    for day in range(HOURS_DAYS + 1, DAYS):
        midnight = datetime.combine(today + timedelta(days=day), time(), tzinfo=time_zone)
        yield midnight.astimezone(UTC)


def _begins(
    windows: Iterable[Validity], anchor: datetime | None, begin: datetime, context: Context
) -> Iterator[datetime]:
    """Where the next recurring frames, hours and holidays begin."""
    zone = context.time_zone
    for window in windows:
        start = window.starts_at or anchor
        if window.timeframe is not None and start is not None:
            last = durations.last_begin(start, window.timeframe.interval, begin, zone) or start
            for times in range(OCCURRENCES):
                found = durations.add(last, window.timeframe.interval, zone, times=times)
                if found < LAST:
                    yield found
        for hours in window.daily_hours:
            yield from daily(hours.start, begin, zone, DAYS)
        yield from _of_holidays(window, begin, zone)


def _of_holidays(window: Validity, begin: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Where holidays begin and end, and their hours: the days may lie years ahead."""
    today = begin.astimezone(zone).date()
    hours = {time(), *(each.start for each in window.daily_hours)}
    for day in window.holidays:
        if day >= today:
            for at in hours:
                for step in (0, 1):
                    local = datetime.combine(day + timedelta(days=step), at, tzinfo=zone)
                    yield local.astimezone(UTC)


def _halve(holds: Callable[[datetime], bool], low: datetime, high: datetime) -> datetime:
    while high - low > timedelta(seconds=1):
        seconds = int((high - low).total_seconds()) // 2
        middle = low + timedelta(seconds=max(1, seconds))
        if middle >= high:
            break
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
