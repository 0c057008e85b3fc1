"""Which ids sentences about an incentive name, for the loader of names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from campaigns.engine.effects.unit import UnitDiscount
from campaigns.engine.redeemable import Limit, Redeemable
from campaigns.engine.rules.conditions import Condition
from campaigns.engine.rules.counted import PAST
from loyalty_project.core.predicates import logic

_OF_IDS = frozenset({"customer.segment", "customer.loyalty_tier", "redemption.api_key"})


def ids_in(redeemables: Iterable[Redeemable], limits: Iterable[Limit] = ()) -> frozenset[str]:
    """Ids of segments, products, collections, campaigns and budgets; some may be source ids."""
    found = {each for limit in limits for each in _of_limit(limit)}
    for redeemable in redeemables:
        found.update(_of_redeemable(redeemable))
    return frozenset(each for each in found if each)


def ids_in_discount(document: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the products that a published discount gives."""
    units = document.get("units") or [document]
    return frozenset(unit["unit_type"] for unit in units if unit.get("unit_type"))


def _of_redeemable(redeemable: Redeemable) -> Iterator[str]:
    for rule in redeemable.rules:
        for leaf in logic.leaves(rule.tree):
            yield from _of_condition(leaf.condition)
    for entry in (*redeemable.applicable_to, *redeemable.inapplicable_to):
        yield entry.id
    for component in redeemable.bundle.components if redeemable.bundle is not None else ():
        yield component.id
    if isinstance(redeemable.discount, UnitDiscount):
        for unit in redeemable.discount.units:
            yield unit.unit_type
    for limit in redeemable.limits:
        yield from _of_limit(limit)
    for category in redeemable.categories:
        yield category.id


def _of_condition(condition: Condition) -> Iterator[str]:
    if condition.items is not None:
        for entry in condition.items.entries:
            yield entry.id
        if condition.items.parts is not None:
            for leaf in logic.leaves(condition.items.parts):
                yield from _of_condition(leaf.condition)
    elif condition.name in _OF_IDS:
        for comparison in condition.comparisons:
            yield from (each for each in comparison.required if isinstance(each, str))
    elif condition.name in PAST:
        yield (condition.property or "").partition(";")[2]


def _of_limit(limit: Limit) -> Iterator[str]:
    yield limit.scope_id
    yield from limit.relaxed
