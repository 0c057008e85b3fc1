"""From outbox rows to one delivery per subscriber and webhook, in one order, exactly once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from loyalty_project.core import clock, jobs, outbox, tenancy
from loyalty_project.core.models import EventDelivery, Job, OutboxEvent
from loyalty_project.core.webhooks import fanout

_LOCK = 7_120_001
_BATCH = 500
DELIVER = "core.deliver_event"
_PLACE = """
UPDATE core_outboxevent AS event SET position = %s + placed.place, dispatched_at = %s
FROM unnest(%s::bigint[]) WITH ORDINALITY AS placed (id, place) WHERE event.id = placed.id
"""


def dispatch(*, at: datetime) -> int:
    """Give waiting events their feed position and deliveries, one caller at a time.

    Returns the number of events.
    """
    with tenancy.all_projects(), transaction.atomic():
        if not _is_alone():
            return 0
        waiting = list(
            OutboxEvent.objects.filter(dispatched_at__isnull=True)
            .select_related("project")
            .order_by("pk")[:_BATCH]
        )
        if not waiting:
            return 0
        last = OutboxEvent.objects.aggregate(last=Max("position"))["last"] or 0
        for position, event in enumerate(waiting, start=last + 1):
            event.position, event.dispatched_at = position, at
            _deliver_to_subscribers(event, at=at)
        _place(waiting, after=last, at=at)
        fanout.deliver_later(waiting, at=at)
        return len(waiting)


def _place(events: Sequence[OutboxEvent], *, after: int, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [after, at, [event.pk for event in events]])


def _deliver_to_subscribers(event: OutboxEvent, *, at: datetime) -> None:
    for subscriber in outbox.subscribers(event.type):
        delivery, new = EventDelivery.objects.get_or_create(
            project=event.project, event=event, subscriber=subscriber
        )
        if new:
            Job.objects.create(
                project=event.project,
                name=DELIVER,
                params={"delivery": delivery.pk, "request_id": event.group_id},
                run_at=at,
            )


@jobs.handler(DELIVER)
def deliver(job: Job) -> None:
    """Hand one event to one subscriber, and mark it done in the subscriber's own transaction."""
    with transaction.atomic():
        delivery = (
            EventDelivery.objects.select_for_update()
            .select_related("event")
            .get(pk=job.params["delivery"])
        )
        if delivery.done_at is not None:
            return
        jobs.renew(job, at=clock.now())
        outbox.subscribers(delivery.event.type)[delivery.subscriber](delivery.event)
        delivery.done_at = clock.now()
        delivery.save(update_fields=["done_at", "updated_at"])


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
