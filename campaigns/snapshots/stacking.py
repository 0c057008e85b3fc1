"""How the incentives of a project go together; kept in the process."""

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns import queries
from campaigns.engine import context
from campaigns.engine.redeemable import Overflow
from campaigns.models import GroupedSortingRule, StackingRules, StackingRulesType
from loyalty_project.core import versioned
from loyalty_project.core.models import Project

_LIMITS = (
    "redeemables_limit",
    "applicable_redeemables_limit",
    "applicable_redeemables_per_category_limit",
    "applicable_redeemables_category_limits",
    "applicable_exclusive_redeemables_limit",
    "applicable_exclusive_redeemables_per_category_limit",
)
_CATEGORIES = (
    "no_effect_skip_categories",
    "no_effect_redeem_anyway_categories",
    "initial_amount_mode_categories",
    "discounted_amount_mode_categories",
)
_CHOICES = {
    "redeemables_application_mode": context.ApplicationMode,
    "redeemables_sorting_rule": context.SortingRule,
    "redeemables_products_application_mode": context.ProductsMode,
    "redeemables_no_effect_rule": context.NoEffectRule,
    "redeemables_rollback_order_mode": context.RollbackOrderMode,
    "discount_calculation_mode": context.CalculationMode,
}


def stacking(project: Project) -> context.StackingRules:
    """The rules of the project, kept in this process; the published defaults without a row."""
    return _stacking.of(project)


def stacking_of(
    row: StackingRules | None, *, types: Mapping[str, Iterable[str]]
) -> context.StackingRules:
    """A row as the engine reads it, with the ids of exclusive and joint categories."""
    if row is None:
        row = StackingRules()
    values: dict[str, Any] = {name: getattr(row, name) for name in _LIMITS}
    values |= {name: frozenset(getattr(row, name)) for name in _CATEGORIES}
    values |= {name: kind(getattr(row, name)) for name, kind in _CHOICES.items()}
    return context.StackingRules(
        exclusive_categories=frozenset(types[StackingRulesType.EXCLUSIVE]),
        joint_categories=frozenset(types[StackingRulesType.JOINT]),
        canceled_orders_roll_back=row.canceled_orders_roll_back,
        credits_with_discounts=row.credits_with_discounts,
        credits_overflow=Overflow(row.credits_overflow),
        joint_always_last=(
            row.grouped_redeemables_sorting_rule == GroupedSortingRule.JOINT_ALWAYS_LAST
        ),
        **values,
    )


def _load_stacking(project: Project) -> context.StackingRules:
    del project
    return stacking_of(queries.stacking_rules(), types=queries.stacking_types())


_stacking = versioned.Kept(_load_stacking)
