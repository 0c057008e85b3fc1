"""Exports of customers."""

from customers import queries
from customers.serializers.customer import customer_json
from loyalty_project.core.api import filters, metadata_filters
from reporting.reports.exports.kinds import Kind

_PLAIN = (
    "name", "id", "description", "email", "phone", "source_id", "created_at", "updated_at",
    "birthday", "birthdate",
)  # fmt: skip
_ADDRESS = ("city", "state", "line_1", "line_2", "country", "postal_code")
_USES = (
    "total_redeemed", "total_failed", "total_succeeded", "total_rolled_back",
    "total_rollback_failed", "total_rollback_succeeded",
)  # fmt: skip
_ORDERS = (
    "total_amount", "total_count", "average_amount", "last_order_amount", "last_order_date",
)  # fmt: skip

CUSTOMERS = Kind(
    rows=queries.all_customers,
    to_json=customer_json,
    columns={
        **{name: name for name in _PLAIN},
        **{f"address_{name}": f"address/{name}" for name in _ADDRESS},
        **{f"redemptions_{name}": f"summary/redemptions/{name}" for name in _USES},
        **{f"orders_{name}": f"summary/orders/{name}" for name in _ORDERS},
        "loyalty_points": "loyalty/points",
        "loyalty_referred_customers": "loyalty/referred_customers",
    },
    default=("name", "source_id"),
    order={
        "created_at": "created_at",
        "updated_at": "updated_at",
        "name": "name",
        "id": "public_id",
        "email": "email",
        "source_id": "source_id",
    },
    filters={
        "created_at": filters.Date("created_at"),
        "updated_at": filters.Date("updated_at"),
        "email": filters.Text("email"),
        "name": filters.Text("name"),
        "city": filters.Text("city"),
        "phone": filters.Text("phone"),
        "source_id": filters.Text("source_id"),
        "metadata": metadata_filters.Metadata(),
    },
    amounts=frozenset({f"orders_{name}" for name in _ORDERS if name.endswith("amount")}),
    prepare=queries.note_gifts,
)
