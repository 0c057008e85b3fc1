"""What the engine says about the redeemables of a request, on the wire."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine import operands, pricing
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import ApplicableTo
from campaigns.engine.results import Applied, Evaluation, Match, Result, Skipped
from campaigns.models import PromotionTier
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.serializers.stacking_rules import StackingRulesJson, stacking_json
from customers.models import Customer
from loyalty_project.core.models import new_id
from redemptions.context import Loaded, Request, Row, reference_of
from redemptions.serializers import bundles, reasons
from redemptions.serializers.explanation import ExplanationJson
from redemptions.serializers.order import Heading, OrderJson, heading, priced_json
from redemptions.serializers.session import SessionJson, session_json


class ListJson(TypedDict):
    """The published list inside a redeemable: which products it takes or leaves."""

    data: list[dict[str, Any]]
    total: int
    object: Literal["list"]
    data_ref: Literal["data"]


class RedeemableJson(TypedDict):
    """`result` holds the discount, or the error and details of a no."""

    status: Literal["APPLICABLE", "INAPPLICABLE", "SKIPPED"]
    id: str
    object: Literal["voucher", "promotion_tier"]
    order: NotRequired[OrderJson]
    applicable_to: NotRequired[ListJson]
    inapplicable_to: NotRequired[ListJson]
    result: dict[str, Any]
    metadata: NotRequired[dict[str, Any]]
    categories: NotRequired[list[CategoryJson]]
    campaign_name: NotRequired[str]
    campaign_id: NotRequired[str]
    name: NotRequired[str]
    banner: NotRequired[str]
    explain: NotRequired[ExplanationJson]


class ValidationJson(TypedDict):
    """The answer to POST /v1/validations; nothing of it is stored but what a `session` holds.

    `left_out` has what was found without being named and would have saved less.
    """

    id: str
    valid: bool
    redeemables: list[RedeemableJson]
    skipped_redeemables: NotRequired[list[RedeemableJson]]
    inapplicable_redeemables: NotRequired[list[RedeemableJson]]
    order: NotRequired[OrderJson]
    tracking_id: NotRequired[str]
    session: NotRequired[SessionJson]
    left_out: NotRequired[list[dict[str, Any]]]
    stacking_rules: StackingRulesJson


def validation_json(
    request: Request, loaded: Loaded, evaluation: Evaluation, *, tracking_id: str | None
) -> ValidationJson:
    """In a valid answer what was skipped or refused stands in lists of its own, if there is any."""
    head = order_heading(loaded)
    body: ValidationJson = {
        "id": new_id("valid_"),
        "valid": evaluation.valid,
        "redeemables": [],
        "tracking_id": tracking_id or "track_" + secrets.token_urlsafe(24),
        "stacking_rules": stacking_json(loaded.context.stacking),
    }
    shown = evaluation.applied if evaluation.valid else evaluation.results
    body["redeemables"] = [redeemable_json(result, request, loaded, head) for result in shown]
    if not evaluation.valid:
        return body
    if request.session is not None:
        body["session"] = session_json(request.session)
    if evaluation.skipped:
        body["skipped_redeemables"] = listed(evaluation.skipped, request, loaded)
    if evaluation.inapplicable:
        body["inapplicable_redeemables"] = listed(evaluation.inapplicable, request, loaded)
    if evaluation.order is not None:
        body["order"] = priced_json(evaluation.order, head)
    return body


def listed(results: Sequence[Result], request: Request, loaded: Loaded) -> list[RedeemableJson]:
    """Results without the order, which only applied ones have."""
    return [redeemable_json(result, request, loaded, Heading()) for result in results]


def redeemable_json(
    result: Result, request: Request, loaded: Loaded, head: Heading
) -> RedeemableJson:
    redeemable, expand = result.redeemable, request.expand
    body: dict[str, Any] = {
        "status": _status(result),
        "id": reference_of(redeemable),
        "object": redeemable.kind.value,
        "result": {},
    }
    if isinstance(result, Applied):
        if "order" in expand and result.order is not None:
            body["order"] = priced_json(result.order, head)
        body["applicable_to"] = matches_json(result.applicable_to)
        body["inapplicable_to"] = matches_json(result.inapplicable_to)
        body["result"] = _gain(result, loaded.row_of(redeemable))
    elif isinstance(result, Skipped):
        body["result"] = reasons.skipped_json(result.reason)
    else:
        body["result"] = {**reasons.inapplicable_json(redeemable, result.reason)}
        if result.bundle is not None:
            lines = priced.lines if (priced := _begun(loaded)) is not None else ()
            body["result"]["bundle"] = bundles.bundle_json(result.bundle, lines)
    row = loaded.row_of(redeemable)
    if row is not None:
        body |= _expanded(row, expand)
    return cast(RedeemableJson, body)


def order_heading(loaded: Loaded) -> Heading:
    """Of the order in a validation: the stored one's, or the customer's alone."""
    if loaded.order is not None:
        return heading(loaded.order)
    return Heading(customer_id=_id_of(loaded.customer))


def discount_json(applied: Applied, discount: Mapping[str, Any]) -> dict[str, Any]:
    """The discount as it was promised, with the effect that was used."""
    is_dynamic = operands.has_formula(applied.redeemable)
    effect = applied.effect or discount.get("effect")
    return {**discount, "effect": effect, "is_dynamic": is_dynamic}


def _gain(applied: Applied, row: Row | None) -> dict[str, Any]:
    promised = row.definition.data.get("discount") if row is not None else None
    body: dict[str, Any] = {}
    card = applied.redeemable.discount
    if isinstance(card, CreditDiscount):
        paid = card.amount if applied.order is None else applied.credits
        body["gift"] = {"credits": paid, "balance": card.balance}
    if promised is not None:
        body["discount"] = discount_json(applied, promised)
    if applied.bundle is not None:
        lines = applied.order.lines if applied.order is not None else ()
        body["bundle"] = bundles.bundle_json(applied.bundle, lines)
    return body


def _begun(loaded: Loaded) -> PricedOrder | None:
    order = loaded.context.order
    return None if order is None else pricing.begin(order)


def _status(result: Result) -> str:
    if isinstance(result, Applied):
        return "APPLICABLE"
    return "SKIPPED" if isinstance(result, Skipped) else "INAPPLICABLE"


def _expanded(row: Row, expand: frozenset[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "redeemable" in expand:
        body["metadata"] = row.metadata
        if isinstance(row, PromotionTier):
            body |= {"name": row.name, "banner": row.banner} if row.banner else {"name": row.name}
        if row.campaign is not None:
            body["campaign_name"] = row.campaign.name
            body["campaign_id"] = row.campaign.public_id
    if "category" in expand:
        category = row.category or (row.campaign.category if row.campaign else None)
        body["categories"] = [] if category is None else [category_json(category)]
    return body


def matches_json(matches: Sequence[Match]) -> ListJson:
    data = [_match(match) for match in matches]
    return {"data": data, "total": len(data), "object": "list", "data_ref": "data"}


def _match(match: Match) -> dict[str, Any]:
    body = _entry(match.entry) | {"order_item_indices": list(match.order_item_indices)}
    if match.order_item_units:
        body["order_item_units"] = [
            {
                "index": units.index,
                "units": list(units.units),
                "units_limit_exceeded": units.units_limit_exceeded,
            }
            for units in match.order_item_units
        ]
    return body


def _entry(entry: ApplicableTo) -> dict[str, Any]:
    named = {
        "object": entry.object,
        "id": entry.id,
        "source_id": entry.source_id,
        "product_id": entry.product_id,
        "product_source_id": entry.product_source_id,
        "price": entry.price,
        "quantity_limit": entry.quantity_limit,
        "aggregated_quantity_limit": entry.aggregated_quantity_limit,
        "amount_limit": entry.amount_limit,
        "aggregated_amount_limit": entry.aggregated_amount_limit,
        "effect": entry.effect.value,
        "target": entry.target.value,
        "repeat": entry.repeat,
        "skip_initially": entry.skip_initially,
        "strict": entry.strict,
    }
    return {name: value for name, value in named.items() if value is not None}


def _id_of(customer: Customer | None) -> str | None:
    return customer.public_id if customer is not None else None
