"""Promotion tiers as the engine evaluates them; no queries, no decisions."""

from campaigns.engine import redeemable as engine
from campaigns.models import Category, PromotionTier
from campaigns.snapshots import definitions, terms, validity


def promotion_tier(tier: PromotionTier, *, under: terms.Terms = terms.NONE) -> engine.Redeemable:
    """A tier with its campaign, category and definition under the terms of both.

    `facts` holds the row under "tier".
    """
    category = category_of(tier)
    found = engine.Redeemable(
        kind=engine.Kind.PROMOTION_TIER,
        id=tier.public_id,
        name=tier.name,
        type="PROMOTION_TIER",
        active=tier.active,
        campaign=validity.campaign(tier.campaign),
        validity=validity.validity(tier),
        discount=definitions.discount(tier.definition),
        categories=(validity.category(category),) if category is not None else (),
        metadata=tier.metadata,
        facts={"tier": tier},
    )
    return terms.assign(found, under)


def missing_tier(reference: str) -> engine.Redeemable:
    """What a request calls a promotion tier and nobody else does."""
    return engine.Redeemable(kind=engine.Kind.PROMOTION_TIER, id=reference, exists=False)


def category_of(tier: PromotionTier) -> Category | None:
    """Its own, else that of its campaign."""
    return tier.category if tier.category is not None else tier.campaign.category
