"""Exports of codes, of publications, and of what moved on gift cards."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from campaigns import queries
from campaigns.api import filters as campaign_filters
from campaigns.models import Publication, Voucher
from campaigns.queries import cards
from campaigns.serializers.publication import listed_publication_json
from campaigns.serializers.transaction import transaction_json, type_of
from campaigns.serializers.voucher import voucher_json
from loyalty_project.core import currencies, money, tenancy
from loyalty_project.core.api import filters
from reporting.reports.exports.kinds import Kind

Body = Mapping[str, Any]
_DATES = {"created_at": "created_at", "updated_at": "updated_at"}


def _vouchers() -> QuerySet[Voucher]:
    return campaign_filters.filterable(queries.vouchers())


def _value(_voucher: Voucher, body: Body) -> Any:
    """Amounts in major units, percentages and units as they are."""
    gift, discount = body["gift"], body["discount"] or {}
    amount = discount.get("amount_off", discount.get("fixed_amount"))
    if gift is not None:
        amount = gift["amount"]
    if amount is not None:
        currency = tenancy.current_project().currency
        return str(money.to_major(amount, currencies.look_of(currency).exponent))
    return discount.get("percent_off", discount.get("unit_off"))


def _formula(_voucher: Voucher, body: Body) -> Any:
    discount = body["discount"] or {}
    names = (name for name in discount if name.endswith("_formula"))
    return next((discount[name] for name in names), None)


def _unit_effect(_voucher: Voucher, body: Body) -> Any:
    discount = body["discount"] or {}
    return discount.get("effect") if discount.get("type") == "UNIT" else None


VOUCHERS = Kind(
    rows=_vouchers,
    to_json=voucher_json,
    columns={
        "code": "code",
        "voucher_type": "type",
        "value": _value,
        "formula": _formula,
        "discount_type": "discount/type",
        "campaign": "campaign",
        "category": "category",
        "start_date": "start_date",
        "expiration_date": "expiration_date",
        "gift_balance": "gift/balance",
        "loyalty_balance": "loyalty_card/balance",
        "redemption_quantity": "redemption/quantity",
        "redemption_count": "redemption/redeemed_quantity",
        "active": "active",
        "qr_code": "assets/qr/url",
        "bar_code": "assets/barcode/url",
        "id": "id",
        "is_referral_code": "is_referral_code",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "validity_timeframe_interval": "validity_timeframe/interval",
        "validity_timeframe_duration": "validity_timeframe/duration",
        "validity_day_of_week": "validity_day_of_week",
        "discount_amount_limit": "discount/amount_limit",
        "campaign_id": "campaign_id",
        "additional_info": "additional_info",
        "customer_id": "holder_id",
        "customer_source_id": lambda row, _body: row.holder.source_id if row.holder else None,
        "discount_effect": "discount/effect",
        "discount_unit_type": "discount/unit_type",
        "discount_unit_effect": _unit_effect,
        "validation_rules_id": "validation_rules_assignments/data/0/rule_id",
    },
    default=("code", "voucher_type", "value", "discount_type"),
    order={**_DATES, "code": "code_key"},
    filters=campaign_filters.VOUCHERS,
    amounts=frozenset({"gift_balance", "discount_amount_limit"}),
)


def _publications() -> QuerySet[Publication]:
    return queries.publications()


PUBLICATIONS = Kind(
    rows=_publications,
    to_json=listed_publication_json,
    columns={
        "voucher_code": lambda row, _body: row.voucher.code if row.voucher else None,
        "customer_id": "customer_id",
        "customer_source_id": lambda row, _body: row.customer.source_id if row.customer else None,
        "date": "created_at",
        "channel": "channel",
        "campaign": lambda row, _body: row.campaign.name if row.campaign else None,
        "is_winner": lambda _row, _body: None,
    },
    default=("voucher_code", "customer_id", "date", "channel"),
    order={
        "created_at": "created_at",
        "id": "public_id",
        "voucher_code": "voucher__code_key",
        "tracking_id": "tracking_id",
        "customer_id": "customer__public_id",
        "channel": "pk",
    },
    filters={**campaign_filters.PUBLICATIONS, "created_at": filters.Date("created_at")},
)


def _movement(name: str) -> Any:
    return lambda _row, body: body["details"]["balance"][name]


TRANSACTIONS = Kind(
    rows=cards.transactions,
    to_json=transaction_json,
    columns={
        "id": "id",
        "type": lambda row, _body: type_of(row),
        "source_id": "source_id",
        "status": lambda _row, _body: "DONE",
        "reason": "reason",
        "source": "source",
        "balance": _movement("balance"),
        "amount": _movement("amount"),
        "created_at": "created_at",
        "campaign_id": "campaign_id",
        "voucher_id": "voucher_id",
        "related_transaction_id": "related_transaction_id",
        "details": "details",
    },
    default=(
        "id",
        "type",
        "source_id",
        "status",
        "reason",
        "source",
        "balance",
        "amount",
        "created_at",
    ),
    order={"created_at": "created_at"},
    filters={
        "created_at": filters.Date("created_at"),
        "voucher_id": filters.Text("account__voucher__public_id"),
        "campaign_id": filters.Text("account__voucher__campaign__public_id"),
    },
    amounts=frozenset({"balance", "amount"}),
    metadata=False,
)
