"""Days in the two calendars."""

from datetime import UTC, date, datetime

from loyalty_project.core import calendars
from loyalty_project.core.admin import moments


def test_a_day_that_the_jalali_calendar_does_not_have_stays_gregorian():
    assert calendars.day(date(2026, 11, 22), jalali=True) == "1 Azar 1405"
    assert calendars.day(date(9999, 12, 31), jalali=True) == calendars.day(date(9999, 12, 31))
    assert moments.day_to_jalali(date(2026, 11, 22)) == "1405/09/01"
    assert moments.day_to_jalali(date(9999, 12, 31)) == "9999-12-31"
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert moments.to_jalali(last) == "9999-12-31 23:59:59"
    assert moments.from_jalali("9999-12-31 23:59:59") == "9999-12-31 23:59:59"
