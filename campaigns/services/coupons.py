"""What campaigns of codes have and promotions have not: the template of codes, and the codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.models import Campaign, CampaignType, PoolType, VoucherType
from campaigns.services import codes, definitions, generation, kinds, terms, vouchers
from loyalty_project.core.codes import CodeConfig
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

_TYPES = {
    CampaignType.DISCOUNT_COUPONS: VoucherType.DISCOUNT_VOUCHER,
    CampaignType.GIFT_VOUCHERS: VoucherType.GIFT_VOUCHER,
}


@dataclass(frozen=True, slots=True)
class Coupons:
    """What the codes of a new campaign give, how they look, and how many there are."""

    document: Mapping[str, Any]
    config: CodeConfig
    limit: int | None
    count: int


def read(*, project: Project, data: Mapping[str, Any]) -> Coupons:
    """Of the published body of a campaign. Raises Invalid, NotAvailable, and InvalidCampaign for
    codes of another type than the campaign's."""
    if data.get("promotion"):
        raise Invalid("Property .promotion is for campaigns of type PROMOTION")
    voucher = data.get("voucher")
    if not isinstance(voucher, Mapping):
        raise Invalid("Payload should have required property 'voucher'")
    document = definitions.read(data=voucher, path=".voucher")
    if document["type"] != _TYPES[data.get("campaign_type") or CampaignType.DISCOUNT_COUPONS]:
        raise kinds.InvalidCampaign(f"Property .voucher.type {document['type']} is not of its type")
    config = _config(project, data, voucher)
    return Coupons(document, config, terms.limit_of(data=voucher), _count(data))


def set_template(*, project: Project, campaign: Campaign, coupons: Coupons) -> None:
    """Onto the row, which the caller saves."""
    campaign.voucher_template = {
        **coupons.document,
        "redemption": {"quantity": coupons.limit},
        "code_config": codes.config_document(config=coupons.config),
        "is_referral_code": False,
    }
    campaign.definition = definitions.make(project=project, document=coupons.document)


def make_codes(*, project: Project, campaign: Campaign, coupons: Coupons, at: datetime) -> None:
    """One code at once, more by a job, in the caller's transaction. Raises NoRoom."""
    config, count = coupons.config, coupons.count
    if count > 1:
        generation.start(project=project, campaign=campaign, count=count, config=config, at=at)
    elif count == 1:
        vouchers.make_first(project=project, campaign=campaign, config=config, at=at)


def change(*, project: Project, campaign: Campaign, data: Mapping[str, Any]) -> dict[str, Any]:
    """Set another discount or limit; the fields of codes that change by it.

    Raises Invalid, and InvalidCampaign for another type of discount.
    """
    settings = {**data, **(data.get("voucher") or {})}
    template = dict(campaign.voucher_template or {})
    changes: dict[str, Any] = {}
    if settings.get("gift"):
        changes |= _change_gift(project, campaign, template, settings["gift"])
    if settings.get("discount"):
        if "discount" not in template:
            raise kinds.InvalidCampaign("Property .discount is not for campaigns of gift cards")
        discount = definitions.read_discount(discount=settings["discount"])
        if discount["type"] != template["discount"]["type"]:
            raise kinds.InvalidCampaign("It is not possible to change Campaign discount type")
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


def _change_gift(
    project: Project, campaign: Campaign, template: dict[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Another effect; the amount of cards to come stays, that of a card is on its account."""
    current = template.get("gift")
    if current is None:
        raise kinds.InvalidCampaign("Property .gift is for campaigns of gift cards")
    gift = definitions.read_gift(gift={**current, **given})
    if gift["amount"] != current["amount"]:
        raise kinds.InvalidCampaign("It is not possible to change Campaign gift amount")
    if gift == current:
        return {}
    template["gift"] = gift
    document = {"type": template["type"], "gift": gift}
    campaign.definition = definitions.make(project=project, document=document)
    return {"definition_id": campaign.definition.pk}


def _count(data: Mapping[str, Any]) -> int:
    standalone = data.get("type") == PoolType.STANDALONE
    count = 1 if standalone else data.get("vouchers_count") or 0
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
