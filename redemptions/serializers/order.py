"""An order on the wire, before, between and after discounts. Discounts of zero are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict, cast

from campaigns.engine import pricing
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.models import PromotionTier, Voucher
from customers.models import Customer
from loyalty_project.core import wire
from redemptions import snapshots
from redemptions.models import Order


class OrderPersonJson(TypedDict):
    """The customer or referrer of an order: who it is and nothing more."""

    id: str
    object: Literal["customer"]


class OrderItemJson(TypedDict):
    """Amounts in minor units. `applied_*` is the part of the step that is shown."""

    object: Literal["order_item"]
    id: NotRequired[str]
    source_id: NotRequired[str]
    related_object: NotRequired[str]
    product_id: NotRequired[str]
    sku_id: NotRequired[str]
    quantity: int
    discount_quantity: NotRequired[int]
    initial_quantity: NotRequired[int]
    amount: NotRequired[int]
    discount_amount: NotRequired[int]
    initial_amount: NotRequired[int]
    applied_discount_amount: NotRequired[int]
    applied_discount_quantity: NotRequired[int]
    applied_quantity: NotRequired[int]
    applied_quantity_amount: NotRequired[int]
    price: NotRequired[int]
    subtotal_amount: NotRequired[int]
    product: NotRequired[dict[str, Any]]
    sku: NotRequired[dict[str, Any]]
    metadata: NotRequired[dict[str, Any]]


class OrderRedemptionJson(TypedDict):
    """One entry of the `redemptions` map of an order, under the id of the redemption."""

    date: str
    rollback_id: NotRequired[str]
    rollback_date: NotRequired[str]
    related_object_type: str
    related_object_id: str
    related_object_parent_id: NotRequired[str]
    stacked: NotRequired[list[str]]
    rollback_stacked: NotRequired[list[str]]


class OrderJson(TypedDict):
    """An order; id, dates and status are there once it is stored. Amounts in minor units.

    Where gift cards paid, `credits_amount` is their part of the discounts, and `tax_base` what tax
    is due on: the amount less real discounts.
    """

    id: NotRequired[str]
    source_id: NotRequired[str | None]
    created_at: NotRequired[str]
    updated_at: NotRequired[str | None]
    status: NotRequired[str]
    amount: NotRequired[int]
    initial_amount: NotRequired[int]
    discount_amount: NotRequired[int]
    items_discount_amount: NotRequired[int]
    total_discount_amount: NotRequired[int]
    total_amount: NotRequired[int]
    applied_discount_amount: NotRequired[int]
    items_applied_discount_amount: NotRequired[int]
    total_applied_discount_amount: NotRequired[int]
    credits_amount: NotRequired[int]
    tax_base: NotRequired[int]
    items: NotRequired[list[OrderItemJson]]
    metadata: NotRequired[dict[str, Any]]
    customer: NotRequired[OrderPersonJson]
    customer_id: str | None
    referrer: NotRequired[OrderPersonJson]
    referrer_id: str | None
    object: Literal["order"]
    redemptions: NotRequired[dict[str, OrderRedemptionJson]]


@dataclass(frozen=True, slots=True)
class Heading:
    """What an order carries beside its amounts; without an id it is not stored."""

    id: str | None = None
    source_id: str | None = None
    status: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    customer_id: str | None = None
    referrer_id: str | None = None
    redemptions: Mapping[str, OrderRedemptionJson] = field(default_factory=dict)


def heading(
    order: Order, *, redemptions: Mapping[str, OrderRedemptionJson] | None = None
) -> Heading:
    """Of a stored order. Its redemptions are those read with it, unless they are given."""
    return Heading(
        id=order.public_id,
        source_id=order.source_id,
        status=order.status,
        created_at=order.created_at,
        updated_at=order.updated_at,
        customer_id=_public_id(order.customer),
        referrer_id=_public_id(order.referrer),
        redemptions=redemptions_map(order) if redemptions is None else redemptions,
    )


def order_json(order: Order) -> OrderJson:
    """An order of `queries.orders()`, as /v1/orders shows it: without metadata if there is none."""
    priced = pricing.begin(snapshots.stored_order(order, list(order.items.all())))
    body = priced_json(priced, heading(order))
    if not order.metadata:
        del body["metadata"]
    return body


def redemptions_map(order: Order) -> dict[str, OrderRedemptionJson]:
    """The succeeded redemptions of an order that was read with them, by id, oldest first."""
    found = {}
    for redemption in getattr(order, "uses", ()):
        entry = redemption_entry(
            public_id=redemption.public_id,
            date=redemption.redeemed_at,
            row=redemption.voucher or redemption.promotion_tier,
            stacked=[child.public_id for child in redemption.children.all()],
        )
        for rollback in redemption.rollbacks.all():
            entry["rollback_id"] = rollback.public_id
            entry["rollback_date"] = wire.instant(rollback.rolled_back_at)
            if entry.get("stacked"):
                entry["rollback_stacked"] = [child.public_id for child in rollback.children.all()]
        found[redemption.public_id] = entry
    return found


def redemption_entry(
    *,
    public_id: str,
    date: datetime,
    row: Voucher | PromotionTier | None,
    stacked: Sequence[str] = (),
) -> OrderRedemptionJson:
    """What an order says of one of its redemptions: of a code, a tier, or several together."""
    body: OrderRedemptionJson = {
        "date": wire.instant(date),
        "related_object_type": related_type(row),
        "related_object_id": row.public_id if row is not None else public_id,
    }
    if row is not None and row.campaign is not None:
        body["related_object_parent_id"] = row.campaign.public_id
    if stacked:
        body["stacked"] = list(stacked)
    return body


def related_type(row: Voucher | PromotionTier | None) -> str:
    """The published name of what a redemption used, "redemption" for several together."""
    if row is None:
        return "redemption"
    return "voucher" if isinstance(row, Voucher) else "promotion_tier"


def priced_json(priced: PricedOrder, head: Heading) -> OrderJson:
    """The order as the engine left it, with what was taken off in all and in this step."""
    body: dict[str, Any] = {}
    if head.id is not None:
        body = {
            "id": head.id,
            "source_id": head.source_id,
            "created_at": wire.instant(head.created_at),
            "updated_at": wire.instant(head.updated_at),
            "status": head.status,
        }
    body |= _amounts(priced)
    if priced.lines:
        body["items"] = [item_json(line) for line in priced.lines]
    body["metadata"] = dict(priced.order.metadata)
    for name, public_id in (("customer", head.customer_id), ("referrer", head.referrer_id)):
        if public_id is not None:
            body[name] = {"id": public_id, "object": "customer"}
    body |= {"customer_id": head.customer_id, "referrer_id": head.referrer_id, "object": "order"}
    if head.redemptions:
        body["redemptions"] = dict(head.redemptions)
    return cast(OrderJson, body)


def item_json(priced: PricedLine) -> OrderItemJson:
    """A line; one without a price has no amounts."""
    line = priced.line
    units_changed = priced.initial_quantity is not None
    body: dict[str, Any] = {
        "object": "order_item",
        "id": line.id,
        "source_id": line.source_id,
        "related_object": line.related_object,
        "product_id": line.product_id,
        "sku_id": line.sku_id,
        "quantity": priced.quantity,
        "discount_quantity": priced.discount_quantity or None,
        "initial_quantity": priced.initial_quantity,
        "amount": priced.amount,
        "discount_amount": priced.discount_amount or None,
        "initial_amount": priced.initial_amount if units_changed else None,
        "applied_discount_amount": priced.applied_discount_amount or None,
        "applied_discount_quantity": priced.applied_discount_quantity or None,
        "applied_quantity": priced.applied_quantity or None,
        "applied_quantity_amount": priced.applied_quantity_amount or None,
        "price": priced.price,
        "subtotal_amount": priced.subtotal_amount,
        "product": snapshots.product_json(line.product),
        "sku": snapshots.sku_json(line.sku),
        "metadata": dict(line.metadata) or None,
    }
    present = {name: value for name, value in body.items() if value is not None}
    return cast(OrderItemJson, present)


def _amounts(priced: PricedOrder) -> dict[str, int]:
    if priced.order.amount is None and all(line.amount is None for line in priced.lines):
        return {}
    always = {"amount": priced.amount, "total_amount": priced.total_amount}
    if priced.initial_amount != priced.amount:
        always["initial_amount"] = priced.initial_amount
    discounts = {
        "discount_amount": priced.discount_amount,
        "items_discount_amount": priced.items_discount_amount,
        "total_discount_amount": priced.total_discount_amount,
        "applied_discount_amount": priced.applied_discount_amount,
        "items_applied_discount_amount": priced.items_applied_discount_amount,
        "total_applied_discount_amount": priced.total_applied_discount_amount,
    }
    if priced.credits_amount:
        always |= {"credits_amount": priced.credits_amount, "tax_base": priced.tax_base}
    return always | {name: value for name, value in discounts.items() if value}


def _public_id(person: Customer | None) -> str | None:
    return person.public_id if person is not None else None
