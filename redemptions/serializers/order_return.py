"""Returns on the wire; an endpoint of ours, in the style of the published ones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine.returns import Returned, Taken
from loyalty_project.core import wire
from redemptions.models import OrderReturn, Redemption
from redemptions.serializers.order import related_type


class ReturnedItemJson(TypedDict):
    """Units of a line, their value, and what of it was a discount on the line."""

    id: str
    source_id: NotRequired[str]
    product_id: NotRequired[str]
    sku_id: NotRequired[str]
    quantity: int
    amount: int
    discount_amount: int


class ReturnShareJson(TypedDict):
    """What of a redemption goes back: a discount to its budgets, credits to the gift card."""

    redemption_id: str
    related_object_type: str
    related_object_id: str
    code: str | None
    discount_amount: int
    credits_amount: int


class ReturnPreviewJson(TypedDict):
    """Amounts in minor units: amount = discount_amount + credits_amount + refund_amount.

    `whole` is true where nothing of the order is left.
    """

    object: Literal["order_return"]
    order_id: str
    items: list[ReturnedItemJson]
    amount: int
    discount_amount: int
    credits_amount: int
    refund_amount: int
    whole: bool
    redemptions: list[ReturnShareJson]


class ReturnJson(ReturnPreviewJson):
    id: str
    reason: str | None
    channel: dict[str, str]
    created_at: str


def return_json(order_return: OrderReturn) -> ReturnJson:
    """A return of `queries.returns.returns()`."""
    shares = order_return.shares.all()
    body: dict[str, Any] = {
        "id": order_return.public_id,
        "object": "order_return",
        "order_id": order_return.order.public_id,
        "items": order_return.items,
        "amount": order_return.amount,
        "discount_amount": order_return.discount_amount,
        "credits_amount": order_return.credits_amount,
        "refund_amount": order_return.refund_amount,
        "whole": order_return.is_whole,
        "redemptions": [_share(share.redemption, share.amount) for share in shares],
        "reason": order_return.reason or None,
        "channel": {
            "channel_id": order_return.channel_id,
            "channel_type": order_return.channel_type,
        },
        "created_at": wire.instant(order_return.returned_at),
    }
    return cast(ReturnJson, body)


def preview_json(
    *,
    order_id: str,
    outcome: Returned,
    items: Sequence[Mapping[str, Any]],
    shares: Iterable[tuple[Redemption, Taken]],
) -> ReturnPreviewJson:
    """What would be returned."""
    body: dict[str, Any] = {
        "object": "order_return",
        "order_id": order_id,
        "items": list(items),
        "amount": outcome.amount,
        "discount_amount": outcome.amount - outcome.refund - outcome.credits,
        "credits_amount": outcome.credits,
        "refund_amount": outcome.refund,
        "whole": outcome.is_whole,
        "redemptions": [_share(row, share.amount) for row, share in shares],
    }
    return cast(ReturnPreviewJson, body)


def _share(redemption: Redemption, amount: int) -> ReturnShareJson:
    row = redemption.voucher or redemption.promotion_tier
    pays = redemption.credits_amount is not None
    return {
        "redemption_id": redemption.public_id,
        "related_object_type": related_type(row),
        "related_object_id": row.public_id if row is not None else redemption.public_id,
        "code": redemption.voucher.code if redemption.voucher is not None else None,
        "discount_amount": 0 if pays else amount,
        "credits_amount": amount if pays else 0,
    }
