"""Creating, changing, switching and deleting campaigns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns import events
from campaigns.models import Campaign, CampaignType, PoolType, Voucher
from campaigns.services import (
    archiving,
    bounds,
    categories,
    coupons,
    definitions,
    generation,
    jurisdictions,
    kinds,
    promotions,
    propagation,
    protection,
    rule_assignments,
    running,
    state,
    terms,
    vouchers,
)
from loyalty_project.core import metadata
from loyalty_project.core.errors import Conflict, Invalid
from loyalty_project.core.models import AsyncAction, Project

# What brings the published kinds that cannot be made yet.
_LATER = {
    "LOYALTY_PROGRAM": "loyalty programs",
    "REFERRAL_PROGRAM": "referral programs",
}

# Codes are counted by whoever makes them, and one function tells of starts and stops.
_COUNTED = {"id", "vouchers_count", "generation_status", "running", "archived_at"}
_CONFIGURED = [f.name for f in Campaign._meta.concrete_fields if f.name not in _COUNTED]


class DuplicateCampaign(Conflict):
    message = "Duplicated resource found"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Campaign:
    """Make a campaign from the published body, with its tiers, or with its codes: one at once,
    more by a job.

    Dates are aware datetimes. Raises Invalid, NotFound for an unknown category or rule,
    DuplicateCampaign for a name that is taken (also in the bin), NoRoom for too few codes,
    InvalidCampaign for a promotion with codes.
    """
    kind = _kind(data)
    with _unique_name(data), transaction.atomic():
        if kind == CampaignType.PROMOTION:
            return _create_promotion(project, data, at=at)
        return _create_coupons(project, data, kind, at=at)


def update(
    *, project: Project, campaign: Campaign, data: Mapping[str, Any], at: datetime
) -> Campaign:
    """Change what is given; name, kind and code settings stay as they are.

    Dates act on every code at once. Another discount value or limit reaches the codes that are
    neither published nor redeemed, by a job (MODIFYING). Raises Invalid, Protected, NotFound,
    errors.Busy.
    """
    with transaction.atomic():
        rules = rule_assignments.named(data=data)
        state.exclusive(campaign=campaign)
        protection.refuse(campaign=campaign)
        _set_texts(project, campaign, data)
        changes = _change_kind(project, campaign, data)
        campaign.version += 1
        campaign.save(update_fields=_CONFIGURED)
        archiving.bring_back(project=project, campaign=campaign, at=at)
        bounds.set_rows(project=project, campaign=campaign, data=data, at=at)
        rule_assignments.set_for(project=project, to=campaign, rules=rules, at=at)
        if changes:
            propagation.start(project=project, campaign=campaign, changes=changes, at=at)
        state.stamp(project=project)
        events.campaign_changed("campaign.updated", campaign=campaign, at=at)
        running.announce(project=project, campaign=campaign, at=at)
    return campaign


def enable(*, project: Project, campaign: Campaign, at: datetime) -> Campaign:
    return set_active(project=project, campaign=campaign, active=True, at=at)


def disable(*, project: Project, campaign: Campaign, at: datetime) -> Campaign:
    """Stop every code of the campaign: true for everybody when this returns."""
    return set_active(project=project, campaign=campaign, active=False, at=at)


def set_active(*, project: Project, campaign: Campaign, active: bool, at: datetime) -> Campaign:
    """Switch the campaign; nothing happens when it is so already. Raises NotFound, errors.Busy."""
    with transaction.atomic():
        state.exclusive(campaign=campaign)
        if campaign.active != active:
            campaign.active = active
            campaign.version += 1
            campaign.save(update_fields=["active", "version", "updated_at"])
            state.stamp(project=project)
            name = "campaign.enabled" if active else "campaign.disabled"
            events.campaign_changed(name, campaign=campaign, at=at)
            running.announce(project=project, campaign=campaign, at=at)
    return campaign


def add_vouchers(
    *,
    project: Project,
    campaign: Campaign,
    count: int,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> Voucher | AsyncAction:
    """Add one code at once, or begin to add more; `data` overrides the settings of the campaign.

    Raises InvalidCampaign for a promotion or a campaign of one code for everybody, NoRoom.
    """
    given = data or {}
    if count == 1:
        return vouchers.issue(project=project, campaign=campaign, data=given, at=at)
    kinds.refuse_more_codes(campaign=campaign)
    if not 1 < count <= generation.MAX_COUNT:
        raise Invalid(
            f"Property .vouchers_count must be between 1 and {generation.MAX_COUNT}",
            extra={"field": "count"},
        )
    with transaction.atomic():
        return generation.start(
            project=project,
            campaign=campaign,
            count=count,
            config=vouchers.config_of(project=project, campaign=campaign, data=given),
            overrides=vouchers.overrides(project=project, campaign=campaign, data=given),
            at=at,
        )


def _create_coupons(
    project: Project, data: Mapping[str, Any], kind: CampaignType, *, at: datetime
) -> Campaign:
    given = coupons.read(project=project, data=data)
    rules = rule_assignments.named(data=data)
    campaign = _row(project, data, kind, at=at)
    coupons.set_template(project=project, campaign=campaign, coupons=given)
    campaign.save()
    bounds.set_rows(project=project, campaign=campaign, data=data, at=at)
    rule_assignments.set_for(project=project, to=campaign, rules=rules, at=at)
    state.stamp(project=project)
    events.campaign_changed("campaign.created", campaign=campaign, at=at)
    running.announce(project=project, campaign=campaign, at=at)
    coupons.make_codes(project=project, campaign=campaign, coupons=given, at=at)
    return campaign


def _create_promotion(project: Project, data: Mapping[str, Any], *, at: datetime) -> Campaign:
    rows = promotions.rows_of(data=data)
    rules = rule_assignments.named(data=data)
    rules_of_tiers = [rule_assignments.named(data=row) for row in rows]
    campaign = _row(project, data, CampaignType.PROMOTION, at=at)
    campaign.save()
    bounds.set_rows(project=project, campaign=campaign, data=data, at=at)
    rule_assignments.set_for(project=project, to=campaign, rules=rules, at=at)
    promotions.add(project=project, campaign=campaign, rows=rows, rules=rules_of_tiers, at=at)
    state.stamp(project=project)
    events.campaign_changed("campaign.created", campaign=campaign, at=at)
    running.announce(project=project, campaign=campaign, at=at)
    return campaign


def _kind(data: Mapping[str, Any]) -> CampaignType:
    kind = data.get("campaign_type") or CampaignType.DISCOUNT_COUPONS
    if kind in _LATER:
        raise definitions.NotAvailable.of(".campaign_type", kind, _LATER[kind])
    if kind not in CampaignType.values:
        raise Invalid("Property .campaign_type must be equal to one of the allowed values")
    if data.get("type", PoolType.STATIC) not in PoolType.values:
        raise Invalid("Property .type must be equal to one of the allowed values")
    return CampaignType(kind)


@contextmanager
def _unique_name(data: Mapping[str, Any]) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "campaigns_campaign_name" not in str(error):
            raise
        raise DuplicateCampaign(
            f"Duplicated campaign exists with name {data['name']}",
            resource_id=data["name"],
            resource_type="campaign",
            extra={"field": "name"},
        ) from error


def _row(
    project: Project, data: Mapping[str, Any], kind: CampaignType, *, at: datetime
) -> Campaign:
    name = (data.get("name") or "").strip()
    if not name:
        raise Invalid("Payload should have required property 'name'", extra={"field": "name"})
    of_codes = kind != CampaignType.PROMOTION
    campaign = Campaign(
        project=project,
        name=name,
        campaign_type=kind,
        type=data.get("type") or PoolType.STATIC,
        active=data.get("active", True),
        auto_join=data.get("auto_join"),
        use_voucher_metadata_schema=data.get("use_voucher_metadata_schema", of_codes),
        created_at=at,
    )
    _set_texts(project, campaign, data)
    return campaign


def _set_texts(project: Project, campaign: Campaign, data: Mapping[str, Any]) -> None:
    if "description" in data:
        campaign.description = data["description"] or ""
    if data.get("join_once") is not None:
        campaign.join_once = data["join_once"] and campaign.type != PoolType.STANDALONE
    if campaign.pk and data.get("type") in {PoolType.AUTO_UPDATE, PoolType.STATIC}:
        if campaign.type == PoolType.STANDALONE:
            raise kinds.InvalidCampaign("You can not change the type of STANDALONE type campaign.")
        campaign.type = data["type"]
    if "activity_duration_after_publishing" in data:
        text = data["activity_duration_after_publishing"] or ""
        if text:
            terms.check_duration(name="activity_duration_after_publishing", text=text)
        campaign.activity_duration_after_publishing = text
    if "category" in data or "category_id" in data:
        campaign.category = categories.of_request(project=project, data=data)
    if "owner" in data:
        campaign.owner = data["owner"]
    bounds.set_fields(project=project, campaign=campaign, data=data)
    terms.set_validity(row=campaign, data=data)
    jurisdictions.check_campaign(campaign=campaign)
    _set_metadata(project, campaign, data)


def _set_metadata(project: Project, campaign: Campaign, data: Mapping[str, Any]) -> None:
    if "metadata" not in data and not data.get("unset_metadata_fields"):
        return
    values = metadata.merged(campaign.metadata, data.get("metadata"))
    for name in data.get("unset_metadata_fields") or ():
        values.pop(name, None)
    metadata.check(project=project, resource="campaign", values=values)
    campaign.metadata = values


def _change_kind(project: Project, campaign: Campaign, data: Mapping[str, Any]) -> dict[str, Any]:
    """Set what only this kind of campaign has; the fields of codes that change by it."""
    if campaign.campaign_type == CampaignType.PROMOTION:
        promotions.refuse_codes(data=data)
        return {}
    return coupons.change(project=project, campaign=campaign, data=data)
