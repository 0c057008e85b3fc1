"""Promotion tiers: discounts without a code, of campaigns of the kind PROMOTION.

Whoever changes a tier holds the lock of its campaign alone, so that a change is true for everybody
when the call returns.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from campaigns import events, queries
from campaigns.models import Campaign, PromotionTier, ValidationRule
from campaigns.queries import promotions as promotion_queries
from campaigns.services import (
    categories,
    definitions,
    kinds,
    limits,
    promotion_stacks,
    protection,
    rule_assignments,
    state,
    terms,
)
from loyalty_project.core import metadata
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

MAX_TIERS = 1_000
TYPE = "PROMOTION_TIER"


def create(
    *, project: Project, campaign: Campaign, data: Mapping[str, Any], at: datetime
) -> PromotionTier:
    """Add a tier from the published body; without `hierarchy` it comes after the others.

    Raises Invalid, InvalidCampaign for a campaign of codes, Protected, NotFound for an unknown
    category or rule, errors.Busy.
    """
    kinds.require_promotion(campaign=campaign)
    with transaction.atomic():
        rules = rule_assignments.named(data=data)
        state.exclusive(campaign=campaign)
        protection.refuse(campaign=campaign)
        (tier,) = add(project=project, campaign=campaign, rows=[data], rules=[rules], at=at)
        state.stamp(project=project)
        events.tier_changed("campaign.promotion_tier.created", tier=tier, at=at)
    return tier


def add(
    *,
    project: Project,
    campaign: Campaign,
    rows: Sequence[Mapping[str, Any]],
    rules: Sequence[list[ValidationRule] | None],
    at: datetime,
) -> list[PromotionTier]:
    """Write new tiers with the rules of each in the caller's transaction, who announces them."""
    there = PromotionTier.objects.filter(campaign=campaign, deleted_at__isnull=True)
    last = there.aggregate(last=Max("hierarchy"))["last"] or 0
    if there.count() + len(rows) > MAX_TIERS:
        raise Invalid(f"A campaign must NOT have more than {MAX_TIERS} promotion tiers")
    made = []
    for data, named in zip(rows, rules, strict=True):
        tier = PromotionTier(
            project=project,
            campaign=campaign,
            hierarchy=last + 1,
            active=data.get("active", True),
            created_at=at,
        )
        tier.definition = definitions.make(project=project, document=_document(data))
        _set(project, tier, {"name": "", **data})
        tier.save()
        rule_assignments.set_for(project=project, to=tier, rules=named, at=at)
        limits.set_given(project=project, owner=tier, data=data, at=at)
        last = max(last, tier.hierarchy)
        made.append(tier)
    return made


def update(
    *, project: Project, tier: PromotionTier, data: Mapping[str, Any], at: datetime
) -> PromotionTier:
    """Change what is given. Raises Invalid, Protected, NotFound, errors.Busy."""
    with transaction.atomic():
        rules = rule_assignments.named(data=data)
        tier = _alone(tier)
        protection.refuse(campaign=tier.campaign)
        _set(project, tier, data)
        if data.get("action"):
            document = _document(data)
            if document != tier.definition.data:
                tier.definition = definitions.make(project=project, document=document)
        _save(tier)
        rule_assignments.set_for(project=project, to=tier, rules=rules, at=at)
        limits.set_given(project=project, owner=tier, data=data, at=at)
        state.stamp(project=project)
        events.tier_changed("campaign.promotion_tier.updated", tier=tier, at=at)
    return tier


def enable(*, project: Project, tier: PromotionTier, at: datetime) -> PromotionTier:
    return set_active(project=project, tier=tier, active=True, at=at)


def disable(*, project: Project, tier: PromotionTier, at: datetime) -> PromotionTier:
    """Stop the tier: true for everybody when this returns."""
    return set_active(project=project, tier=tier, active=False, at=at)


def set_active(
    *, project: Project, tier: PromotionTier, active: bool, at: datetime
) -> PromotionTier:
    """Switch the tier; nothing happens when it is so already. Raises NotFound, errors.Busy."""
    with transaction.atomic():
        tier = _alone(tier)
        if tier.active != active:
            tier.active = active
            _save(tier)
            state.stamp(project=project)
            events.tier_changed(
                "campaign.promotion_tier.enabled" if active else "campaign.promotion_tier.disabled",
                tier=tier,
                at=at,
            )
    return tier


def delete(*, project: Project, tier: PromotionTier, at: datetime) -> None:
    """Put a tier into the bin and take it out of its stacks. Raises Protected, NotFound, Busy."""
    with transaction.atomic():
        tier = _alone(tier)
        protection.refuse(campaign=tier.campaign)
        tier.deleted_at = at
        _save(tier)
        promotion_stacks.leave_out(project=project, tier=tier, at=at)
        state.stamp(project=project)
        events.tier_changed("campaign.promotion_tier.deleted", tier=tier, at=at)


def rows_of(*, data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The tiers in the published body of a campaign. Raises InvalidCampaign for codes in it."""
    refuse_codes(data=data)
    return (data.get("promotion") or {}).get("tiers") or []


def refuse_codes(*, data: Mapping[str, Any]) -> None:
    """Raise InvalidCampaign where the body of a promotion speaks of codes."""
    for name in ("voucher", "vouchers_count", "discount"):
        if data.get(name):
            raise kinds.InvalidCampaign(f"Property .{name} is not for campaigns of type PROMOTION")


def _alone(tier: PromotionTier) -> PromotionTier:
    """The tier as it is now, which nobody redeems or changes until the commit."""
    state.exclusive(campaign=tier.campaign)
    found: PromotionTier | None = queries.promotion_tiers().filter(pk=tier.pk).first()
    if found is None:
        raise promotion_queries.unknown("promotion_tier", tier.public_id)
    return found


def _save(tier: PromotionTier) -> None:
    tier.version += 1
    tier.save()


def _document(data: Mapping[str, Any]) -> dict[str, Any]:
    discount = (data.get("action") or {}).get("discount")
    if not isinstance(discount, Mapping):
        raise Invalid("Payload should have required property 'action.discount'")
    return {"type": TYPE, "discount": definitions.read_discount(discount=discount)}


def _set(project: Project, tier: PromotionTier, data: Mapping[str, Any]) -> None:
    if "name" in data:
        tier.name = (data["name"] or "").strip()
        if not tier.name:
            raise Invalid("Payload should have required property 'name'", extra={"field": "name"})
    if "banner" in data:
        tier.banner = data["banner"] or ""
    if data.get("hierarchy") is not None:
        tier.hierarchy = data["hierarchy"]
    if "category" in data or "category_id" in data:
        tier.category = categories.of_request(project=project, data=data)
    terms.set_validity(row=tier, data=data)
    if "metadata" in data:
        values = metadata.merged(tier.metadata, data["metadata"])
        metadata.check(project=project, resource="promotion_tier", values=values)
        tier.metadata = values
