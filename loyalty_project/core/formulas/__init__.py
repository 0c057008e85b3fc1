"""Formulas that people write: IF(ORDER_AMOUNT >= 200; 15; DEFAULT_TO(ORDER_METADATA("bonus"); 0)).

`build` checks a text once: unknown names, wrong types, constant division by zero, and how long,
deep and big it may be. `Formula.calculate` computes in Decimal and gives None where a value is
missing or the result has no number; the caller has a fixed value for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from loyalty_project.core.formulas.expressions import (
    Evaluate,
    InvalidFormula,
    Kind,
    Read,
    Scope,
    as_number,
    need,
)
from loyalty_project.core.formulas.grammar import Operand, Parser
from loyalty_project.core.predicates import Moment

__all__ = ["Formula", "InvalidFormula", "Kind", "Moment", "Operand", "Read", "build"]


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """`names` are the operands that it asks for, with their keys."""

    text: str
    names: frozenset[tuple[str, str | None]]
    evaluate: Evaluate

    def calculate(self, read: Read, moment: Moment) -> Decimal | None:
        """The number that it comes to; `read(name, key)` gives values, None for missing ones."""
        try:
            return as_number(self.evaluate(Scope(read, moment)))
        except ArithmeticError:
            return None


def build(text: object, operands: Mapping[str, Operand]) -> Formula:
    """A formula that comes to a number. Raises InvalidFormula, which says what is wrong."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidFormula("must not be empty")
    parser = Parser(text, operands)
    expression = parser.read()
    need(expression, Kind.NUMBER, "The result")
    return Formula(text, frozenset(parser.names), expression.evaluate)
