"""Creating, changing, switching and deleting campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns import events
from campaigns.models import Campaign, CampaignType, PoolType, Voucher
from campaigns.services import (
    bounds,
    categories,
    codes,
    definitions,
    generation,
    propagation,
    rule_assignments,
    state,
    terms,
    vouchers,
)
from loyalty_project.core import metadata
from loyalty_project.core.codes import CodeConfig
from loyalty_project.core.errors import Conflict, Invalid
from loyalty_project.core.models import AsyncAction, Project

# What brings the published kinds that cannot be made yet.
_LATER = {
    "GIFT_VOUCHERS": "gift cards",
    "LOYALTY_PROGRAM": "loyalty programs",
    "REFERRAL_PROGRAM": "referral programs",
    "PROMOTION": "promotion tiers",
}

# Codes are counted by whoever makes them.
_COUNTED = {"id", "vouchers_count", "generation_status"}
_CONFIGURED = [f.name for f in Campaign._meta.concrete_fields if f.name not in _COUNTED]


class DuplicateCampaign(Conflict):
    message = "Duplicated resource found"


class InvalidCampaign(Invalid):
    key = "invalid_campaign"
    message = "Invalid Campaign"


class Protected(Invalid):
    key = "resource_protected"
    message = "Resource is protected"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Campaign:
    """Make a campaign from the published body, and its codes: one at once, more by a job.

    Dates are aware datetimes. Raises Invalid, NotFound for an unknown category or rule,
    DuplicateCampaign for a name that is taken (also in the bin), NoRoom for too few codes.
    """
    _refuse_later(data)
    voucher = data.get("voucher")
    if not isinstance(voucher, Mapping):
        raise Invalid("Payload should have required property 'voucher'")
    document = definitions.read(data=voucher, path=".voucher")
    config = _config(project, data, voucher)
    count = _count(data)
    try:
        with transaction.atomic():
            rules = rule_assignments.named(data=data)
            campaign = _row(project, data, at=at)
            campaign.voucher_template = _template(voucher, document, config)
            campaign.definition = definitions.make(project=project, document=document)
            campaign.save()
            bounds.set_rows(project=project, campaign=campaign, data=data, at=at)
            rule_assignments.set_for(project=project, to=campaign, rules=rules, at=at)
            state.stamp(project=project)
            events.campaign_changed("campaign.created", campaign=campaign, at=at)
            _make_codes(project, campaign, count, config, at=at)
    except IntegrityError as error:
        if "campaigns_campaign_name" not in str(error):
            raise
        raise DuplicateCampaign(
            f"Duplicated campaign exists with name {data['name']}",
            resource_id=data["name"],
            resource_type="campaign",
            extra={"field": "name"},
        ) from error
    return campaign


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
        _refuse_protected(campaign)
        _set_texts(project, campaign, data)
        changes = _set_voucher_settings(project, campaign, data)
        campaign.version += 1
        campaign.save(update_fields=_CONFIGURED)
        bounds.set_rows(project=project, campaign=campaign, data=data, at=at)
        rule_assignments.set_for(project=project, to=campaign, rules=rules, at=at)
        if changes:
            propagation.start(project=project, campaign=campaign, changes=changes, at=at)
        state.stamp(project=project)
        events.campaign_changed("campaign.updated", campaign=campaign, at=at)
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

    Raises InvalidCampaign for a campaign of one code for everybody, NoRoom.
    """
    given = data or {}
    if count == 1:
        return vouchers.issue(project=project, campaign=campaign, data=given, at=at)
    vouchers.refuse_standalone(campaign=campaign)
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


def _refuse_later(data: Mapping[str, Any]) -> None:
    kind = data.get("campaign_type") or CampaignType.DISCOUNT_COUPONS
    if kind in _LATER:
        raise definitions.NotAvailable.of(".campaign_type", kind, _LATER[kind])
    if kind not in CampaignType.values:
        raise Invalid("Property .campaign_type must be equal to one of the allowed values")
    if data.get("type", PoolType.STATIC) not in PoolType.values:
        raise Invalid("Property .type must be equal to one of the allowed values")


