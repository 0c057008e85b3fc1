"""When something is valid, one sentence for each kind of window."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.engine.redeemable import DailyHours, Redeemable, Validity
from campaigns.sentences import dates
from campaigns.sentences.words import Words, all_of, any_of


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


def _by_day(hours: Iterable[DailyHours]) -> list[DailyHours]:
    return sorted(hours, key=lambda each: (min(each.days_of_week, default=0), each.start))
