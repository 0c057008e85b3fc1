"""Bodies about codes."""

from campaigns.api.inputs.limit import limits_member
from campaigns.services.terms import MAX_LIMIT
from loyalty_project.core.api import inputs


class CodeConfigInput(inputs.Input):
    """How codes look; each `#` of the pattern is one random symbol of the charset."""

    length = inputs.Whole(required=False, min_value=1, max_value=128)
    charset = inputs.Text(required=False, max_length=256)
    pattern = inputs.Text(required=False, allow_blank=True, max_length=128)
    prefix = inputs.Text(required=False, allow_blank=True, max_length=128)
    postfix = inputs.Text(required=False, allow_blank=True, max_length=128)


class RedemptionLimitInput(inputs.Input):
    """How often a code can be used; null is without limit."""

    quantity = inputs.Whole(required=False, allow_null=True, min_value=0, max_value=MAX_LIMIT)


class ValidityInput(inputs.Input):
    """When something is valid; hours and days are those of the project's clock."""

    start_date = inputs.Moment(required=False, allow_null=True)
    expiration_date = inputs.Moment(required=False, allow_null=True)
    validity_timeframe = inputs.Object(required=False, allow_null=True)
    validity_day_of_week = inputs.ListOf(
        child=inputs.Whole(min_value=0, max_value=6), required=False, allow_null=True
    )
    validity_hours = inputs.Object(required=False, allow_null=True)


class VoucherSettingsInput(ValidityInput):
    """What a code may be given when it is made or changed."""

    type = inputs.Text(required=False)
    discount = inputs.Object(required=False)
    gift = inputs.Object(required=False)
    loyalty_card = inputs.Object(required=False)
    category = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    category_id = inputs.Text(required=False, allow_null=True, max_length=48)
    active = inputs.Flag(required=False)
    additional_info = inputs.Text(required=False, allow_null=True, allow_blank=True)
    metadata = inputs.Metadata(required=False)
    redemption = RedemptionLimitInput(required=False)
    validation_rules = inputs.ListOf(child=inputs.Text(), required=False, max_length=1)


class OneVoucherInput(VoucherSettingsInput):
    """A single code has limits of its own beside those of its campaign."""

    limits = limits_member()


class VoucherInput(OneVoucherInput):
    """A new code, named, or drawn by its `code_config`; with a campaign, one of that campaign."""

    code = inputs.Text(required=False, max_length=255)
    code_config = CodeConfigInput(required=False)
    campaign = inputs.Text(required=False, max_length=255)
    campaign_id = inputs.Text(required=False, max_length=48)


class VoucherUpdateInput(OneVoucherInput):
    """Changes of a code; null clears where that is possible."""


class BalanceInput(inputs.Input):
    """Money to put on a card, or below zero to take off; `source_id` is used once per card."""

    amount = inputs.Whole()
    source_id = inputs.Text(required=False, allow_null=True, max_length=255)
    reason = inputs.Text(required=False, allow_null=True, allow_blank=True, max_length=500)


class VoucherImportInput(VoucherSettingsInput):
    """One code of an import."""

    code = inputs.Text(required=False, max_length=255)


class VoucherMetadataInput(inputs.Input):
    """Metadata to merge into one code's."""

    code = inputs.Text(max_length=255)
    metadata = inputs.Metadata(required=False)


class VouchersMetadataInput(inputs.Input):
    """The same metadata for many codes."""

    codes = inputs.ListOf(child=inputs.Text(max_length=255), max_length=100_000)
    metadata = inputs.Metadata()
