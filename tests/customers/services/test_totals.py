from datetime import timedelta

from django.db import transaction

from customers.models import CustomerSummary
from customers.services import totals
from loyalty_project.core import guarded
from tests.factories.customer import CustomerFactory


def count(customer, amount, sign, at):
    with transaction.atomic():
        guarded.run([totals.order(customer=customer, amount=amount, sign=sign, at=at)])


def test_counts_paid_orders_and_keeps_the_last(in_project, at):
    customer = CustomerFactory()

    count(customer, 1000, 1, at)
    count(customer, 500, 1, at - timedelta(days=1))

    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (2, 1500)
    assert (summary.last_order_amount, summary.last_order_at) == (1000, at)


def test_takes_an_order_back(in_project, at):
    customer = CustomerFactory()
    count(customer, 1000, 1, at)

    count(customer, 1000, -1, at)

    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (0, 0)
    assert (summary.last_order_amount, summary.last_order_at) == (None, None)


def test_the_last_order_is_that_before_one_that_is_taken_back(in_project, at):
    customer = CustomerFactory()
    earlier = at - timedelta(days=1)
    count(customer, 500, 1, earlier)
    count(customer, 1000, 1, at)

    with transaction.atomic():
        back = totals.order(customer=customer, amount=1000, sign=-1, left=(500, earlier), at=at)
        guarded.run([back])

    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (1, 500)
    assert (summary.last_order_amount, summary.last_order_at) == (500, earlier)


def test_counts_redemptions_beside_orders(in_project, at):
    customer = CustomerFactory()
    count(customer, 1000, 1, at)

    with transaction.atomic():
        guarded.run(
            [
                totals.redemption(customer=customer, field=field, at=at)
                for field in ("redemptions_succeeded", "rollbacks_failed")
            ]
        )

    summary = CustomerSummary.objects.get()
    assert (summary.redemptions_succeeded, summary.rollbacks_failed) == (1, 1)
    assert (summary.redemptions_failed, summary.orders_count) == (0, 1)
    assert summary.last_order_amount == 1000
