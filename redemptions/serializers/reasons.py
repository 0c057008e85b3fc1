"""Why not: the published key and English message of each reason, and our sentence beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.engine.results import Reason
from loyalty_project.core import context as acting
from redemptions.context import reference_of


class MessageJson(TypedDict):
    message: str


class OwnWordsJson(TypedDict):
    error: NotRequired[MessageJson]


class ErrorJson(OwnWordsJson):
    """The published error object; `explanation` is ours, in the language of the request.

    `held` is ours too: what is left is there, but other sessions hold it.
    """

    code: int
    key: str
    message: str
    details: NotRequired[str]
    request_id: NotRequired[str]
    resource_id: NotRequired[str]
    resource_type: NotRequired[str]
    explanation: NotRequired[str]
    held: NotRequired[bool]


class DetailsJson(TypedDict):
    key: str
    message: str


class InapplicableResultJson(TypedDict):
    error: ErrorJson
    details: DetailsJson


class SkippedResultJson(TypedDict):
    details: DetailsJson


@dataclass(frozen=True, slots=True)
class Wording:
    """`message` and `details` are published text; in `details` the parameters are named."""

    message: str
    explanation: Any
    details: str = "{reference}"
    status: int = 400


REFUSALS: Mapping[str, Wording] = {
    "not_found": Wording(
        "Resource not found",
        _("This code does not exist. Check its spelling."),
        details="Cannot find {kind} with id {reference}",
        status=404,
    ),
    "voucher_disabled": Wording("voucher is disabled", _("This code is switched off.")),
    "campaign_not_active": Wording(
        "campaign is not active", _("The campaign of this code is switched off.")
    ),
    "voucher_not_active": Wording("voucher is not active yet", _("This code does not work yet.")),
    "voucher_expired": Wording("voucher expired", _("This code has expired.")),
    "voucher_not_active_now": Wording(
        "voucher not active now", _("This code does not work on this day or at this hour.")
    ),
    "quantity_exceeded": Wording(
        "quantity exceeded", _("This code has been used as often as it can be.")
    ),
    "gift_amount_exceeded": Wording(
        "gift amount exceeded", _("There is not enough on this gift card.")
    ),
    "missing_order_items_amount": Wording(
        "Order items amount is missing", _("This gift card is for other products.")
    ),
    "promotion_inactive": Wording(
        "Inactive Promotion",
        _("This promotion is switched off."),
        details="Promotion Tier with id: {reference} is disabled.",
    ),
    "promotion_not_active_now": Wording(
        "Promotion not active now", _("This promotion does not run at this time.")
    ),
    "no_applicable_redeemables": Wording(
        "No applicable redeemables", _("None of these codes can be used on this order.")
    ),
    "customer_rules_violated": Wording(
        "customer does not match validation rules", _("This code is not for this customer.")
    ),
    "order_rules_violated": Wording(
        "order does not match validation rules", _("The order does not meet the conditions.")
    ),
    "redemption_rules_violated": Wording(
        "redemption does not match validation rules", _("The conditions of the code are not met.")
    ),
    "gift_out_of_stock": Wording(
        "gift is out of stock", _("The gift is out of stock. Try again when there is more of it.")
    ),
    "missing_customer": Wording(
        "Customer is required to validate rules", _("Say who the customer is.")
    ),
    "missing_order": Wording("Order is required to validate rules", _("Send the order.")),
    "missing_amount": Wording("Amount is required to validate rules", _("Send the amount.")),
    "missing_order_items": Wording(
        "Order items are required to validate rules", _("Send the items of the order.")
    ),
}
# The published keys and messages are the same whether something is gone or held by others.
HELD: Mapping[str, Any] = {
    "quantity_exceeded": _(
        "Other customers are about to use what is left of this code. Try again later."
    ),
    "gift_amount_exceeded": _(
        "What is on this gift card is reserved for another order. Try again later."
    ),
    "redemption_rules_violated": _(
        "Other customers are about to use what is left of this offer. Try again later."
    ),
}
SKIPS: Mapping[str, str] = {
    "applicable_redeemables_limit_exceeded": "Applicable redeemables limit exceeded",
    "applicable_redeemables_per_category_limit_exceeded": (
        "Applicable redeemables limit per category exceeded"
    ),
    "applicable_exclusive_redeemables_limit_exceeded": (
        "Applicable exclusive redeemables limit exceeded"
    ),
    "applicable_exclusive_redeemables_per_category_limit_exceeded": (
        "Applicable exclusive redeemables limit per category exceeded"
    ),
    "exclusion_rules_not_met": "Redeemable cannot be applied due to exclusion rules",
    "preceding_validation_failed": (
        "Redeemable cannot be applied due to preceding validation failure"
    ),
    "no_effect": "Redeemable cannot be applied due to no effect",
}


def wording_of(key: str) -> Wording:
    """How to say a reason; one that nobody has worded yet reads as its key."""
    return REFUSALS.get(key) or Wording(key.replace("_", " "), "")


def held_wording(reason: Reason) -> Wording | None:
    """How to say a reason where something is left and held by other sessions, else None."""
    if not reason.details.get("held") or reason.key not in HELD:
        return None
    return replace(wording_of(reason.key), explanation=HELD[reason.key])


def error_json(redeemable: Redeemable, reason: Reason) -> ErrorJson:
    """The error object of a refused redeemable."""
    held = held_wording(reason)
    wording = held or wording_of(reason.key)
    reference = reference_of(redeemable)
    body: ErrorJson = {
        "code": wording.status,
        "key": reason.key,
        "message": wording.message,
        "details": details(redeemable, reason),
        "request_id": acting.current_request_id(),
        "explanation": str(wording.explanation),
    }
    if held is not None:
        body["held"] = True
    if reason.key == "not_found":
        body["resource_id"], body["resource_type"] = reference, redeemable.kind.value
    return {**body, **own_words(reason)}


def details(redeemable: Redeemable, reason: Reason) -> str:
    is_tier = redeemable.kind == Kind.PROMOTION_TIER
    violated = reason.parameters.get("rules")
    if violated and reason.key.endswith("_rules_violated"):
        code = "Gift Card" if redeemable.pays else "Discount Coupon"
        product = "Promotion Tier" if is_tier else code
        return f"{product} cannot be redeemed because of violated validation rules: {violated}"
    kind = "promotion tier" if is_tier else "voucher"
    return wording_of(reason.key).details.format(kind=kind, reference=reference_of(redeemable))


def own_words(reason: Reason) -> OwnWordsJson:
    """What the marketer wrote for the rule that is violated, as a part of the error."""
    message = reason.details.get("message")
    return {"error": {"message": message}} if message else {}


def inapplicable_json(redeemable: Redeemable, reason: Reason) -> InapplicableResultJson:
    error = error_json(redeemable, reason)
    message = error["error"]["message"] if "error" in error else error["message"]
    return {"error": error, "details": {"key": error["key"], "message": message}}


def skipped_json(reason: Reason) -> SkippedResultJson:
    return {"details": {"key": reason.key, "message": SKIPS.get(reason.key, reason.key)}}
