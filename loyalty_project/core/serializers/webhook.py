from typing import Literal, NotRequired, TypedDict

from loyalty_project.core import event_names, wire
from loyalty_project.core.models import WebhookEndpoint


class WebhookJson(TypedDict):
    """A webhook, with those of its events that have a published name."""

    id: str
    target_url: str
    events: list[str]
    active: bool
    description: str
    created_at: str
    updated_at: str
    object: Literal["webhook"]
    secret: NotRequired[str]


class WebhookListJson(TypedDict):
    """The webhooks of a project."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[WebhookJson]
    total: int


def webhook_json(endpoint: WebhookEndpoint, *, secret: str | None = None) -> WebhookJson:
    """`secret` only in the answer to the call that made it."""
    found: WebhookJson = {
        "id": endpoint.public_id,
        "target_url": endpoint.target_url,
        "events": event_names.to_wire(endpoint.events),
        "active": endpoint.active,
        "description": endpoint.description,
        "created_at": wire.instant(endpoint.created_at),
        "updated_at": wire.instant(endpoint.updated_at),
        "object": "webhook",
    }
    if secret is not None:
        found["secret"] = secret
    return found
