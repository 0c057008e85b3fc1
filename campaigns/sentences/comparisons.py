"""The published operators, each as a statement of what a fact must be or must not be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.engine.redeemable import DailyHours, Timeframe
from campaigns.sentences import dates
from campaigns.sentences.facts import Fact, Unit
from campaigns.sentences.words import Words, all_of, any_of, number, quoted
from loyalty_project.core import durations
from loyalty_project.core.durations import Duration
from loyalty_project.core.predicates import Comparison, Kind, values


def clause(fact: Fact, comparison: Comparison, words: Words, *, negated: bool = False) -> str:
    """`the order amount must be at least 50.00 EUR`."""
    says = _SAYS[comparison.operator]
    text = says(fact, comparison, words, negated=negated)
    # "Not" is true of what nobody knows; the negative operators are not.
    if negated and not fact.certain and comparison.operator not in _ABOUT_KNOWING:
        return _("%(clause)s, or it must be unknown") % {"clause": text}
    return text


def value(fact: Fact, given: object, words: Words, kind: Kind = Kind.ANY) -> str:
    """One value as the fact is written: `50.00 EUR`, `3`, `VIP`, `1 May 2026`, `“London”`."""
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    found = values.number(given)
    if found is not None:
        if fact.unit == Unit.AMOUNT and found == int(found):
            return words.amount(int(found))
        return number(found)
    on = values.read_date(given) if kind == Kind.DATE or isinstance(given, datetime) else None
    if on is not None:
        return dates.moment(on, words)
    return words.name(str(given)) if fact.unit == Unit.NAMED else quoted(given)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A statement and its contrary; `wording` makes what they say of the required values."""

    yes: Promise
    no: Promise

    def says(self, fact: Fact, *, negated: bool, **more: Any) -> str:
        return str((self.no if negated else self.yes) % {"fact": fact.text, **more})


_Says = Callable[..., str]


def _of_values(pair: _Pair, join: Callable[[list[str]], str] = any_of) -> _Says:
    def says(fact: Fact, comparison: Comparison, words: Words, *, negated: bool) -> str:
        found = [value(fact, each, words, comparison.kind) for each in comparison.required]
        return pair.says(fact, negated=negated, values=join(found))

    return says


def _ordered(numbers: _Pair, moments: _Pair) -> _Says:
    """Less and more of numbers, before and after of dates."""

    def says(fact: Fact, comparison: Comparison, words: Words, *, negated: bool) -> str:
        required = comparison.required[0]
        kind = comparison.kind
        if kind == Kind.ANY and isinstance(required, str):
            kind = Kind.DATE
        pair = moments if kind == Kind.DATE else numbers
        return pair.says(fact, negated=negated, value=value(fact, required, words, kind))

    return says


def _away(pair: _Pair) -> _Says:
    def says(fact: Fact, comparison: Comparison, _words: Words, *, negated: bool) -> str:
        days = values.whole(comparison.required[0], "")
        return pair.says(fact, negated=negated, duration=dates.length(Duration(days=days)))

    return says


def _at_times(wording: Callable[[Any, Words], str]) -> _Says:
    def says(fact: Fact, comparison: Comparison, words: Words, *, negated: bool) -> str:
        found = [wording(each, words) for each in comparison.required]
        return _TIMES.says(fact, negated=negated, times=any_of(found))

    return says


def _on_days(fact: Fact, comparison: Comparison, _words: Words, *, negated: bool) -> str:
    days = [int(values.number(each) or 0) for each in comparison.required]
    return _TIMES.says(fact, negated=negated, times=dates.on_days(days))


def _timeframe(text: str, words: Words) -> str:
    start, interval, duration = (part.strip() for part in text.split(";"))
    recurring = Timeframe(durations.parse(interval), durations.parse(duration))
    begin = values.instant_of(start, words.time_zone)
    return dates.in_frame(recurring, begin, words) if begin is not None else text


def _absolute(text: str, words: Words) -> str:
    start, end = (values.instant_of(part.strip(), words.time_zone) for part in text.split(";"))
    return dates.between(start, end, words) if start and end else text


def _daily_hours(text: str, _words: Words) -> str:
    begin, end, days = (part.strip() for part in text.split(";"))
    on = frozenset(int(each) for each in days.split(",") if each)
    return dates.hours(DailyHours(on, time.fromisoformat(begin), time.fromisoformat(end)))


def _counted(change: int, kind: str) -> _Says:
    """Numbers of entries; `change` turns "more than 2" into "at least 3"."""

    def says(fact: Fact, comparison: Comparison, _words: Words, *, negated: bool) -> str:
        n = values.whole(comparison.required[0], "")
        if kind == "exactly":
            text = _number_of_entries("not_exactly" if negated else kind, n)
        elif negated:
            text = _number_of_entries("at_most" if kind == "at_least" else "at_least", n)
        else:
            n = n + change
            text = _number_of_entries(kind, n)
        return text % {"fact": fact.text, "n": number(n)}

    return says


def _number_of_entries(kind: str, n: int) -> str:
    return {
        "exactly": ngettext(
            "%(fact)s must have exactly %(n)s entry", "%(fact)s must have exactly %(n)s entries", n
        ),
        "not_exactly": ngettext(
            "%(fact)s must not have exactly %(n)s entry",
            "%(fact)s must not have exactly %(n)s entries",
            n,
        ),
        "at_least": ngettext(
            "%(fact)s must have at least %(n)s entry",
            "%(fact)s must have at least %(n)s entries",
            n,
        ),
        "at_most": ngettext(
            "%(fact)s must have at most %(n)s entry", "%(fact)s must have at most %(n)s entries", n
        ),
    }[kind]


