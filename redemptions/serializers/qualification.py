"""What could be used, on the wire."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns import queries, sentences
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.results import Applied
from campaigns.models import PromotionTier, RuleAssignment, Voucher
from campaigns.queries import rules as rule_queries
from campaigns.sentences import Words
from campaigns.serializers.stacking_rules import StackingRulesJson, stacking_json
from campaigns.serializers.validation_rule import assignment_json
from loyalty_project.core import wire
from redemptions.context import Loaded, Row
from redemptions.context.offered import BestUse, Offer, Offers
from redemptions.serializers import bundles, explanation
from redemptions.serializers.explanation import ExplanationJson
from redemptions.serializers.order import Heading, OrderJson, priced_json
from redemptions.serializers.validation import (
    ListJson,
    order_heading,
    redeemable_json,
)


class OfferJson(TypedDict):
    """Something that could be used; `result` as in a validation.

    `start_date` and `expiration_date` are the narrower ones of it and its campaign, `redeemables`
    the tiers of a stack, `restrictions` what one must know before using it, in plain sentences.
    """

    id: str
    object: Literal["voucher", "promotion_tier", "promotion_stack"]
    created_at: str
    result: dict[str, Any]
    order: NotRequired[OrderJson]
    applicable_to: NotRequired[ListJson]
    inapplicable_to: NotRequired[ListJson]
    metadata: NotRequired[dict[str, Any]]
    categories: NotRequired[list[dict[str, Any]]]
    campaign_name: NotRequired[str]
    campaign_id: NotRequired[str]
    name: NotRequired[str]
    banner: NotRequired[str]
    holder_role: NotRequired[str]
    start_date: NotRequired[str]
    expiration_date: NotRequired[str]
    redeemables: NotRequired[list[dict[str, Any]]]
    restrictions: list[str]
    explain: NotRequired[ExplanationJson]
    validation_rules_assignments: dict[str, Any]


class OffersJson(TypedDict):
    """One page of offers; `more_starting_after` is where the next one begins."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[OfferJson]
    total: int
    has_more: bool
    more_starting_after: NotRequired[str]


class QualificationJson(TypedDict):
    redeemables: OffersJson
    tracking_id: str
    order: NotRequired[OrderJson]
    stacking_rules: StackingRulesJson
    best: NotRequired[dict[str, Any]]


def offers_json(found: Offers) -> QualificationJson:
    """The answer to POST /v1/qualifications."""
    assigned = _assignments([row for offer in found.offers for row in _rows(offer)])
    offered = [one for offer in found.offers for one in offer.candidate.redeemables]
    words = explanation.words_of(found.request, found.loaded.context, offered)
    data = [_offer_json(offer, found, assigned, words) for offer in found.offers]
    page: OffersJson = {
        "object": "list",
        "data_ref": "data",
        "data": data,
        "total": len(data),
        "has_more": found.has_more,
    }
    if found.more_after is not None:
        page["more_starting_after"] = wire.instant(found.more_after)
    return _answer(page, found.loaded, found.tracking_id)


def best_json(found: BestUse) -> QualificationJson:
    """The combination that saves most, in the order of application, with the order after it."""
    head = order_heading(found.loaded)
    evaluation = found.best.evaluation
    words = explanation.words_of(
        found.request, found.loaded.context, found.loaded.context.redeemables
    )
    why = explanation.offered(found.request, found.loaded.context, evaluation, words)
    data = []
    for result in evaluation.applied:
        row = cast(Row, found.loaded.row_of(result.redeemable))
        one: dict[str, Any] = dict(redeemable_json(result, found.request, found.loaded, head))
        one.pop("status")
        one["created_at"] = wire.instant(row.created_at)
        if result.redeemable.id in why:
            one["explain"] = why[result.redeemable.id]
        data.append(cast(OfferJson, one))
    page: OffersJson = {
        "object": "list",
        "data_ref": "data",
        "data": data,
        "total": len(data),
        "has_more": False,
    }
    body = _answer(page, found.loaded, found.tracking_id)
    body["best"] = {"saving": found.best.saving}
    if evaluation.order is not None:
        body["order"] = priced_json(evaluation.order, head)
    return body


def _answer(page: OffersJson, loaded: Loaded, tracking_id: str | None) -> QualificationJson:
    return {
        "redeemables": page,
        "tracking_id": tracking_id or "track_" + secrets.token_urlsafe(24),
        "stacking_rules": stacking_json(loaded.context.stacking),
    }


