"""What only one kind of campaign has: codes, or promotion tiers."""

from campaigns.models import Campaign, CampaignType, PoolType
from loyalty_project.core.errors import Invalid


class InvalidCampaign(Invalid):
    key = "invalid_campaign"
    message = "Invalid Campaign"


def refuse_more_codes(*, campaign: Campaign) -> None:
    """Raise InvalidCampaign for a campaign that has no codes, or one for everybody."""
    refuse_promotion(campaign=campaign)
    if campaign.type == PoolType.STANDALONE:
        raise InvalidCampaign("You can not generate vouchers for STANDALONE type campaign.")


def refuse_other_type(*, campaign: Campaign, kind: str) -> None:
    """Raise InvalidCampaign for a code of another type than those of the campaign."""
    wanted = (campaign.voucher_template or {})["type"]
    if kind != wanted:
        raise InvalidCampaign(f"Codes of this campaign are of type {wanted}")


def refuse_promotion(*, campaign: Campaign) -> None:
    """Raise InvalidCampaign for a promotion, which has tiers instead of codes."""
    if campaign.campaign_type == CampaignType.PROMOTION:
        raise InvalidCampaign("You can not generate vouchers for PROMOTION type campaign.")


def require_promotion(*, campaign: Campaign) -> None:
    """Raise InvalidCampaign for a campaign that gives codes."""
    if campaign.campaign_type != CampaignType.PROMOTION:
        raise InvalidCampaign(
            f"You can not add promotion tiers to {campaign.campaign_type} type campaign."
        )
