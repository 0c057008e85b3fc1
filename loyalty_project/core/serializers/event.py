from typing import Any, Literal, TypedDict

from loyalty_project.core import wire
from loyalty_project.core.models import OutboxEvent
from loyalty_project.core.webhooks.payload import event_source


class EventJson(TypedDict):
    """Something that happened. `cursor` is what to go on after; `event_source` says who did it."""

    id: str
    type: str
    created_at: str
    entity_id: str
    group_id: str
    event_source: dict[str, Any]
    data: dict[str, Any]
    cursor: str
    object: Literal["event"]


class EventFeedJson(TypedDict):
    """Events in the order in which they were dispatched; go on after `cursor`, also if empty."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[EventJson]
    has_more: bool
    cursor: str


def event_json(event: OutboxEvent) -> EventJson:
    return {
        "id": event.public_id,
        "type": event.type,
        "created_at": wire.instant(event.occurred_at),
        "entity_id": event.subject,
        "group_id": event.group_id,
        "event_source": event_source(event),
        "data": event.data,
        "cursor": str(event.position),
        "object": "event",
    }
