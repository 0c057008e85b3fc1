"""An event in the activity list of a customer."""

from typing import Any, TypedDict

from loyalty_project.core import wire
from loyalty_project.core.models import OutboxEvent
from reporting import queries


class EventSourceJson(TypedDict):
    """`channel` is USER_PORTAL, API, CLIENT_API or INTERNAL."""

    channel: str


class ActivityDataJson(TypedDict):
    """What the event is about, and what started it."""

    data: dict[str, Any]
    event_source: EventSourceJson


class CustomerActivityJson(TypedDict):
    """`group_id` is the request that caused the event."""

    id: str
    type: str
    data: ActivityDataJson
    created_at: str
    group_id: str


def activity_json(event: OutboxEvent) -> CustomerActivityJson:
    return {
        "id": event.public_id,
        "type": queries.activity_type(event),
        "data": {"data": event.data, "event_source": {"channel": event.channel}},
        "created_at": wire.instant(event.occurred_at),
        "group_id": event.group_id,
    }
