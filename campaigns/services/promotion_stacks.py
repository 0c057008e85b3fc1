"""Promotion stacks: tiers of one campaign that are applied together, in their sequence.

A stack has no version of its own: what changes the tiers of one changes its campaign's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns import events
from campaigns.models import Campaign, PromotionStack, PromotionTier, StackedTier
from campaigns.queries import promotions as promotion_queries
from campaigns.services import categories, kinds, protection, state
from loyalty_project.core import metadata
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

MAX_TIERS = 30


def create(
    *, project: Project, campaign: Campaign, data: Mapping[str, Any], at: datetime
) -> PromotionStack:
    """Make a stack from the published `{name, tiers: {ids}, category_id}`.

    Raises Invalid, InvalidCampaign for a campaign of codes, NotFound for a tier that is not one of
    the campaign or an unknown category, Protected, errors.Busy.
    """
    kinds.require_promotion(campaign=campaign)
    with transaction.atomic():
        state.exclusive(campaign=campaign)
        protection.refuse(campaign=campaign)
        stack = PromotionStack(project=project, campaign=campaign, created_at=at)
        _set(project, stack, {"name": "", **data})
        tiers = _tiers(campaign, data)
        stack.save()
        _place(stack, tiers)
        state.stamp(project=project)
        stack = promotion_queries.stacks().get(pk=stack.pk)
        events.stack_changed("campaign.promotion_stack.created", stack=stack, at=at)
    return stack


def update(
    *, project: Project, stack: PromotionStack, data: Mapping[str, Any], at: datetime
) -> PromotionStack:
    """Change what is given; tiers take the place of all former ones. Raises as `create`."""
    with transaction.atomic():
        stack = _alone(stack)
        protection.refuse(campaign=stack.campaign)
        _set(project, stack, data)
        stack.save()
        if "tiers" in data:
            _place(stack, _tiers(stack.campaign, data))
        state.revise(campaign_pks=[stack.campaign_id])
        state.stamp(project=project)
        stack = promotion_queries.stacks().get(pk=stack.pk)
        events.stack_changed("campaign.promotion_stack.updated", stack=stack, at=at)
    return stack


def delete(*, project: Project, stack: PromotionStack, at: datetime) -> None:
    """Delete a stack; its tiers stay. Raises Protected, NotFound, errors.Busy."""
    del at
    with transaction.atomic():
        stack = _alone(stack)
        protection.refuse(campaign=stack.campaign)
        stack.delete()
        state.revise(campaign_pks=[stack.campaign_id])
        state.stamp(project=project)


def leave_out(*, project: Project, tier: PromotionTier, at: datetime) -> None:
    """Take a tier out of its stacks, in the transaction that holds its campaign alone.

    A stack of no other tier goes as well: there is none without tiers.
    """
    del project
    stacks = list(promotion_queries.stacks().filter(places__tier=tier))
    for stack in stacks:
        rest = [place.tier for place in stack.places.all() if place.tier_id != tier.pk]
        if not rest:
            stack.delete()
            continue
        stack.save()
        _place(stack, rest)
        left = promotion_queries.stacks().get(pk=stack.pk)
        events.stack_changed("campaign.promotion_stack.updated", stack=left, at=at)
    if stacks:
        state.revise(campaign_pks=[tier.campaign_id])


def _alone(stack: PromotionStack) -> PromotionStack:
    """The stack as it is now, which nobody redeems or changes until the commit."""
    state.exclusive(campaign=stack.campaign)
    found: PromotionStack | None = promotion_queries.stacks().filter(pk=stack.pk).first()
    if found is None:
        raise promotion_queries.unknown("promotion_stack", stack.public_id)
    return found


def _set(project: Project, stack: PromotionStack, data: Mapping[str, Any]) -> None:
    if "name" in data:
        stack.name = (data["name"] or "").strip()
        if not stack.name:
            raise Invalid("Payload should have required property 'name'", extra={"field": "name"})
    if "category" in data or "category_id" in data:
        stack.category = categories.of_request(project=project, data=data)
    if "metadata" in data:
        stack.metadata = metadata.merged(stack.metadata, data["metadata"])


def _tiers(campaign: Campaign, data: Mapping[str, Any]) -> list[PromotionTier]:
    """The tiers that `tiers.ids` names, in its sequence."""
    ids = (data.get("tiers") or {}).get("ids") or []
    _check_ids(ids)
    found = {tier.public_id: tier for tier in promotion_queries.of_campaign(campaign)}
    for name in ids:
        if name not in found:
            raise promotion_queries.unknown("promotion_tier", name)
    return [found[name] for name in ids]


def _check_ids(ids: Sequence[str]) -> None:
    complaint = ""
    if not ids:
        complaint = "must NOT have fewer than 1 items"
    elif len(ids) > MAX_TIERS:
        complaint = f"must NOT have more than {MAX_TIERS} items"
    elif len(set(ids)) < len(ids):
        complaint = "must NOT have duplicate items"
    if complaint:
        raise Invalid(f"Property .tiers.ids {complaint}", extra={"field": "sequence"})


def _place(stack: PromotionStack, tiers: Sequence[PromotionTier]) -> None:
    """Write the places that differ, each with its history."""
    places = {place.tier_id: place for place in StackedTier.objects.filter(stack=stack)}
    for position, tier in enumerate(tiers):
        place = places.pop(tier.pk, None)
        if place is None:
            place = StackedTier(project=stack.project, stack=stack, tier=tier, position=-1)
        if place.position != position:
            place.position = position
            place.save()
    for place in places.values():
        place.delete()
