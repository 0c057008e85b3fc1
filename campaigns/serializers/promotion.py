"""Promotion tiers and stacks as published: what is not set is absent."""

from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Campaign, PromotionStack, PromotionTier
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.serializers.limit import LimitJson
from campaigns.serializers.validation_rule import RuleAssignmentsJson, assignments_json
from loyalty_project.core import wire


class ActionJson(TypedDict):
    discount: dict[str, Any]


class TierCampaignJson(TypedDict):
    id: str
    start_date: str | None
    expiration_date: str | None
    validity_timeframe: NotRequired[dict[str, str]]
    validity_day_of_week: NotRequired[list[int]]
    validity_hours: NotRequired[dict[str, Any]]
    active: bool
    category_id: NotRequired[str]
    object: Literal["campaign"]


class TierRedemptionsJson(TypedDict):
    total_redeemed: int


class TierOrdersJson(TypedDict):
    total_amount: int
    total_discount_amount: int


class TierSummaryJson(TypedDict):
    """What the redemptions of a tier that stand come to; amounts in minor units."""

    redemptions: TierRedemptionsJson
    orders: TierOrdersJson


class TierJson(TypedDict):
    """A promotion tier; `summary`, and its own `limits`, are there where its uses are read.

    `category_id` is its own: without one that of the campaign counts.
    """

    id: str
    created_at: str
    updated_at: str
    name: str
    banner: NotRequired[str]
    action: ActionJson
    metadata: dict[str, Any]
    hierarchy: int
    promotion_id: str
    campaign: TierCampaignJson
    campaign_id: str
    active: bool
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    validity_timeframe: NotRequired[dict[str, str]]
    validity_day_of_week: NotRequired[list[int]]
    validity_hours: NotRequired[dict[str, Any]]
    summary: NotRequired[TierSummaryJson]
    limits: NotRequired[list[LimitJson]]
    object: Literal["promotion_tier"]
    validation_rule_assignments: RuleAssignmentsJson
    category_id: str | None
    categories: list[CategoryJson]


class TiersJson(TypedDict):
    """All tiers of a campaign in their sequence; there are no pages."""

    object: Literal["list"]
    data_ref: Literal["tiers"]
    tiers: list[TierJson]
    total: int
    has_more: bool


class StackTiersJson(TypedDict):
    """`ids` in the sequence in which the tiers are applied."""

    ids: list[str]
    hierarchy_mode: Literal["MANUAL"]


class StackJson(TypedDict):
    id: str
    name: str
    created_at: str
    updated_at: str
    campaign_id: str
    tiers: StackTiersJson
    metadata: NotRequired[dict[str, Any]]
    category_id: str | None
    categories: list[CategoryJson]
    object: Literal["promotion_stack"]


def tier_json(tier: PromotionTier, *, summary: TierSummaryJson | None = None) -> TierJson:
    """Expects `queries.promotion_tiers()`, which costs no further query."""
    optional: dict[str, Any] = {"banner": tier.banner or None, "summary": summary}
    result: Any = {
        "id": tier.public_id,
        "created_at": wire.instant(tier.created_at),
        "updated_at": wire.instant(tier.updated_at),
        "name": tier.name,
        "action": {"discount": tier.definition.data["discount"]},
        "metadata": tier.metadata,
        "hierarchy": tier.hierarchy,
        "promotion_id": tier.campaign.public_id,
        "campaign": tier_campaign_json(tier.campaign),
        "campaign_id": tier.campaign.public_id,
        "active": tier.active,
        **validity_json(tier),
        **{name: value for name, value in optional.items() if value is not None},
        "object": "promotion_tier",
        "validation_rule_assignments": assignments_json(tier),
        "category_id": tier.category.public_id if tier.category else None,
        "categories": [category_json(tier.category)] if tier.category else [],
    }
    found: TierJson = result
    return found


def tiers_json(tiers: list[TierJson]) -> TiersJson:
    return {
        "object": "list",
        "data_ref": "tiers",
        "tiers": tiers,
        "total": len(tiers),
        "has_more": False,
    }


def stack_json(stack: PromotionStack) -> StackJson:
    """Expects `queries.promotions.stacks()`."""
    result: StackJson = {
        "id": stack.public_id,
        "name": stack.name,
        "created_at": wire.instant(stack.created_at),
        "updated_at": wire.instant(stack.updated_at),
        "campaign_id": stack.campaign.public_id,
        "tiers": {
            "ids": [place.tier.public_id for place in stack.places.all()],
            "hierarchy_mode": "MANUAL",
        },
        "category_id": stack.category.public_id if stack.category else None,
        "categories": [category_json(stack.category)] if stack.category else [],
        "object": "promotion_stack",
    }
    if stack.metadata:
        result["metadata"] = stack.metadata
    return result


def validity_json(row: Campaign | PromotionTier) -> dict[str, Any]:
    """Dates and recurrence without what is not set."""
    values = {
        "start_date": wire.instant(row.starts_at),
        "expiration_date": wire.instant(row.expires_at),
        "validity_timeframe": row.validity_timeframe,
        "validity_day_of_week": row.validity_day_of_week,
        "validity_hours": row.validity_hours,
    }
    return {name: value for name, value in values.items() if value is not None}


def tier_campaign_json(campaign: Campaign) -> TierCampaignJson:
    """What a tier says of its campaign."""
    result: Any = {
        "id": campaign.public_id,
        "start_date": None,
        "expiration_date": None,
        **validity_json(campaign),
        "active": campaign.active,
        "object": "campaign",
    }
    if campaign.category is not None:
        result["category_id"] = campaign.category.public_id
    found: TierCampaignJson = result
    return found
