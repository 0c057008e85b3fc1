"""Promotion tiers with what their redemptions come to, and the older answers about them."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine.pricing import PricedOrder
from campaigns.engine.results import Applied, Inapplicable, Result
from campaigns.models import PromotionTier
from campaigns.serializers.limit import own_limits_json
from campaigns.serializers.promotion import (
    TierCampaignJson,
    TierJson,
    TierSummaryJson,
    tier_campaign_json,
    tier_json,
)
from loyalty_project.core import wire
from redemptions.context import Loaded, Request
from redemptions.context.offered import Offers
from redemptions.models import Redemption
from redemptions.serializers import explanation, reasons
from redemptions.serializers.explanation import ExplanationJson
from redemptions.serializers.legacy import NOTHING, tracked
from redemptions.serializers.order import OrderJson, priced_json
from redemptions.serializers.reasons import ErrorJson
from redemptions.serializers.redemption import RedemptionJson, redemption_json
from redemptions.serializers.session import SessionJson, session_json
from redemptions.serializers.validation import (
    ListJson,
    discount_json,
    matches_json,
    order_heading,
)
from redemptions.usage import Session


class TierValidationJson(TypedDict):
    """What one tier gives by itself, or `reason` and `error` why it gives nothing."""

    valid: bool
    applicable_to: NotRequired[ListJson]
    inapplicable_to: NotRequired[ListJson]
    reason: NotRequired[str]
    error: NotRequired[ErrorJson]
    tracking_id: str
    order: NotRequired[OrderJson]
    id: str
    name: str
    banner: NotRequired[str]
    discount: dict[str, Any]
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    campaign: TierCampaignJson
    hierarchy: int
    discount_amount: NotRequired[int]
    applied_discount_amount: NotRequired[int]
    metadata: dict[str, Any]
    session: NotRequired[SessionJson]
    explain: NotRequired[ExplanationJson]
    object: Literal["promotion_tier"]


class PromotionsValidationJson(TypedDict):
    """The promotion tiers that apply, each by itself, in the sequence of their hierarchy."""

    valid: bool
    promotions: list[TierValidationJson]
    tracking_id: str


def used_tier_json(tier: PromotionTier) -> TierJson:
    """Of a tier that `queries.with_summary` read; of any other, as of one that was never used."""
    return tier_json(tier, summary=summary_json(vars(tier).get("uses") or {}))


def limited_tier_json(tier: PromotionTier) -> TierJson:
    """The same with its own limits and what is used of them."""
    return {**used_tier_json(tier), "limits": own_limits_json(tier)}


def summary_json(uses: dict[str, Any]) -> TierSummaryJson:
    """From the sums of `queries.with_summary`."""
    return {
        "redemptions": {"total_redeemed": uses.get("redeemed") or 0},
        "orders": {
            "total_amount": uses.get("amount") or 0,
            "total_discount_amount": uses.get("discount") or 0,
        },
    }


def tier_validation_json(
    result: Result,
    order: PricedOrder | None,
    loaded: Loaded,
    *,
    tracking_id: str | None,
    why: Mapping[str, ExplanationJson],
    session: Session | None = None,
) -> TierValidationJson:
    """`order` is the one after the tier, None where it is not given; `why` is by id of the tier.

    The `session` is that for which it is held, if it is valid.
    """
    tier = cast(PromotionTier, loaded.tier_of(result.redeemable))
    dates = {"start_date": tier.starts_at, "expiration_date": tier.expires_at}
    body: dict[str, Any] = {
        "valid": isinstance(result, Applied),
        "tracking_id": tracked(tracking_id),
        "id": tier.public_id,
        "name": tier.name,
        **({"banner": tier.banner} if tier.banner else {}),
        "discount": tier.definition.data["discount"],
        **{name: wire.instant(date) for name, date in dates.items() if date is not None},
        "campaign": tier_campaign_json(tier.campaign),
        "hierarchy": tier.hierarchy,
        "metadata": tier.metadata,
        "object": "promotion_tier",
        **({"explain": why[result.redeemable.id]} if why else {}),
    }
    if not isinstance(result, Applied):
        reason = result.reason if isinstance(result, Inapplicable) else NOTHING
        error = reasons.error_json(result.redeemable, reason)
        return cast(TierValidationJson, {**body, "reason": error["message"], "error": error})
    if session is not None:
        body["session"] = session_json(session)
    body["applicable_to"] = matches_json(result.applicable_to)
    body["inapplicable_to"] = matches_json(result.inapplicable_to)
    body["discount"] = discount_json(result, tier.definition.data["discount"])
    if order is not None:
        body["order"] = priced_json(order, order_heading(loaded))
        body["discount_amount"] = order.total_discount_amount
        body["applied_discount_amount"] = order.total_applied_discount_amount
    return cast(TierValidationJson, body)


def promotions_validation_json(found: Offers) -> PromotionsValidationJson:
    tracking_id = tracked(found.tracking_id)
    promotions = [
        tier_validation_json(
            offer.qualified.evaluation.applied[0],
            offer.qualified.evaluation.order,
            found.loaded,
            tracking_id=tracking_id,
            why=why,
        )
        for offer, why in zip(found.offers, _explained(found), strict=True)
    ]
    promotions.sort(key=lambda promotion: promotion["hierarchy"])
    return {"valid": bool(promotions), "promotions": promotions, "tracking_id": tracking_id}


def _explained(found: Offers) -> list[Mapping[str, ExplanationJson]]:
    """Why each offer applies, where the request asks for it."""
    request, context = found.request, found.loaded.context
    if not request.explain:
        return [{} for _ in found.offers]
    evaluations = [offer.qualified.evaluation for offer in found.offers]
    asked = [evaluation.applied[0].redeemable for evaluation in evaluations]
    words = explanation.words_of(request, context, asked)
    return [explanation.offered(request, context, each, words) for each in evaluations]


def tier_redemption_json(
    request: Request, loaded: Loaded, redemption: Redemption, tier: PromotionTier
) -> RedemptionJson:
    """The redemption of a single tier, which is shown whole."""
    (redeemable,) = loaded.context.redeemables
    body = {**redemption_json(redemption), "promotion_tier": used_tier_json(tier)}
    return cast(RedemptionJson, {**body, **explanation.member(redeemable, request, loaded)})
