"""Bodies about campaigns."""

from campaigns.api.inputs.limit import BoundsInput
from campaigns.api.inputs.promotion import PromotionInput
from campaigns.api.inputs.voucher import (
    CodeConfigInput,
    RedemptionLimitInput,
    ValidityInput,
)
from campaigns.models import PoolType
from campaigns.services.generation import MAX_COUNT
from loyalty_project.core.api import inputs


class CampaignVoucherInput(inputs.Input):
    """The template of a campaign's codes; `code` names the one of a STANDALONE campaign."""

    type = inputs.Text(required=False)
    code = inputs.Text(required=False, max_length=128)
    discount = inputs.Object(required=False)
    gift = inputs.Object(required=False)
    loyalty_card = inputs.Object(required=False)
    code_config = CodeConfigInput(required=False)
    redemption = RedemptionLimitInput(required=False)


class CampaignSettingsInput(ValidityInput, BoundsInput):
    description = inputs.Text(required=False, allow_null=True, allow_blank=True)
    type = inputs.OneOf(PoolType.values, required=False)
    join_once = inputs.Flag(required=False)
    auto_join = inputs.Flag(required=False)
    activity_duration_after_publishing = inputs.Text(
        required=False, allow_null=True, allow_blank=True, max_length=40
    )
    category = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    category_id = inputs.Text(required=False, allow_null=True, max_length=48)
    metadata = inputs.Metadata(required=False)
    voucher = CampaignVoucherInput(required=False)
    validation_rules = inputs.ListOf(child=inputs.Text(), required=False, max_length=1)


class CampaignInput(CampaignSettingsInput):
    """A new campaign; more than one code is made by a background task."""

    name = inputs.Text(max_length=255)
    campaign_type = inputs.Text(required=False)
    active = inputs.Flag(required=False)
    use_voucher_metadata_schema = inputs.Flag(required=False)
    vouchers_count = inputs.Whole(required=False, min_value=0, max_value=MAX_COUNT)
    promotion = PromotionInput(required=False)


class CampaignUpdateInput(CampaignSettingsInput):
    """Changes of a campaign; name, kind and code settings cannot be changed."""

    discount = inputs.Object(required=False)
    unset_metadata_fields = inputs.ListOf(
        child=inputs.Text(), required=False, allow_null=True, max_length=100
    )
