"""From a dispatched event to the receiver: leases, attempts made again, fairness, health."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from standardwebhooks import Webhook

from loyalty_project.core import clock, dispatch, outbox, tenancy
from loyalty_project.core.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from loyalty_project.core.services import webhooks
from loyalty_project.core.webhooks import outcomes, sending
from loyalty_project.core.webhooks.posting import Answer
from tests import receiver
from tests.factories.webhook import WebhookEndpointFactory

pytestmark = pytest.mark.django_db


def happens(project, at, *, event_type="order.paid", count=1, data=None):
    with tenancy.scope(project), transaction.atomic():
        for number in range(count):
            outbox.emit(
                event_type,
                project=project,
                subject=f"ord_{number}",
                data=data or {"order": {"id": f"ord_{number}"}},
                at=at,
            )
    dispatch.dispatch(at=at)


def endpoint(project, url, *events, **values):
    with tenancy.scope(project):
        return WebhookEndpointFactory(
            project=project, target_url=url, events=events or ["order.paid"], **values
        )


def log(project):
    """`(path, status, attempts)` of all deliveries, oldest first."""
    with tenancy.scope(project):
        rows = WebhookDelivery.objects.order_by("pk").select_related("endpoint")
        return [(row.endpoint.target_url[-2:], row.status, row.attempts) for row in rows]


def transactions():
    """How many wait in the database for their client."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        return cursor.fetchone()[0]


def again(project, endpoint_row):
    with tenancy.scope(project):
        endpoint_row.refresh_from_db()
    return endpoint_row


def answered(row, answer, at, *, roll=0.5):
    """Lease the one delivery of an endpoint and record `answer`; the delivery as it is then."""
    with tenancy.all_projects():
        (delivery,) = sending.lease([sending.Room(row.pk, 1)], at=at)
    assert outcomes.record(delivery, answer, at=at, roll=lambda: roll)
    with tenancy.scope(row.project):
        delivery.refresh_from_db()
    return delivery


@pytest.mark.requirement(211)
def test_an_event_goes_signed_to_each_endpoint_that_wants_it(here, project, other_project):
    at = clock.now()
    row = endpoint(project, here.url("/a"))
    endpoint(project, here.url("/b"), "order.created")
    endpoint(project, here.url("/c"), active=False)
    endpoint(other_project, here.url("/d"))

    happens(project, at, data={"order": {"name": "Çay"}})
    assert sending.run() == 1

    ((headers, body),) = here.to("/a")
    sent = Webhook(row.secret).verify(body, {k.lower(): v for k, v in headers.items()})
    assert [call[0] for call in here.calls] == ["/a"]
    assert sent["id"] == headers["webhook-id"]
    assert (sent["type"], sent["data"]) == ("order.paid", {"order": {"name": "Çay"}})
    assert sent["source"] == {
        "id": row.public_id,
        "object": "webhook",
        "target_url": here.url("/a"),
    }
    assert sent["event"]["event_source"] == {"channel": "INTERNAL"}
    assert sent["project_id"] == project.public_id
    assert ", " not in body
    assert log(project) == [("/a", "DELIVERED", 1)]


def test_the_same_body_under_the_same_id_is_sent_until_it_is_taken(here, project, set_clock, at):
    endpoint(project, here.url("/a"))
    happens(project, at)
    here.answers["/a"] = receiver.status(500, "try later")
    for wait in (0, 7, 400):
        set_clock(at + timedelta(seconds=wait))
        sending.run()
    with tenancy.scope(project):
        OutboxEvent.objects.update(data={"order": "changed since"})
    here.answers["/a"] = receiver.status(200)
    set_clock(at + timedelta(hours=1))
    sending.run()

    assert len(here.calls) == 4
    assert len({(headers["webhook-id"], body) for headers, body in here.to("/a")}) == 1
    assert len({headers["webhook-timestamp"] for headers, _body in here.to("/a")}) == 4
    assert log(project) == [("/a", "DELIVERED", 4)]
    with tenancy.scope(project):
        tries = WebhookDelivery.objects.get().tries
    assert [(one["status"], one["answer"]) for one in tries] == [
        *[(500, "try later")] * 3,
        (200, ""),
    ]


def test_after_ten_attempts_it_is_given_up(project, at):
    row = endpoint(project, "https://shop.example/a")
    happens(project, at)
    now, waits = at, []
    for _ in range(9):
        delivery = answered(row, Answer(0.1, status=500), now)
        waits.append((delivery.due_at - now).total_seconds())
        now = delivery.due_at

    delivery = answered(row, Answer(0.1, status=500), now)

    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert (delivery.status, delivery.attempts, len(delivery.tries)) == ("DEAD", 10, 10)
    assert delivery.finished_at == now


def test_an_endpoint_that_is_gone_is_turned_off_at_once(here, project, at, set_clock, monkeypatch):
    set_clock(at)
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    row = endpoint(project, here.url("/a"))
    here.answers["/a"] = receiver.status(410)
    happens(project, at, count=2)
    sending.run()

    row = again(project, row)
    assert (row.active, row.disabled_reason) == (False, "GONE")
    assert log(project) == [("/a", "DEAD", 1), ("/a", "PENDING", 0)]
    with tenancy.scope(project):
        event = OutboxEvent.objects.get(type="webhook.disabled")
        assert row.history.count() == 2
    assert event.data["reason"] == "GONE"


