"""How redeemables of one request get along: their order, limits, exclusive and joint categories."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import inf
from types import MappingProxyType

from campaigns.engine.context import CalculationMode, NoEffectRule, SortingRule, StackingRules
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable, once
from campaigns.engine.results import Reason


class StackingType(StrEnum):
    """`EXCLUSIVE` and `JOINT` are the published stacking_rules_type of a category."""

    COMMON = "COMMON"
    EXCLUSIVE = "EXCLUSIVE"
    JOINT = "JOINT"


def type_of(redeemable: Redeemable, rules: StackingRules) -> StackingType:
    """By its categories; one that is both exclusive and joint counts as exclusive."""
    if not redeemable.categories:
        return StackingType.COMMON
    categories = _category_ids(redeemable)
    if categories & rules.exclusive_categories:
        return StackingType.EXCLUSIVE
    if categories & rules.joint_categories:
        return StackingType.JOINT
    return StackingType.COMMON


def arrange(redeemables: Sequence[Redeemable], rules: StackingRules) -> tuple[Redeemable, ...]:
    """In the order of application: as requested, or by hierarchy, without a category last.

    Joint ones come after all others unless the rules say otherwise, gift cards after everything:
    they pay what is left. Ties keep the requested order.
    """
    if len(redeemables) == 1:
        return tuple(redeemables)
    arranged = list(redeemables)
    if rules.redeemables_sorting_rule == SortingRule.CATEGORY_HIERARCHY:
        arranged.sort(key=_hierarchy)
    if rules.joint_always_last:
        arranged.sort(key=lambda r: type_of(r, rules) == StackingType.JOINT)
    arranged.sort(key=lambda r: r.pays)
    return tuple(arranged)


def gives_way(redeemable: Redeemable, rules: StackingRules) -> bool:
    """Whether an exclusive redeemable that applies keeps this one out."""
    return type_of(redeemable, rules) == StackingType.COMMON


def clashes(redeemable: Redeemable, applied: Sequence[Redeemable], rules: StackingRules) -> bool:
    """Common and exclusive ones do not meet; joint ones join anybody."""
    if not applied:
        return False
    mine = type_of(redeemable, rules)
    theirs = {type_of(other, rules) for other in applied}
    return mine != StackingType.JOINT and bool(theirs - {mine, StackingType.JOINT})


def refuses_credits(
    redeemable: Redeemable,
    applied: Sequence[Redeemable],
    order: PricedOrder | None,
    rules: StackingRules,
) -> bool:
    """Whether a discount and a gift card would meet on one order, where the rules forbid it."""
    if rules.credits_with_discounts:
        return False
    if any(other.pays != redeemable.pays for other in applied):
        return True
    if order is None:
        return False
    return bool(order.price_discount_amount if redeemable.pays else order.credits_amount)


def skip_by_limit(
    redeemable: Redeemable, applied: Sequence[Redeemable], rules: StackingRules
) -> Reason | None:
    """The first limit that leaves no room: of the request, of a category, of exclusive ones."""
    limit = rules.applicable_redeemables_limit
    if len(applied) >= limit:
        return Reason("applicable_redeemables_limit_exceeded", {"limit": limit})
    if not redeemable.categories:
        return None
    reason = _skip_by_category(
        redeemable,
        applied,
        "applicable_redeemables_per_category_limit_exceeded",
        rules.applicable_redeemables_per_category_limit,
        overrides=rules.applicable_redeemables_category_limits,
    )
    if reason is not None or type_of(redeemable, rules) != StackingType.EXCLUSIVE:
        return reason
    exclusive = [r for r in applied if type_of(r, rules) == StackingType.EXCLUSIVE]
    limit = rules.applicable_exclusive_redeemables_limit
    if len(exclusive) >= limit:
        return Reason("applicable_exclusive_redeemables_limit_exceeded", {"limit": limit})
    return _skip_by_category(
        redeemable,
        exclusive,
        "applicable_exclusive_redeemables_per_category_limit_exceeded",
        rules.applicable_exclusive_redeemables_per_category_limit,
    )


def skips_without_effect(redeemable: Redeemable, rules: StackingRules) -> bool:
    categories = _category_ids(redeemable)
    if categories & rules.no_effect_skip_categories:
        return True
    if categories & rules.no_effect_redeem_anyway_categories:
        return False
    return rules.redeemables_no_effect_rule == NoEffectRule.SKIP


def calculation_mode(redeemable: Redeemable, rules: StackingRules) -> CalculationMode:
    """What a percentage is taken of: the project's mode unless a category has its own."""
    if not redeemable.categories:
        return rules.discount_calculation_mode
    categories = _category_ids(redeemable)
    if categories & rules.initial_amount_mode_categories:
        return CalculationMode.INITIAL_AMOUNT
    if categories & rules.discounted_amount_mode_categories:
        return CalculationMode.DISCOUNTED_AMOUNT
    return rules.discount_calculation_mode


def _skip_by_category(
    redeemable: Redeemable,
    applied: Sequence[Redeemable],
    key: str,
    limit: int | None,
    *,
    overrides: Mapping[str, int] = MappingProxyType({}),
) -> Reason | None:
    for category in redeemable.categories:
        allowed = overrides.get(category.id, limit)
        used = sum(category.id in _category_ids(other) for other in applied)
        if allowed is not None and used >= allowed:
            return Reason(key, {"limit": allowed, "category_id": category.id})
    return None


@once
def _category_ids(redeemable: Redeemable) -> frozenset[str]:
    return frozenset(category.id for category in redeemable.categories)


def _hierarchy(redeemable: Redeemable) -> float:
    return min((category.hierarchy for category in redeemable.categories), default=inf)
