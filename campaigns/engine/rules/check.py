"""Whether the rules of a redeemable hold, and if not, the published reason."""

from collections.abc import Sequence

from campaigns.engine.context import Context
from campaigns.engine.counters import Measure, Relied, Use
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable, Rule, once
from campaigns.engine.results import Reason
from campaigns.engine.rules import counted
from campaigns.engine.rules.conditions import Condition, Need, Subject
from campaigns.engine.rules.verdict import judge, merged
from loyalty_project.core.predicates import Leaf, logic


def refusal(
    redeemable: Redeemable,
    context: Context,
    before: PricedOrder | None,
    after: PricedOrder | None = None,
    *,
    looks_after: bool,
) -> Reason | None:
    """The reason of the rules that can be asked before the discount, or of those after it."""
    rules = _after(redeemable) if looks_after else _before(redeemable)
    if not rules:
        return None
    subject = Subject(context, redeemable, before, after)
    if all(rule.holds(subject) for rule in rules):
        return None
    failed = [(rule, leaf) for rule in rules for leaf in judge(rule.tree, subject).failed]
    broken = [rule for rule in rules if not rule.holds(subject)]
    if not failed:
        return _reason("redemption_rules_violated", redeemable, broken, [])
    for _, leaf in failed:
        missing = _missing(leaf.condition, context)
        if missing is not None:
            return _reason(missing, redeemable, broken, failed)
        break
    group = failed[0][1].condition.group
    return _reason(f"{group.value}_rules_violated", redeemable, broken, failed)


def hold(redeemable: Redeemable, context: Context, before: PricedOrder | None) -> bool:
    """Whether the rules hold that can be asked before the discount; no reasons are made."""
    rules = _before(redeemable)
    if not rules:
        return True
    subject = Subject(context, redeemable, before)
    if len(rules) == 1:
        return rules[0].holds(subject)
    return all(rule.holds(subject) for rule in rules)


@once
def counts(redeemable: Redeemable) -> bool:
    """Whether any rule is about a counter."""
    return any(rule.counts for rule in redeemable.rules)


@once
def _before(redeemable: Redeemable) -> tuple[Rule, ...]:
    return tuple(rule for rule in redeemable.rules if not rule.looks_after)


@once
def _after(redeemable: Redeemable) -> tuple[Rule, ...]:
    return tuple(rule for rule in redeemable.rules if rule.looks_after)


def relied(
    redeemable: Redeemable,
    context: Context,
    before: PricedOrder | None,
    after: PricedOrder | None,
) -> tuple[Relied, ...]:
    """The counters without whose room the rules would not have held."""
    subject = Subject(context, redeemable, before, after)
    counting = [rule for rule in redeemable.rules if rule.counts]
    return merged(one for rule in counting for one in judge(rule.tree, subject).relied)


def uses(redeemable: Redeemable, context: Context, after: PricedOrder | None) -> list[Use]:
    """What a redemption adds to every counter that a rule names, relied on or not."""
    subject = Subject(context, redeemable, None, after)
    found = []
    for rule in redeemable.rules:
        for leaf in logic.leaves(rule.tree) if rule.counts else ():
            use = leaf.condition.use(subject) if leaf.condition.use is not None else None
            if use is None:
                continue
            found.append(use)
            if use.counter.measure == Measure.CUSTOMERS:
                kept = counted.COUNTED[leaf.condition.name]
                mine = counted.companion(kept, redeemable, context)
                found += [Use(mine, 1)] if mine is not None else []
    return found


def _missing(condition: Condition, context: Context) -> str | None:
    """The published key where the request lacks what the condition asks about."""
    if Need.CUSTOMER in condition.needs and context.customer is None:
        return "missing_customer"
    if Need.ORDER not in condition.needs:
        return None
    if context.order is None:
        return "missing_order"
    if Need.ITEMS in condition.needs and not context.order.lines:
        return "missing_order_items"
    if not context.order.lines and context.order.amount is None:
        return "missing_amount"
    return None


def _reason(
    key: str,
    redeemable: Redeemable,
    broken: Sequence[Rule],
    failed: Sequence[tuple[Rule, Leaf[Condition]]],
) -> Reason:
    message = next((leaf.condition.message for _, leaf in failed if leaf.condition.message), None)
    message = message or next((rule.message for rule in broken if rule.message), None)
    identifiers = tuple(dict.fromkeys(rule.id for rule in broken))
    return Reason(
        key=key,
        parameters={
            "object": redeemable.kind.value,
            "id": redeemable.id,
            "code": redeemable.code or redeemable.id,
            "rules": ", ".join(identifiers),
        },
        details={
            "rules": identifiers,
            "violations": tuple(
                {
                    "rule": rule.id,
                    "number": leaf.number,
                    "name": leaf.condition.name,
                    "property": leaf.condition.property,
                }
                for rule, leaf in failed
            ),
            "message": message,
        },
    )
