"""The values of conditions and the facts that they meet: numbers, texts, switches, dates, lists."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from loyalty_project.core.predicates.errors import InvalidCondition

NUMBER_DIGITS_MAX = 30


class Kind(StrEnum):
    """What a fact is; ANY is for free metadata, where the value of the condition decides."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    ANY = "any"


NAMES = {
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text",
    Kind.BOOLEAN: "a switch",
    Kind.DATE: "a date",
    Kind.ANY: "metadata",
}


class Here(Protocol):
    """When and where a condition is looked at; `at` is aware."""

    @property
    def at(self) -> datetime: ...

    @property
    def time_zone(self) -> tzinfo: ...


Match = Callable[[object, Here], bool]
Compare = Callable[[object, Here], int | None]


def matcher(kind: Kind, required: Sequence[object], where: str) -> Match:
    """Whether a fact equals one of the values. Raises InvalidCondition for mixed or wrong ones."""
    kinds = {_kind_of(kind, value, where) for value in required}
    if len(kinds) > 1:
        raise InvalidCondition(where, "mixes values of several kinds")
    if kinds == {Kind.DATE}:
        compares = tuple(comparer(Kind.DATE, value, where) for value in required)
        return lambda fact, moment: any(compare(fact, moment) == 0 for compare in compares)
    if kinds == {Kind.NUMBER}:
        numbers = frozenset(number(value) for value in required)
        return lambda fact, _: number(fact) in numbers
    if kinds == {Kind.BOOLEAN}:
        switches = frozenset(required)
        return lambda fact, _: isinstance(fact, bool) and fact in switches
    texts = frozenset(required)
    return lambda fact, _: isinstance(fact, str) and fact in texts


def comparer(kind: Kind, required: object, where: str) -> Compare:
    """The sign of "fact minus value", None where the fact is of another kind."""
    if kind == Kind.ANY:
        kind = Kind.DATE if isinstance(required, str) else Kind.NUMBER
    if kind == Kind.NUMBER:
        wanted = number(required)
        if wanted is None:
            raise InvalidCondition(where, _compared(kind, required))
        return lambda fact, _: _sign_of_numbers(fact, wanted)
    limit = read_date(required)
    if limit is None:
        raise InvalidCondition(where, _compared(Kind.DATE, required))
    if isinstance(limit, datetime):
        return lambda fact, moment: _sign(instant_of(fact, moment.time_zone), limit)
    return lambda fact, moment: _sign(day_of(fact, moment.time_zone), limit)


def elements(fact: object) -> Sequence[Any]:
    """The elements of a list, one fact as the only element, none for a missing one."""
    if fact is None:
        return ()
    if isinstance(fact, list | tuple):
        return fact
    if isinstance(fact, set | frozenset):
        return tuple(fact)
    return (fact,)


def is_list(fact: object) -> bool:
    return isinstance(fact, list | tuple | set | frozenset)


def number(value: object) -> int | Decimal | None:
    """Exact: 0.1 as written is one tenth. A switch or a text is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, float) and value - value == 0:
        return Decimal(str(value))
    return None


def whole(value: object, where: str) -> int:
    """A count of days or elements. Raises InvalidCondition."""
    found = number(value)
    if found is None or found != int(found) or not 0 <= found <= 1_000_000:
        raise InvalidCondition(where, "must be followed by a whole number, 0 or more")
    return int(found)


def text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidCondition(where, _compared(Kind.TEXT, value))
    return value


def read_date(value: object) -> date | datetime | None:
    """An ISO 8601 day or instant; an instant without a zone is in UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) <= 10 else _instant(value)
    except ValueError:
        return None


def day_of(value: object, time_zone: tzinfo) -> date | None:
    """The day of a date or instant on the clock of a time zone."""
    found = read_date(value)
    if not isinstance(found, datetime):
        return found
    local = local_of(found, time_zone)
    return None if local is None else local.date()


def local_of(instant: datetime, time_zone: tzinfo) -> datetime | None:
    """The same on the clock of a time zone, None where its calendar has no such day any more."""
    try:
        return instant.astimezone(time_zone)
    except OverflowError:
        return None


def instant_of(value: object, time_zone: tzinfo) -> datetime | None:
    """An instant; a day begins at midnight of the time zone."""
    found = read_date(value)
    if found is None or isinstance(found, datetime):
        return found
    return datetime.combine(found, time(), tzinfo=time_zone)


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _kind_of(kind: Kind, value: object, where: str) -> Kind:
    """The kind of comparison that a value asks for, checked against that of the fact."""
    actual = Kind.TEXT if isinstance(value, str) else None
    if isinstance(value, bool):
        actual = Kind.BOOLEAN
    elif number(value) is not None:
        actual = Kind.NUMBER
    if kind == Kind.DATE and read_date(value) is not None:
        actual = Kind.DATE
    if actual is None or kind not in {Kind.ANY, actual}:
        raise InvalidCondition(where, _compared(kind, value))
    found = number(value)
    if found is not None and len(str(found)) > NUMBER_DIGITS_MAX:
        raise InvalidCondition(where, f"must not have more than {NUMBER_DIGITS_MAX} digits")
    return actual


def _compared(kind: Kind, value: object) -> str:
    return f"compares {NAMES[kind]} with {str(value)[:40]!r}"


def _sign_of_numbers(fact: object, wanted: int | Decimal) -> int | None:
    found = number(fact)
    return None if found is None else (found > wanted) - (found < wanted)


def _sign(found: Any, limit: Any) -> int | None:
    return None if found is None else (found > limit) - (found < limit)
