"""The combination that saves the most: exact, within the stacking rules.

Redeemables are applied in the order that the stacking rules say; what is chosen is which of them. A
combination counts where every one of it applies. Branch and bound: a branch is left where even the
most that the rest could take would not beat the best that is known.
"""

import math
from bisect import insort
from collections.abc import Collection, Sequence
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


Path = tuple[int, ...]
Most = Sequence[tuple[float, float]]


@dataclass(slots=True)
class _Search:
    """What is known so far; a path holds the places of candidates in the order of application.

    `steps` keeps what each path came to: the fold and what it saves, None where not all of it
    applies. Without an order each redeemable is worth 1.
    """

    context: Context
    candidates: tuple[Redeemable, ...]
    steps: dict[Path, tuple[Fold, int] | None]
    kept: frozenset[str] = frozenset()
    saving: int = -1
    chosen: Path = ()
    tried: int = 0


def best(context: Context, *, keep: Collection[str] = ()) -> Best:
    """The best combination of the redeemables of a request; none of it is without effect.

    Those whose ids are in `keep` are part of it; it is empty where they cannot be. Without an
    order nothing can be saved, and as many as can be applied are. Raises TooMany above twelve
    redeemables.
    """
    if len(context.redeemables) > REDEEMABLES_MAX:
        raise TooMany(len(context.redeemables))
    arranged = stacking.arrange(context.redeemables, context.stacking)
    candidates = tuple(each for each in arranged if _may_apply(context, each))
    start = evaluate.begin(context)
    search = _Search(context, candidates, {(): (start, 0)}, frozenset(keep))
    single = _single(search, start.order, 0)
    _guess(search, single)
    _descend(search, (), start, 0, single)
    chosen = tuple(candidates[place] for place in _needed(search))
    evaluation = evaluate.evaluate(replace(context, redeemables=chosen))
    saving = 0 if start.order is None else max(0, search.saving)
    return Best(chosen, evaluation, saving, search.tried)


def _may_apply(context: Context, redeemable: Redeemable) -> bool:
    """Whether what no other redeemable can change lets it: dates, state, quantity, limits."""
    return all(check(redeemable, context, None) is None for check in checks.STEADY)


def _guess(search: _Search, single: Most) -> None:
    """A good combination to begin with: the promising ones first, as long as they add something."""
    named = (place for place, each in enumerate(search.candidates) if each.id in search.kept)
    chosen: Path = tuple(named)
    for place in sorted(range(len(single)), key=lambda place: -sum(single[place])):
        wanted = tuple(sorted({*chosen, place}))
        before = search.saving
        found = _reach(search, wanted)
        if found is not None:
            _note(search, wanted, found[1])
        if search.saving > before:
            chosen = wanted


def _reach(search: _Search, path: Path) -> tuple[Fold, int] | None:
    """The fold at the end of a path and what it saves, None where not all of it applies."""
    if path in search.steps:
        return search.steps[path]
    before, found = _reach(search, path[:-1]), None
    if before is not None:
        search.tried += 1
        redeemable = search.candidates[path[-1]]
        fold = evaluate.step(search.context, before[0], redeemable, exclusive_first=False)
        last = fold.results[-1]
        if isinstance(last, Applied):
            gain = 1 if last.order is None else _saving(last)
            found = fold, before[1] + gain
    search.steps[path] = found
    return found


def _saving(applied: Applied) -> int:
    """What a step takes off the price; a gift card pays, which saves nothing."""
    off = applied.order.total_applied_discount_amount if applied.order is not None else 0
    return off - applied.credits


def _descend(search: _Search, path: Path, fold: Fold, saving: int, single: Most) -> None:
    """All that begins with a path. `single` is the most of each candidate, as it was further up.

    It still holds, costs nothing and often is enough, so that it is asked before the one here.
    """
    _note(search, path, saving)
    slots = search.context.stacking.applicable_redeemables_limit - len(path)
    if slots <= 0:
        return
    first = path[-1] + 1 if path else 0
    most = _most(single, fold.order, first, slots)
    if path and saving + max(most, default=0) > search.saving:
        single = _single(search, fold.order, first)
        most = _most(single, fold.order, first, slots)
    for place, at_most in enumerate(most, start=first):
        if saving + at_most <= search.saving:
            continue
        found = _reach(search, (*path, place))
        if found is not None:
            _descend(search, (*path, place), *found, single)


def _note(search: _Search, path: Path, saving: int) -> None:
    if saving > search.saving and _keeps(search, path):
        search.saving, search.chosen = saving, path


def _keeps(search: _Search, path: Path) -> bool:
    return search.kept <= {search.candidates[place].id for place in path}


def _single(search: _Search, order: PricedOrder | None, first: int) -> Most:
    """The most of each candidate from a place on, in amounts and in goods."""
    if order is None:
        return [(1, 0)] * len(search.candidates)
    return [
        bounds.of(search.context, order, each) if place >= first else (0, 0)
        for place, each in enumerate(search.candidates)
    ]


def _most(single: Most, order: PricedOrder | None, first: int, slots: int) -> list[float]:
    """For each place from `first` on: the most of its candidate and later ones, so many at most."""
    total = math.inf if order is None else max(0, order.total_amount)
    sums: list[float] = []
    gifts: list[float] = []
    found = []
    for amount, gift in reversed(single[first:]):
        others = slots - 1
        together = amount + gift + (sum(sums[-others:]) if others else 0)
        given = gift + (sum(gifts[-others:]) if others else 0)
        found.append(min(together, total + given))
        insort(sums, amount + gift)
        insort(gifts, gift)
    return found[::-1]


def _needed(search: _Search) -> Path:
    """The chosen ones without those that save nothing."""
    chosen = search.chosen
    if search.context.order is None:
        return chosen
    for place in search.chosen:
        fewer = tuple(each for each in chosen if each != place)
        found = _reach(search, fewer)
        if found is not None and found[1] == search.saving and _keeps(search, fewer):
            chosen = fewer
    return chosen
