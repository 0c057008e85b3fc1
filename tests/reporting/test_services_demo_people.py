"""Who buys in the demo's shops, and what is told of them."""

from collections import Counter

import pytest
from django.db.models import F

from campaigns.models import Campaign
from customers.models import Customer, CustomerSummary
from loyalty_project.core import metadata
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, OrderStatus, Redemption, RedemptionRollback, Result
from rewards.models import Product
from tests.reporting.conftest import SMALL, rows, successes

COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)


@pytest.mark.usefixtures("everywhere")
class TestCustomers:
    def test_are_summed_up_as_their_orders_and_redemptions_say(self):
        summaries = {summary.customer_id: summary for summary in rows(CustomerSummary)}
        for customer in rows(Customer):
            orders = customer.orders.filter(status__in=COUNTED).order_by("created_at", "pk")
            uses = Counter(customer.redemptions.values_list("result", flat=True))
            summary = summaries.get(customer.pk, CustomerSummary())
            last = orders.last()
            assert summary.orders_count == orders.count()
            assert summary.orders_amount == sum(order.total_amount for order in orders)
            assert summary.last_order_amount == (last.total_amount if last else None)
            assert summary.redemptions_succeeded == uses[Result.SUCCESS]
            assert summary.redemptions_failed == uses[Result.FAILURE]
            assert summary.rollbacks_succeeded == (
                RedemptionRollback.objects.filter(customer=customer).count()
            )

    def test_have_metadata_that_their_schema_allows(self):
        for model, resource in (
            (Customer, "customer"),
            (Order, "order"),
            (Product, "product"),
            (Campaign, "campaign"),
        ):
            for row in rows(model).select_related("project"):
                metadata.check(project=row.project, resource=resource, values=row.metadata)

    def test_have_their_first_history_from_the_shop_server(self):
        for customer in rows(Customer)[:10]:
            (entry,) = customer.history.all()
            assert entry.credential.startswith("Shop server (…")
            assert entry.history_date == customer.created_at

    def test_live_at_addresses_as_they_are_written_there(self):
        homes = dict(rows(Customer).values_list("city", "address_line_1"))
        assert homes["Dublin"][0].isdigit()
        assert " پلاک " in homes["تهران"]
        assert not any(letter in "0123456789" for letter in homes["تهران"])

    def test_have_names_in_their_language_and_addresses_of_nobody(self):
        found = {"en": "", "tr": "", "fa": ""}
        for customer in rows(Customer):
            found[customer.metadata["language"]] += customer.name
            assert customer.email.endswith(("@example.com", "@example.org"))
            assert customer.email.isascii()
        assert found["en"].isascii()
        assert set("çğıöşüİ") & set(found["tr"])
        assert not any(letter.isascii() and letter.isalpha() for letter in found["fa"])


@pytest.mark.usefixtures("everywhere")
class TestActivity:
    def test_tells_each_order_redemption_and_rollback_once(self):
        told = Counter(rows(OutboxEvent).values_list("type", "subject"))
        assert set(told.values()) == {1}
        counts = Counter(name for name, _subject in told)
        assert counts["order.created"] == SMALL.orders
        results = Counter(rows(Redemption).values_list("result", flat=True))
        assert counts["redemption.succeeded"] == results[Result.SUCCESS]
        assert counts["redemption.failed"] == results[Result.FAILURE]
        assert counts["redemption.rollback.succeeded"] == rows(RedemptionRollback).count()

    def test_is_about_the_customer_in_the_order_of_time(self):
        used = successes().latest("redeemed_at")
        told = rows(OutboxEvent).filter(about=used.customer.public_id, occurred_at=used.redeemed_at)
        assert list(told.order_by("position").values_list("type", flat=True)) == [
            "order.created",
            "order.paid",
            "redemption.succeeded",
        ]
        data = told.latest("position").data
        assert data["order"]["total_applied_discount_amount"] == used.applied_amount
        assert data["voucher"]["code"] == used.code

    def test_is_old_news_for_the_dispatcher(self):
        assert not rows(OutboxEvent).filter(dispatched_at__isnull=True).exists()
        assert not rows(OutboxEvent).exclude(dispatched_at=F("occurred_at")).exists()
        positions = list(rows(OutboxEvent).order_by("pk").values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))
