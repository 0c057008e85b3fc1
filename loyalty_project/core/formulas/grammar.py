"""From the text of a formula to its expression, by recursive descent; nothing is ever executed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from loyalty_project.core.formulas import functions
from loyalty_project.core.formulas.expressions import (
    ARITHMETIC,
    Expression,
    InvalidFormula,
    Kind,
    NotComputable,
    Scope,
    as_day,
    common,
    constant,
    equal,
    folded,
    known,
    need,
)

LENGTH_MAX = 2000
NODES_MAX = 300
DEPTH_MAX = 30
KEY_MAX = 255

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d{1,15}(?:\.\d{1,10})?)(?![\w.])
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>[A-Za-z][A-Za-z0-9_]*)
    |(?P<sign>>=|<=|!=|[-+*/%><=();×÷−]))""",
    re.ASCII | re.VERBOSE,
)
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_TEXT_WORDS = frozenset({"contains", "startsWith", "endsWith"})
_COMPARING = frozenset({"=", "!=", ">", "<", ">=", "<=", "is", "isNot", *_TEXT_WORDS})
_CALENDAR: Mapping[str, Callable[[Any], int]] = {
    "DAY_OF_MONTH": lambda day: day.day,
    "MONTH": lambda day: day.month,
    "YEAR": lambda day: day.year,
}


@dataclass(frozen=True, slots=True)
class Operand:
    """A name that formulas may use; one with a key is written NAME("key")."""

    kind: Kind
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise InvalidFormula(
                "cannot be read from %(text)s on", text=repr(text[place:].strip()[:20])
            )
        value = found[found.lastgroup]
        tokens.append(_Token(found.lastgroup, _SIGNS.get(value, value)))
        place = found.end()
    if len(tokens) > NODES_MAX:
        raise InvalidFormula("must not have more than %(n)s parts", n=NODES_MAX)
    return tokens


