"""Days, hours, moments and lengths of time in words."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.redeemable import DailyHours, Timeframe
from campaigns.sentences.words import Words, all_of, any_of, number
from loyalty_project.core import calendars
from loyalty_project.core.durations import Duration
from loyalty_project.core.predicates.values import local_of as on_clock

MIDNIGHT = time()
SOON = timedelta(days=7)


def day(on: date, words: Words) -> str:
    return calendars.day(on, jalali=words.jalali)


def clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def moment(at: date | datetime, words: Words) -> str:
    """`1 May 2026 09:00` on the clock of the words; midnight and mere days without the hour."""
    if not isinstance(at, datetime):
        return day(at, words)
    local = local_of(at, words)
    on = day(local.date(), words)
    if local.time() == MIDNIGHT:
        return on
    return _("%(day)s %(time)s") % {"day": on, "time": clock(local.time())}


def local_of(at: datetime, words: Words) -> datetime:
    """On the clock of the words; at the ends of the calendar as it was written."""
    return on_clock(at, words.time_zone) or at


def exact(at: datetime, words: Words) -> str:
    """The same with the hour, whatever it is."""
    local = local_of(at, words)
    return _("%(day)s %(time)s") % {
        "day": day(local.date(), words),
        "time": clock(local.time()),
    }


def end(at: datetime, words: Words) -> str:
    """An end that is not in: midnight is the end of the day before."""
    local = local_of(at, words)
    if local.time() != MIDNIGHT:
        return moment(at, words)
    before = local.date() - timedelta(days=1) if local.date() > date.min else local.date()
    return _("the end of %(day)s") % {"day": day(before, words)}


def soon(at: datetime, words: Words) -> str:
    """`today 18:00`, `Monday 09:00`, further off with the date."""
    local = local_of(at, words)
    values = {"time": clock(local.time()), "day": WEEKDAYS[local.weekday()]}
    if words.at is not None:
        now = words.at.astimezone(words.time_zone)
        if local.date() == now.date():
            return _("today %(time)s") % values
        if timedelta() < local.date() - now.date() < SOON:
            return _("%(day)s %(time)s") % values
    return _("%(day)s %(time)s") % {**values, "day": day(local.date(), words)}


def zone(words: Words) -> str:
    return str(getattr(words.time_zone, "key", words.time_zone))


def weekdays(days: Iterable[int]) -> list[str]:
    """Names of days, Sunday = 0, from the day on which the week begins for the language."""
    first = int(get_format("FIRST_DAY_OF_WEEK"))
    return [str(WEEKDAYS[(each - 1) % 7]) for each in sorted(days, key=lambda d: (d - first) % 7)]


def hours(daily: DailyHours) -> str:
    """`from 18:00 to 20:00`, with the days on which that is so."""
    values = {"start": clock(daily.start), "end": clock(daily.expiration or MIDNIGHT)}
    if daily.days_of_week:
        values["days"] = all_of(weekdays(daily.days_of_week))
        if daily.expiration is None:
            return _("from %(start)s to the end of the day on %(days)s") % values
        return _("from %(start)s to %(end)s on %(days)s") % values
    if daily.expiration is None:
        return _("from %(start)s to the end of the day") % values
    return _("from %(start)s to %(end)s") % values


def between(start: datetime, until: datetime, words: Words) -> str:
    values = {"start": moment(start, words), "end": end(until, words)}
    return _("between %(start)s and %(end)s") % values


def on_days(days: Iterable[int]) -> str:
    return _("on %(days)s") % {"days": any_of(weekdays(days))}


def frame(recurring: Timeframe, start: datetime | None, words: Words) -> str:
    """`for 1 hour every 2 days, counted from 1 June 2025 10:00`."""
    values = {"every": every(recurring.interval), "duration": length(recurring.duration)}
    if start is None:
        return _("for %(duration)s %(every)s") % values
    values["start"] = moment(start, words)
    return _("for %(duration)s %(every)s, counted from %(start)s") % values


def in_frame(recurring: Timeframe, start: datetime, words: Words) -> str:
    """`in a frame of 1 hour every day, counted from 1 June 2025 10:00`."""
    values = {
        "every": every(recurring.interval),
        "duration": length(recurring.duration),
        "start": moment(start, words),
    }
    return _("in a frame of %(duration)s %(every)s, counted from %(start)s") % values


def length(duration: Duration) -> str:
    """`1 year`, `6 months`, `2 days`, `1 hour and 30 minutes`."""
    parts = [(name, count) for name, count in _parts(duration) if count] or [("day", 0)]
    return all_of([_unit(name, count) % {"n": number(count)} for name, count in parts])


def every(interval: Duration) -> str:
    """`every day`, `every 2 weeks`."""
    parts = [(name, count) for name, count in _parts(interval) if count]
    if len(parts) > 1:
        return _("every %(duration)s") % {"duration": length(interval)}
    name, count = parts[0]
    if name == "day" and count % 7 == 0:
        name, count = "week", count // 7
    return _every(name, count) % {"n": number(count)}


def _parts(duration: Duration) -> list[tuple[str, int]]:
    years, months = divmod(duration.months, 12)
    minutes, seconds = divmod(duration.seconds, 60)
    found = [("year", years), ("month", months), ("day", duration.days)]
    return [*found, ("hour", minutes // 60), ("minute", minutes % 60), ("second", seconds)]


def _unit(name: str, n: int) -> str:
    return {
        "year": ngettext("%(n)s year", "%(n)s years", n),
        "month": ngettext("%(n)s month", "%(n)s months", n),
        "day": ngettext("%(n)s day", "%(n)s days", n),
        "hour": ngettext("%(n)s hour", "%(n)s hours", n),
        "minute": ngettext("%(n)s minute", "%(n)s minutes", n),
        "second": ngettext("%(n)s second", "%(n)s seconds", n),
    }[name]


def _every(name: str, n: int) -> str:
    return {
        "year": ngettext("every year", "every %(n)s years", n),
        "month": ngettext("every month", "every %(n)s months", n),
        "week": ngettext("every week", "every %(n)s weeks", n),
        "day": ngettext("every day", "every %(n)s days", n),
        "hour": ngettext("every hour", "every %(n)s hours", n),
        "minute": ngettext("every minute", "every %(n)s minutes", n),
        "second": ngettext("every second", "every %(n)s seconds", n),
    }[name]
