"""Answers of the older endpoints, which take one code at a time."""

import secrets
from typing import Any, NotRequired, TypedDict, cast

from campaigns.engine.results import Applied, Evaluation, Inapplicable, Reason
from campaigns.serializers.voucher import GiftJson, gift_json
from loyalty_project.core import wire
from redemptions.context import Loaded, Request, reference_of
from redemptions.serializers import explanation, reasons
from redemptions.serializers.explanation import ExplanationJson
from redemptions.serializers.order import OrderJson, priced_json
from redemptions.serializers.reasons import ErrorJson
from redemptions.serializers.session import SessionJson, session_json
from redemptions.serializers.validation import (
    ListJson,
    discount_json,
    matches_json,
    order_heading,
)


class SingleValidationJson(TypedDict):
    """What one code gives, or `reason` and `error` why it gives nothing."""

    valid: bool
    applicable_to: NotRequired[ListJson]
    inapplicable_to: NotRequired[ListJson]
    reason: NotRequired[str]
    error: NotRequired[ErrorJson]
    tracking_id: str
    order: NotRequired[OrderJson]
    code: str
    discount: NotRequired[dict[str, Any]]
    gift: NotRequired[GiftJson]
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    metadata: dict[str, Any]
    campaign: NotRequired[str]
    campaign_id: NotRequired[str]
    session: NotRequired[SessionJson]
    explain: NotRequired[ExplanationJson]


def single_json(
    request: Request, loaded: Loaded, evaluation: Evaluation, *, tracking_id: str | None
) -> SingleValidationJson:
    """The result for the only redeemable of a request."""
    result = evaluation.results[0]
    voucher = loaded.voucher_of(result.redeemable)
    body: dict[str, Any] = {
        "valid": evaluation.valid,
        "tracking_id": tracked(tracking_id),
        "code": voucher.code if voucher is not None else reference_of(result.redeemable),
        "metadata": voucher.metadata if voucher is not None else {},
        **explanation.member(result.redeemable, request, loaded),
    }
    if not isinstance(result, Applied):
        reason = result.reason if isinstance(result, Inapplicable) else NOTHING
        error = reasons.error_json(result.redeemable, reason)
        return cast(SingleValidationJson, {**body, "reason": error["message"], "error": error})
    body["applicable_to"] = matches_json(result.applicable_to)
    body["inapplicable_to"] = matches_json(result.inapplicable_to)
    if request.session is not None:
        body["session"] = session_json(request.session)
    if evaluation.order is not None:
        body["order"] = priced_json(evaluation.order, order_heading(loaded))
    if voucher is not None:
        gift = gift_json(voucher)
        if gift is None:
            body["discount"] = discount_json(result, voucher.definition.data["discount"])
        else:
            body["gift"] = gift
        dates = {"start_date": voucher.starts_at, "expiration_date": voucher.expires_at}
        body |= {name: wire.instant(date) for name, date in dates.items() if date is not None}
        if voucher.campaign is not None:
            body["campaign"] = voucher.campaign.name
            body["campaign_id"] = voucher.campaign.public_id
    return cast(SingleValidationJson, body)


NOTHING = Reason("no_applicable_redeemables")


def tracked(tracking_id: str | None) -> str:
    """The tracking id, a new one for a stranger."""
    return tracking_id or "track_" + secrets.token_urlsafe(24)
