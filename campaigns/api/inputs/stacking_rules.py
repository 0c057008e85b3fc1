from campaigns.models.stacking import (
    ApplicationMode,
    CalculationMode,
    CreditsOverflow,
    GroupedSortingRule,
    NoEffectRule,
    ProductsMode,
    RollbackOrderMode,
    SortingRule,
)
from loyalty_project.core.api import inputs


class Categories(inputs.ListOf):
    """Ids of categories."""

    child = inputs.Text(max_length=48)


class StackingRulesInput(inputs.Input):
    """How incentives go together; the service knows the ranges of limits."""

    redeemables_limit = inputs.Whole(required=False)
    applicable_redeemables_limit = inputs.Whole(required=False)
    applicable_redeemables_per_category_limit = inputs.Whole(required=False, allow_null=True)
    applicable_redeemables_category_limits = inputs.Object(required=False)
    applicable_exclusive_redeemables_limit = inputs.Whole(required=False)
    applicable_exclusive_redeemables_per_category_limit = inputs.Whole(
        required=False, allow_null=True
    )
    exclusive_categories = Categories(required=False)
    joint_categories = Categories(required=False)
    redeemables_application_mode = inputs.OneOf(ApplicationMode.values, required=False)
    redeemables_sorting_rule = inputs.OneOf(SortingRule.values, required=False)
    redeemables_products_application_mode = inputs.OneOf(ProductsMode.values, required=False)
    redeemables_no_effect_rule = inputs.OneOf(NoEffectRule.values, required=False)
    no_effect_skip_categories = Categories(required=False)
    no_effect_redeem_anyway_categories = Categories(required=False)
    redeemables_rollback_order_mode = inputs.OneOf(RollbackOrderMode.values, required=False)
    grouped_redeemables_sorting_rule = inputs.OneOf(GroupedSortingRule.values, required=False)
    canceled_orders_roll_back = inputs.Flag(required=False)
    credits_with_discounts = inputs.Flag(required=False)
    credits_overflow = inputs.OneOf(CreditsOverflow.values, required=False)
    discount_calculation_mode = inputs.OneOf(CalculationMode.values, required=False)
    initial_amount_mode_categories = Categories(required=False)
    discounted_amount_mode_categories = Categories(required=False)
