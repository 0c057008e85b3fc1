"""What a promotion tier has come to, among the key figures of its page."""

from django.utils.translation import gettext as _

from campaigns import queries as campaign_queries
from campaigns.admin import tiers
from campaigns.models import PromotionTier
from loyalty_project.core.admin import display
from redemptions import queries
from redemptions.serializers.promotion import used_tier_json


def uses(tier: PromotionTier) -> tiers.Figures:
    """Of its redemptions that stand."""
    rows = queries.with_summary(campaign_queries.promotion_tiers())
    summary = used_tier_json(rows.get(pk=tier.pk))["summary"]
    discount = summary["orders"]["total_discount_amount"]
    return [
        (_("Redeemed"), display.integer(summary["redemptions"]["total_redeemed"])),
        (_("Discount given"), display.money_of(discount)),
    ]


tiers.MORE.append(uses)
