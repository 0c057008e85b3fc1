"""What becomes of a delivery after an attempt, and of an endpoint that goes on failing."""

import json
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction

from loyalty_project.core import outbox, tenancy, wire
from loyalty_project.core.models import (
    DeliveryStatus,
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)
from loyalty_project.core.webhooks import posting, schedule
from loyalty_project.core.webhooks.posting import Answer, Failure

log = structlog.get_logger(__name__)
MAX_TRIES_KEPT = 30
_GONE = 410
# It is not there or asks for time, so the other deliveries wait as well.
_ABSENT = frozenset({Failure.UNKNOWN_HOST, Failure.UNREACHABLE, Failure.TIMEOUT, Failure.BROKEN})
_BUSY_STATUSES = frozenset({429, 502, 503, 504})
_MAY_ASK = frozenset({429, 503})
_DELIVERED = """
UPDATE core_webhookdelivery AS held
SET status = 'DELIVERED', finished_at = %s, updated_at = %s, tries = given.tries
FROM unnest(%s::bigint[], %s::bigint[], %s::jsonb[]) AS given (id, fence, tries)
WHERE held.id = given.id AND held.fence = given.fence AND held.status = 'PENDING'
RETURNING held.id
"""


def record_all(attempts: Sequence[tuple[WebhookDelivery, Answer]], *, at: datetime) -> None:
    """Keep what came of attempts, those that went well in one statement; see `record`.

    What cannot be kept comes due again when its lease ends.
    """
    good = [(delivery, answer) for delivery, answer in attempts if answer.is_good]
    if good:
        with _apart():
            _keep_good(good, at=at)
    for delivery, answer in attempts:
        if not answer.is_good:
            with _apart():
                record(delivery, answer, at=at)


@contextmanager
def _apart() -> Iterator[None]:
    """A row that is locked for too long costs the others nothing."""
    try:
        yield
    except DatabaseError:
        log.exception("webhook_not_recorded")


def record(
    delivery: WebhookDelivery,
    answer: Answer,
    *,
    at: datetime,
    roll: Callable[[], float] = random.random,
) -> bool:
    """Keep what came of the attempt that began with the lease of `delivery`.

    False when the lease was lost: another sender has made the attempt again, and keeps its own.
    `roll` gives the jitter of the next attempt, from 0 to 1.
    """
    if answer.is_good:
        return bool(_keep_good([(delivery, answer)], at=at))
    with tenancy.scope(delivery.project), transaction.atomic():
        asked = posting.asked_for(answer.asked, at=at) if answer.status in _MAY_ASK else None
        if not _keep(delivery, answer, at=at, roll=roll(), asked=asked):
            _lost(delivery)
            return False
        _fail(delivery.endpoint_id, answer, at=at, asked=asked)
    return True


def _keep_good(attempts: Sequence[tuple[WebhookDelivery, Answer]], *, at: datetime) -> int:
    """How many of these leases were not lost."""
    with tenancy.all_projects(), transaction.atomic(), connection.cursor() as cursor:
        rows = [
            (delivery.pk, delivery.fence, json.dumps(_tries(delivery, answer, at=at)))
            for delivery, answer in attempts
        ]
        cursor.execute(_DELIVERED, [at, at, *map(list, zip(*rows, strict=True))])
        kept = {pk for (pk,) in cursor.fetchall()}
        _recover({delivery.endpoint_id for delivery, _ in attempts if delivery.pk in kept})
    for delivery, _answer in attempts:
        if delivery.pk not in kept:
            _lost(delivery)
    return len(kept)


def _lost(delivery: WebhookDelivery) -> None:
    log.warning("webhook_lease_lost", delivery=delivery.public_id)


def _keep(
    delivery: WebhookDelivery,
    answer: Answer,
    *,
    at: datetime,
    roll: float,
    asked: timedelta | None,
) -> bool:
    changes: dict[str, Any] = {"tries": _tries(delivery, answer, at=at)}
    wait = schedule.wait(delivery.attempts, roll=roll, asked=asked)
    if answer.status == _GONE or wait is None:
        changes |= {"status": DeliveryStatus.DEAD, "finished_at": at}
    else:
        changes["due_at"] = at + wait
    held = WebhookDelivery.objects.filter(
        pk=delivery.pk, fence=delivery.fence, status=DeliveryStatus.PENDING
    )
    return bool(held.update(updated_at=at, **changes))


def _tries(delivery: WebhookDelivery, answer: Answer, *, at: datetime) -> list[dict[str, Any]]:
    last = {
        "at": wire.instant(at),
        "status": answer.status,
        "error": answer.failure,
        "seconds": round(answer.seconds, 3),
        "answer": answer.excerpt,
    }
    return [*delivery.tries, last][-MAX_TRIES_KEPT:]


def _recover(endpoint_pks: Collection[int]) -> None:
    """An answer in time ends the failing; a healthy endpoint is not written to."""
    WebhookEndpoint.objects.filter(pk__in=endpoint_pks, failing_since__isnull=False).update(
        failing_since=None, failures=0, warned_days=0, resting_until=None
    )


def _fail(endpoint_pk: int, answer: Answer, *, at: datetime, asked: timedelta | None) -> None:
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_pk).first()
    if endpoint is None or not endpoint.active:
        return
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.failures += 1
    if answer.failure in _ABSENT or answer.status in _BUSY_STATUSES:
        rest = schedule.rest(endpoint.failures)
        if asked is not None:
            rest = max(rest, min(asked, schedule.LONGEST_REQUEST))
        endpoint.resting_until = at + rest
    if answer.status == _GONE:
        _disable(endpoint, DisabledReason.GONE, at=at)
    elif schedule.is_over(since=endpoint.failing_since, at=at):
        _disable(endpoint, DisabledReason.FAILING, at=at)
    else:
        _warn(endpoint, at=at)
        endpoint.save(update_fields=["failing_since", "failures", "warned_days", "resting_until"])


def _disable(endpoint: WebhookEndpoint, reason: DisabledReason, *, at: datetime) -> None:
    endpoint.active, endpoint.disabled_reason = False, reason
    endpoint.save()
    outbox.emit(
        "webhook.disabled",
        project=endpoint.project,
        subject=endpoint.public_id,
        data={"webhook": named(endpoint), "reason": reason.value},
        at=at,
    )


def _warn(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    since = endpoint.failing_since or at
    days = schedule.warning(since=since, at=at, warned=endpoint.warned_days)
    if days:
        endpoint.warned_days = days
        outbox.emit(
            "webhook.warned",
            project=endpoint.project,
            subject=endpoint.public_id,
            data={
                "webhook": named(endpoint),
                "failing_since": wire.instant(since),
                "days": days,
            },
            at=at,
        )


def named(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """An endpoint in the data of an event."""
    return {
        "id": endpoint.public_id,
        "object": "webhook",
        "target_url": endpoint.target_url,
        "description": endpoint.description,
    }
