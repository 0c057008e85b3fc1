"""Why, and why not: every check with what it saw, and the smallest change that would help.

`explain(context)` says the same as `evaluate(context)`, at length.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from campaigns.engine import changes, moments, remedies, trace
from campaigns.engine.changes import Change, Wait, Without
from campaigns.engine.context import Context
from campaigns.engine.counters import Period
from campaigns.engine.evaluate import evaluate
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation, Inapplicable, Reason, Result, Skipped
from campaigns.engine.rules.conditions import Group, Subject
from campaigns.engine.rules.verdict import judge
from campaigns.engine.trace import Step, Turn

TRIALS_MAX = 60
ALTERNATIVES_MAX = 12

# Why nothing that the shopper could change helps, by the key of the refusal.
HOPELESS = {
    "not_found": "unknown",
    "voucher_disabled": "switched_off",
    "campaign_not_active": "switched_off",
    "promotion_inactive": "switched_off",
    "voucher_expired": "ended",
    "voucher_not_active": "ended",
    "voucher_not_active_now": "ended",
    "promotion_not_active_now": "ended",
    "quantity_exceeded": "used_up",
    "gift_out_of_stock": "used_up",
    "gift_amount_exceeded": "used_up",
    "missing_customer": "customer_needed",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The changes after which the redeemable applies, tried out; or why there are none.

    `impossible` is "unknown", "switched_off", "ended", "used_up", "customer_needed", "customer" (it
    is not for this one), "held" (by other sessions) or "not_seen" (no change was found, which is
    not to say that there is none).
    """

    changes: tuple[Change, ...] = ()
    impossible: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One redeemable: what became of it, how, and for a refused one what would help."""

    result: Result
    steps: tuple[Step, ...]
    suggestion: Suggestion | None = None


def explain(context: Context) -> tuple[Explanation, ...]:
    """One explanation per redeemable, in the order in which they were looked at."""
    evaluation = evaluate(context)
    found = []
    for turn in trace.turns(context, evaluation):
        result = turn.result
        suggestion = None if isinstance(result, Applied) else suggest(context, result.redeemable)
        found.append(Explanation(result, tuple(trace.steps(turn)), suggestion))
    return tuple(found)


def suggest(context: Context, redeemable: Redeemable) -> Suggestion:
    """The smallest change after which a redeemable applies; each is tried before it is named.

    Sets of changes are tried from the cheapest on; those that only get further are added to.
    """
    ties = count()
    waiting: list[tuple[float, int, tuple[Change, ...]]] = [(0.0, next(ties), ())]
    seen: set[tuple[Change, ...]] = set()
    hopeless: str | None = None
    for _ in range(TRIALS_MAX):
        if not waiting:
            break
        _, _, tried = heapq.heappop(waiting)
        now = changes.apply(context, tried, keep_places=True)
        turn = _turn_of(now, evaluate(now), redeemable)
        if turn is None:
            continue
        if isinstance(turn.result, Applied):
            if _helps(context, tried, redeemable):
                return Suggestion(_least(context, tried, redeemable))
            continue
        alternatives = list(_alternatives(turn))[:ALTERNATIVES_MAX]
        if not alternatives and hopeless is None:
            hopeless = _hopeless(turn, turn.result.reason)
        for more in alternatives:
            merged = changes.merge(tried, more)
            if merged != tried and merged not in seen:
                seen.add(merged)
                heapq.heappush(waiting, (changes.cost(merged), next(ties), merged))
    return Suggestion(impossible=hopeless or "not_seen")


def _hopeless(turn: Turn, reason: Reason) -> str:
    if reason.details.get("held"):
        return "held"
    if "rollout_percent" in reason.details:
        return HOPELESS.get(reason.key, "customer")
    if "limit" in reason.details:
        return HOPELESS.get(reason.key, "used_up")
    if reason.key in HOPELESS:
        return HOPELESS[reason.key]
    redeemable = turn.result.redeemable
    subject = Subject(turn.context, redeemable, turn.before, turn.after)
    failed = [leaf for rule in redeemable.rules for leaf in judge(rule.tree, subject).failed]
    without = [leaf.condition for leaf in failed if not remedies.of_tree(leaf, subject)]
    if any(condition.group == Group.CUSTOMER for condition in without):
        return "customer"
    return "used_up" if any(condition.use for condition in without) else "not_seen"


def _helps(context: Context, tried: tuple[Change, ...], redeemable: Redeemable) -> bool:
    """Whether the changes do it as they will be made, with lines gone from their places."""
    applied = evaluate(changes.apply(context, tried)).applied
    return any(result.redeemable.id == redeemable.id for result in applied)


def _least(
    context: Context, tried: tuple[Change, ...], redeemable: Redeemable
) -> tuple[Change, ...]:
    """Without what turned out not to be needed, and with no more of the rest than is."""
    for change in tried:
        fewer = tuple(each for each in tried if each != change)
        if _helps(context, fewer, redeemable):
            tried = fewer
            continue
        low, high = 0, changes.size(change)
        while high - low > 1:
            middle = (low + high) // 2
            less = tuple(changes.sized(e, middle) if e == change else e for e in tried)
            if _helps(context, less, redeemable):
                high = middle
            else:
                low = middle
        tried = tuple(changes.sized(each, high) if each == change else each for each in tried)
    return tried


def _turn_of(context: Context, evaluation: Evaluation, redeemable: Redeemable) -> Turn | None:
    return next(
        (
            turn
            for turn in trace.turns(context, evaluation)
            if turn.result.redeemable.id == redeemable.id
        ),
        None,
    )


def _alternatives(turn: Turn) -> Iterator[tuple[Change, ...]]:
    if isinstance(turn.result, Skipped):
        yield from _of_skipped(turn, turn.result)
    elif isinstance(turn.result, Inapplicable):
        yield from _of_refused(turn, turn.result)


def _of_skipped(turn: Turn, skipped: Skipped) -> Iterator[tuple[Change, ...]]:
    """Leave others out, one or all; or bring what the discount is for."""
    others = [each for each in turn.context.redeemables if each.id != skipped.redeemable.id]
    if skipped.reason.key == "no_effect":
        subject = Subject(turn.context, skipped.redeemable, turn.before, turn.after)
        for entry in skipped.redeemable.applicable_to:
            yield (replace(remedies.of_entry(entry, subject), price=remedies.some_price(subject)),)
        if not skipped.redeemable.applicable_to:
            yield (changes.AddAmount(remedies.some_price(subject)),)
    for other in others:
        yield (Without(other.id),)
    if len(others) > 1:
        yield tuple(Without(other.id) for other in others)


def _of_refused(turn: Turn, refused: Inapplicable) -> Iterator[tuple[Change, ...]]:
    key, redeemable = refused.reason.key, refused.redeemable
    subject = Subject(turn.context, redeemable, turn.before, turn.after)
    if key in {"voucher_not_active", "voucher_not_active_now", "promotion_not_active_now"}:
        later = moments.next_valid(redeemable, turn.context)
        if later is not None:
            yield (Wait(later),)
        return
    if "rollout_percent" in refused.reason.details:
        return
    if "limit" in refused.reason.details and key != "quantity_exceeded":
        yield from _of_limit(turn, refused, subject)
        return
    if key == "gift_out_of_stock":
        yield from _without_users(turn)
        return
    if refused.bundle is not None and refused.bundle.missing and not refused.bundle.quantity:
        yield from _of_bundle(refused, subject)
    if key.endswith("_violated") or key.startswith("missing_order") or key == "missing_amount":
        trees = [rule.tree for rule in redeemable.rules if not rule.holds(subject)]
        alternatives: list[tuple[Change, ...]] = [()]
        for tree in trees:
            found = remedies.of_tree(tree, subject)
            alternatives = [(*one, *more) for one in alternatives for more in found]
        yield from (each for each in alternatives if each)
        yield from _without_users(turn)


def _of_bundle(refused: Inapplicable, subject: Subject) -> Iterator[tuple[Change, ...]]:
    missing = refused.bundle.missing if refused.bundle is not None else ()
    yield tuple(
        changes.AddItems(
            each.component.object,
            each.component.id,
            each.quantity,
            remedies.some_price(subject)
            if each.component.object == "products_collection"
            else None,
        )
        for each in missing
    )


def _of_limit(turn: Turn, refused: Inapplicable, subject: Subject) -> Iterator[tuple[Change, ...]]:
    for state in refused.limits:
        if state.limit.id != refused.reason.details["limit"]:
            continue
        if state.limit.period != Period.ALWAYS:
            wait = remedies.when_reset(state.counter, subject)
            if wait is not None:
                yield (wait,)
    yield from _without_users(turn)


def _without_users(turn: Turn) -> Iterator[tuple[Change, ...]]:
    """Leave out those of the same request that used counters or took from the order before."""
    for other in turn.earlier:
        yield (Without(other.id),)
