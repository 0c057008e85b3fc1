"""Promotion tiers with what their redemptions come to."""

from typing import Any

from campaigns.models import PromotionTier
from campaigns.serializers.promotion import TierJson, TierSummaryJson, tier_json


def used_tier_json(tier: PromotionTier) -> TierJson:
    """Of a tier that `queries.with_summary` read; of any other, as of one that was never used."""
    return tier_json(tier, summary=summary_json(vars(tier).get("uses") or {}))


def summary_json(uses: dict[str, Any]) -> TierSummaryJson:
    """From the sums of `queries.with_summary`."""
    return {
        "redemptions": {"total_redeemed": uses.get("redeemed") or 0},
        "orders": {
            "total_amount": uses.get("amount") or 0,
            "total_discount_amount": uses.get("discount") or 0,
        },
    }