def _offer_json(
    offer: Offer, found: Offers, assigned: Mapping[Row, Any], words: Words
) -> OfferJson:
    candidate, qualified = offer.candidate, offer.qualified
    results = qualified.evaluation.applied
    body: dict[str, Any] = {
        "id": candidate.id,
        "object": candidate.kind,
        "created_at": wire.instant(candidate.created_at),
        "result": {},
    }
    head = order_heading(found.loaded)
    why = explanation.offered(found.request, found.loaded.context, qualified.evaluation, words)
    if candidate.stack is None:
        of_one = dict(redeemable_json(results[0], found.request, found.loaded, head))
        body = {**of_one, **body, "result": dict(cast(Any, of_one["result"]))}
        body.pop("status")
        card = results[0].redeemable.discount
        if found.request.session is not None and isinstance(card, CreditDiscount):
            body["result"]["gift"] = {**body["result"]["gift"], "locked_credits": card.held}
        body |= _shown(cast(Row, found.loaded.row_of(results[0].redeemable)), found)
        if why:
            body["explain"] = why[results[0].redeemable.id]
    else:
        body |= {"name": candidate.stack.name, "campaign_id": candidate.stack.campaign.public_id}
        body["campaign_name"] = candidate.stack.campaign.name
        body["redeemables"] = [_of_stack(result, found, head, why) for result in results]
        if qualified.evaluation.order is not None:
            body["order"] = priced_json(qualified.evaluation.order, head)
    if qualified.bundle is not None:
        lines = _lines(results)
        body["result"]["bundle"] = bundles.bundle_json(qualified.bundle, lines)
    said = [
        sentence
        for one in candidate.redeemables
        for sentence in sentences.restrictions_of(
            one, words, stacking=found.loaded.context.stacking
        )
    ]
    body["restrictions"] = list(dict.fromkeys(said))
    rows = [one for row in _rows(offer) for one in assigned.get(row, ())]
    body["validation_rules_assignments"] = _assignments_json(rows, qualified.omitted)
    return cast(OfferJson, body)


def _of_stack(
    result: Applied, found: Offers, head: Heading, why: Mapping[str, ExplanationJson]
) -> dict[str, Any]:
    """One tier of a stack, with the order after its step."""
    row = cast(Row, found.loaded.row_of(result.redeemable))
    body = dict(redeemable_json(result, found.request, found.loaded, head))
    body.pop("status")
    explained = {"explain": why[result.redeemable.id]} if why else {}
    shown = {**_shown(row, found), "created_at": wire.instant(row.created_at)}
    return {**body, **shown, **explained}


def _shown(row: Row, found: Offers) -> dict[str, Any]:
    """What a shop shows with an offer: when it runs, and that it is the customer's own."""
    body: dict[str, Any] = {}
    rows = [row] if row.campaign is None else [row, row.campaign]
    starts = max((each.starts_at for each in rows if each.starts_at), default=None)
    ending = rows[:1] if isinstance(row, Voucher) and queries.has_own_end(row) else rows
    ends = min((each.expires_at for each in ending if each.expires_at), default=None)
    if starts is not None:
        body["start_date"] = wire.instant(starts)
    if ends is not None:
        body["expiration_date"] = wire.instant(ends)
    if isinstance(row, PromotionTier):
        body |= {"name": row.name, "banner": row.banner} if row.banner else {"name": row.name}
    customer = found.loaded.customer
    if isinstance(row, Voucher) and row.holder_id is not None and customer is not None:
        body["holder_role"] = "OWNER"
    return body


def _rows(offer: Offer) -> list[Row]:
    return list(offer.candidate.rows.values())


def _lines(results: Sequence[Applied]) -> Any:
    order = results[0].order if results else None
    return order.lines if order is not None else ()


def _assignments(rows: Iterable[Row]) -> Mapping[Row, list[RuleAssignment]]:
    """Of the rows and of their campaigns, in one query."""
    found: dict[Row, list[RuleAssignment]] = defaultdict(list)
    rows = list(rows)
    if not rows:
        return found
    assignments = rule_queries.assigned_to(
        campaigns={row.campaign.pk for row in rows if row.campaign is not None},
        vouchers=[row.pk for row in rows if isinstance(row, Voucher)],
        tiers=[row.pk for row in rows if isinstance(row, PromotionTier)],
    )
    for assignment in assignments:
        for row in rows:
            is_code = isinstance(row, Voucher)
            own = assignment.voucher_id if is_code else assignment.promotion_tier_id
            shared = row.campaign is not None and row.campaign.pk == assignment.campaign_id
            if own == row.pk or shared:
                found[row].append(assignment)
    return found


def _assignments_json(
    assignments: Sequence[RuleAssignment], omitted: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """With what the scenario did not ask about, as published."""
    data: list[dict[str, Any]] = []
    for assignment in assignments:
        numbers = [number for rule, number in omitted if rule == assignment.rule.public_id]
        data.append(
            {
                **assignment_json(assignment),
                "validation_status": "PARTIALLY_VALID" if numbers else "VALID",
                "validation_omitted_rules": numbers,
            }
        )
    return {"object": "list", "data_ref": "data", "data": data, "total": len(data)}
