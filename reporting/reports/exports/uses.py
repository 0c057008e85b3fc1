"""Exports of redemptions and orders."""

from django.db.models import F, QuerySet

from loyalty_project.core.api import filters, metadata_filters
from redemptions import queries
from redemptions.api.entries import REDEMPTIONS as LISTED
from redemptions.models import Order, OrderStatus
from redemptions.serializers.order import order_json
from redemptions.serializers.redemption import redemption_json
from reporting.reports.exports.kinds import Kind

REDEMPTIONS = Kind(
    rows=queries.redemptions,
    to_json=redemption_json,
    columns={
        "id": "id",
        "object": "object",
        "date": "date",
        "voucher_code": lambda row, _body: row.voucher.code if row.voucher else row.code,
        "campaign": lambda row, _body: row.campaign.name if row.campaign else None,
        "promotion_tier_id": "promotion_tier/id",
        "customer_id": "customer_id",
        "customer_source_id": "customer/source_id",
        "customer_name": "customer/name",
        "tracking_id": "tracking_id",
        "order_id": "order/id",
        "order_amount": "order/amount",
        "gift_amount": "gift/amount",
        "loyalty_points": lambda _row, _body: None,
        "result": "result",
        "failure_code": "failure_code",
        "failure_message": "failure_message",
    },
    default=("id", "object", "voucher_code", "customer_id", "date", "result"),
    order={
        "created_at": "redeemed_at",
        "id": "public_id",
        "voucher_code": "voucher__code_key",
        "tracking_id": "tracking_id",
        "customer_id": "customer__public_id",
    },
    filters={**LISTED.filters, "created_at": filters.Date("redeemed_at")},
    amounts=frozenset({"order_amount", "gift_amount"}),
)


def _orders() -> QuerySet[Order]:
    off = F("discount_amount") + F("items_discount_amount")
    return queries.orders().annotate(off_in_all=off)


ORDERS = Kind(
    rows=_orders,
    to_json=order_json,
    columns={
        name: name
        for name in (
            "id",
            "source_id",
            "created_at",
            "updated_at",
            "status",
            "amount",
            "discount_amount",
            "items_discount_amount",
            "total_discount_amount",
            "total_amount",
            "customer_id",
            "referrer_id",
        )
    },
    default=("id", "source_id", "status"),
    order={"created_at": "created_at", "updated_at": "updated_at", "status": "status"},
    filters={
        "created_at": filters.Date("created_at"),
        "updated_at": filters.Date("updated_at"),
        "status": filters.Choice("status", {one: one for one in OrderStatus.values}),
        "source_id": filters.Text("source_id"),
        "amount": filters.Number("amount"),
        "total_amount": filters.Number("total_amount"),
        "discount_amount": filters.Number("discount_amount"),
        "items_discount_amount": filters.Number("items_discount_amount"),
        "total_discount_amount": filters.Number("off_in_all"),
        "customer_id": filters.Text("customer__public_id"),
        "metadata": metadata_filters.Metadata(),
    },
    amounts=frozenset(
        {
            "amount",
            "discount_amount",
            "items_discount_amount",
            "total_discount_amount",
            "total_amount",
        }
    ),
)
