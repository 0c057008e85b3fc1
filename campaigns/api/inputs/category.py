from campaigns.models import StackingRulesType
from loyalty_project.core.api import inputs

MAX_HIERARCHY = 2**31 - 1


class CategoryInput(inputs.Input):
    """A group of incentives; a lower hierarchy is applied first."""

    name = inputs.Text(max_length=120)
    hierarchy = inputs.Whole(min_value=0, max_value=MAX_HIERARCHY)
    stacking_rules_type = inputs.OneOf(StackingRulesType.values, required=False, allow_null=True)
