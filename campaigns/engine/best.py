"""The combination that saves the most: exact, within the stacking rules.

Redeemables are applied in the order that the stacking rules say; what is chosen is which of them. A
combination counts where every one of it applies. Branch and bound: a branch is left where even the
most that the rest could take would not beat the best that is known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from campaigns.engine import bounds, checks, evaluate, stacking
from campaigns.engine.context import Context
from campaigns.engine.evaluate import Fold
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation

REDEEMABLES_MAX = 12


class TooMany(ValueError):
    """More redeemables than are tried in all combinations."""


@dataclass(frozen=True, slots=True)
class Best:
    """`redeemables` in the order of application; `evaluation` is that of these alone.

    `saving` is the discount of the request in minor units, goods given for nothing included.
    `tried` counts the steps that it took.
    """

    redeemables: tuple[Redeemable, ...]
    evaluation: Evaluation
    saving: int
    tried: int


@dataclass(slots=True)
class _Search:
    context: Context
    saving: int = -1
    chosen: tuple[Redeemable, ...] = ()
    tried: int = 0


def best(context: Context) -> Best:
    """The best combination of the redeemables of a request; none of it is without effect.

    Without an order nothing can be saved, and as many as can be applied are. Raises TooMany above
    twelve redeemables.
    """
    if len(context.redeemables) > REDEEMABLES_MAX:
        raise TooMany(len(context.redeemables))
    search = _Search(context)
    arranged = stacking.arrange(context.redeemables, context.stacking)
    candidates = [each for each in arranged if _may_apply(context, each)]
    start = evaluate.begin(context)
    if start.order is not None:
        _guess(search, candidates, start)
    _descend(search, start, candidates, 0)
    chosen = _needed(search)
    evaluation = evaluate.evaluate(replace(context, redeemables=chosen))
    return Best(chosen, evaluation, max(0, search.saving), search.tried)


def _may_apply(context: Context, redeemable: Redeemable) -> bool:
    """Whether what no other redeemable can change lets it: dates, state, quantity, limits."""
    return all(check(redeemable, context, None) is None for check in checks.STEADY)


def _guess(search: _Search, candidates: Sequence[Redeemable], start: Fold) -> None:
    """A good combination to begin with: the promising ones first, as long as they add something."""
    context, order = search.context, start.order
    if order is None:
        return
    most = {id(each): sum(bounds.of(context, order, each)) for each in candidates}
    chosen: set[int] = set()
    for redeemable in sorted(candidates, key=lambda each: -most[id(each)]):
        wanted = [each for each in candidates if id(each) in chosen | {id(redeemable)}]
        before = search.saving
        fold, saving = start, 0
        for each in wanted:
            fold, gain = _step(search, fold, each)
            if gain is None:
                break
            saving += gain
        else:
            _note(search, fold, saving)
        if search.saving > before:
            chosen.add(id(redeemable))


def _step(search: _Search, fold: Fold, redeemable: Redeemable) -> tuple[Fold, int | None]:
    """The fold with one more and what that saved, None where it does not apply."""
    search.tried += 1
    fold = evaluate.step(search.context, fold, redeemable, exclusive_first=False)
    last = fold.results[-1]
    if not isinstance(last, Applied):
        return fold, None
    return fold, 0 if last.order is None else last.order.total_applied_discount_amount


def _descend(search: _Search, fold: Fold, rest: Sequence[Redeemable], saving: int) -> None:
    _note(search, fold, saving)
    slots = search.context.stacking.applicable_redeemables_limit - len(fold.results)
    if not rest or slots <= 0:
        return
    most = _most(search.context, fold.order, rest, slots)
    for offset, redeemable in enumerate(rest):
        if saving + most[offset] <= search.saving:
            return
        after, gain = _step(search, fold, redeemable)
        if gain is not None:
            _descend(search, after, rest[offset + 1 :], saving + gain)


def _note(search: _Search, fold: Fold, saving: int) -> None:
    """Better is what saves more; without an order, what applies more."""
    value = len(fold.results) if fold.order is None else saving
    if value > search.saving:
        search.saving = value
        search.chosen = tuple(result.redeemable for result in fold.results)


def _most(
    context: Context, order: PricedOrder | None, rest: Sequence[Redeemable], slots: int
) -> list[float]:
    """The most that so many of the rest could take together, from each place of the rest on."""
    if order is None:
        return [math.inf] * len(rest)
    single = [bounds.of(context, order, redeemable) for redeemable in rest]
    found = []
    for place in range(len(rest)):
        left = single[place:]
        together = sorted((amount + gift for amount, gift in left), reverse=True)[:slots]
        gifts = sorted((gift for _, gift in left), reverse=True)[:slots]
        found.append(min(sum(together), order.total_amount + sum(gifts)))
    return found


def _needed(search: _Search) -> tuple[Redeemable, ...]:
    """The chosen ones without those that save nothing."""
    chosen = search.chosen
    if search.context.order is None:
        return chosen
    for redeemable in search.chosen:
        fewer = tuple(each for each in chosen if each is not redeemable)
        evaluation = evaluate.evaluate(replace(search.context, redeemables=fewer))
        order = evaluation.order
        everything = len(evaluation.applied) == len(fewer)
        if everything and order and order.total_applied_discount_amount == search.saving:
            chosen = fewer
    return chosen
