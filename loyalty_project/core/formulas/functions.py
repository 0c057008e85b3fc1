"""The functions of formulas: what each takes, and what it makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from loyalty_project.core.formulas.expressions import (
    ARITHMETIC,
    Expression,
    InvalidFormula,
    Kind,
    NotComputable,
    Scope,
    as_day,
    as_instant,
    as_switch,
    as_text,
    common,
    constant,
    equal,
    folded,
    need,
)
from loyalty_project.core.predicates import values

EXPONENT_MAX = 100
PRECISION_MAX = 9
ARGUMENTS_MAX = 50

Arguments = list[Expression]
_Build = Callable[[str, Arguments], Expression]


@dataclass(frozen=True, slots=True)
class Function:
    build: _Build
    least: int
    most: int = ARGUMENTS_MAX


def call(name: str, arguments: Arguments) -> Expression:
    """The expression of a function call. Raises InvalidFormula for wrong arguments."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise InvalidFormula("%(name)s is no function", name=name)
    if not function.least <= len(arguments) <= function.most:
        raise InvalidFormula("%(name)s does not take %(n)s values", name=name, n=len(arguments))
    return function.build(name, arguments)


def _numeric(calculate: Callable[..., Decimal]) -> _Build:
    return lambda name, arguments: folded(name, calculate, arguments)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if exponent != int(exponent) or abs(exponent) > EXPONENT_MAX:
        raise NotComputable
    return ARITHMETIC.power(base, int(exponent))


def _rounder(rounding: str) -> Callable[..., Decimal]:
    def calculate(number: Decimal, precision: Decimal = Decimal(0)) -> Decimal:
        if precision != int(precision) or abs(precision) > PRECISION_MAX:
            raise NotComputable
        shifted = number.scaleb(int(precision), ARITHMETIC).to_integral_value(rounding)
        return shifted.scaleb(-int(precision), ARITHMETIC)

    return calculate


def _if(name: str, arguments: Arguments) -> Expression:
    condition, then, otherwise = arguments
    need(condition, Kind.SWITCH, name)
    kind = common([then, otherwise], name)
    return Expression(
        kind,
        lambda scope: (then if as_switch(condition.evaluate(scope)) else otherwise).evaluate(scope),
    )


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """One SWITCH_CASE: `key` is compared, the rest of it is the value."""

    key: Expression | None = None


def _switch(name: str, arguments: Arguments) -> Expression:
    subject, *rest = arguments
    cases = [each for each in rest if isinstance(each, Case)]
    default = rest[-1] if not isinstance(rest[-1], Case) else None
    if not cases or len(cases) != len(rest) - (default is not None):
        raise InvalidFormula("%(name)s needs SWITCH_CASE values and one default last", name=name)
    results = [*cases, *([default] if default else [])]
    keys = [case.key for case in cases if case.key is not None]
    common([subject, *keys], name)

    def evaluate(scope: Scope) -> Any:
        found = subject.evaluate(scope)
        for key, case in zip(keys, cases, strict=True):
            if equal(key.evaluate(scope), found):
                return case.evaluate(scope)
        if default is None:
            raise NotComputable
        return default.evaluate(scope)

    return Expression(common(list(results), name), evaluate)


def _switch_case(_name: str, arguments: Arguments) -> Expression:
    key, value = arguments
    return Case(value.kind, value.evaluate, key=key)


def _default_to(name: str, arguments: Arguments) -> Expression:
    first, fallback = arguments

    def evaluate(scope: Scope) -> Any:
        try:
            return first.evaluate(scope)
        except ArithmeticError:
            return fallback.evaluate(scope)

    return Expression(common(arguments, name), evaluate)


def _in_array(*, wanted: bool) -> _Build:
    """Any value of the first among all of the others; metadata may be an array."""

    def build(_name: str, arguments: Arguments) -> Expression:
        def evaluate(scope: Scope) -> bool:
            first, *others = (argument.evaluate(scope) for argument in arguments)
            among = [exact(each) for other in others for each in values.elements(other)]
            return any(exact(each) in among for each in values.elements(first)) is wanted

        return Expression(Kind.SWITCH, evaluate)

    def exact(value: Any) -> Any:
        number = values.number(value)
        return value if number is None else Decimal(number)

    return build


def _junction(*, every: bool) -> _Build:
    def build(name: str, arguments: Arguments) -> Expression:
        for argument in arguments:
            need(argument, Kind.SWITCH, name)
        join = all if every else any
        return Expression(
            Kind.SWITCH, lambda scope: join(as_switch(each.evaluate(scope)) for each in arguments)
        )

    return build


