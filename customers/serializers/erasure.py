"""The published answer to a permanent deletion; its `object` is misspelt on the wire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from loyalty_project.core import wire


class ErasedJson(TypedDict):
    """How many records were removed for good."""

    events: int
    customer_events: int
    daily_events: int
    segments: int
    orders: int
    order_events: int
    customer: int


class ErasureJson(TypedDict):
    id: str
    created_at: str
    related_object_id: str
    related_object: Literal["customer"]
    status: Literal["DONE"]
    data_json: ErasedJson
    object: Literal["pernament_deletion"]


def erasure_json(
    *, erasure_id: str, customer_id: str, event_types: Sequence[str], at: datetime
) -> ErasureJson:
    """`event_types` are those of the removed events. Orders stay, under the customer's id only."""
    return {
        "id": erasure_id,
        "created_at": wire.instant(at),
        "related_object_id": customer_id,
        "related_object": "customer",
        "status": "DONE",
        "data_json": {
            "events": len(event_types),
            "customer_events": sum(name.startswith("customer.") for name in event_types),
            "daily_events": 0,
            "segments": 0,
            "orders": 0,
            "order_events": sum("order." in name for name in event_types),
            "customer": 1,
        },
        "object": "pernament_deletion",
    }
