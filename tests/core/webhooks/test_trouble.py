"""What goes wrong in here costs one delivery some time, and the others nothing."""

import pytest
from django.db import OperationalError, transaction

from loyalty_project.core import clock, dispatch, outbox, tenancy
from loyalty_project.core.models import WebhookDelivery
from loyalty_project.core.webhooks import outcomes, sending
from loyalty_project.core.webhooks.posting import Answer
from tests.factories.webhook import WebhookEndpointFactory

pytestmark = pytest.mark.django_db


def test_an_attempt_that_fails_in_here_costs_the_others_nothing(project, monkeypatch):
    """A row that is locked too long, or a thread that cannot begin, concerns one delivery."""
    with tenancy.scope(project), transaction.atomic():
        for path in "abc":
            url = f"https://shop.example/{path}"
            WebhookEndpointFactory(project=project, target_url=url, events=["order.paid"])
        outbox.emit("order.paid", project=project, subject="ord_1", data={}, at=clock.now())
    dispatch.dispatch(at=clock.now())
    record = outcomes.record

    def send(delivery):
        if delivery.endpoint.target_url.endswith("/b"):
            raise RuntimeError("can't start new thread")
        return Answer(
            seconds=0.1, status=500 if delivery.endpoint.target_url.endswith("/a") else 200
        )

    def recorded(delivery, answer, **values):
        if delivery.endpoint.target_url.endswith("/a"):
            raise OperationalError("canceling statement due to lock timeout")
        return record(delivery, answer, **values)

    monkeypatch.setattr(outcomes, "record", recorded)

    assert sending.run(send=send) == 3

    with tenancy.scope(project):
        rows = list(WebhookDelivery.objects.order_by("endpoint"))
    assert [(row.status, row.attempts) for row in rows] == [
        ("PENDING", 1),
        ("PENDING", 1),
        ("DELIVERED", 1),
    ]
    assert [[each["error"] for each in row.tries] for row in rows] == [[], ["BROKEN"], [""]]
