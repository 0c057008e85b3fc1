"""The use case itself: how often it asks the database, and what it keeps of a decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.services import counting
from customers.models import Customer
from loyalty_project.core import guarded
from redemptions.context import Request, Wanted
from redemptions.models import Redemption
from redemptions.services import redemptions, validations
from tests.factories.customer import CustomerFactory
from tests.factories.product import ProductFactory
from tests.factories.voucher import uses_of

pytestmark = pytest.mark.django_db


def request(*names, **values):
    wanted = tuple(Wanted("voucher", name) for name in names)
    return Request(redeemables=wanted, **{"order": {"amount": 2000}, **values})


@pytest.fixture
def asked(monkeypatch):
    """`with asked() as found:` — the statements that went to the database, pipelines as one."""
    pipelines = []
    original = guarded.run

    def run(statements):
        pipelines.append(statements)
        return original(statements)

    monkeypatch.setattr(guarded, "run", run)

    class Asked(CaptureQueriesContext):
        def __exit__(self, *error):
            super().__exit__(*error)
            work = [query for query in self.captured_queries if "SAVEPOINT" not in query["sql"]]
            self.round_trips = len(work) + len(pipelines)

    return lambda: Asked(connection)


def test_redeems_in_few_round_trips(in_project, code, asked, at):
    CustomerFactory(source_id="ada")
    code("FIVE", limit=10)
    wanted = request("FIVE", customer={"source_id": "ada"})
    validations.validate(project=in_project, request=wanted, at=at)

    with asked() as found:
        redemptions.redeem(project=in_project, request=wanted, at=at)

    assert found.round_trips <= 12, [query["sql"][:90] for query in found.captured_queries]


def test_reads_what_a_validation_needs_in_few_round_trips(in_project, code, asked, at):
    CustomerFactory(source_id="ada")
    ProductFactory(source_id="beans")
    code("FIVE", limit=10)
    wanted = request(
        "FIVE",
        customer={"source_id": "ada"},
        order={"items": [{"source_id": "beans", "related_object": "product"}]},
    )

    validations.validate(project=in_project, request=wanted, at=at)

    with asked() as found:
        validations.validate(project=in_project, request=wanted, at=at)

    assert found.round_trips <= 5, [query["sql"][:90] for query in found.captured_queries]


@pytest.mark.requirement(16)
def test_counts_a_public_code_of_a_thousand_customers_exactly(in_project, code, at):
    voucher = code("BLCKFRDY")
    CustomerFactory.create_batch(1000)

    for number, source_id in enumerate(Customer.objects.values_list("source_id", flat=True)):
        wanted = request("BLCKFRDY", customer=source_id)
        redemptions.redeem(project=in_project, request=wanted, at=at)
        if number % 300 == 0:
            counting.fold(project=in_project)

    assert uses_of(voucher) == 1000
    assert Redemption.objects.filter(voucher=voucher, result="SUCCESS").count() == 1000
    assert Customer.objects.filter(redemptions__voucher=voucher).distinct().count() == 1000


def test_keeps_what_it_was_decided_on(in_project, code, campaign, at):
    voucher = code("FIVE", limit=10, campaign=campaign)

    redemptions.redeem(project=in_project, request=request("FIVE", order={"amount": 300}), at=at)

    stored = Redemption.objects.get()
    assert stored.decision == {
        "effect": "APPLY_TO_ORDER",
        "unused_amount": 200,
        "definition": voucher.definition_id,
        "campaign_version": campaign.version,
        "limit": 10,
        "redeemed_before": 0,
        "at": "2026-03-02T12:00:00.000Z",
    }
    assert (stored.applied_amount, stored.redeemed_at) == (300, at)


def test_redeems_without_an_order(in_project, code, at):
    code("FIVE", limit=1)

    done = redemptions.redeem(project=in_project, request=request("FIVE", order=None), at=at)

    assert (done.order.amount, done.order.total_amount, done.order.status) == (None, None, "PAID")
    assert done.redemptions[0].applied_amount == 0


def test_leaves_nothing_behind_when_the_guard_refuses_twice(in_project, code, at, monkeypatch):
    """The code is taken by others between each reading and its commit."""
    voucher = code("ONCE", limit=1)
    refusing = guarded.Statement("SELECT 1 WHERE false", rows=1, about="taken")
    monkeypatch.setattr(counting, "consume", lambda **_values: refusing)

    with pytest.raises(redemptions.Busy):
        redemptions.redeem(project=in_project, request=request("ONCE"), at=at)

    voucher.refresh_from_db()
    assert voucher.redeemed_count == 0
    assert not Redemption.objects.exists()
