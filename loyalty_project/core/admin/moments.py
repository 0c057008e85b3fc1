"""Moments in the person's calendar. Stored and sent is always UTC and Gregorian."""

import re
from datetime import date, datetime, timedelta, tzinfo

import jdatetime
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from loyalty_project.core import calendars, clock, context
from loyalty_project.core.models.user import Calendar
from loyalty_project.core.predicates import values

RELATIVE = timedelta(days=7)
_JALALI = re.compile(r"(1[0-6]\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")


def is_jalali() -> bool:
    """Does the acting person read the Jalali calendar?"""
    user = context.actor().user
    return user is not None and user.calendar == Calendar.JALALI


def local_of(at: datetime, zone: tzinfo | None = None) -> datetime:
    """On the clock of the person or of `zone`; at the ends of the calendar as it is stored."""
    return values.local_of(at, zone or timezone.get_current_timezone()) or at


def day(at: datetime | date) -> str:
    if isinstance(at, datetime):
        at = local_of(at).date()
    return calendars.day(at, jalali=is_jalali())


def exact(at: datetime) -> str:
    """Day, minute and zone, e.g. `22 November 2026 14:05 CET`."""
    local = local_of(at)
    return f"{day(at)} {local:%H:%M} {local.tzname()}"


def near(at: datetime) -> str:
    """`3 hours ago`, `in 2 days`, further off the day."""
    now = clock.now()
    if abs(now - at) > RELATIVE:
        return day(at)
    if abs(now - at) < timedelta(minutes=1):
        return _("just now")
    if at < now:
        return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(at, now, depth=1)}


def from_jalali(text: str) -> str:
    """The text with a leading Jalali date of a year before 1700 turned into a Gregorian one.

    Raises ValueError for a day that the calendar does not have.
    """
    found = _JALALI.match(text)
    if found is None:
        return text
    year, month, day_of_month = (int(part) for part in found.groups())
    gregorian = jdatetime.date(year, month, day_of_month).togregorian()
    return gregorian.isoformat() + text[found.end() :]


def day_to_jalali(day: date) -> str:
    """`1405/09/01` for a form field; a day that the calendar does not have stays `9999-12-31`."""
    try:
        return str(jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d"))
    except ValueError:
        return day.isoformat()


def to_jalali(at: datetime) -> str:
    """`1405-09-01 14:05:00` for a form field; days as in `day_to_jalali`."""
    local = at.replace(tzinfo=None)
    try:
        return str(jdatetime.datetime.fromgregorian(datetime=local).strftime("%Y-%m-%d %H:%M:%S"))
    except ValueError:
        return local.isoformat(" ", "seconds")
