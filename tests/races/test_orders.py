"""The same order sent twice at the same moment is one order."""

import pytest

from customers.models import Customer, CustomerSummary
from loyalty_project.core import clock
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order
from redemptions.services import orders

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_tills_send_the_same_new_order(at_once, in_project):
    data = {
        "source_id": "o-1",
        "status": "PAID",
        "amount": 900,
        "customer": {"source_id": "ada", "name": "Ada"},
        "items": [{"source_id": "cup", "related_object": "product", "price": 900}],
    }

    results = at_once([lambda: orders.upsert(project=in_project, data=data, at=clock.now())] * 4)

    order = Order.objects.get()
    assert {result.pk for result in results} == {order.pk}
    assert order.items.count() == 1
    assert Customer.objects.count() == 1
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (1, 900)
    assert OutboxEvent.objects.filter(type="order.created").count() == 1
    assert OutboxEvent.objects.filter(type="order.paid").count() == 1


def test_changes_of_one_order_wait_for_each_other(at_once, in_project):
    data = {"source_id": "o-1", "status": "PAID", "amount": 900, "customer": "ada"}
    orders.upsert(project=in_project, data=data, at=clock.now())

    def add(key):
        change = {"metadata": {key: 1}, "amount": 1000}
        return lambda: orders.update(
            project=in_project, reference="o-1", data=change, at=clock.now()
        )

    at_once([add(key) for key in "abcd"])

    order = Order.objects.get()
    assert order.metadata == {"a": 1, "b": 1, "c": 1, "d": 1}
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (1, 1000)
