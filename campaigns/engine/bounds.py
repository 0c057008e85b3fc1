"""The most that a redeemable can take from an order, whatever is applied before it.

True for every later state, because the total and the subtotals of lines never grow: what discounts
add, they take off again. Gifts are apart, as their worth is not bound by the order.
"""

import math
from dataclasses import replace

from campaigns.engine import effects, operands
from campaigns.engine.context import CalculationMode, Context
from campaigns.engine.effects.amount import AmountDiscount
from campaigns.engine.effects.fixed import FixedDiscount
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.effects.unit import ADD_SAME_ITEMS, UnitDiscount
from campaigns.engine.facts import Product, Sku
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import Redeemable, Target
from campaigns.engine.stacking import calculation_mode
from loyalty_project.core import money

ROUNDING = 3


def of(context: Context, order: PricedOrder, redeemable: Redeemable) -> tuple[float, float]:
    """The most in amounts and the most in goods, minor units."""
    discount = redeemable.discount
    if discount is None or redeemable.pays:
        return 0, 0
    chooses_items = bool(redeemable.applicable_to or redeemable.inapplicable_to)
    effect = effects.effect_of(discount, chooses_items=chooses_items)
    if operands.is_constant(discount.formula):
        discount = replace(
            effects.resolve(discount, operands.Scope(context, redeemable, order)), formula=None
        )
    if redeemable.bundle is not None and redeemable.bundle.scales:
        discount = effects.times(discount, effect, redeemable.bundle.limit)
    if isinstance(discount, UnitDiscount):
        return 0, _gifts(context, order, discount, effect)
    total = max(0, order.total_amount)
    if discount.formula is not None:
        most = total
    elif isinstance(discount, AmountDiscount):
        most = _amount(order, redeemable, discount, effect)
    elif isinstance(discount, PercentDiscount):
        most = _percent(context, order, redeemable, discount, effect)
    elif isinstance(discount, FixedDiscount) and effect == "APPLY_TO_ORDER":
        most = max(0, total - discount.fixed_amount)
    else:
        most = sum(_subtotal(line) for line in _lines(order, redeemable))
    return min(total, most), 0


def _amount(
    order: PricedOrder, redeemable: Redeemable, discount: AmountDiscount, effect: str
) -> int:
    if effect not in {"APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY"}:
        return discount.amount_off
    per_unit = effect == "APPLY_TO_ITEMS_BY_QUANTITY" or any(
        entry.target == Target.UNIT for entry in redeemable.applicable_to
    )
    most = sum(
        min(discount.amount_off * (line.paid_quantity if per_unit else 1), _subtotal(line))
        for line in _lines(order, redeemable)
    )
    limit = discount.aggregated_amount_limit
    return most if limit is None else min(most, limit)


def _percent(
    context: Context,
    order: PricedOrder,
    redeemable: Redeemable,
    discount: PercentDiscount,
    effect: str,
) -> int:
    initial = calculation_mode(redeemable, context.stacking) == CalculationMode.INITIAL_AMOUNT
    if effect == "APPLY_TO_ORDER":
        base = order.initial_amount if initial else order.total_amount
        most = money.percent_of(max(0, base), discount.percent_off)
    elif initial:
        most = sum(_subtotal(line) for line in _lines(order, redeemable))
    else:
        most = sum(
            money.percent_of(_subtotal(line), discount.percent_off)
            for line in _lines(order, redeemable)
        )
    for limit in (discount.amount_limit, discount.aggregated_amount_limit):
        most = most if limit is None else min(most, limit)
    return most


def _gifts(context: Context, order: PricedOrder, discount: UnitDiscount, effect: str) -> float:
    if any(unit.formula is not None for unit in discount.units):
        return math.inf
    if effect == ADD_SAME_ITEMS:
        return _same(context, order, discount.units[0].unit_off)
    most = 0
    for unit in discount.units:
        prices = [_price(context.catalog.get(unit.unit_type))]
        for line in order.lines:
            if unit.unit_type in {line.line.product_id, line.line.sku_id}:
                # Shares are rounded; what a unit still costs may drift up by that.
                still = _subtotal(line) // max(1, line.paid_quantity) + ROUNDING
                prices += [_unit_price(line), still]
        most += unit.unit_off * max(prices)
    return most


def _same(context: Context, order: PricedOrder, units: int) -> int:
    """So many units of each product in the cart, at the highest price that there is."""
    products = {line.line.sku_id or line.line.product_id for line in order.lines}
    known = [_price(item) for item in context.catalog.values()]
    known += [_price(item) for line in order.lines for item in (line.line.sku, line.line.product)]
    highest = max([*known, *(_unit_price(line) for line in order.lines)], default=0)
    return len(products) * units * highest


def _lines(order: PricedOrder, redeemable: Redeemable) -> list[PricedLine]:
    """Those that its discount could touch; lines that others add cost nothing."""
    entries = redeemable.applicable_to
    if not entries or redeemable.included_all:
        return list(order.lines)
    return [order.lines[place] for place in sorted(order.goods.all_places(entries))]


def _subtotal(line: PricedLine) -> int:
    return max(0, line.subtotal_amount or 0)


def _price(item: Product | Sku | None) -> int:
    if isinstance(item, Sku):
        return item.unit_price or 0
    return (item.price or 0) if item is not None else 0


def _unit_price(line: PricedLine) -> int:
    if line.price is not None or line.amount is None or not line.quantity:
        return max(0, line.price or 0)
    return max(0, -(-line.amount // line.quantity))