def test_five_days_of_nothing_but_failures_warn_twice_and_turn_it_off(project, at):
    row = endpoint(project, "https://shop.example/a")
    for days in (0, 0.9, 1, 2, 3, 4, 5):
        now = at + timedelta(days=days)
        happens(project, now)
        answered(row, Answer(0.1, status=500), now)

    row = again(project, row)
    assert (row.active, row.disabled_reason, row.failing_since) == (False, "FAILING", at)
    with tenancy.scope(project):
        told = OutboxEvent.objects.exclude(type="order.paid").order_by("pk")
        assert [(event.type, event.data.get("days")) for event in told] == [
            ("webhook.warned", 1),
            ("webhook.warned", 3),
            ("webhook.disabled", None),
        ]
        webhooks.update(project=project, endpoint=row, data={"active": True})
    row = again(project, row)
    assert (row.active, row.disabled_reason, row.failing_since) == (True, "", None)


def test_one_success_ends_the_failing(project, at):
    row = endpoint(project, "https://shop.example/a")
    for days, status in ((0, 500), (4, 200), (6, 500)):
        now = at + timedelta(days=days)
        happens(project, now)
        answered(row, Answer(0.1, status=status), now)

    row = again(project, row)
    assert (row.active, row.failures, row.failing_since) == (True, 1, at + timedelta(days=6))


@pytest.mark.parametrize(
    ("status", "asked", "waits", "rests"),
    [
        (429, "120", 120, 120),
        (503, "Mon, 02 Mar 2026 12:02:00 GMT", 120, 120),
        (503, "", 5, 2),
        (500, "120", 5, 0),
    ],
)
def test_waits_as_it_is_asked_to(project, at, status, asked, waits, rests):
    row = endpoint(project, "https://shop.example/a")
    happens(project, at)

    delivery = answered(row, Answer(0.1, status=status, asked=asked), at)

    resting = again(project, row).resting_until
    assert (delivery.due_at - at).total_seconds() == waits
    assert (resting - at if resting else timedelta()).total_seconds() == rests


def test_a_sender_that_was_taken_for_dead_keeps_nothing(project, at):
    row = endpoint(project, "https://shop.example/a")
    happens(project, at)
    with tenancy.all_projects():
        (first,) = sending.lease([sending.Room(row.pk, 1)], at=at)
        assert sending.lease([sending.Room(row.pk, 1)], at=at + timedelta(seconds=59)) == []
        later = at + timedelta(seconds=61)
        (second,) = sending.lease([sending.Room(row.pk, 1)], at=later)

    assert not outcomes.record(first, Answer(0.1, status=200), at=later)
    assert outcomes.record(second, Answer(0.1, status=500), at=later)
    assert (first.body, first.public_id) == (second.body, second.public_id)
    assert log(project) == [("/a", "PENDING", 2)]


@pytest.mark.django_db(transaction=True)
def test_the_dead_do_not_delay_the_living_and_no_transaction_waits_for_them(
    here, project, settings, set_clock
):
    settings.WEBHOOK_THREADS = 8
    at = clock.now()
    release = threading.Event()
    dead = [f"/dead{number}" for number in range(6)]
    for path in dead:
        here.answers[path] = lambda _handler: release.wait(10)
        endpoint(project, here.url(path), failing_since=at - timedelta(minutes=5))
    endpoint(project, here.url("/good"))
    happens(project, at, count=20)
    hanging = []

    def look():
        """While the dead hang, a moment comes in which no transaction is open."""
        if len(here.to("/good")) == 20 and not hanging:
            while transactions():
                assert time.monotonic() - began < 10
                time.sleep(0.01)
            hanging.append([path for path in dead if here.to(path)])
            connections.close_all()
            set_clock(at + timedelta(minutes=1))  # nothing more begins
            release.set()

    here.meanwhile = look
    began = time.monotonic()
    sending.run(seconds=40)

    assert [len(paths) for paths in hanging] == [4]  # half of the threads, one each
    assert len(here.to("/good")) == 20
    with tenancy.scope(project):
        assert WebhookDelivery.objects.filter(status="DELIVERED").count() == 20


def test_only_one_process_sends(here, project, at):
    endpoint(project, here.url("/a"))
    happens(project, clock.now())
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [sending._LOCK])
            assert sending.run() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sending._LOCK])
        assert sending.run() == 1
    finally:
        other.close()
    assert not sending.is_due(at=clock.now())


def test_deleting_an_endpoint_takes_its_log_along(project, at):
    row = endpoint(project, "https://shop.example/a")
    happens(project, at)
    with tenancy.scope(project):
        webhooks.delete(project=project, endpoint=row)
        assert (WebhookEndpoint.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
        assert OutboxEvent.objects.count() == 1