def _known(*, wanted: bool) -> _Says:
    def says(fact: Fact, comparison: Comparison, _words: Words, *, negated: bool) -> str:
        turned = bool(comparison.required) and comparison.required[0] is False
        known = wanted is not turned
        return _KNOWN.says(fact, negated=negated is known)

    return says


def _contrary(pair: _Pair) -> _Pair:
    return _Pair(pair.no, pair.yes)


_IS = _Pair(
    gettext_lazy("%(fact)s must be %(values)s"), gettext_lazy("%(fact)s must not be %(values)s")
)
_EXACTLY = _Pair(
    gettext_lazy("%(fact)s must be exactly %(values)s"),
    gettext_lazy("%(fact)s must not be exactly %(values)s"),
)
_STARTS = _Pair(
    gettext_lazy("%(fact)s must start with %(values)s"),
    gettext_lazy("%(fact)s must not start with %(values)s"),
)
_ENDS = _Pair(
    gettext_lazy("%(fact)s must end with %(values)s"),
    gettext_lazy("%(fact)s must not end with %(values)s"),
)
_CONTAINS = _Pair(
    gettext_lazy("%(fact)s must contain %(values)s"),
    gettext_lazy("%(fact)s must not contain %(values)s"),
)
_LESS = _Pair(
    gettext_lazy("%(fact)s must be less than %(value)s"),
    gettext_lazy("%(fact)s must be at least %(value)s"),
)
_MORE = _Pair(
    gettext_lazy("%(fact)s must be more than %(value)s"),
    gettext_lazy("%(fact)s must be at most %(value)s"),
)
_BEFORE = _Pair(
    gettext_lazy("%(fact)s must be before %(value)s"),
    gettext_lazy("%(fact)s must not be before %(value)s"),
)
_AFTER = _Pair(
    gettext_lazy("%(fact)s must be after %(value)s"),
    gettext_lazy("%(fact)s must not be after %(value)s"),
)
_TIMES = _Pair(
    gettext_lazy("%(fact)s must be %(times)s"), gettext_lazy("%(fact)s must not be %(times)s")
)
_KNOWN = _Pair(gettext_lazy("%(fact)s must be known"), gettext_lazy("%(fact)s must not be known"))
_is_less, _is_more = _ordered(_LESS, _BEFORE), _ordered(_MORE, _AFTER)
_is_at_most = _ordered(_contrary(_MORE), _contrary(_AFTER))
_is_at_least = _ordered(_contrary(_LESS), _contrary(_BEFORE))

_ABOUT_KNOWING = frozenset({"$has_value", "$is_unknown"})
_SAYS: Mapping[str, _Says] = {
    **dict.fromkeys(("$is", "$in", "$from"), _of_values(_IS)),
    **dict.fromkeys(("$is_not", "$not_in", "$not_intersect"), _of_values(_contrary(_IS))),
    "$not_differ": _of_values(_EXACTLY, all_of),
    "$less_than": _is_less,
    "$less_than_or_equal": _is_at_most,
    **dict.fromkeys(("$more_than", "$greater_than"), _is_more),
    **dict.fromkeys(("$more_than_or_equal", "$greater_than_or_equal"), _is_at_least),
    "$starts_with": _of_values(_STARTS),
    "$ends_with": _of_values(_ENDS),
    "$contains": _of_values(_CONTAINS),
    "$count": _counted(0, "exactly"),
    "$count_more": _counted(1, "at_least"),
    "$count_less": _counted(-1, "at_most"),
    "$after": _is_more,
    "$before": _is_less,
    "$more_than_ago": _away(
        _Pair(
            gettext_lazy("%(fact)s must be more than %(duration)s ago"),
            gettext_lazy("%(fact)s must not be more than %(duration)s ago"),
        )
    ),
    "$less_than_ago": _away(
        _Pair(
            gettext_lazy("%(fact)s must be less than %(duration)s ago"),
            gettext_lazy("%(fact)s must not be less than %(duration)s ago"),
        )
    ),
    "$is_days_ago": _away(
        _Pair(
            gettext_lazy("%(fact)s must be exactly %(duration)s ago"),
            gettext_lazy("%(fact)s must not be exactly %(duration)s ago"),
        )
    ),
    "$more_than_future": _away(
        _Pair(
            gettext_lazy("%(fact)s must be more than %(duration)s ahead"),
            gettext_lazy("%(fact)s must not be more than %(duration)s ahead"),
        )
    ),
    "$less_than_future": _away(
        _Pair(
            gettext_lazy("%(fact)s must be less than %(duration)s ahead"),
            gettext_lazy("%(fact)s must not be less than %(duration)s ahead"),
        )
    ),
    "$is_days_in_future": _away(
        _Pair(
            gettext_lazy("%(fact)s must be exactly %(duration)s ahead"),
            gettext_lazy("%(fact)s must not be exactly %(duration)s ahead"),
        )
    ),
    "$timeframe": _at_times(_timeframe),
    "$timeframe_absolute": _at_times(_absolute),
    "$timeframe_daily_hours": _at_times(_daily_hours),
    "$dow": _on_days,
    "$has_value": _known(wanted=True),
    "$is_unknown": _known(wanted=False),
}
