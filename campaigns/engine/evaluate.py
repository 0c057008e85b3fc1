"""The fold over the redeemables of a request."""

from dataclasses import dataclass, replace

from campaigns.engine import applicability, checks, effects, pricing, stacking
from campaigns.engine.context import ApplicationMode, Context, ProductsMode
from campaigns.engine.effects.base import Basis, Outcome
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation, Inapplicable, Reason, Result, Skipped


@dataclass(frozen=True, slots=True)
class _State:
    order: PricedOrder | None
    results: tuple[Result, ...] = ()
    stopped: bool = False

    @property
    def applied(self) -> tuple[Redeemable, ...]:
        return tuple(r.redeemable for r in self.results if isinstance(r, Applied))


def evaluate(context: Context) -> Evaluation:
    """Say what each redeemable does to the order, and why not where it does nothing.

    Common redeemables give way to an exclusive one only if that can be applied; so where none
    could, the fold is done again without giving way.
    """
    start = None if context.order is None else pricing.begin(context.order)
    rules = context.stacking
    arranged = stacking.arrange(context.redeemables, rules)
    types = {stacking.type_of(redeemable, rules) for redeemable in arranged}
    meet = {stacking.StackingType.COMMON, stacking.StackingType.EXCLUSIVE} <= types
    state = _fold(context, arranged, start, exclusive_first=meet)
    if meet and not _has_exclusive(state, context):
        state = _fold(context, arranged, start, exclusive_first=False)
    return _conclude(context, start, state)


def _fold(
    context: Context,
    arranged: tuple[Redeemable, ...],
    start: PricedOrder | None,
    *,
    exclusive_first: bool,
) -> _State:
    state = _State(start)
    for redeemable in arranged:
        state = _step(context, state, redeemable, exclusive_first=exclusive_first)
    return state


def _step(
    context: Context, state: _State, redeemable: Redeemable, *, exclusive_first: bool
) -> _State:
    result = _result_of(context, state, redeemable, exclusive_first=exclusive_first)
    results = (*state.results, result)
    if isinstance(result, Applied):
        return replace(state, order=result.order, results=results)
    all_or_nothing = context.stacking.redeemables_application_mode == ApplicationMode.ALL
    stopped = state.stopped or (all_or_nothing and isinstance(result, Inapplicable))
    return replace(state, results=results, stopped=stopped)


def _result_of(
    context: Context, state: _State, redeemable: Redeemable, *, exclusive_first: bool
) -> Result:
    """Exclusion, limits, checks, effect, no effect, company: the first no is the answer."""
    skip = _skip_unseen(context, state, redeemable, exclusive_first=exclusive_first)
    if skip is not None:
        return Skipped(redeemable, skip)
    refusal = checks.first_refusal(redeemable, context, state.order)
    if refusal is not None:
        return Inapplicable(redeemable, refusal)
    applied = _apply(context, state.order, redeemable)
    skip = _skip_applicable(context, state, applied)
    return applied if skip is None else Skipped(redeemable, skip)


def _skip_unseen(
    context: Context, state: _State, redeemable: Redeemable, *, exclusive_first: bool
) -> Reason | None:
    if state.stopped:
        return Reason("preceding_validation_failed")
    if exclusive_first and stacking.gives_way(redeemable, context.stacking):
        return Reason("exclusion_rules_not_met")
    return stacking.skip_by_limit(redeemable, state.applied, context.stacking)


def _skip_applicable(context: Context, state: _State, applied: Applied) -> Reason | None:
    rules = context.stacking
    if not _has_effect(applied) and stacking.skips_without_effect(applied.redeemable, rules):
        return Reason("no_effect")
    if stacking.clashes(applied.redeemable, state.applied, rules):
        return Reason("exclusion_rules_not_met")
    return None


def _apply(context: Context, order: PricedOrder | None, redeemable: Redeemable) -> Applied:
    discount = redeemable.discount
    chooses_items = bool(redeemable.applicable_to or redeemable.inapplicable_to)
    effect = None if discount is None else effects.effect_of(discount, chooses_items=chooses_items)
    if order is None:
        return Applied(redeemable, None, effect)
    order = pricing.begin_step(order)
    blocked = _blocked(context, order)
    found = applicability.find(order, redeemable, blocked)
    unused = 0
    if discount is not None and effect is not None:
        basis = Basis(
            order=order,
            effect=effect,
            portions=found.portions,
            calculation=stacking.calculation_mode(redeemable, context.stacking),
            catalog=context.catalog,
            blocked=blocked,
        )
        outcome = effects.apply(discount, basis)
        order = _take(order, outcome, found)
        unused = max(0, outcome.wanted - order.total_applied_discount_amount)
    return Applied(
        redeemable,
        order,
        effect,
        applicable_to=found.applicable_to,
        inapplicable_to=found.inapplicable_to,
        unused_amount=unused,
    )


def _take(order: PricedOrder, outcome: Outcome, found: applicability.Applicable) -> PricedOrder:
    if outcome.order:
        order = pricing.discount_order(order, outcome.order)
    if outcome.items:
        capped = applicability.cap(found.selections, found.portions, outcome.items)
        indices = [portion.index for portion in found.portions]
        order = pricing.discount_lines(order, dict(zip(indices, capped, strict=True)))
    for grant in outcome.grants:
        order = pricing.give(order, grant)
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


def _has_effect(applied: Applied) -> bool:
    """Without an order nobody can say that there is none."""
    order = applied.order
    return (
        order is None
        or order.total_applied_discount_amount > 0
        or any(line.applied_discount_quantity for line in order.lines)
    )


def _has_exclusive(state: _State, context: Context) -> bool:
    return any(
        stacking.type_of(redeemable, context.stacking) == stacking.StackingType.EXCLUSIVE
        for redeemable in state.applied
    )


def _conclude(context: Context, start: PricedOrder | None, state: _State) -> Evaluation:
    partial = context.stacking.redeemables_application_mode == ApplicationMode.PARTIAL
    refused = any(isinstance(result, Inapplicable) for result in state.results)
    valid = bool(state.applied) and (partial or not refused)
    order = None
    if valid and start is not None and state.order is not None:
        order = pricing.since(start, state.order)
    return Evaluation(valid=valid, order=order, results=state.results)
