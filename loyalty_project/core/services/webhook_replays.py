"""Events of a stretch of time sent to an endpoint once more, as a task that people watch."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from loyalty_project.core import async_actions, clock, jobs, wire
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import (
    AsyncAction,
    DeliveryStatus,
    Job,
    OutboxEvent,
    Project,
    WebhookDelivery,
    WebhookEndpoint,
)
from loyalty_project.core.services.webhooks import WebhookOff
from loyalty_project.core.wakeup import wake_workers

KEPT = timedelta(days=30)
ACTION = "WAFA.WEBHOOK_REPLAY"
JOB = "core.replay_webhook"
_CHUNK = 500


def start(
    *,
    project: Project,
    endpoint: WebhookEndpoint,
    begins: datetime,
    ends: datetime,
    only_failed: bool,
    at: datetime,
) -> AsyncAction:
    """Send again what happened from `begins` until before `ends`: all that the endpoint listens
    to, also what it has never been sent, or only what was given up.

    Raises Invalid for a stretch that is empty or older than 30 days, WebhookOff.
    """
    if not endpoint.active:
        raise WebhookOff(endpoint.public_id)
    if begins >= ends:
        raise Invalid("The end must be after the beginning", extra={"field": "ends"})
    if begins < at - KEPT:
        raise Invalid("Events are kept for 30 days", extra={"field": "begins"})
    params = {
        "endpoint": endpoint.public_id,
        "begins": wire.instant(begins),
        "ends": wire.instant(ends),
        "only_failed": only_failed,
    }
    with transaction.atomic():
        return async_actions.start(
            ACTION,
            project=project,
            job=JOB,
            params=params,
            total=_wanted(endpoint, begins, ends, only_failed=only_failed).count(),
            subject=endpoint.public_id,
            at=at,
        )


def run(*, job: Job) -> None:
    """Offer the events in chunks, each together with its progress."""
    action = async_actions.of_job(job)
    endpoint = WebhookEndpoint.objects.filter(public_id=action.params["endpoint"]).first()
    if endpoint is None:
        async_actions.finish(action, job=job, message="The webhook was deleted", ok=False)
        return
    rows = _wanted(
        endpoint,
        datetime.fromisoformat(action.params["begins"]),
        datetime.fromisoformat(action.params["ends"]),
        only_failed=action.params["only_failed"],
    ).order_by("pk")
    while events := list(rows.filter(pk__gt=action.cursor.get("event", 0))[:_CHUNK]):
        with transaction.atomic():
            _offer(endpoint, events, at=clock.now())
            cursor = {"event": events[-1].pk}
            async_actions.advance(action, job=job, done=len(events), cursor=cursor)
            transaction.on_commit(wake_workers)
        jobs.let_others(job)
    async_actions.finish(action, job=job, message="The events have been sent again.")


def give_up(*, job: Job) -> None:
    """End the action of a job that is not tried again."""
    action = async_actions.of_job(job)
    async_actions.finish(action, job=job, message=async_actions.GIVEN_UP, ok=False)


def _wanted(
    endpoint: WebhookEndpoint, begins: datetime, ends: datetime, *, only_failed: bool
) -> QuerySet[OutboxEvent]:
    rows: QuerySet[OutboxEvent] = OutboxEvent.objects.filter(
        project=endpoint.project,
        position__isnull=False,
        dispatched_at__gte=begins,
        occurred_at__gte=begins,
        occurred_at__lt=ends,
    )
    if only_failed:
        dead = WebhookDelivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.DEAD)
        return rows.filter(pk__in=dead.values("event"))
    return rows.filter(type__in=endpoint.events)


def _offer(endpoint: WebhookEndpoint, events: Sequence[OutboxEvent], *, at: datetime) -> None:
    """A row for each event, made or begun anew; what was sent before keeps its id and body."""
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                project=endpoint.project, endpoint=endpoint, event=event, created_at=at, due_at=at
            )
            for event in events
        ],
        update_conflicts=True,
        unique_fields=["endpoint", "event"],
        update_fields=["status", "attempts", "due_at", "finished_at"],
    )
