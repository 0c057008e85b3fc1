"""The fold over the redeemables of a request."""

from collections import ChainMap
from collections import Counter as Bag
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import cast

from campaigns.engine import application, bundles, checks, difference, limits, pricing, stacking
from campaigns.engine.context import ApplicationMode, Context
from campaigns.engine.counters import Counter, Use
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation, Inapplicable, Reason, Result, Skipped


@dataclass(frozen=True, slots=True)
class Fold:
    """How far an evaluation has come: the order as it is now, what became of those before.

    `counters` are those of the context with what was used since, `given` what was taken of stocks;
    both are empty while nothing was.
    """

    order: PricedOrder | None
    results: tuple[Result, ...] = ()
    stopped: bool = False
    counters: Mapping[Counter, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)

    @property
    def applied(self) -> tuple[Redeemable, ...]:
        results = self.results
        return tuple(r.redeemable for r in results if isinstance(r, Applied)) if results else ()


def evaluate(
    context: Context,
    redeemables: tuple[Redeemable, ...] | None = None,
    start: Fold | None = None,
) -> Evaluation:
    """Say what each redeemable does to the order, and why not where it does nothing.

    For who asks about one order many times there are other `redeemables` than those of the context,
    and `start`, which is what `begin` says of it.

    Counters and stocks move with the redeemables: what an earlier one of the request used, a later
    one finds used.

    Common redeemables give way to an exclusive one only if that can be applied; so where none
    could, the fold is done again without giving way.
    """
    rules = context.stacking
    start = start or begin(context)
    wanted = context.redeemables if redeemables is None else redeemables
    arranged = stacking.arrange(wanted, rules)
    types = {stacking.type_of(redeemable, rules) for redeemable in arranged}
    meet = {stacking.StackingType.COMMON, stacking.StackingType.EXCLUSIVE} <= types
    state = _fold(context, arranged, start, exclusive_first=meet)
    if meet and not _has_exclusive(state, context):
        state = _fold(context, arranged, start, exclusive_first=False)
    return _conclude(context, start.order, state)


def alone(context: Context, redeemable: Redeemable, start: Fold) -> Evaluation | None:
    """What `evaluate` says of one redeemable that is valid, None where it is not: no reasons.

    From the beginning one step is the whole request, so that the order after it is the last one.
    """
    if _skip_unseen(context, start, redeemable, exclusive_first=False) is not None:
        return None
    if not checks.passes(redeemable, context, start.order):
        return None
    result = _effect_of(context, start, redeemable)
    if not isinstance(result, Applied):
        return None
    return Evaluation(valid=True, order=result.order, results=(result,))


def begin(context: Context) -> Fold:
    """Nothing has been looked at yet."""
    return Fold(None if context.order is None else pricing.begin(context.order))


def _fold(
    context: Context,
    arranged: tuple[Redeemable, ...],
    state: Fold,
    *,
    exclusive_first: bool,
) -> Fold:
    for redeemable in arranged:
        state = step(context, state, redeemable, exclusive_first=exclusive_first)
    return state


def step(context: Context, state: Fold, redeemable: Redeemable, *, exclusive_first: bool) -> Fold:
    """One redeemable more; with `exclusive_first` common ones give way to what may come."""
    now = replace(context, counters=state.counters) if state.counters else context
    now = replace(now, given=state.given) if state.given else now
    result = _result_of(now, state, redeemable, exclusive_first=exclusive_first)
    results = (*state.results, result)
    if isinstance(result, Applied):
        counters = _added(now.counters, result.uses) if result.uses else state.counters
        given = Bag(state.given) + Bag(result.gifts) if result.gifts else state.given
        return Fold(result.order, results, state.stopped, counters, given)
    all_or_nothing = context.stacking.redeemables_application_mode == ApplicationMode.ALL
    stopped = state.stopped or (all_or_nothing and isinstance(result, Inapplicable))
    return Fold(state.order, results, stopped, state.counters, state.given)


def _result_of(
    context: Context, state: Fold, redeemable: Redeemable, *, exclusive_first: bool
) -> Result:
    """Exclusion, limits, checks, effect, no effect, company: the first no is the answer."""
    skip = _skip_unseen(context, state, redeemable, exclusive_first=exclusive_first)
    if skip is not None:
        return Skipped(redeemable, skip)
    refusal = checks.first_refusal(redeemable, context, state.order)
    if refusal is not None:
        return _inapplicable(context, state, redeemable, refusal)
    return _effect_of(context, state, redeemable)


def _effect_of(context: Context, state: Fold, redeemable: Redeemable) -> Result:
    """What becomes of one that passed the checks before its effect."""
    applied = application.apply(context, state.order, redeemable)
    refusal = checks.refusal_after(applied, context, state.order)
    if refusal is not None:
        return _inapplicable(context, state, redeemable, refusal)
    skip = _skip_applicable(context, state, applied)
    if skip is not None:
        return Skipped(redeemable, skip)
    return application.counted(context, state.order, applied)


def _inapplicable(
    context: Context, state: Fold, redeemable: Redeemable, reason: Reason
) -> Inapplicable:
    bundle = redeemable.bundle
    return Inapplicable(
        redeemable,
        reason,
        bundle=None if bundle is None else bundles.find(state.order, bundle),
        limits=tuple(limits.states(redeemable, context, None)),
    )


def _added(counters: Mapping[Counter, int], uses: tuple[Use, ...]) -> Mapping[Counter, int]:
    """On top of what there is, which may be much and is not copied."""
    below = cast("MutableMapping[Counter, int]", counters)
    added = ChainMap({}, below)
    for use in uses:
        added[use.counter] = added.get(use.counter, 0) + use.amount
    return added


def _skip_unseen(
    context: Context, state: Fold, redeemable: Redeemable, *, exclusive_first: bool
) -> Reason | None:
    if state.stopped:
        return Reason("preceding_validation_failed")
    if exclusive_first and stacking.gives_way(redeemable, context.stacking):
        return Reason("exclusion_rules_not_met")
    if stacking.refuses_credits(redeemable, state.applied, state.order, context.stacking):
        return Reason("exclusion_rules_not_met", {}, {"by": "credits"})
    return stacking.skip_by_limit(redeemable, state.applied, context.stacking)


def _skip_applicable(context: Context, state: Fold, applied: Applied) -> Reason | None:
    rules = context.stacking
    if not _has_effect(applied) and stacking.skips_without_effect(applied.redeemable, rules):
        return Reason("no_effect")
    if stacking.clashes(applied.redeemable, state.applied, rules):
        return Reason("exclusion_rules_not_met")
    return None


def _has_effect(applied: Applied) -> bool:
    """Without an order nobody can say that there is none."""
    order = applied.order
    return (
        order is None
        or order.total_applied_discount_amount > 0
        or any(line.applied_discount_quantity for line in order.lines)
    )


def _has_exclusive(state: Fold, context: Context) -> bool:
    return any(
        stacking.type_of(redeemable, context.stacking) == stacking.StackingType.EXCLUSIVE
        for redeemable in state.applied
    )


def _conclude(context: Context, start: PricedOrder | None, state: Fold) -> Evaluation:
    partial = context.stacking.redeemables_application_mode == ApplicationMode.PARTIAL
    refused = any(isinstance(result, Inapplicable) for result in state.results)
    valid = bool(state.applied) and (partial or not refused)
    order = None
    if valid and start is not None and state.order is not None:
        order = difference.since(start, state.order)
    return Evaluation(valid=valid, order=order, results=state.results)
