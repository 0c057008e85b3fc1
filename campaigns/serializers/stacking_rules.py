from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine import context
from campaigns.models import StackingRules
from loyalty_project.core import wire


class StackingRulesJson(TypedDict):
    """Limits are clamped to the published ranges; null is no limit."""

    redeemables_limit: int
    applicable_redeemables_limit: int
    applicable_redeemables_per_category_limit: int | None
    applicable_redeemables_category_limits: dict[str, int]
    applicable_exclusive_redeemables_limit: int
    applicable_exclusive_redeemables_per_category_limit: int | None
    exclusive_categories: list[str]
    joint_categories: list[str]
    redeemables_application_mode: str
    redeemables_sorting_rule: str
    redeemables_products_application_mode: str
    redeemables_no_effect_rule: str
    no_effect_skip_categories: list[str]
    no_effect_redeem_anyway_categories: list[str]
    redeemables_rollback_order_mode: str
    grouped_redeemables_sorting_rule: NotRequired[str]


class ManagedRulesJson(StackingRulesJson):
    """The rules as they are managed; the published defaults have no id and no dates."""

    id: NotRequired[str]
    canceled_orders_roll_back: bool
    credits_with_discounts: bool
    credits_overflow: Literal["REFUSE", "CAP"]
    discount_calculation_mode: Literal["INITIAL_AMOUNT", "DISCOUNTED_AMOUNT"]
    initial_amount_mode_categories: list[str]
    discounted_amount_mode_categories: list[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]


def stacking_json(rules: context.StackingRules) -> StackingRulesJson:
    body: StackingRulesJson = {
        "redeemables_limit": _clamp(rules.redeemables_limit, 30),
        "applicable_redeemables_limit": _clamp(rules.applicable_redeemables_limit, 30),
        "applicable_redeemables_per_category_limit": _clamped(
            rules.applicable_redeemables_per_category_limit, 30
        ),
        "applicable_redeemables_category_limits": {
            public_id: _clamp(limit, 10)
            for public_id, limit in rules.applicable_redeemables_category_limits.items()
        },
        "applicable_exclusive_redeemables_limit": _clamp(
            rules.applicable_exclusive_redeemables_limit, 5
        ),
        "applicable_exclusive_redeemables_per_category_limit": _clamped(
            rules.applicable_exclusive_redeemables_per_category_limit, 5
        ),
        "exclusive_categories": sorted(rules.exclusive_categories),
        "joint_categories": sorted(rules.joint_categories),
        "redeemables_application_mode": rules.redeemables_application_mode.value,
        "redeemables_sorting_rule": rules.redeemables_sorting_rule.value,
        "redeemables_products_application_mode": (
            rules.redeemables_products_application_mode.value
        ),
        "redeemables_no_effect_rule": rules.redeemables_no_effect_rule.value,
        "no_effect_skip_categories": sorted(rules.no_effect_skip_categories),
        "no_effect_redeem_anyway_categories": sorted(rules.no_effect_redeem_anyway_categories),
        "redeemables_rollback_order_mode": rules.redeemables_rollback_order_mode.value,
    }
    if rules.joint_always_last:
        body["grouped_redeemables_sorting_rule"] = "JOINT_ALWAYS_LAST"
    return body


def managed_json(row: StackingRules | None, rules: context.StackingRules) -> ManagedRulesJson:
    """`row` as the engine reads it is `rules`; None is a project that has the defaults."""
    body: dict[str, Any] = {
        **stacking_json(rules),
        "canceled_orders_roll_back": rules.canceled_orders_roll_back,
        "credits_with_discounts": rules.credits_with_discounts,
        "credits_overflow": rules.credits_overflow.value,
        "discount_calculation_mode": rules.discount_calculation_mode.value,
        "initial_amount_mode_categories": sorted(rules.initial_amount_mode_categories),
        "discounted_amount_mode_categories": sorted(rules.discounted_amount_mode_categories),
    }
    if row is not None:
        body["id"] = row.public_id
        body["created_at"] = wire.instant(row.created_at)
        body["updated_at"] = wire.instant(row.updated_at)
    return cast(ManagedRulesJson, body)


def _clamp(limit: int, high: int) -> int:
    return max(1, min(limit, high))


def _clamped(limit: int | None, high: int) -> int | None:
    return None if limit is None else _clamp(limit, high)
