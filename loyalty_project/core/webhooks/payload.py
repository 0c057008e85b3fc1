"""What is sent for an event: the published envelope with the members of Standard Webhooks."""

import json
from typing import Any

from loyalty_project.core import wire
from loyalty_project.core.models import OutboxEvent, WebhookDelivery

MAX_BYTES = 20_000
_LONGEST_TEXT = 200


def body_of(delivery: WebhookDelivery) -> str:
    """The compact JSON text of a delivery, below 20 kB: it is signed and sent as it stands.

    Data that are larger lose their lists and nested objects, then all but their ids; `truncated`
    says so, and the event has them in full under `GET /v1/events/{id}`.
    """
    data = delivery.event.data
    for kept in (data, _shallow(data), _ids(data)):
        text = json.dumps(
            _envelope(delivery, kept, truncated=kept is not data),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        if len(text.encode()) < MAX_BYTES:
            break
    return text


def event_source(event: OutboxEvent) -> dict[str, Any]:
    """The published `{channel, user?, api_key?}`: from where and by whom it was done."""
    return {"channel": event.channel, **event.actor}


def _envelope(delivery: WebhookDelivery, data: Any, *, truncated: bool) -> dict[str, Any]:
    event, endpoint = delivery.event, delivery.endpoint
    at = wire.instant(event.occurred_at)
    return {
        "id": delivery.public_id,
        "project_id": event.project.public_id,
        "created_at": wire.instant(delivery.created_at),
        "type": event.type,
        "timestamp": at,
        "data": data,
        **({"truncated": True} if truncated else {}),
        "source": {
            "id": endpoint.public_id,
            "object": "webhook",
            "target_url": endpoint.target_url,
        },
        "event": {
            "id": event.public_id,
            "type": event.type,
            "created_at": at,
            "entity_id": event.subject,
            "group_id": event.group_id,
            "event_source": event_source(event),
        },
    }


def _shallow(data: dict[str, Any]) -> dict[str, Any]:
    """Each member with its plain values alone."""
    return {name: _plain(value) for name, value in data.items()}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value if _is_short(value) else None
    return {name: inner for name, inner in value.items() if _is_short(inner)}


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return not isinstance(value, dict | list)


def _ids(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: value[key] for key in ("id", "object") if _is_short(value.get(key, {}))}
        if isinstance(value, dict)
        else None
        for name, value in data.items()
    }
