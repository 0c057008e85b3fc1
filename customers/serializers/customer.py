"""A customer on the wire: what is not known is left out, except the address, which is null."""

from typing import Any, NotRequired, TypedDict

from customers import queries
from customers.models import Customer, CustomerSummary
from loyalty_project.core import money, wire


class AddressJson(TypedDict):
    city: str | None
    state: str | None
    line_1: str | None
    line_2: str | None
    country: str | None
    postal_code: str | None


class SlimCustomerJson(TypedDict):
    """The customer inside orders, redemptions and publications."""

    id: str
    source_id: str | None
    name: NotRequired[str]
    email: NotRequired[str]
    metadata: dict[str, Any]
    object: str


class CustomerGiftJson(TypedDict):
    redeemed_amount: int
    amount_to_go: int


class LoyaltyCardJson(TypedDict):
    redeemed_points: int
    points_to_go: int


class RedemptionsSummaryJson(TypedDict):
    total_redeemed: int
    total_failed: int
    total_succeeded: int
    total_rolled_back: int
    total_rollback_failed: int
    total_rollback_succeeded: int
    gift: CustomerGiftJson
    loyalty_card: LoyaltyCardJson


class OrdersSummaryJson(TypedDict):
    """Amounts in minor units; only PAID and FULFILLED orders count."""

    total_amount: int
    total_count: int
    average_amount: int
    last_order_amount: int
    last_order_date: NotRequired[str]


class SummaryJson(TypedDict):
    redemptions: RedemptionsSummaryJson
    orders: OrdersSummaryJson


class LoyaltyJson(TypedDict):
    points: int
    referred_customers: int
    campaigns: dict[str, Any]


class ReferralsJson(TypedDict):
    total: int
    campaigns: list[dict[str, Any]]


class CustomerJson(TypedDict):
    """A customer, whole. `birthday` is the old name of `birthdate`; both are sent."""

    id: str
    source_id: str | None
    name: NotRequired[str]
    description: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    birthday: NotRequired[str]
    birthdate: NotRequired[str]
    address: AddressJson | None
    summary: SummaryJson
    loyalty: LoyaltyJson
    referrals: ReferralsJson
    metadata: NotRequired[dict[str, Any]]
    system_metadata: dict[str, Any]
    created_at: str
    updated_at: str
    object: str


def customer_json(customer: Customer) -> CustomerJson:
    """The full object of the customers endpoints."""
    body: CustomerJson = {
        "id": customer.public_id,
        "source_id": customer.source_id,
        "address": _address(customer),
        "summary": _summary(queries.summary_of(customer), queries.gifts_of(customer)),
        "loyalty": {"points": 0, "referred_customers": 0, "campaigns": {}},
        "referrals": {"total": 0, "campaigns": []},
        "system_metadata": {},
        "created_at": wire.instant(customer.created_at),
        "updated_at": wire.instant(customer.updated_at),
        "object": "customer",
    }
    if customer.name:
        body["name"] = customer.name
    if customer.description:
        body["description"] = customer.description
    if customer.email:
        body["email"] = customer.email
    if customer.phone:
        body["phone"] = customer.phone
    if customer.birth_on is not None:
        body["birthday"] = body["birthdate"] = customer.birth_on.isoformat()
    if customer.metadata:
        body["metadata"] = customer.metadata
    return body


def slim_json(customer: Customer) -> SlimCustomerJson:
    """The embedded object: who it is, without figures."""
    body: SlimCustomerJson = {
        "id": customer.public_id,
        "source_id": customer.source_id,
        "metadata": customer.metadata,
        "object": "customer",
    }
    if customer.name:
        body["name"] = customer.name
    if customer.email:
        body["email"] = customer.email
    return body


def _address(customer: Customer) -> AddressJson | None:
    address: AddressJson = {
        "city": customer.city or None,
        "state": customer.state or None,
        "line_1": customer.address_line_1 or None,
        "line_2": customer.address_line_2 or None,
        "country": customer.country or None,
        "postal_code": customer.postal_code or None,
    }
    return address if any(address.values()) else None


def _summary(summary: CustomerSummary, gifts: tuple[int, int]) -> SummaryJson:
    count, amount = summary.orders_count, summary.orders_amount
    orders: OrdersSummaryJson = {
        "total_amount": amount,
        "total_count": count,
        "average_amount": money.share(amount, 1, count) if count > 0 else 0,
        "last_order_amount": summary.last_order_amount or 0,
    }
    if summary.last_order_at is not None:
        orders["last_order_date"] = wire.instant(summary.last_order_at)
    return {
        "redemptions": {
            "total_redeemed": summary.redemptions_succeeded,
            "total_failed": summary.redemptions_failed,
            "total_succeeded": summary.redemptions_succeeded,
            "total_rolled_back": summary.rollbacks_succeeded,
            "total_rollback_failed": summary.rollbacks_failed,
            "total_rollback_succeeded": summary.rollbacks_succeeded,
            "gift": {"redeemed_amount": gifts[0], "amount_to_go": gifts[1]},
            "loyalty_card": {"redeemed_points": 0, "points_to_go": 0},
        },
        "orders": orders,
    }