class Parser:
    """`names` collects the operands that the formula asks for, with their keys."""

    def __init__(self, text: str, operands: Mapping[str, Operand]) -> None:
        if len(text) > LENGTH_MAX:
            raise InvalidFormula("must not be longer than %(n)s characters", n=LENGTH_MAX)
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0
        self.operands = operands
        self.names: set[tuple[str, str | None]] = set()

    def read(self) -> Expression:
        expression = self._either()
        if self.place < len(self.tokens):
            raise InvalidFormula("has %(text)s too much", text=repr(self.tokens[self.place].text))
        return expression

    def _either(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise InvalidFormula("must not be nested deeper than %(n)s", n=DEPTH_MAX)
        left = self._both()
        while self._take("OR"):
            left = functions.call("OR", [left, self._both()])
        self.depth -= 1
        return left

    def _both(self) -> Expression:
        left = self._comparison()
        while self._take("AND"):
            left = functions.call("AND", [left, self._comparison()])
        return left

    def _comparison(self) -> Expression:
        left = self._sum()
        sign = self._text()
        if sign not in _COMPARING or self._kind() == "text":
            return left
        self.place += 1
        return _compare(sign, left, self._sum())

    def _sum(self) -> Expression:
        left = self._term()
        while self._text() in {"+", "-"} and self._kind() == "sign":
            sign = self._next()
            left = folded(sign, _BINARY[sign], [left, self._term()])
        return left

    def _term(self) -> Expression:
        left = self._signed()
        while self._text() in {"*", "/", "%"} and self._kind() == "sign":
            sign = self._next()
            right = self._signed()
            if sign != "*" and right.literal == 0:
                raise InvalidFormula("divides by zero")
            left = folded(sign, _BINARY[sign], [left, right])
        return left

    def _signed(self) -> Expression:
        minus = False
        while self._take("-"):
            minus = not minus
        expression = self._primary()
        return folded("-", ARITHMETIC.minus, [expression]) if minus else expression

    def _primary(self) -> Expression:
        kind, text = self._kind(), self._next()
        if kind == "number":
            return constant(Kind.NUMBER, Decimal(text))
        if kind == "text":
            return constant(Kind.TEXT, text[1:-1])
        if kind == "name":
            return self._name(text)
        if text == "(":
            expression = self._either()
            self._close()
            return expression
        if not text:
            raise InvalidFormula("ends too early")
        raise InvalidFormula("needs a value before %(text)s", text=repr(text))

    def _name(self, name: str) -> Expression:
        arguments = self._arguments() if self._take("(") else None
        operand = self.operands.get(name)
        if operand is not None:
            return self._operand(name, operand, arguments)
        if name in _CALENDAR:
            return _calendar(name, arguments)
        if arguments is not None:
            return functions.call(name, arguments)
        if name in {"TODAY", "NOW"}:
            return Expression(
                Kind.DATE,
                (lambda scope: scope.moment.at)
                if name == "NOW"
                else (lambda scope: as_day(scope.moment.at, scope.moment)),
            )
        if name in {"true", "false", "TRUE", "FALSE"}:
            return constant(Kind.SWITCH, name.lower() == "true")
        raise InvalidFormula("%(name)s is unknown", name=name)

    def _operand(
        self, name: str, operand: Operand, arguments: list[Expression] | None
    ) -> Expression:
        key = None
        if operand.keyed:
            key = arguments[0].literal if arguments and len(arguments) == 1 else None
            if not isinstance(key, str) or not 0 < len(key) <= KEY_MAX:
                raise InvalidFormula('%(name)s needs a key in quotes: %(name)s("key")', name=name)
        elif arguments is not None:
            raise InvalidFormula("%(name)s takes no values", name=name)
        self.names.add((name, key))
        return Expression(operand.kind, lambda scope: known(scope.read(name, key)))

    def _arguments(self) -> list[Expression]:
        arguments: list[Expression] = []
        if self._take(")"):
            return arguments
        arguments.append(self._either())
        while self._take(";"):
            arguments.append(self._either())
        self._close()
        return arguments

    def _close(self) -> None:
        if not self._take(")"):
            raise InvalidFormula("lacks a closing bracket")

    def _kind(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def _text(self) -> str:
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def _next(self) -> str:
        text = self._text()
        self.place += 1
        return text

    def _take(self, text: str) -> bool:
        if self._text() == text and self._kind() != "text":
            self.place += 1
            return True
        return False


def _compare(sign: str, left: Expression, right: Expression) -> Expression:
    if sign in _TEXT_WORDS:
        return functions.call(sign, [left, right])
    kind = common([left, right], sign)
    if sign in {"=", "!=", "is", "isNot"}:
        wanted = sign in {"=", "is"}
        return Expression(
            Kind.SWITCH,
            lambda scope: equal(left.evaluate(scope), right.evaluate(scope)) is wanted,
        )
    if kind not in {Kind.NUMBER, Kind.DATE, Kind.ANY}:
        raise InvalidFormula("%(name)s cannot compare %(kind)s", name=sign, kind=kind)
    decide = _ORDER[sign]

    def evaluate(scope: Scope) -> bool:
        first, second = left.evaluate(scope), right.evaluate(scope)
        if type(first) is not type(second) or isinstance(first, bool | str | list):
            raise NotComputable
        return decide(first, second)

    return Expression(Kind.SWITCH, evaluate)


def _calendar(name: str, arguments: list[Expression] | None) -> Expression:
    """A part of today, or of the date in brackets."""
    if arguments is not None and len(arguments) != 1:
        raise InvalidFormula("%(name)s does not take %(n)s values", name=name, n=len(arguments))
    part = _CALENDAR[name]
    day = arguments[0] if arguments else Expression(Kind.DATE, lambda scope: scope.moment.at)
    need(day, Kind.DATE, name)
    return Expression(
        Kind.NUMBER, lambda scope: Decimal(part(as_day(day.evaluate(scope), scope.moment)))
    )


_BINARY: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "%": ARITHMETIC.remainder,
}
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}
