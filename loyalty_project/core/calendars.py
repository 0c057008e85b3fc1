"""Days as people read them: in the Gregorian or the Jalali calendar."""

from datetime import date

import jdatetime
from django.utils.formats import date_format
from django.utils.translation import get_language


def day(on: date, *, jalali: bool = False) -> str:
    """`22 Nov 2026` as the active language writes it, or `1 آذر 1405`.

    Days that the Jalali calendar does not have, such as 31 December 9999, stay Gregorian.
    """
    if not jalali:
        return date_format(on, "DATE_FORMAT")
    locale = "fa_IR" if get_language() == "fa" else "en_US"
    try:
        found = jdatetime.date.fromgregorian(date=on, locale=locale)
    except ValueError:
        return day(on)
    return str(found.strftime("%-d %B %Y"))
