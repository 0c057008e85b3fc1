"""Which endpoints an event is for: a row for each, in the transaction that dispatches it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from loyalty_project.core.models import OutboxEvent, WebhookDelivery, WebhookEndpoint


def deliver_later(events: Sequence[OutboxEvent], *, at: datetime) -> int:
    """Add the deliveries of events that are being dispatched; how many there are.

    Called with the scope of all projects: events of several come at once.
    """
    endpoints: dict[int | None, list[WebhookEndpoint]] = {}
    projects = {event.project_id for event in events}
    for endpoint in WebhookEndpoint.objects.filter(project__in=projects, active=True).order_by(
        "pk"
    ):
        endpoints.setdefault(endpoint.project_id, []).append(endpoint)
    rows = [
        WebhookDelivery(
            project_id=event.project_id, endpoint=endpoint, event=event, created_at=at, due_at=at
        )
        for event in events
        for endpoint in _wanting(endpoints.get(event.project_id, ()), event.type)
    ]
    WebhookDelivery.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _wanting(endpoints: Iterable[WebhookEndpoint], event_type: str) -> list[WebhookEndpoint]:
    return [endpoint for endpoint in endpoints if event_type in endpoint.events]
