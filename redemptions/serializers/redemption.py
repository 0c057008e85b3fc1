"""Redemptions and rollbacks on the wire."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine.results import Applied, Evaluation
from campaigns.models import Voucher
from campaigns.serializers.promotion import TierJson
from campaigns.serializers.voucher import VoucherJson
from customers.serializers.customer import SlimCustomerJson, slim_json
from loyalty_project.core import wire
from redemptions.context import Loaded, Request
from redemptions.models import Redemption, RedemptionRollback, Result
from redemptions.serializers import explanation, redeemed
from redemptions.serializers.explanation import ExplanationJson
from redemptions.serializers.order import OrderJson, related_type
from redemptions.serializers.redeemed import RedeemedTierJson, RedeemedVoucherJson
from redemptions.serializers.session import SessionJson, named_json
from redemptions.serializers.validation import RedeemableJson, listed


class ChannelJson(TypedDict):
    channel_id: str
    channel_type: str


class RelatedJson(TypedDict):
    id: str
    date: str


class RelatedRedemptionsJson(TypedDict):
    """The redemptions of a stack under their parent, and what took a redemption back."""

    redemptions: NotRequired[list[RelatedJson]]
    rollbacks: NotRequired[list[RelatedJson]]


class PaidJson(TypedDict):
    """What a gift card paid, below zero for what it got back. Minor units."""

    amount: int


class RedemptionJson(TypedDict):
    """`redemption` is the parent of one that was part of a stack."""

    id: str
    object: Literal["redemption"]
    date: str
    customer_id: str | None
    tracking_id: str | None
    metadata: dict[str, Any]
    amount: NotRequired[int]
    gift: NotRequired[PaidJson]
    redemption: str | None
    result: str
    status: str
    session: NotRequired[SessionJson]
    related_redemptions: NotRequired[RelatedRedemptionsJson]
    failure_code: NotRequired[str]
    failure_message: NotRequired[str]
    order: NotRequired[OrderJson | None]
    channel: ChannelJson
    customer: SlimCustomerJson | None
    related_object_type: str
    related_object_id: str
    voucher: VoucherJson | RedeemedVoucherJson | None
    promotion_tier: NotRequired[RedeemedTierJson | TierJson]
    explain: NotRequired[ExplanationJson]


class RollbackJson(TypedDict):
    """`redemption` is what was taken back."""

    id: str
    object: Literal["redemption_rollback"]
    date: str
    customer_id: str | None
    tracking_id: str | None
    metadata: dict[str, Any]
    amount: NotRequired[int]
    gift: NotRequired[PaidJson]
    redemption: str
    reason: NotRequired[str]
    result: str
    status: str
    failure_code: NotRequired[str]
    failure_message: NotRequired[str]
    order: NotRequired[OrderJson | None]
    channel: ChannelJson
    customer: SlimCustomerJson | None
    related_object_type: str
    related_object_id: str
    voucher: VoucherJson | RedeemedVoucherJson | None
    promotion_tier: NotRequired[RedeemedTierJson]


class RedemptionsJson(TypedDict):
    """The answer to POST /v1/redemptions; the parent is there when more than one was applied."""

    redemptions: list[RedemptionJson]
    parent_redemption: NotRequired[RedemptionJson]
    order: NotRequired[OrderJson]
    inapplicable_redeemables: list[RedeemableJson]
    skipped_redeemables: list[RedeemableJson]


class RollbacksJson(TypedDict):
    """The answer to POST /v1/redemptions/{id}/rollbacks."""

    rollbacks: list[RollbackJson]
    parent_rollback: NotRequired[RollbackJson]
    order: NotRequired[OrderJson | None]


def redemption_json(
    redemption: Redemption,
    *,
    voucher: Voucher | None = None,
    children: Sequence[Redemption] = (),
    rollbacks: Sequence[RedemptionRollback] = (),
) -> RedemptionJson:
    """`voucher` shows the code whole; without it, it is shown as in lists."""
    body: RedemptionJson = {
        "id": redemption.public_id,
        "object": "redemption",
        "date": wire.instant(redemption.redeemed_at),
        "customer_id": redemption.customer.public_id if redemption.customer else None,
        "tracking_id": redemption.tracking_id or None,
        "metadata": redemption.metadata,
        "result": redemption.result,
        "status": redemption.status,
        "redemption": redemption.parent.public_id if redemption.parent else None,
        "order": redemption.order_json,
        "channel": _channel(redemption),
        "customer": slim_json(redemption.customer) if redemption.customer else None,
        "related_object_type": _related_type(redemption),
        "related_object_id": _related_id(redemption),
        "voucher": redeemed.voucher_of(redemption, voucher),
    }
    if redemption.result == Result.FAILURE:
        body["failure_code"] = redemption.failure_code
        body["failure_message"] = redemption.failure_message
    if redemption.promotion_tier is not None:
        body["promotion_tier"] = redeemed.tier_json(redemption.promotion_tier)
    if redemption.credits_amount is not None:
        body |= _paid(redemption.credits_amount)
    if redemption.session_key:
        body["session"] = named_json(redemption.session_key)
    related = _related(children, rollbacks)
    if related:
        body["related_redemptions"] = related
    return body


def rollback_json(rollback: RedemptionRollback, *, voucher: Voucher | None = None) -> RollbackJson:
    """As `redemption_json`, of the undoing."""
    redemption = rollback.redemption
    body: RollbackJson = {
        "id": rollback.public_id,
        "object": "redemption_rollback",
        "date": wire.instant(rollback.rolled_back_at),
        "customer_id": rollback.customer.public_id if rollback.customer else None,
        "tracking_id": rollback.tracking_id or None,
        "metadata": rollback.metadata,
        "redemption": redemption.public_id,
        "result": rollback.result,
        "status": rollback.status,
        "order": rollback.order_json,
        "channel": _channel(rollback),
        "customer": slim_json(rollback.customer) if rollback.customer else None,
        "related_object_type": _related_type(redemption),
        "related_object_id": _related_id(redemption),
        "voucher": redeemed.voucher_of(redemption, voucher),
    }
    if redemption.promotion_tier is not None:
        body["promotion_tier"] = redeemed.tier_json(redemption.promotion_tier)
    if redemption.credits_amount is not None and rollback.result == Result.SUCCESS:
        body |= _paid(redemption.returned_credits - redemption.credits_amount)
    if rollback.reason:
        body["reason"] = rollback.reason
    if rollback.result == Result.FAILURE:
        body["failure_code"] = rollback.failure_code
        body["failure_message"] = rollback.failure_message
    return body


def _paid(amount: int) -> Any:
    return {"amount": amount, "gift": {"amount": amount}}


def _channel(record: Redemption | RedemptionRollback) -> ChannelJson:
    return {"channel_id": record.channel_id, "channel_type": record.channel_type}


def _related_type(redemption: Redemption) -> str:
    return related_type(redemption.voucher or redemption.promotion_tier)


def _related_id(redemption: Redemption) -> str:
    row = redemption.voucher or redemption.promotion_tier
    return row.public_id if row is not None else redemption.public_id


def _related(
    children: Sequence[Redemption], rollbacks: Sequence[RedemptionRollback]
) -> RelatedRedemptionsJson:
    body: RelatedRedemptionsJson = {}
    if children:
        body["redemptions"] = [
            {"id": child.public_id, "date": wire.instant(child.redeemed_at)} for child in children
        ]
    if rollbacks:
        body["rollbacks"] = [
            {"id": rollback.public_id, "date": wire.instant(rollback.rolled_back_at)}
            for rollback in rollbacks
        ]
    return body


class EntriesJson(TypedDict):
    """The redemptions and rollbacks of one code; `quantity` null is without limit."""

    object: Literal["list"]
    data_ref: Literal["redemption_entries"]
    url: str
    quantity: int | None
    redeemed_quantity: int
    total: int
    redemption_entries: list[RedemptionJson | RollbackJson]


def entry_json(entry: Redemption | RedemptionRollback) -> RedemptionJson | RollbackJson:
    """A redemption or rollback of `queries`, as lists show it."""
    if isinstance(entry, RedemptionRollback):
        return rollback_json(entry)
    return redemption_json(
        entry, children=list(entry.children.all()), rollbacks=list(entry.rollbacks.all())
    )


def redeemed_json(
    request: Request,
    loaded: Loaded,
    evaluation: Evaluation,
    parent: Redemption | None,
    redemptions: Sequence[Redemption],
) -> RedemptionsJson:
    """What was redeemed, and what was not."""
    body: RedemptionsJson = {
        "redemptions": [
            _redeemed(redemption, applied, request, loaded)
            for redemption, applied in zip(redemptions, evaluation.applied, strict=True)
        ],
        "inapplicable_redeemables": listed(evaluation.inapplicable, request, loaded),
        "skipped_redeemables": listed(evaluation.skipped, request, loaded),
    }
    if parent is not None:
        body["parent_redemption"] = redemption_json(parent, children=redemptions)
    body["order"] = final_order(parent or redemptions[0])
    return body


def final_order(redemption: Redemption) -> OrderJson:
    """The order of a fresh redemption, as it is now."""
    return cast(OrderJson, redemption.order_json)


def single_json(
    request: Request, loaded: Loaded, evaluation: Evaluation, redemption: Redemption
) -> RedemptionJson:
    """The only redemption of a request, with its code whole."""
    redeemable = evaluation.applied[0].redeemable
    body = redemption_json(redemption, voucher=loaded.voucher_of(redeemable))
    return cast(RedemptionJson, {**body, **explanation.member(redeemable, request, loaded)})


def rolled_back_json(
    rollbacks: Sequence[RedemptionRollback], vouchers: Mapping[int, Voucher]
) -> list[RollbackJson]:
    """Fresh rollbacks with their codes whole; `vouchers` by the key of their redemption."""
    return [rollback_json(row, voucher=vouchers.get(row.redemption_id)) for row in rollbacks]


def _redeemed(
    redemption: Redemption, applied: Applied, request: Request, loaded: Loaded
) -> RedemptionJson:
    voucher = loaded.voucher_of(applied.redeemable)
    body = redemption_json(redemption, voucher=voucher)
    if "order" not in request.expand:
        body.pop("order", None)
    return body
