"""The parts of a formula: typed, evaluated by closures, exact in Decimal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import StrEnum
from typing import Any

from loyalty_project.core.errors import Invalid
from loyalty_project.core.predicates import Moment, values

MAGNITUDE_MAX = Decimal(10) ** 15

ARITHMETIC = Context(
    prec=40, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow]
)


class Kind(StrEnum):
    """ANY is for metadata, whose kind is known only when it is there."""

    NUMBER = "a number"
    TEXT = "a text"
    SWITCH = "a condition"
    DATE = "a date"
    ANY = "metadata"


class InvalidFormula(Invalid):
    """A formula that can never be computed; `details` says where and why.

    They are the problem filled with the values, whose words people translate.
    """

    key = "invalid_formula"
    message = "Invalid formula"

    def __init__(self, problem: str, **values: Any) -> None:
        self.problem, self.values = problem, values
        super().__init__(problem % values)


class NotComputable(ArithmeticError):
    """A value is missing or of another kind, or a result is beyond all measure."""


Read = Callable[[str, str | None], Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """`read(name, key)` gives the value of an operand, None where there is none."""

    read: Read
    moment: Moment


Evaluate = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """`literal` is its value where that is known without any facts."""

    kind: Kind
    evaluate: Evaluate
    literal: Any = None


def constant(kind: Kind, value: Any) -> Expression:
    return Expression(kind, lambda _: value, value)


def folded(name: str, calculate: Callable[..., Decimal], parts: list[Expression]) -> Expression:
    """A number made of numbers; at once where all are known. Raises InvalidFormula."""
    for part in parts:
        need(part, Kind.NUMBER, name)
    if all(part.literal is not None for part in parts):
        try:
            return constant(Kind.NUMBER, within(calculate(*(part.literal for part in parts))))
        except ArithmeticError:
            raise InvalidFormula("%(name)s can never be computed", name=name) from None
    evaluates = tuple(part.evaluate for part in parts)
    return Expression(
        Kind.NUMBER,
        lambda scope: within(calculate(*(as_number(each(scope)) for each in evaluates))),
    )


def as_number(value: object) -> Decimal:
    number = values.number(value)
    if number is None:
        raise NotComputable
    return within(Decimal(number))


def within(number: Decimal) -> Decimal:
    if not number.is_finite() or abs(number) > MAGNITUDE_MAX:
        raise NotComputable
    return number


def as_text(value: object) -> str:
    if not isinstance(value, str):
        raise NotComputable
    return value


def as_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotComputable
    return value


def as_day(value: object, moment: Moment) -> date:
    day = values.day_of(value, moment.time_zone)
    if day is None:
        raise NotComputable
    return day


def as_instant(value: object, moment: Moment) -> datetime:
    instant = values.instant_of(value, moment.time_zone)
    if instant is None:
        raise NotComputable
    return instant


def known(value: Any) -> Any:
    """The value of an operand; numbers become exact."""
    if value is None:
        raise NotComputable
    number = values.number(value)
    return value if number is None else within(Decimal(number))


def need(expression: Expression, kind: Kind, where: str) -> None:
    """Refuse what can never be of a kind. Raises InvalidFormula."""
    if expression.kind not in {kind, Kind.ANY}:
        raise InvalidFormula(
            "%(name)s needs %(kind)s, not %(other)s", name=where, kind=kind, other=expression.kind
        )


def common(expressions: list[Expression], where: str) -> Kind:
    """The one kind of several expressions. Raises InvalidFormula where they differ."""
    kinds = {each.kind for each in expressions} - {Kind.ANY}
    if len(kinds) > 1:
        first, second = sorted(kinds)[:2]
        raise InvalidFormula(
            "%(name)s mixes %(kind)s with %(other)s", name=where, kind=first, other=second
        )
    return kinds.pop() if kinds else Kind.ANY


def equal(left: object, right: object) -> bool:
    """A switch equals no number, a day no instant."""
    return type(left) is type(right) and left == right
