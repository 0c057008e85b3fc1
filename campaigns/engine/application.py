"""One redeemable applied to the order as it stands: lines, values, discount, protection, counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from campaigns.engine import (
    applicability,
    bundles,
    effects,
    gifts,
    limits,
    operands,
    pricing,
    protection,
    stacking,
    stocks,
)
from campaigns.engine.bundles import Bundled
from campaigns.engine.context import Context, ProductsMode
from campaigns.engine.counters import Relied
from campaigns.engine.effects.base import Basis, Outcome
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.protection import Capped, Taking
from campaigns.engine.redeemable import ApplicableTo, Discount, Redeemable, once
from campaigns.engine.results import Applied
from campaigns.engine.rules import check
from campaigns.engine.rules import counted as counting

NO_GIFTS: Mapping[str, int] = MappingProxyType({})


def apply(context: Context, order: PricedOrder | None, redeemable: Redeemable) -> Applied:
    """What a redeemable does to an order; nothing is asked here, neither rules nor limits."""
    discount, plan = redeemable.discount, _plan(redeemable)
    effect = plan.effect
    if order is None:
        return Applied(redeemable, None, effect)
    order = pricing.begin_step(order)
    bundle = None if redeemable.bundle is None else bundles.find(order, redeemable.bundle)
    blocked = frozenset() if redeemable.pays else _blocked(context, order)
    found = applicability.NOTHING
    if plan.asks_lines:
        found = applicability.find(
            order,
            _for_bundles(redeemable, bundle),
            blocked,
            price_of=_price_of(context, redeemable, order),
        )
    unused = 0
    capped: tuple[Capped, ...] = ()
    taken: Mapping[str, int] = NO_GIFTS
    if discount is not None and effect is not None:
        count = 1 if bundle is None else _count(redeemable, bundle)
        basis = _basis(context, redeemable, order, effect, found, blocked, count)
        if plan.is_computed:
            discount = effects.resolve(discount, operands.Scope(context, redeemable, order))
        outcome = effects.apply(effects.times(discount, effect, count), basis)
        order, capped = _take(context, redeemable, order, outcome, found)
        if outcome.wanted:
            unused = max(0, outcome.wanted - order.total_applied_discount_amount)
        if outcome.grants:
            taken = stocks.taken(outcome.grants, context.catalog)
    return Applied(
        redeemable,
        order,
        effect,
        found.applicable_to,
        found.inapplicable_to,
        unused,
        bundle,
        capped=capped,
        gifts=taken,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What its terms alone say of how a redeemable is applied.

    `is_computed` where a formula says how much is given.
    """

    effect: str | None
    asks_lines: bool
    is_computed: bool


@once
def _plan(redeemable: Redeemable) -> _Plan:
    discount = redeemable.discount
    chooses_items = bool(redeemable.applicable_to or redeemable.inapplicable_to)
    if discount is None:
        return _Plan(None, chooses_items, is_computed=False)
    effect = effects.effect_of(discount, chooses_items=chooses_items)
    is_of_order = effect == "APPLY_TO_ORDER" and discount.formula is None
    return _Plan(effect, chooses_items or not is_of_order, operands.has_formula(redeemable))


def counted(context: Context, before: PricedOrder | None, applied: Applied) -> Applied:
    """The same with what it adds to counters, and what of these it depends on."""
    redeemable = applied.redeemable
    others = tuple(counting.also(redeemable, context, applied.order))
    asked = redeemable.limits or context.limits or check.counts(redeemable)
    if not others and not asked:
        return applied
    states, of_limits = limits.counted_up(redeemable, context, applied.order)
    uses = {use.counter: use for use in others}
    relied: tuple[Relied, ...] = ()
    if check.counts(redeemable):
        uses |= {use.counter: use for use in check.uses(redeemable, context, applied.order)}
        relied = check.relied(redeemable, context, before, applied.order)
    uses |= {use.counter: use for use in of_limits}
    return applied.counting(tuple(uses.values()), relied, tuple(states))


def _count(redeemable: Redeemable, bundle: Bundled | None) -> int:
    """How often the discount is given."""
    scales = bundle is not None and redeemable.bundle is not None and redeemable.bundle.scales
    return bundle.quantity if bundle is not None and scales else 1


def _basis(
    context: Context,
    redeemable: Redeemable,
    order: PricedOrder,
    effect: str,
    found: applicability.Applicable,
    blocked: frozenset[int],
    count: int,
) -> Basis:
    discount = redeemable.discount or Discount()
    values: tuple[int, ...] = ()
    if discount.formula is not None:
        scopes = [
            operands.Scope(context, redeemable, order, order.lines[portion.index])
            for portion in found.portions
        ]
        values = effects.values_of(discount, scopes, effect, count)
    calculation = stacking.calculation_mode(redeemable, context.stacking)
    return Basis(order, effect, found.portions, calculation, context.catalog, blocked, values)


def _price_of(
    context: Context, redeemable: Redeemable, order: PricedOrder
) -> applicability.PriceOf:
    def price_of(entry: ApplicableTo, line: PricedLine) -> int | None:
        if entry.price_formula is None:
            return entry.price
        scope = operands.Scope(context, redeemable, order, line)
        price = operands.amount(entry.price_formula, scope)
        return entry.price if price is None else price

    return price_of


def _for_bundles(redeemable: Redeemable, bundle: Bundled | None) -> Redeemable:
    """Limits of units count for each bundle."""
    count = _count(redeemable, bundle)
    if count == 1:
        return redeemable
    entries = tuple(
        replace(
            entry,
            quantity_limit=_times(entry.quantity_limit, count),
            aggregated_quantity_limit=_times(entry.aggregated_quantity_limit, count),
        )
        for entry in redeemable.applicable_to
    )
    return replace(redeemable, applicable_to=entries)


def _times(limit: int | None, count: int) -> int | None:
    return None if limit is None else limit * count


def _take(
    context: Context,
    redeemable: Redeemable,
    order: PricedOrder,
    outcome: Outcome,
    found: applicability.Applicable,
) -> tuple[PricedOrder, tuple[Capped, ...]]:
    lines: tuple[tuple[int, int], ...] = ()
    if outcome.items:
        amounts = applicability.cap(found.selections, found.portions, outcome.items)
        lines = tuple(zip((p.index for p in found.portions), amounts, strict=True))
    taking = Taking(order=outcome.order, lines=lines)
    if redeemable.pays:
        return pricing.paid(_took(order, taking, outcome), order), ()
    if redeemable.margin is not None or context.margin is not None:
        margins = [each for each in (redeemable.margin, context.margin) if each is not None]
        taking = protection.keep_margin(order, taking, margins)
    if redeemable.limits or context.limits:
        taking = protection.keep_within(taking, limits.discount_left(redeemable, context))
    return _took(order, taking, outcome), taking.capped


def _took(order: PricedOrder, taking: Taking, outcome: Outcome) -> PricedOrder:
    if taking.order:
        order = pricing.discount_order(order, taking.order)
    if taking.lines:
        order = pricing.discount_lines(order, dict(taking.lines))
    for grant in outcome.grants:
        order = gifts.give(order, grant)
    return order


def _blocked(context: Context, order: PricedOrder) -> frozenset[int]:
    """Lines that have had their one item-level discount, where the rules allow one only."""
    if context.stacking.redeemables_products_application_mode != ProductsMode.ONCE:
        return frozenset()
    return frozenset(
        index
        for index, line in enumerate(order.lines)
        if line.discount_amount or line.discount_quantity
    )
