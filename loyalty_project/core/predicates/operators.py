"""The published operators, typed: what may stand beside each, and what it says of a fact.

A fact of None is a missing attribute: every operator but $is_unknown is false for it. A list as
fact satisfies a positive operator with any element, a negative one with all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from operator import ge, gt, le, lt
from typing import Any

from loyalty_project.core.predicates import recurring, values
from loyalty_project.core.predicates.errors import InvalidCondition
from loyalty_project.core.predicates.values import Here, Kind

VALUES_MAX = 1000
TEXT_MAX = 2000


@dataclass(frozen=True, slots=True)
class Moment:
    """The simplest Here."""

    at: datetime
    time_zone: tzinfo


Holds = Callable[[object, Here], bool]
_Build = Callable[[Kind, tuple[object, ...], str], Holds]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operator with its values, ready to be asked about a fact."""

    operator: str
    required: tuple[object, ...]
    kind: Kind
    holds: Holds


@dataclass(frozen=True, slots=True)
class _Operator:
    """`most` values may follow; `kinds` are those of the facts that it can be asked about."""

    build: _Build
    least: int = 1
    most: int = VALUES_MAX
    kinds: frozenset[Kind] = frozenset(Kind)


def read(kind: Kind, conditions: object, where: str) -> tuple[Comparison, ...]:
    """Read a published `conditions` object, {"$more_than": [5000]}; all of them must hold.

    Raises InvalidCondition, which names the rule and what is wrong with it.
    """
    if not isinstance(conditions, Mapping) or not conditions:
        raise InvalidCondition(where, "must have conditions")
    return tuple(_comparison(kind, str(name), given, where) for name, given in conditions.items())


def _comparison(kind: Kind, name: str, given: object, where: str) -> Comparison:
    operator = OPERATORS.get(name)
    if operator is None:
        raise InvalidCondition(where, f"has an unknown condition {name!r}")
    if not isinstance(given, list | tuple):
        raise InvalidCondition(where, f"must have an array after {name}")
    if not operator.least <= len(given) <= operator.most:
        number = (
            "one value" if operator.most == 1 else f"{operator.least} to {operator.most} values"
        )
        raise InvalidCondition(where, f"must have {number} after {name}")
    if kind not in operator.kinds:
        raise InvalidCondition(where, f"cannot use {name} on {values.NAMES[kind]}")
    if any(isinstance(value, str) and len(value) > TEXT_MAX for value in given):
        raise InvalidCondition(where, f"must not have texts of more than {TEXT_MAX} characters")
    required = tuple(given)
    return Comparison(name, required, kind, operator.build(kind, required, f"{where} {name}"))


def _any_of(kind: Kind, required: tuple[object, ...], where: str) -> Holds:
    match = values.matcher(kind, required, where)
    texts = frozenset(value for value in required if isinstance(value, str))
    are_texts = kind != Kind.DATE and len(texts) > 0

    def holds(fact: object, moment: Here) -> bool:
        if are_texts and isinstance(fact, frozenset):
            return not texts.isdisjoint(fact)
        if not values.is_list(fact):
            return fact is not None and match(fact, moment)
        return any(match(each, moment) for each in values.elements(fact))

    return holds


def _none_of(kind: Kind, required: tuple[object, ...], where: str) -> Holds:
    match = values.matcher(kind, required, where)

    def holds(fact: object, moment: Here) -> bool:
        return fact is not None and not any(match(each, moment) for each in values.elements(fact))

    return holds


def _ordered(decide: Callable[[Any, Any], bool]) -> _Build:
    """Compare the fact with the value, or their difference with 0."""

    def build(kind: Kind, required: tuple[object, ...], where: str) -> Holds:
        compare = values.comparer(kind, required[0], where)
        wanted = values.number(required[0])

        def holds(fact: object, moment: Here) -> bool:
            if type(fact) is int and wanted is not None:
                return decide(fact, wanted)
            if not values.is_list(fact):
                sign = compare(fact, moment)
                return sign is not None and decide(sign, 0)
            signs = (compare(each, moment) for each in values.elements(fact))
            return any(sign is not None and decide(sign, 0) for sign in signs)

        return holds

    return build


def _textual(decide: Callable[[str, str], bool]) -> _Build:
    def build(_kind: Kind, required: tuple[object, ...], where: str) -> Holds:
        texts = tuple(values.text(value, where) for value in required)

        def holds(fact: object, _moment: Here) -> bool:
            return any(
                isinstance(each, str) and decide(each, text)
                for each in values.elements(fact)
                for text in texts
            )

        return holds

    return build


def _contains(kind: Kind, required: tuple[object, ...], where: str) -> Holds:
    """Part of a text, or element of a list."""
    match = values.matcher(kind, required, where)

    def holds(fact: object, moment: Here) -> bool:
        if isinstance(fact, str):
            return any(isinstance(value, str) and value in fact for value in required)
        return values.is_list(fact) and any(match(each, moment) for each in values.elements(fact))

    return holds


def _counted(decide: Callable[[int, int], bool]) -> _Build:
    def build(_kind: Kind, required: tuple[object, ...], where: str) -> Holds:
        count = values.whole(required[0], where)
        return lambda fact, _: values.is_list(fact) and decide(len(values.elements(fact)), count)

    return build


