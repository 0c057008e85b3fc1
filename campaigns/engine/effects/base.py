"""What an effect is given, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.engine.context import CalculationMode
from campaigns.engine.facts import Product, Sku
from campaigns.engine.gifts import Grant
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Discount
from loyalty_project.core import formulas
from loyalty_project.core.errors import Invalid


class InvalidDiscount(Invalid):
    """A discount document that cannot be read; `details` names the field.

    `formula` is what is wrong with the formula of the field, where that is it.
    """

    def __init__(
        self,
        name: str,
        problem: str,
        formula: formulas.InvalidFormula | None = None,
        *,
        of: str = "discount",
    ) -> None:
        self.field = name
        self.problem = problem
        self.formula = formula
        super().__init__(f"Property .{of}.{name} {problem}")


@dataclass(slots=True)
class Portion:
    """The part of one order line that an item-level discount may touch.

    `units` are paid units, `amount` is what they still cost, `initial_amount` what they cost before
    any discount. `times` says how often an amount is taken off: once per line for target ITEM, once
    per unit for target UNIT. `price` is the fixed price of the applicable_to entry.
    """

    index: int
    units: int
    amount: int
    initial_amount: int
    times: int = 1
    price: int | None = None


@dataclass(slots=True)
class Basis:
    """`effect` is the published name, chosen; `blocked` are lines that ONCE keeps from us.

    `values` take the place of the discount's own value, portion by portion, where a formula asks
    about the line.
    """

    order: PricedOrder
    effect: str
    portions: tuple[Portion, ...] = ()
    calculation: CalculationMode = CalculationMode.DISCOUNTED_AMOUNT
    catalog: Mapping[str, Product | Sku] = field(default_factory=dict)
    blocked: frozenset[int] = frozenset()
    values: tuple[int, ...] = ()

    def valued(self, value: int) -> tuple[tuple[Portion, int], ...]:
        """The portions, each with the value of the discount for it."""
        if not self.values:
            return tuple([(portion, value) for portion in self.portions])
        return tuple(zip(self.portions, self.values, strict=True))


@dataclass(slots=True)
class Outcome:
    """Minor units off the order as a whole, off each portion, and units given for nothing.

    `wanted` is the value of an amount discount before anything capped it; 0 for other types.
    """

    order: int = 0
    items: tuple[int, ...] = ()
    grants: tuple[Grant, ...] = ()
    wanted: int = 0


def default_effect(_discount: Discount, chooses_items: bool) -> str:
    return "APPLY_TO_ITEMS" if chooses_items else "APPLY_TO_ORDER"


def unscaled(discount: Discount, _effect: str, _count: int) -> Discount:
    return discount


def cap_sum(amounts: tuple[int, ...], limit: int | None) -> tuple[int, ...]:
    """Cut amounts down from the first on until their sum is within the limit."""
    if limit is None or sum(amounts) <= limit:
        return amounts
    kept = []
    for amount in amounts:
        kept.append(min(amount, limit))
        limit -= kept[-1]
    return tuple(kept)


def read_integer(
    document: Mapping[str, object], name: str, *, default: int | None = None, of: str = "discount"
) -> int | None:
    """A whole number >= 0 of a discount document; 1000.0 is one, too. Raises InvalidDiscount."""
    value = document.get(name)
    if value is None:
        return default
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidDiscount(name, "must be a non-negative integer", of=of)
    return value


def read_required(document: Mapping[str, object], name: str, *, of: str = "discount") -> int:
    value = read_integer(document, name, of=of)
    if value is None:
        raise InvalidDiscount(name, "is required", of=of)
    return value


def read_formula(
    document: Mapping[str, object], name: str, operands: Mapping[str, formulas.Operand]
) -> formulas.Formula | None:
    """A formula of a discount document, None where it has none. Raises InvalidDiscount."""
    text = document.get(name)
    if text is None:
        return None
    try:
        return formulas.build(text, operands)
    except formulas.InvalidFormula as error:
        raise InvalidDiscount(name, error.details, error) from None
