"""FIXED: a new price, for the order or for each unit. It never raises a price."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.engine import operands
from campaigns.engine.effects.base import Basis, Outcome, read_formula, read_required
from campaigns.engine.redeemable import Discount

EFFECTS = ("APPLY_TO_ORDER", "APPLY_TO_ITEMS")


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedDiscount(Discount):
    """Minor units: the new total of the order, or the new price of each unit."""

    fixed_amount: int


def read(document: Mapping[str, object], effect: str | None) -> FixedDiscount:
    by_line = effect != "APPLY_TO_ORDER"
    known = operands.ITEM_OPERANDS if by_line else operands.ORDER_OPERANDS
    return FixedDiscount(
        effect=effect,
        formula=read_formula(document, "fixed_amount_formula", known),
        fixed_amount=read_required(document, "fixed_amount"),
    )


def apply(discount: FixedDiscount, basis: Basis) -> Outcome:
    if basis.effect == "APPLY_TO_ORDER":
        return Outcome(order=max(0, basis.order.total_amount - discount.fixed_amount))
    items = []
    for portion, fixed in basis.valued(discount.fixed_amount):
        price = fixed if portion.price is None else portion.price
        items.append(max(0, portion.amount - price * portion.units))
    return Outcome(items=tuple(items))
