"""Campaigns as published: what is not set is absent, apart from `category_id` and what is ours."""

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Campaign, CampaignType, Limit
from campaigns.queries import promotions as promotion_queries
from campaigns.queries.terms import Rows
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.serializers.limit import (
    LimitJson,
    MarginFloorJson,
    limits_json,
    margin_floor_json,
)
from campaigns.serializers.promotion import TiersJson, tier_json, tiers_json, validity_json
from campaigns.serializers.validation_rule import RuleAssignmentsJson, assignments_json, listed_json
from loyalty_project.core import wire


class CampaignVoucherJson(TypedDict):
    """The template of its codes; `code_config` is always there, the Python client demands it."""

    type: str
    discount: NotRequired[dict[str, Any]]
    gift: NotRequired[dict[str, Any]]
    redemption: dict[str, int | None]
    code_config: dict[str, Any]
    is_referral_code: bool
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    validity_timeframe: NotRequired[dict[str, str]]
    validity_day_of_week: NotRequired[list[int]]
    validity_hours: NotRequired[dict[str, Any]]


class HolidaysJson(TypedDict):
    calendar_id: str
    mode: str


class BoundsJson(TypedDict):
    """What keeps a campaign within bounds: members of ours."""

    limits: list[LimitJson]
    budget_id: str | None
    margin_floor: MarginFloorJson | None
    holidays: HolidaysJson | None
    rollout_percent: int
    listed: bool
    jurisdiction: str | None


class CampaignJson(BoundsJson):
    """`voucher` and `vouchers_count` are those of codes, `promotion` that of promotions."""

    id: str
    name: str
    description: NotRequired[str]
    campaign_type: str
    type: str
    voucher: NotRequired[CampaignVoucherJson]
    promotion: NotRequired[TiersJson]
    auto_join: bool
    join_once: bool
    use_voucher_metadata_schema: bool
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    validity_timeframe: NotRequired[dict[str, str]]
    validity_day_of_week: NotRequired[list[int]]
    validity_hours: NotRequired[dict[str, Any]]
    activity_duration_after_publishing: NotRequired[str]
    vouchers_count: NotRequired[int]
    active: bool
    metadata: NotRequired[dict[str, Any]]
    created_at: str
    updated_at: str
    category: NotRequired[str]
    creation_status: str
    vouchers_generation_status: str
    protected: bool
    category_id: str | None
    categories: list[CategoryJson]
    validation_rules_assignments: RuleAssignmentsJson
    object: Literal["campaign"]


def campaign_json(
    campaign: Campaign, *, tiers: bool = True, rows: Rows | None = None
) -> CampaignJson:
    """Of a promotion with its `tiers`, which `promotions.with_tiers` reads for many at once.

    `rows` are its rules, limits and margin floor for who has them.
    """
    validity = validity_json(campaign)
    optional: dict[str, Any] = {
        "description": campaign.description,
        "activity_duration_after_publishing": campaign.activity_duration_after_publishing,
        "metadata": campaign.metadata,
        "category": campaign.category.name if campaign.category else None,
    }
    given: Any = {name: value for name, value in optional.items() if value}
    result: Any = {
        "id": campaign.public_id,
        "name": campaign.name,
        "campaign_type": campaign.campaign_type,
        "type": campaign.type,
        "auto_join": bool(campaign.auto_join),
        "join_once": campaign.join_once,
        "use_voucher_metadata_schema": campaign.use_voucher_metadata_schema,
        "active": campaign.active,
        "created_at": wire.instant(campaign.created_at),
        "updated_at": wire.instant(campaign.updated_at),
        "creation_status": campaign.generation_status,
        "vouchers_generation_status": campaign.generation_status,
        "protected": campaign.protected,
        "category_id": campaign.category.public_id if campaign.category else None,
        "categories": [category_json(campaign.category)] if campaign.category else [],
        "validation_rules_assignments": (
            assignments_json(campaign) if rows is None else listed_json(rows.assignments)
        ),
        "object": "campaign",
        **validity,
        **given,
        **_bounds(campaign, rows),
        **_of_kind(campaign, validity, tiers=tiers),
    }
    found: CampaignJson = result
    return found


def _bounds(campaign: Campaign, rows: Rows | None) -> BoundsJson:
    limits: Iterable[Limit] = campaign.limits.all() if rows is None else rows.limits
    margins = rows.margins if rows is not None else [getattr(campaign, "margin_floor", None)]
    calendar = campaign.holiday_calendar
    holidays: HolidaysJson | None = None
    if calendar is not None:
        holidays = {"calendar_id": calendar.public_id, "mode": campaign.holiday_mode}
    return {
        "limits": limits_json(limits),
        "budget_id": campaign.budget.public_id if campaign.budget is not None else None,
        "margin_floor": margin_floor_json(next(iter(margins), None)),
        "holidays": holidays,
        "rollout_percent": campaign.rollout_percent,
        "listed": campaign.listed,
        "jurisdiction": campaign.jurisdiction.code if campaign.jurisdiction is not None else None,
    }


def _of_kind(campaign: Campaign, validity: dict[str, Any], *, tiers: bool) -> dict[str, Any]:
    if campaign.campaign_type != CampaignType.PROMOTION:
        template = {**(campaign.voucher_template or {}), **validity}
        return {"voucher": template, "vouchers_count": campaign.vouchers_count}
    if not tiers:
        return {}
    return {
        "promotion": tiers_json(
            [tier_json(tier) for tier in promotion_queries.of_campaign(campaign)]
        )
    }
