"""What could be offered at all: a first choice by the database, before anything is evaluated."""

from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet

from campaigns import queries
from campaigns.models import Campaign, PoolType, PromotionStack, PromotionTier, Voucher
from customers.models import Customer


def promotion_tiers() -> QuerySet[PromotionTier]:
    """Tiers that are on and offered, newest first; their dates are asked later."""
    return (
        queries.promotion_tiers()
        .filter(active=True, campaign__active=True, campaign__listed=True)
        .order_by("-created_at", "-pk")
    )


def promotion_tiers_of(campaign: Campaign) -> QuerySet[PromotionTier]:
    """The tiers of a campaign that are on, in their sequence."""
    rows = queries.promotion_tiers().filter(campaign=campaign, active=True)
    return rows.order_by("hierarchy", "pk")


def promotion_stacks() -> QuerySet[PromotionStack]:
    """Stacks of campaigns that are on and offered, newest first."""
    return (
        queries.promotion_stacks()
        .filter(campaign__active=True, campaign__listed=True)
        .prefetch_related(Prefetch("places__tier", queries.all_promotion_tiers()))
        .order_by("-created_at", "-pk")
    )


def vouchers(
    *, customer: Customer | None, at: datetime, held_only: bool, public_only: bool = False
) -> QuerySet[Voucher]:
    """Codes for everybody and those that the customer holds, which could work now.

    Codes of a pool are for their holder, and for nobody before they are published. With
    `public_only` there are only those of campaigns with one code for everybody.
    """
    nobody = Q(pk__in=())
    mine = Q(holder=customer) if customer is not None and not public_only else nobody
    public = Q(campaign__type=PoolType.STANDALONE)
    for_all = Q(holder=None) & (public if public_only else public | Q(campaign=None))
    found = queries.with_own_terms(queries.vouchers())
    found = found.filter(mine if held_only else mine | for_all, active=True)
    found = found.exclude(campaign__active=False).exclude(campaign__listed=False)
    found = found.filter(Q(redemption_limit=None) | Q(redeemed_count__lt=F("redemption_limit")))
    for path in ("", "campaign__"):
        found = found.filter(Q(**{f"{path}starts_at": None}) | Q(**{f"{path}starts_at__lte": at}))
    alive = Q(expires_at=None) | Q(expires_at__gt=at)
    return found.filter(alive).order_by("-created_at", "-pk")
