"""What discounts do to an order. A new discount type is one module here and one entry in TYPES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.engine.effects import amount, fixed, percent, unit
from campaigns.engine.effects.base import Basis, InvalidDiscount, Outcome, default_effect
from campaigns.engine.redeemable import Discount


@dataclass(frozen=True, slots=True)
class DiscountType:
    """`read` turns the published document into the discount, `apply` says what it gives.

    `effects` are the published effects that it knows. `default_effect` chooses among them for a
    discount without one, told whether the rules choose items.
    """

    discount: type[Discount]
    effects: tuple[str, ...]
    read: Callable[[Mapping[str, object], str | None], Discount]
    apply: Callable[[Any, Basis], Outcome]
    default_effect: Callable[[Any, bool], str] = default_effect


TYPES: dict[str, DiscountType] = {
    "AMOUNT": DiscountType(amount.AmountDiscount, amount.EFFECTS, amount.read, amount.apply),
    "PERCENT": DiscountType(percent.PercentDiscount, percent.EFFECTS, percent.read, percent.apply),
    "FIXED": DiscountType(fixed.FixedDiscount, fixed.EFFECTS, fixed.read, fixed.apply),
    "UNIT": DiscountType(
        unit.UnitDiscount, unit.EFFECTS, unit.read, unit.apply, unit.default_effect
    ),
}

_BY_CLASS = {kind.discount: kind for kind in TYPES.values()}


def read(document: Mapping[str, object]) -> Discount:
    """Read the published discount document, amounts in minor units, percent_off as 12.5.

    Raises InvalidDiscount, which names the field.
    """
    kind = TYPES.get(str(document.get("type")))
    if kind is None:
        raise InvalidDiscount("type", "should be one of the allowed values")
    effect = document.get("effect")
    if effect is not None and effect not in kind.effects:
        raise InvalidDiscount("effect", "should be one of the allowed values")
    return kind.read(document, None if effect is None else str(effect))


def effect_of(discount: Discount, *, chooses_items: bool) -> str:
    """The published effect of a discount, its own or the default."""
    if discount.effect is not None:
        return discount.effect
    return _BY_CLASS[type(discount)].default_effect(discount, chooses_items)


def apply(discount: Discount, basis: Basis) -> Outcome:
    return _BY_CLASS[type(discount)].apply(discount, basis)
