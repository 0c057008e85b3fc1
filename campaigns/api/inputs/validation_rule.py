"""Bodies about validation rules."""

from campaigns.models import RuleType
from campaigns.services.rule_contexts import CONTEXT_TYPES
from campaigns.services.rules import NAME_MAX
from loyalty_project.core.api import inputs


class ValidationRuleInput(inputs.Input):
    """Numbered rules joined by `logic`, and the items that a discount is for."""

    name = inputs.Text(max_length=NAME_MAX)
    rules = inputs.Metadata(required=False)
    applicable_to = inputs.Metadata(required=False, allow_null=True)
    error = inputs.Metadata(required=False, allow_null=True)
    bundle_rules = inputs.Metadata(required=False, allow_null=True)
    type = inputs.OneOf(RuleType.values, required=False)
    context_type = inputs.OneOf(sorted(CONTEXT_TYPES), required=False)


class RuleAssignmentInput(inputs.Input):
    """What the rule is to restrict, by type and id, or under the name of its type."""

    related_object_type = inputs.Text(required=False, max_length=40)
    related_object_id = inputs.Text(required=False, max_length=255)
    campaign = inputs.Text(required=False, max_length=255)
    voucher = inputs.Text(required=False, max_length=255)
    promotion_tier = inputs.Text(required=False, max_length=255)
