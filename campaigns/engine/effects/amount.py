"""AMOUNT: a sum of money off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from campaigns.engine import operands
from campaigns.engine.effects.base import (
    Basis,
    Outcome,
    Portion,
    cap_sum,
    read_formula,
    read_integer,
    read_required,
)
from campaigns.engine.redeemable import Discount
from loyalty_project.core import money

EFFECTS = (
    "APPLY_TO_ORDER",
    "APPLY_TO_ITEMS",
    "APPLY_TO_ITEMS_BY_QUANTITY",
    "APPLY_TO_ITEMS_PROPORTIONALLY",
    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
)
BY_LINE = frozenset({"APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY", None})


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountDiscount(Discount):
    """Minor units."""

    amount_off: int
    aggregated_amount_limit: int | None = None


def read(document: Mapping[str, object], effect: str | None) -> AmountDiscount:
    known = operands.ITEM_OPERANDS if effect in BY_LINE else operands.ORDER_OPERANDS
    return AmountDiscount(
        effect=effect,
        formula=read_formula(document, "amount_off_formula", known),
        amount_off=read_required(document, "amount_off"),
        aggregated_amount_limit=read_integer(document, "aggregated_amount_limit"),
    )


def apply(discount: AmountDiscount, basis: Basis) -> Outcome:
    if basis.effect == "APPLY_TO_ORDER":
        amount = min(discount.amount_off, basis.order.total_amount)
        return Outcome(order=amount, wanted=discount.amount_off)
    portions = basis.portions
    if basis.effect == "APPLY_TO_ITEMS_PROPORTIONALLY":
        wanted = discount.amount_off
        items = _split(wanted, portions, tuple(portion.amount for portion in portions))
    elif basis.effect == "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY":
        wanted = discount.amount_off
        items = _split(wanted, portions, tuple(portion.units for portion in portions))
    else:
        by_quantity = basis.effect == "APPLY_TO_ITEMS_BY_QUANTITY"
        offs = tuple(
            off * (portion.units if by_quantity else portion.times)
            for portion, off in basis.valued(discount.amount_off)
        )
        wanted = sum(offs)
        items = tuple(min(off, portion.amount) for off, portion in zip(offs, portions, strict=True))
    return Outcome(items=cap_sum(items, discount.aggregated_amount_limit), wanted=wanted)


def times(discount: AmountDiscount, effect: str, count: int) -> AmountDiscount:
    """The discount of several bundles; what is per unit grows with the units alone."""
    if effect == "APPLY_TO_ITEMS_BY_QUANTITY":
        return discount
    return replace(discount, amount_off=discount.amount_off * count)


def _split(total: int, portions: tuple[Portion, ...], weights: tuple[int, ...]) -> tuple[int, ...]:
    """What a line cannot take is not moved to the others: each part is as promised or less."""
    total = min(total, sum(portion.amount for portion in portions))
    parts = money.allocate(total, weights)
    return tuple(min(part, portion.amount) for part, portion in zip(parts, portions, strict=True))
