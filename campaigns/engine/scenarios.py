"""Qualification scenarios: what could be used, leaving out what the scenario does not ask about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from campaigns.engine import bundles, evaluate, index, limits, pricing
from campaigns.engine.bundles import Bundled
from campaigns.engine.context import Context
from campaigns.engine.evaluate import Fold
from campaigns.engine.redeemable import Limit, Redeemable, Rule
from campaigns.engine.results import Applied, Evaluation
from campaigns.engine.rules.conditions import Condition, Group, Need, Subject
from loyalty_project.core.predicates import All, Leaf, Node, Not, logic

Known = Callable[[Condition], bool]


class Scenario(StrEnum):
    """The published scenarios."""

    ALL = "ALL"
    CUSTOMER_WALLET = "CUSTOMER_WALLET"
    AUDIENCE_ONLY = "AUDIENCE_ONLY"
    PRODUCTS = "PRODUCTS"
    PRODUCTS_DISCOUNT = "PRODUCTS_DISCOUNT"
    PROMOTION_STACKS = "PROMOTION_STACKS"
    PRODUCTS_BY_CUSTOMER = "PRODUCTS_BY_CUSTOMER"
    PRODUCTS_DISCOUNT_BY_CUSTOMER = "PRODUCTS_DISCOUNT_BY_CUSTOMER"


_BY_CUSTOMER = {Scenario.PRODUCTS_BY_CUSTOMER, Scenario.PRODUCTS_DISCOUNT_BY_CUSTOMER}
_OF_PRODUCTS = {Scenario.PRODUCTS, Scenario.PRODUCTS_DISCOUNT, *_BY_CUSTOMER}
_DISCOUNTING = {Scenario.PRODUCTS_DISCOUNT, Scenario.PRODUCTS_DISCOUNT_BY_CUSTOMER}


@dataclass(frozen=True, slots=True)
class Qualified:
    """One offer; `omitted` are the conditions, as (rule id, number), that were not asked.

    Of a stack there are several redeemables, which `evaluation` applies together.
    """

    redeemables: tuple[Redeemable, ...]
    evaluation: Evaluation
    omitted: tuple[tuple[str, str], ...] = ()
    bundle: Bundled | None = None

    @property
    def saving(self) -> int:
        order = self.evaluation.order
        if order is None:
            return 0
        saving = order.total_applied_discount_amount
        if any(redeemable.pays for redeemable in self.redeemables):
            saving -= sum(applied.credits for applied in self.evaluation.applied)
        return saving


def qualify(
    context: Context,
    redeemables: tuple[Redeemable, ...],
    scenario: Scenario,
    start: Fold | None = None,
) -> Qualified | None:
    """Whether the redeemables, one or those of a stack, could be used; None where they could not.

    In the scenarios without leniency this is what a validation says. `start` is what
    `evaluate.begin` says of the context, for who asks about many.
    """
    known = _known(scenario)
    if known is None:
        start = start or evaluate.begin(context)
        if len(redeemables) == 1:
            found = evaluate.alone(context, redeemables[0], start)
            return None if found is None else Qualified(redeemables, found)
        together = replace(context, redeemables=redeemables)
        evaluation = evaluate.evaluate(together, start=start)
        everything = len(evaluation.applied) == len(redeemables)
        return Qualified(redeemables, evaluation) if evaluation.valid and everything else None
    if scenario == Scenario.AUDIENCE_ONLY:
        context = replace(context, order=None)
    elif context.order is None or not context.order.lines:
        return None
    lenient = tuple(_lenient(each, context, known) for each in redeemables)
    protection = _answerable(context.limits, context)
    evaluation = evaluate.evaluate(replace(context, redeemables=lenient, limits=protection))
    if not evaluation.valid or len(evaluation.applied) < len(lenient):
        return None
    if scenario in _DISCOUNTING and not any(map(_discounts_items, evaluation.applied)):
        return None
    return Qualified(
        redeemables,
        evaluation,
        omitted=tuple(each for one in redeemables for each in _omitted(one, known)),
        bundle=_bundle(context, redeemables),
    )


def index_kinds(scenario: Scenario) -> frozenset[str]:
    """Under which kinds of requirements a scenario may look promotions up."""
    if scenario == Scenario.AUDIENCE_ONLY:
        return index.OF_CUSTOMER | index.OF_CONTEXT
    if scenario in _BY_CUSTOMER:
        return index.OF_CUSTOMER | {index.ITEM}
    return frozenset({index.ITEM}) if scenario in _OF_PRODUCTS else index.EVERYTHING


def _known(scenario: Scenario) -> Known | None:
    """Which conditions are asked; None for all of them."""
    if scenario is Scenario.ALL:
        return None
    if scenario == Scenario.AUDIENCE_ONLY:
        return lambda condition: Need.ORDER not in condition.needs
    if scenario in _BY_CUSTOMER:
        return lambda condition: condition.items is not None or condition.group == Group.CUSTOMER
    if scenario in _OF_PRODUCTS:
        return lambda condition: condition.items is not None
    return None


def _lenient(redeemable: Redeemable, context: Context, known: Known) -> Redeemable:
    """Without the bundle, and with rules that hold unless what is known says no."""
    kept = _answerable(redeemable.limits, context)
    rules = tuple(_lenient_rule(rule, known) for rule in redeemable.rules)
    return replace(redeemable, rules=rules, bundle=None, limits=kept)


def _answerable(found: tuple[Limit, ...], context: Context) -> tuple[Limit, ...]:
    return tuple(limit for limit in found if not limits.lacks_customer(limit, context))


def _lenient_rule(rule: Rule, known: Known) -> Rule:
    return replace(rule, holds=lambda subject: decide(rule.tree, subject, known) is not False)


def decide(node: Node[Condition], subject: Subject, known: Known) -> bool | None:
    """The answer of a tree of which some conditions are not known; None is not known."""
    if isinstance(node, Leaf):
        return node.condition.holds(subject) if known(node.condition) else None
    if isinstance(node, Not):
        inner = decide(node.part, subject, known)
        return None if inner is None else not inner
    answers = [decide(part, subject, known) for part in node.parts]
    decisive = not isinstance(node, All)
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _omitted(redeemable: Redeemable, known: Known) -> list[tuple[str, str]]:
    return [
        (rule.id, leaf.number)
        for rule in redeemable.rules
        for leaf in logic.leaves(rule.tree)
        if not known(leaf.condition)
    ]


def _discounts_items(applied: Applied) -> bool:
    order = applied.order
    return order is not None and any(
        line.applied_discount_amount or line.applied_discount_quantity for line in order.lines
    )


def _bundle(context: Context, redeemables: tuple[Redeemable, ...]) -> Bundled | None:
    bundle = next((each.bundle for each in redeemables if each.bundle is not None), None)
    if bundle is None:
        return None
    order = None if context.order is None else pricing.begin(context.order)
    return bundles.find(order, bundle)