def _not(name: str, arguments: Arguments) -> Expression:
    need(arguments[0], Kind.SWITCH, name)
    return Expression(Kind.SWITCH, lambda scope: not as_switch(arguments[0].evaluate(scope)))


def _textual(decide: Callable[[str, str], bool]) -> _Build:
    def build(name: str, arguments: Arguments) -> Expression:
        for argument in arguments:
            need(argument, Kind.TEXT, name)
        left, right = arguments
        return Expression(
            Kind.SWITCH,
            lambda scope: decide(as_text(left.evaluate(scope)), as_text(right.evaluate(scope))),
        )

    return build


def _of_today(calculate: Callable[[date, date], int]) -> _Build:
    """A number made of today and a day."""

    def build(name: str, arguments: Arguments) -> Expression:
        need(arguments[0], Kind.DATE, name)

        def evaluate(scope: Scope) -> Decimal:
            today = as_day(scope.moment.at, scope.moment)
            return Decimal(calculate(today, as_day(arguments[0].evaluate(scope), scope.moment)))

        return Expression(Kind.NUMBER, evaluate)

    return build


def _months(earlier: date, later: date) -> int:
    """Whole months; a month that ends before the day comes is whole at its end."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day and not _last_day(later))


def _last_day(day: date) -> bool:
    return day.toordinal() == date.max.toordinal() or (
        date.fromordinal(day.toordinal() + 1).month != day.month
    )


def _dates(decide: Callable[[Any, Any], bool], *, by_day: bool) -> _Build:
    def build(name: str, arguments: Arguments) -> Expression:
        for argument in arguments:
            need(argument, Kind.DATE, name)
        read = as_day if by_day else as_instant
        left, right = arguments
        return Expression(
            Kind.SWITCH,
            lambda scope: decide(
                read(left.evaluate(scope), scope.moment), read(right.evaluate(scope), scope.moment)
            ),
        )

    return build


def _date(name: str, arguments: Arguments) -> Expression:
    """DATE and DATE_TIME of a text that is known now."""
    text = arguments[0].literal
    if not isinstance(text, str):
        raise InvalidFormula("%(name)s needs a date in quotes", name=name)
    value = values.read_date(text)
    if value is None:
        raise InvalidFormula(
            "%(name)s cannot read the date %(text)s", name=name, text=repr(text[:40])
        )
    return constant(Kind.DATE, value)


FUNCTIONS: dict[str, Function] = {
    "MIN": Function(_numeric(lambda *numbers: min(numbers)), 1),
    "MAX": Function(_numeric(lambda *numbers: max(numbers)), 1),
    "POW": Function(_numeric(_power), 2, 2),
    "ROUND": Function(_numeric(_rounder(ROUND_HALF_UP)), 1, 2),
    "FLOOR": Function(_numeric(_rounder(ROUND_FLOOR)), 1, 2),
    "CEIL": Function(_numeric(_rounder(ROUND_CEILING)), 1, 2),
    "IF": Function(_if, 3, 3),
    "SWITCH": Function(_switch, 2),
    "SWITCH_CASE": Function(_switch_case, 2, 2),
    "DEFAULT_TO": Function(_default_to, 2, 2),
    "IN_ARRAY": Function(_in_array(wanted=True), 2),
    "NOT_IN_ARRAY": Function(_in_array(wanted=False), 2),
    "AND": Function(_junction(every=True), 2),
    "OR": Function(_junction(every=False), 2),
    "NOT": Function(_not, 1, 1),
    "contains": Function(_textual(lambda text, part: part in text), 2, 2),
    "startsWith": Function(_textual(str.startswith), 2, 2),
    "endsWith": Function(_textual(str.endswith), 2, 2),
    "DAYS_SINCE": Function(_of_today(lambda today, day: (today - day).days), 1, 1),
    "DAYS_UNTIL": Function(_of_today(lambda today, day: (day - today).days), 1, 1),
    "MONTHS_SINCE": Function(_of_today(lambda today, day: _months(day, today)), 1, 1),
    "MONTHS_UNTIL": Function(_of_today(_months), 1, 1),
    "YEARS_SINCE": Function(_of_today(lambda today, day: _months(day, today) // 12), 1, 1),
    "DATE_IS": Function(_dates(lambda left, right: left == right, by_day=True), 2, 2),
    "DATE_IS_NOT": Function(_dates(lambda left, right: left != right, by_day=True), 2, 2),
    "IS_AFTER": Function(_dates(lambda left, right: left > right, by_day=False), 2, 2),
    "IS_BEFORE": Function(_dates(lambda left, right: left < right, by_day=False), 2, 2),
    "DATE": Function(_date, 1, 1),
    "DATE_TIME": Function(_date, 1, 1),
}
