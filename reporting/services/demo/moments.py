"""Days that shops live by, in the calendar of their customers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import jdatetime

_SEASONS = ("بهار", "تابستان", "پاییز", "زمستان")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def day_from(at: datetime, zone: ZoneInfo, days: int) -> datetime:
    """Midnight of the shop, so many days after the day of loading."""
    return midnight(at.astimezone(zone).date() + timedelta(days=days), zone)


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def jalali_day(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the Persian calendar."""
    return jdatetime.date(year, month, day).togregorian()


def jalali_year(day: date) -> int:
    return int(jdatetime.date.fromgregorian(date=day).year)


def season_of(day: date) -> tuple[str, int, date]:
    """The Persian season of a day: its name, its year and its first day."""
    found = jdatetime.date.fromgregorian(date=day)
    quarter = (found.month - 1) // 3
    return _SEASONS[quarter], int(found.year), jalali_day(found.year, quarter * 3 + 1, 1)


def season_after(day: date) -> tuple[str, int, date]:
    """The season that comes after the one of a day."""
    return season_of(season_of(day)[2] + timedelta(days=95))


def last_before(day: date, of_year: Callable[[int], date], *, length: int, year: int) -> date:
    """The newest yearly event, of `length` days, that was over on a day."""
    found = of_year(year)
    return found if found + timedelta(days=length) <= day else of_year(year - 1)


def persian_digits(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