def _refuse_protected(campaign: Campaign) -> None:
    if campaign.protected:
        name = f"Resource campaign with id {campaign.public_id}"
        raise Protected(f"{name} is protected and cannot be modified")


def _count(data: Mapping[str, Any]) -> int:
    count = 1 if data.get("type") == PoolType.STANDALONE else data.get("vouchers_count") or 0
    if not 0 <= count <= generation.MAX_COUNT:
        raise Invalid(
            f"Property .vouchers_count must be between 0 and {generation.MAX_COUNT}",
            extra={"field": "vouchers_count"},
        )
    return int(count)


def _config(project: Project, data: Mapping[str, Any], voucher: Mapping[str, Any]) -> CodeConfig:
    """That of the request; the one code of a STANDALONE campaign is a pattern without random."""
    if data.get("type") == PoolType.STANDALONE and voucher.get("code"):
        codes.key_of(code=voucher["code"], project=project)
        return CodeConfig(pattern=voucher["code"])
    return codes.read_config(project=project, document=voucher.get("code_config"))


def _template(
    voucher: Mapping[str, Any], document: Mapping[str, Any], config: CodeConfig
) -> dict[str, Any]:
    return {
        **document,
        "redemption": {"quantity": terms.limit_of(data=voucher)},
        "code_config": codes.config_document(config=config),
        "is_referral_code": False,
    }


def _row(project: Project, data: Mapping[str, Any], *, at: datetime) -> Campaign:
    name = (data.get("name") or "").strip()
    if not name:
        raise Invalid("Payload should have required property 'name'", extra={"field": "name"})
    campaign = Campaign(
        project=project,
        name=name,
        type=data.get("type") or PoolType.STATIC,
        active=data.get("active", True),
        auto_join=data.get("auto_join"),
        use_voucher_metadata_schema=data.get("use_voucher_metadata_schema", True),
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
            raise InvalidCampaign("You can not change the type of STANDALONE type campaign.")
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
    _set_metadata(project, campaign, data)


def _set_metadata(project: Project, campaign: Campaign, data: Mapping[str, Any]) -> None:
    if "metadata" not in data and not data.get("unset_metadata_fields"):
        return
    values = metadata.merged(campaign.metadata, data.get("metadata"))
    for name in data.get("unset_metadata_fields") or ():
        values.pop(name, None)
    metadata.check(project=project, resource="campaign", values=values)
    campaign.metadata = values


def _set_voucher_settings(
    project: Project, campaign: Campaign, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Set another discount or limit; the fields of codes that change by it."""
    settings = {**data, **(data.get("voucher") or {})}
    template = dict(campaign.voucher_template or {})
    changes: dict[str, Any] = {}
    if settings.get("discount"):
        discount = definitions.read_discount(discount=settings["discount"])
        if discount["type"] != template["discount"]["type"]:
            raise InvalidCampaign("It is not possible to change Campaign discount type")
        if discount != template["discount"]:
            template["discount"] = discount
            document = {"type": template["type"], "discount": discount}
            campaign.definition = definitions.make(project=project, document=document)
            changes["definition_id"] = campaign.definition.pk
    if terms.gives_limit(data=settings):
        limit = terms.limit_of(data=settings)
        if limit != template["redemption"]["quantity"]:
            template["redemption"] = {"quantity": limit}
            changes["redemption_limit"] = limit
    campaign.voucher_template = template
    return changes


def _make_codes(
    project: Project, campaign: Campaign, count: int, config: CodeConfig, *, at: datetime
) -> None:
    if count > 1:
        generation.start(project=project, campaign=campaign, count=count, config=config, at=at)
    elif count == 1:
        vouchers.make_first(project=project, campaign=campaign, config=config, at=at)
