"""PERCENT: a share of the price off."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from campaigns.engine import operands
from campaigns.engine.context import CalculationMode
from campaigns.engine.effects.base import (
    Basis,
    InvalidDiscount,
    Outcome,
    cap_sum,
    read_formula,
    read_integer,
)
from campaigns.engine.redeemable import Discount
from loyalty_project.core import money

EFFECTS = ("APPLY_TO_ORDER", "APPLY_TO_ITEMS")


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentDiscount(Discount):
    """`percent_off` in millionths, 12.5 % is 125_000; limits in minor units."""

    percent_off: int
    amount_limit: int | None = None
    aggregated_amount_limit: int | None = None


def read(document: Mapping[str, object], effect: str | None) -> PercentDiscount:
    by_line = effect != "APPLY_TO_ORDER"
    known = operands.ITEM_OPERANDS if by_line else operands.ORDER_OPERANDS
    return PercentDiscount(
        effect=effect,
        formula=read_formula(document, "percent_off_formula", known),
        percent_off=_read_percent(document.get("percent_off")),
        amount_limit=read_integer(document, "amount_limit"),
        aggregated_amount_limit=read_integer(document, "aggregated_amount_limit"),
    )


def apply(discount: PercentDiscount, basis: Basis) -> Outcome:
    """Both limits cap the sum; the lower one wins."""
    limit = discount.amount_limit
    if discount.aggregated_amount_limit is not None:
        lowest = discount.aggregated_amount_limit
        limit = lowest if limit is None else min(limit, lowest)
    initial = basis.calculation == CalculationMode.INITIAL_AMOUNT
    if basis.effect == "APPLY_TO_ORDER":
        # What a gift card paid before, on an earlier request, made nothing cheaper.
        amount = basis.order.initial_amount if initial else basis.order.tax_base
        off = money.percent_of(amount, discount.percent_off)
        off = min(off, basis.order.total_amount)
        return Outcome(order=off if limit is None else min(off, limit))
    items = [
        min(
            money.percent_of(portion.initial_amount if initial else portion.amount, percent),
            portion.amount,
        )
        for portion, percent in basis.valued(discount.percent_off)
    ]
    return Outcome(items=cap_sum(tuple(items), limit))


def times(discount: PercentDiscount, _effect: str, count: int) -> PercentDiscount:
    """5 % for each of five bundles are 25 %."""
    return replace(discount, percent_off=min(money.MILLION, discount.percent_off * count))


def _read_percent(value: object) -> int:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidDiscount("percent_off", "must be a number")
    try:
        percent = money.to_millionths(str(value))
    except money.InvalidAmount:
        raise InvalidDiscount("percent_off", "must not have more than 4 decimals") from None
    if not 0 <= percent <= money.MILLION:
        raise InvalidDiscount("percent_off", "must be between 0 and 100")
    return percent
