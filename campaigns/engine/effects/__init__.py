"""What discounts do to an order. A new discount type is one module here and one entry in TYPES."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.engine import operands
from campaigns.engine.effects import amount, credit, fixed, percent, unit
from campaigns.engine.effects.base import (
    Basis,
    InvalidDiscount,
    Outcome,
    default_effect,
    unscaled,
)
from campaigns.engine.operands import Scope
from campaigns.engine.redeemable import Discount
from loyalty_project.core.formulas import Formula


@dataclass(frozen=True, slots=True)
class DiscountType:
    """`read` turns the published document into the discount, `apply` says what it gives.

    `effects` are the published effects that it knows. `default_effect` chooses among them for a
    discount without one, told whether the rules choose items. `times` makes of it what several
    bundles give, `formula` names the field that a formula sets and how it is computed.
    """

    discount: type[Discount]
    effects: tuple[str, ...]
    read: Callable[[Mapping[str, object], str | None], Discount]
    apply: Callable[[Any, Basis], Outcome]
    default_effect: Callable[[Any, bool], str] = default_effect
    times: Callable[[Any, str, int], Discount] = unscaled
    formula: tuple[str, Callable[[Formula, Scope], int | None]] | None = None


TYPES: dict[str, DiscountType] = {
    "AMOUNT": DiscountType(
        amount.AmountDiscount,
        amount.EFFECTS,
        amount.read,
        amount.apply,
        times=amount.times,
        formula=("amount_off", operands.amount),
    ),
    "PERCENT": DiscountType(
        percent.PercentDiscount,
        percent.EFFECTS,
        percent.read,
        percent.apply,
        times=percent.times,
        formula=("percent_off", operands.percent),
    ),
    "FIXED": DiscountType(
        fixed.FixedDiscount,
        fixed.EFFECTS,
        fixed.read,
        fixed.apply,
        formula=("fixed_amount", operands.amount),
    ),
    "UNIT": DiscountType(
        unit.UnitDiscount,
        unit.EFFECTS,
        unit.read,
        unit.apply,
        unit.default_effect,
        times=unit.times,
    ),
}

# What no discount document can say: a card's account decides what it holds.
CREDIT = DiscountType(
    credit.CreditDiscount,
    credit.EFFECTS,
    lambda _document, _effect: credit.CreditDiscount(balance=0),
    credit.apply,
    credit.default_effect,
)

_BY_CLASS = {kind.discount: kind for kind in (*TYPES.values(), CREDIT)}


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


def resolve(discount: Discount, scope: Scope) -> Discount:
    """The discount with the values of its formulas; a fixed one stands where one has no value."""
    if isinstance(discount, unit.UnitDiscount):
        return _with_units(discount, scope)
    known = _BY_CLASS[type(discount)].formula
    if discount.formula is None or known is None or operands.is_per_line(discount.formula):
        return discount
    field, calculate = known
    value = calculate(discount.formula, scope)
    changes: dict[str, Any] = {} if value is None else {field: value}
    return replace(discount, **changes)


def values_of(
    discount: Discount, scopes: Sequence[Scope], effect: str, count: int
) -> tuple[int, ...]:
    """The value for each line of a discount whose formula asks about the line, else nothing.

    It is that of `count` bundles.
    """
    known = _BY_CLASS[type(discount)].formula
    if discount.formula is None or known is None or not operands.is_per_line(discount.formula):
        return ()
    field, calculate = known
    fallback = getattr(discount, field)
    found = (calculate(discount.formula, scope) for scope in scopes)
    values = [fallback if value is None else value for value in found]
    changes: list[dict[str, Any]] = [{field: value} for value in values]
    return tuple(
        getattr(times(replace(discount, **change), effect, count), field) for change in changes
    )


def times(discount: Discount, effect: str, count: int) -> Discount:
    """What so many bundles give; fixed prices stay what they are."""
    return discount if count == 1 else _BY_CLASS[type(discount)].times(discount, effect, count)


def _with_units(discount: unit.UnitDiscount, scope: Scope) -> unit.UnitDiscount:
    if all(each.formula is None for each in discount.units):
        return discount
    found = []
    for each in discount.units:
        count = operands.units(each.formula, scope) if each.formula is not None else None
        found.append(each if count is None else replace(each, unit_off=count))
    return replace(discount, units=tuple(found))


def apply(discount: Discount, basis: Basis) -> Outcome:
    return _BY_CLASS[type(discount)].apply(discount, basis)
