"""Campaigns as published: what is not set is absent, apart from `category_id` and what is ours."""

from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Campaign
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.serializers.limit import (
    LimitJson,
    MarginFloorJson,
    limits_json,
    margin_floor_json,
)
from campaigns.serializers.validation_rule import RuleAssignmentsJson, assignments_json
from loyalty_project.core import wire


class CampaignVoucherJson(TypedDict):
    """The template of its codes; `code_config` is always there, the Python client demands it."""

    type: str
    discount: dict[str, Any]
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


class CampaignJson(BoundsJson):
    id: str
    name: str
    description: NotRequired[str]
    campaign_type: str
    type: str
    voucher: CampaignVoucherJson
    auto_join: bool
    join_once: bool
    use_voucher_metadata_schema: bool
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    validity_timeframe: NotRequired[dict[str, str]]
    validity_day_of_week: NotRequired[list[int]]
    validity_hours: NotRequired[dict[str, Any]]
    activity_duration_after_publishing: NotRequired[str]
    vouchers_count: int
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


def campaign_json(campaign: Campaign) -> CampaignJson:
    validity = _validity(campaign)
    optional: dict[str, Any] = {
        "description": campaign.description,
        "activity_duration_after_publishing": campaign.activity_duration_after_publishing,
        "metadata": campaign.metadata,
        "category": campaign.category.name if campaign.category else None,
    }
    given: Any = {name: value for name, value in optional.items() if value}
    voucher: Any = {**(campaign.voucher_template or {}), **validity}
    result: Any = {
        "id": campaign.public_id,
        "name": campaign.name,
        "campaign_type": campaign.campaign_type,
        "type": campaign.type,
        "voucher": voucher,
        "auto_join": bool(campaign.auto_join),
        "join_once": campaign.join_once,
        "use_voucher_metadata_schema": campaign.use_voucher_metadata_schema,
        "vouchers_count": campaign.vouchers_count,
        "active": campaign.active,
        "created_at": wire.instant(campaign.created_at),
        "updated_at": wire.instant(campaign.updated_at),
        "creation_status": campaign.generation_status,
        "vouchers_generation_status": campaign.generation_status,
        "protected": campaign.protected,
        "category_id": campaign.category.public_id if campaign.category else None,
        "categories": [category_json(campaign.category)] if campaign.category else [],
        "validation_rules_assignments": assignments_json(campaign),
        "object": "campaign",
        **validity,
        **given,
        **_bounds(campaign),
    }
    found: CampaignJson = result
    return found


def _bounds(campaign: Campaign) -> BoundsJson:
    calendar = campaign.holiday_calendar
    holidays: HolidaysJson | None = None
    if calendar is not None:
        holidays = {"calendar_id": calendar.public_id, "mode": campaign.holiday_mode}
    return {
        "limits": limits_json(campaign.limits.all()),
        "budget_id": campaign.budget.public_id if campaign.budget is not None else None,
        "margin_floor": margin_floor_json(getattr(campaign, "margin_floor", None)),
        "holidays": holidays,
        "rollout_percent": campaign.rollout_percent,
        "listed": campaign.listed,
    }


def _validity(campaign: Campaign) -> Any:
    values = {
        "start_date": wire.instant(campaign.starts_at),
        "expiration_date": wire.instant(campaign.expires_at),
        "validity_timeframe": campaign.validity_timeframe,
        "validity_day_of_week": campaign.validity_day_of_week,
        "validity_hours": campaign.validity_hours,
    }
    return {name: value for name, value in values.items() if value is not None}
