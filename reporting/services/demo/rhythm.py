"""How orders spread over a year: growth, days of the week, feasts, hours of the day."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from loyalty_project.core import money
from reporting.services.demo.plan import Rhythm

DAYS = 365
_PRECISION = 1_000_000


def per_day(rhythm: Rhythm, total: int, *, at: datetime, zone: ZoneInfo) -> dict[date, int]:
    """Split a total over the 365 days before `at` and the part of its day that has passed."""
    today = at.astimezone(zone)
    first = today.date() - timedelta(days=DAYS)
    peaks = rhythm.peaks(first, today.date())
    days = [first + timedelta(days=number) for number in range(DAYS + 1)]
    weights = []
    for number, day in enumerate(days):
        weight = rhythm.weekdays[day.weekday()] * rhythm.growth ** (number / DAYS)
        for peak in peaks:
            if peak.first <= day <= peak.last:
                weight *= peak.factor
        weights.append(round(weight * _PRECISION))
    weights[-1] = round(weights[-1] * _passed(rhythm, today.time()))
    return dict(zip(days, money.allocate(total, weights), strict=True))


def instants(
    rhythm: Rhythm, day: date, count: int, *, at: datetime, zone: ZoneInfo, random: Random
) -> list[datetime]:
    """So many instants of a day of the shop, in order, none after `at`."""
    begin = datetime.combine(day, time(), tzinfo=zone)
    hours = list(accumulate(rhythm.hours))
    found = []
    for _order in range(count):
        hour = min(bisect_right(hours, random.random() * hours[-1]), 23)
        second = timedelta(milliseconds=int(random.random() * 3_600_000))
        found.append(begin.replace(hour=hour).astimezone(UTC) + second)
    return sorted(moment if moment <= at else _earlier(begin, at, random) for moment in found)


def days_of(counts: dict[date, int]) -> Iterator[tuple[date, int]]:
    """The days that have anything, in order."""
    return ((day, count) for day, count in sorted(counts.items()) if count)


def _earlier(begin: datetime, at: datetime, random: Random) -> datetime:
    milliseconds = int((at - begin) / timedelta(milliseconds=1))
    return begin.astimezone(UTC) + timedelta(milliseconds=random.randint(0, milliseconds))


def _passed(rhythm: Rhythm, now: time) -> float:
    """The part of a day's orders that comes before a time of day."""
    before = sum(rhythm.hours[: now.hour]) + rhythm.hours[now.hour] * now.minute / 60
    return before / sum(rhythm.hours)
