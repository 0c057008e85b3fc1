from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Campaign
from campaigns.serializers.campaign import CampaignJson, campaign_json


class CampaignSummaryJson(TypedDict):
    """What a campaign has done; amounts in minor units. Gift cards have what moved on them in the
    place of discounts."""

    object: Literal["campaign_summary"]
    campaign: CampaignJson
    redemptions: int
    redemptions_succeeded: int
    redemptions_failed: int
    rollbacks: int
    rollbacks_succeeded: int
    rollbacks_failed: int
    validations: int
    validations_succeeded: int
    validations_failed: int
    vouchers_created: int
    vouchers_deleted: int
    publications: int
    publications_succeeded: int
    publications_failed: int
    discounted_amount: NotRequired[int]
    rolledback_discounted_amount: NotRequired[int]
    created_vouchers_amount: NotRequired[int]
    amount_added: NotRequired[int]
    amount_deleted: NotRequired[int]
    amount_redeemed: NotRequired[int]
    amount_rolledback: NotRequired[int]
    amount_subtracted: NotRequired[int]
    orders_amount: int
    orders_rolledback_amount: int


def campaign_summary_json(campaign: Campaign, counts: Mapping[str, int]) -> CampaignSummaryJson:
    body: Any = {
        "object": "campaign_summary",
        "campaign": campaign_json(campaign),
        **{name: int(value) for name, value in counts.items()},
    }
    found: CampaignSummaryJson = body
    return found
