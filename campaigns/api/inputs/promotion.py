"""Bodies about promotion tiers and stacks."""

from campaigns.api.inputs.limit import limits_member
from campaigns.api.inputs.voucher import ValidityInput
from campaigns.services import promotion_stacks
from loyalty_project.core.api import inputs


class ActionInput(inputs.Input):
    """What a tier gives."""

    discount = inputs.Object(required=False)


class TierSettingsInput(ValidityInput):
    banner = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=500)
    action = ActionInput(required=False)
    metadata = inputs.Metadata(required=False)
    hierarchy = inputs.Whole(required=False, min_value=0, max_value=2**31 - 1)
    category = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    category_id = inputs.Text(required=False, allow_null=True, max_length=48)
    validation_rules = inputs.ListOf(child=inputs.Text(), required=False, max_length=1)
    limits = limits_member()


class TierInput(TierSettingsInput):
    """A new promotion tier; without `hierarchy` it comes after the others."""

    name = inputs.Text(max_length=255)
    active = inputs.Flag(required=False)


class TierUpdateInput(TierSettingsInput):
    """Changes of a promotion tier; null clears where that is possible."""

    name = inputs.Text(required=False, max_length=255)


class PromotionInput(inputs.Input):
    """The tiers of a new campaign of the kind PROMOTION."""

    tiers = TierInput(many=True, required=False, allow_null=True)


class StackTiersInput(inputs.Input):
    """Tiers of the campaign in the sequence in which they are applied."""

    ids = inputs.ListOf(child=inputs.Text(), min_length=1, max_length=promotion_stacks.MAX_TIERS)
    hierarchy_mode = inputs.OneOf(["MANUAL"], required=False)


class StackSettingsInput(inputs.Input):
    category = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    category_id = inputs.Text(required=False, allow_null=True, max_length=48)
    metadata = inputs.Metadata(required=False)


class StackInput(StackSettingsInput):
    """A new promotion stack."""

    name = inputs.Text(max_length=255)
    tiers = StackTiersInput()


class StackUpdateInput(StackSettingsInput):
    """Changes of a promotion stack; `tiers` take the place of all former ones."""

    name = inputs.Text(required=False, max_length=255)
    tiers = StackTiersInput(required=False)
