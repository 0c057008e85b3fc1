"""When something is valid, one sentence for each kind of window."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.engine.redeemable import DailyHours, HolidayMode, Redeemable, Validity
from campaigns.sentences import dates
from campaigns.sentences.words import Words, all_of, any_of, listed, number

HOLIDAYS_MAX = 10


def of_redeemable(redeemable: Redeemable, words: Words) -> list[str]:
    """Its own windows and those of its campaign, which must all be open."""
    validities = [redeemable.validity]
    anchor = None
    if redeemable.campaign is not None:
        validities.append(redeemable.campaign.validity)
        anchor = redeemable.campaign.validity.starts_at
    starts = [each.starts_at for each in validities if each.starts_at is not None]
    ends = [each.ends_at for each in validities if each.ends_at is not None]
    found = of_dates(max(starts, default=None), min(ends, default=None), words)
    for validity in validities:
        found += of_recurrence(validity, words, anchor=anchor)
        found += of_holidays(validity, words)
    return list(dict.fromkeys(found))


def of_dates(start: datetime | None, end: datetime | None, words: Words) -> list[str]:
    """`Valid from 1 May 2026 to the end of 31 May 2026 (time zone Europe/Berlin).`"""
    values = {"zone": dates.zone(words)}
    if start is not None:
        values["start"] = dates.moment(start, words)
    if end is not None:
        values["end"] = dates.end(end, words)
    if start is not None and end is not None:
        return [_("Valid from %(start)s to %(end)s (time zone %(zone)s).") % values]
    if start is not None:
        return [_("Valid from %(start)s on (time zone %(zone)s).") % values]
    if end is not None:
        return [_("Valid to %(end)s (time zone %(zone)s).") % values]
    return []


def of_recurrence(validity: Validity, words: Words, *, anchor: datetime | None = None) -> list[str]:
    """Sentences on the recurring frame, the days and the hours; all of them must be open."""
    found = []
    if validity.timeframe is not None:
        text = dates.frame(validity.timeframe, validity.starts_at or anchor, words)
        found.append(_("Valid only %(times)s.") % {"times": text})
    if validity.days_of_week:
        days = all_of(dates.weekdays(validity.days_of_week))
        found.append(_("Valid only on %(days)s.") % {"days": days})
    if validity.daily_hours:
        hours = any_of([dates.hours(each) for each in _by_day(validity.daily_hours)])
        found.append(_("Valid only %(times)s.") % {"times": hours})
    return found


def of_holidays(validity: Validity, words: Words) -> list[str]:
    """The days of its calendar, the next ones by name; those that have gone are left out."""
    only = validity.holiday_mode == HolidayMode.ONLY
    if not validity.holidays and not only:
        return []
    today = words.at.astimezone(words.time_zone).date() if words.at is not None else date.min
    coming = sorted(day for day in validity.holidays if day >= today)
    if not coming:
        return [_("Valid only on holidays, of which none is to come.")] if only else []
    days = listed([dates.day(day, words) for day in coming[:HOLIDAYS_MAX]])
    more = len(coming) - HOLIDAYS_MAX
    if more > 0:
        text = ngettext("%(days)s and %(n)s more day", "%(days)s and %(n)s more days", more)
        days = text % {"days": days, "n": number(more)}
    if only:
        return [_("Valid only on these days: %(days)s.") % {"days": days}]
    return [_("Not valid on these days: %(days)s.") % {"days": days}]


def _by_day(hours: Iterable[DailyHours]) -> list[DailyHours]:
    return sorted(hours, key=lambda each: (min(each.days_of_week, default=0), each.start))
