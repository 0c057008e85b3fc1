"""Promotion tiers and stacks in lists, by reference, and in the sequence of their campaign."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from campaigns import queries
from campaigns.models import Campaign, CampaignType, PromotionStack, PromotionTier, StackedTier
from campaigns.queries import rules
from loyalty_project.core.errors import NotFound


def with_tiers(found: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Campaigns whose tiers `of_campaign` need not read one by one."""
    return found.prefetch_related(Prefetch("tiers", _in_sequence(), to_attr="tiers_in_sequence"))


def of_campaign(campaign: Campaign) -> list[PromotionTier]:
    """The tiers in their sequence; none for a campaign of codes."""
    if campaign.campaign_type != CampaignType.PROMOTION:
        return []
    read: list[PromotionTier] | None = vars(campaign).get("tiers_in_sequence")
    return read if read is not None else list(_in_sequence().filter(campaign=campaign))


def within_dates(rows: QuerySet[PromotionTier], *, at: datetime) -> QuerySet[PromotionTier]:
    """Those that are on, with their campaign, and within the dates of both."""
    found = rows.filter(active=True, campaign__active=True)
    for path in ("", "campaign__"):
        found = found.filter(
            Q(**{f"{path}starts_at__isnull": True}) | Q(**{f"{path}starts_at__lte": at}),
            Q(**{f"{path}expires_at__isnull": True}) | Q(**{f"{path}expires_at__gt": at}),
        )
    return found


def recurring(rows: QuerySet[PromotionTier]) -> QuerySet[PromotionTier]:
    """Those that pause on days or at hours, by themselves or with their campaign."""
    pauses = Q(campaign__holiday_calendar__isnull=False)
    for path in ("", "campaign__"):
        for name in ("validity_timeframe", "validity_day_of_week", "validity_hours"):
            pauses |= Q(**{f"{path}{name}__isnull": False})
    return rows.filter(pauses)


def get_tier(*, reference: str, rows: QuerySet[PromotionTier] | None = None) -> PromotionTier:
    """By id, from `rows` of `queries.promotion_tiers()`. Raises NotFound."""
    known = queries.promotion_tiers() if rows is None else rows
    found = known.filter(public_id=reference).first()
    if found is None:
        raise unknown("promotion_tier", reference)
    return found


def stacks() -> QuerySet[PromotionStack]:
    """Promotion stacks with their places and tiers."""
    places = StackedTier.objects.select_related("tier").order_by("position")
    return queries.promotion_stacks().prefetch_related(Prefetch("places", places))


def get_stack(*, campaign: Campaign, reference: str) -> PromotionStack:
    """One of the campaign by id. Raises NotFound."""
    found: PromotionStack | None = stacks().filter(campaign=campaign, public_id=reference).first()
    if found is None:
        raise unknown("promotion_stack", reference)
    return found


def unknown(resource_type: str, reference: str) -> NotFound:
    """With the name of the type as it stands, which is published so, unlike `NotFound.of`."""
    return NotFound(
        f"Cannot find {resource_type} with id {reference}",
        resource_id=reference,
        resource_type=resource_type,
    )


def _in_sequence() -> QuerySet[PromotionTier]:
    return rules.with_assignments(queries.promotion_tiers().order_by("hierarchy", "pk"))
