"""Days and months as people read them: in the Gregorian or the Jalali calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

import jdatetime
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Month:
    """From `first` on, before `end`; `jalali` says by which calendar."""

    first: date
    end: date
    jalali: bool

    @property
    def title(self) -> str:
        """`March 2026` as the active language writes it, or `اسفند 1404`."""
        if not self.jalali:
            return date_format(self.first, "YEAR_MONTH_FORMAT")
        return str(_jalali(self.first).strftime("%B %Y"))

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks that hold the month, from the day on which a week begins for the reader."""
        begins = SATURDAY if self.jalali else int(get_format("FIRST_DAY_OF_WEEK"))
        day = self.first - timedelta(days=(self.first.isoweekday() - begins) % 7)
        found = []
        while day < self.end:
            found.append([day + timedelta(days=number) for number in range(7)])
            day += timedelta(days=7)
        return found


def day(on: date, *, jalali: bool = False) -> str:
    """`22 Nov 2026` as the active language writes it, or `1 آذر 1405`.

    Days that the Jalali calendar does not have, such as 31 December 9999, stay Gregorian.
    """
    if not jalali:
        return date_format(on, "DATE_FORMAT")
    try:
        found = _jalali(on)
    except ValueError:
        return day(on)
    return str(found.strftime("%-d %B %Y"))


def day_of_month(on: date, *, jalali: bool = False) -> int:
    return int(_jalali(on).day) if jalali else on.day


def month_of(on: date, *, jalali: bool = False) -> Month:
    """The month that holds the day."""
    if not jalali:
        first = on.replace(day=1)
        return Month(first, (first + timedelta(days=31)).replace(day=1), jalali)
    days = _jalali(on)
    first = on - timedelta(days=days.day - 1)
    after = days.replace(day=1) + timedelta(days=31)
    return Month(first, after.replace(day=1).togregorian(), jalali)


def _jalali(on: date) -> jdatetime.date:
    locale = "fa_IR" if get_language() == "fa" else "en_US"
    return jdatetime.date.fromgregorian(date=on, locale=locale)
