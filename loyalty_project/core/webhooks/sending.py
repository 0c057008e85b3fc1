"""The sender: leases what is due, a few of each endpoint, and sends it outside of transactions.

One process sends at a time, with many threads. Threads only send; rows are read and written by the
loop around them. An endpoint that fails gets one thread, and all that fail together at most half
of them, so that those that work never wait for those that do not.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from loyalty_project.core import clock, tenancy
from loyalty_project.core.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from loyalty_project.core.webhooks import outcomes, payload, posting, signing
from loyalty_project.core.webhooks.posting import Answer, Failure

log = structlog.get_logger(__name__)
_LOCK = 7_120_002
LEASE = timedelta(seconds=60)
AT_ONCE = 4
AT_ONCE_FAILING = 1
_LOOK_SECONDS = 0.25
_GATHER_SECONDS = 0.01
_DUE = """
SELECT due.id FROM unnest(%s::bigint[], %s::int[]) AS wanted (endpoint, room)
CROSS JOIN LATERAL (
    SELECT id FROM core_webhookdelivery
    WHERE endpoint_id = wanted.endpoint AND status = 'PENDING' AND due_at <= %s
    ORDER BY due_at, id LIMIT wanted.room FOR UPDATE SKIP LOCKED
) AS due
"""
_LEASE = """
UPDATE core_webhookdelivery AS held
SET due_at = %s, fence = held.fence + 1, attempts = held.attempts + 1, updated_at = %s,
    body = taken.body
FROM unnest(%s::bigint[], %s::text[]) AS taken (id, body) WHERE held.id = taken.id
"""
Send = Callable[[WebhookDelivery], Answer]


@dataclass(frozen=True, slots=True)
class Room:
    """How many deliveries of an endpoint may begin now."""

    endpoint: int
    count: int


def is_due(*, at: datetime) -> bool:
    """Whether anything waits to be sent now."""
    with tenancy.all_projects():
        return _waiting(at=at).exists()


def run(*, seconds: float | None = None, send: Send | None = None) -> int:
    """Send what is due, and what comes due meanwhile; the number of attempts made.

    Returns when nothing is left, or none begins after `seconds`; 0 at once where another process
    is sending.
    """
    with _alone() as is_alone:
        return _Sender(send or _send).run(seconds) if is_alone else 0


class _Sender:
    """The loop: `busy` are the attempts under way and the deliveries that they are for."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.busy: dict[Future[Answer], WebhookDelivery] = {}
        self.failing: set[int] = set()
        self.begun = 0

    def run(self, seconds: float | None) -> int:
        began = clock.now()
        with ThreadPoolExecutor(settings.WEBHOOK_THREADS, "webhook") as threads:
            while True:
                late = seconds is not None and clock.now() - began > timedelta(seconds=seconds)
                begun = 0 if late else self._begin(threads)
                if not self.busy:
                    return self.begun
                self._end(0 if begun else _LOOK_SECONDS)

    def _begin(self, threads: ThreadPoolExecutor) -> int:
        at = clock.now()
        with tenancy.all_projects():
            leased = lease(self._room(at=at), at=at)
        for delivery in leased:
            self.busy[threads.submit(self.send, delivery)] = delivery
        self.begun += len(leased)
        return len(leased)

    def _room(self, *, at: datetime) -> list[Room]:
        """What each endpoint may begin, those with the least under way first."""
        under_way = Counter(delivery.endpoint_id for delivery in self.busy.values())
        waiting = dict(_waiting(at=at).values_list("pk", "failing_since"))
        failing = {pk for pk, since in waiting.items() if since is not None}
        self.failing |= failing
        free = settings.WEBHOOK_THREADS - len(self.busy)
        free_failing = settings.WEBHOOK_THREADS // 2 - sum(
            count for pk, count in under_way.items() if pk in self.failing
        )
        found = []
        for pk in sorted(waiting, key=lambda pk: (under_way[pk], pk)):
            most = AT_ONCE_FAILING if pk in failing else AT_ONCE
            count = min(most - under_way[pk], free, free_failing if pk in failing else free)
            if count > 0:
                found.append(Room(pk, count))
                free -= count
                free_failing -= count if pk in failing else 0
        return found

    def _end(self, seconds: float) -> None:
        if not wait(self.busy, timeout=seconds, return_when=FIRST_COMPLETED).done:
            return
        # Those that end at about the same time are written down together.
        done, _rest = wait(self.busy, timeout=_GATHER_SECONDS)
        attempts = [(self.busy.pop(future), _answer_of(future)) for future in done]
        outcomes.record_all(attempts, at=clock.now())
        for delivery, answer in attempts:
            if answer.is_good:
                self.failing.discard(delivery.endpoint_id)
            else:
                self.failing.add(delivery.endpoint_id)


def lease(rooms: Iterable[Room], *, at: datetime) -> list[WebhookDelivery]:
    """Take due deliveries for LEASE, with their bodies; a dead sender's come due again after it.

    Called with the scope of all projects, and not in a transaction.
    """
    rooms = list(rooms)
    if not rooms:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        endpoints = [room.endpoint for room in rooms]
        counts = [room.count for room in rooms]
        cursor.execute(_DUE, [endpoints, counts, at])
        leased = list(
            WebhookDelivery.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])
            .select_related("endpoint", "event__project", "project")
            .order_by("pk")
        )
        for delivery in leased:
            delivery.body = delivery.body or payload.body_of(delivery)
            delivery.due_at = at + LEASE
            delivery.fence += 1
            delivery.attempts += 1
        pks, bodies = [each.pk for each in leased], [each.body for each in leased]
        cursor.execute(_LEASE, [at + LEASE, at, pks, bodies])
    return leased


def headers_of(delivery: WebhookDelivery, *, at: datetime) -> dict[str, str]:
    """What proves to the receiver where the body comes from, signed at `at`."""
    endpoint = delivery.endpoint
    keys = [endpoint.secret]
    until = endpoint.previous_secret_until
    if endpoint.previous_secret and until is not None and at < until:
        keys.append(endpoint.previous_secret)
    return signing.headers(
        message_id=delivery.public_id,
        timestamp=int(at.timestamp()),
        body=delivery.body,
        keys=keys,
    )


def _answer_of(future: Future[Answer]) -> Answer:
    """What came of an attempt, also where it could not even begin."""
    try:
        return future.result()
    except Exception:
        log.exception("webhook_not_sent")
        return Answer(seconds=0.0, failure=Failure.BROKEN.value)


def _send(delivery: WebhookDelivery) -> Answer:
    return posting.post(
        delivery.endpoint.target_url,
        body=delivery.body,
        headers=headers_of(delivery, at=clock.now()),
    )


def _waiting(*, at: datetime) -> QuerySet[WebhookEndpoint]:
    """Endpoints that may be called now and for which something is due."""
    due = WebhookDelivery.objects.filter(
        endpoint=OuterRef("pk"), status=DeliveryStatus.PENDING, due_at__lte=at
    )
    rested = Q(resting_until__isnull=True) | Q(resting_until__lte=at)
    return WebhookEndpoint.objects.filter(rested, Exists(due), active=True).order_by("pk")


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process sends. The lock is the connection's, and ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
