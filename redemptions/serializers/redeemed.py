"""What a redemption used: the code or promotion tier, whole or as in lists."""

from typing import Literal, TypedDict

from campaigns.models import PromotionTier, Voucher
from campaigns.serializers.voucher import VoucherJson, voucher_json
from redemptions.models import Redemption


class RedeemedVoucherJson(TypedDict):
    """The code of a redemption in lists."""

    id: str
    code: str
    campaign: str | None
    campaign_id: str | None
    object: Literal["voucher"]


class RedeemedTierJson(TypedDict):
    """The promotion tier of a redemption in lists."""

    id: str
    name: str
    banner: str | None
    campaign: dict[str, str]
    campaign_id: str
    object: Literal["promotion_tier"]


def voucher_of(
    redemption: Redemption, whole: Voucher | None
) -> VoucherJson | RedeemedVoucherJson | None:
    if whole is not None:
        return voucher_json(whole)
    voucher = redemption.voucher
    if voucher is None:
        return None
    return {
        "id": voucher.public_id,
        "code": voucher.code,
        "campaign": voucher.campaign.name if voucher.campaign else None,
        "campaign_id": voucher.campaign.public_id if voucher.campaign else None,
        "object": "voucher",
    }


def tier_json(tier: PromotionTier) -> RedeemedTierJson:
    return {
        "id": tier.public_id,
        "name": tier.name,
        "banner": tier.banner or None,
        "campaign": {"id": tier.campaign.public_id, "object": "campaign"},
        "campaign_id": tier.campaign.public_id,
        "object": "promotion_tier",
    }