def _not_differ(kind: Kind, required: tuple[object, ...], where: str) -> Holds:
    """The same elements, in any order."""
    match = values.matcher(kind, required, where)
    singles = tuple(values.matcher(kind, (value,), where) for value in required)

    def holds(fact: object, moment: Here) -> bool:
        found = values.elements(fact)
        if fact is None or not all(match(each, moment) for each in found):
            return False
        return all(any(single(each, moment) for each in found) for single in singles)

    return holds


def _away(decide: Callable[[int, int], bool], *, sign: int) -> _Build:
    """Compare the days between the fact and today, counted into the past or the future."""

    def build(_kind: Kind, required: tuple[object, ...], where: str) -> Holds:
        days = values.whole(required[0], where)

        def holds(fact: object, moment: Here) -> bool:
            today = moment.at.astimezone(moment.time_zone).date()
            for each in values.elements(fact):
                day = values.day_of(each, moment.time_zone)
                if day is not None and decide(sign * (today - day).days, days):
                    return True
            return False

        return holds

    return build


def _recurring(read_frame: Callable[[object, str], recurring.Frame]) -> _Build:
    def build(_kind: Kind, required: tuple[object, ...], where: str) -> Holds:
        frames = tuple(read_frame(value, where) for value in required)

        def holds(fact: object, moment: Here) -> bool:
            for each in values.elements(fact):
                instant = values.instant_of(each, moment.time_zone)
                if instant and any(frame(instant, moment.time_zone) for frame in frames):
                    return True
            return False

        return holds

    return build


def _known(*, wanted: bool) -> _Build:
    def build(_kind: Kind, required: tuple[object, ...], _where: str) -> Holds:
        expected = wanted if not required or required[0] is not False else not wanted
        return lambda fact, _: (fact is not None) is expected

    return build


_SORTED = frozenset({Kind.NUMBER, Kind.DATE, Kind.ANY})
_TEXTS = frozenset({Kind.TEXT, Kind.ANY})
_DATES = frozenset({Kind.DATE, Kind.ANY})
_LESS = _Operator(_ordered(lt), most=1, kinds=_SORTED)
_AT_MOST = _Operator(_ordered(le), most=1, kinds=_SORTED)
_MORE = _Operator(_ordered(gt), most=1, kinds=_SORTED)
_AT_LEAST = _Operator(_ordered(ge), most=1, kinds=_SORTED)

OPERATORS: Mapping[str, _Operator] = {
    "$is": _Operator(_any_of),
    "$is_not": _Operator(_none_of),
    "$in": _Operator(_any_of),
    "$not_in": _Operator(_none_of),
    "$from": _Operator(_any_of),
    "$not_intersect": _Operator(_none_of),
    "$not_differ": _Operator(_not_differ),
    "$less_than": _LESS,
    "$less_than_or_equal": _AT_MOST,
    "$more_than": _MORE,
    "$more_than_or_equal": _AT_LEAST,
    "$greater_than": _MORE,
    "$greater_than_or_equal": _AT_LEAST,
    "$starts_with": _Operator(_textual(str.startswith), kinds=_TEXTS),
    "$ends_with": _Operator(_textual(str.endswith), kinds=_TEXTS),
    "$contains": _Operator(_contains, kinds=_TEXTS),
    "$count": _Operator(_counted(lambda found, count: found == count), most=1),
    "$count_more": _Operator(_counted(lambda found, count: found > count), most=1),
    "$count_less": _Operator(_counted(lambda found, count: found < count), most=1),
    "$after": _Operator(_ordered(gt), most=1, kinds=_DATES),
    "$before": _Operator(_ordered(lt), most=1, kinds=_DATES),
    "$more_than_ago": _Operator(_away(lambda n, days: n > days, sign=1), most=1, kinds=_DATES),
    "$less_than_ago": _Operator(_away(lambda n, days: 0 <= n < days, sign=1), most=1, kinds=_DATES),
    "$is_days_ago": _Operator(_away(lambda n, days: n == days, sign=1), most=1, kinds=_DATES),
    "$more_than_future": _Operator(_away(lambda n, days: n > days, sign=-1), most=1, kinds=_DATES),
    "$less_than_future": _Operator(
        _away(lambda n, days: 0 <= n < days, sign=-1), most=1, kinds=_DATES
    ),
    "$is_days_in_future": _Operator(
        _away(lambda n, days: n == days, sign=-1), most=1, kinds=_DATES
    ),
    "$timeframe": _Operator(_recurring(recurring.timeframe), kinds=_DATES),
    "$timeframe_absolute": _Operator(_recurring(recurring.absolute), kinds=_DATES),
    "$timeframe_daily_hours": _Operator(_recurring(recurring.daily_hours), kinds=_DATES),
    "$dow": _Operator(_recurring(recurring.day_of_week), kinds=_DATES),
    "$has_value": _Operator(_known(wanted=True), least=0, most=1),
    "$is_unknown": _Operator(_known(wanted=False), least=0, most=1),
}


def names(kind: Kind) -> Sequence[str]:
    """The operators that a fact of a kind can be asked with, for forms."""
    return [name for name, operator in OPERATORS.items() if kind in operator.kinds]
