"""Every kind of limit under contention, and what would be given without its guard."""

import pytest
from django.db import connection, connections, transaction

from redemptions import usage
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import BudgetFactory, LimitFactory
from tests.factories.segment import SegmentFactory
from tests.races.test_limits import buyer, succeeded

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"customer": {"source_id": "ada"}}


def of_a_customer(campaign, **values):
    CustomerFactory(source_id="ada")
    LimitFactory(campaign=campaign, per_customer=True, value=3, **values)
    return ADA


def of_discounts(campaign):
    LimitFactory(campaign=campaign, measure="discount", value=1700)
    return {}


def of_orders(campaign):
    LimitFactory(campaign=campaign, measure="orders", value=4700)
    return {}


def of_a_day(campaign):
    LimitFactory(campaign=campaign, period="day", value=3)
    return {}


def of_a_customer_and_month(campaign):
    return of_a_customer(campaign, period="month")


def of_a_segment(campaign):
    loyal = SegmentFactory(customers=[CustomerFactory(source_id="ada")])
    LimitFactory(campaign=campaign, per_customer=True, value=1, relaxed={loyal.public_id: 3})
    return ADA


def of_the_project(campaign):
    LimitFactory(measure="discount", period="day", value=1700)
    return {}


def of_a_budget(campaign):
    campaign.budget = BudgetFactory()
    campaign.save()
    LimitFactory(budget=campaign.budget, measure="discount", value=1700)
    return {}


def row(number, kind):
    return pytest.param(kind, marks=pytest.mark.requirement(number), id=kind.__name__)


KINDS = [
    row(79, of_a_customer),
    row(81, of_discounts),
    row(82, of_orders),
    row(83, of_a_day),
    row(83, of_a_customer_and_month),
    row(87, of_a_segment),
    row(88, of_the_project),
    row(90, of_a_budget),
]


@pytest.fixture
def bought(at_once, code, in_project):
    """`bought(kind)`: how many of eight at once get 5.00 off 20.00, where there is room for 3."""

    def run(kind):
        campaign = CampaignFactory()
        more = kind(campaign)
        code("FIVE", campaign=campaign)
        return len(succeeded(at_once([buyer(in_project, "FIVE", **more)] * 8)))

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_get_it_as_there_is_room_for(bought, kind):
    assert bought(kind) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_guard_more_would(bought, kind, monkeypatch):
    original = usage.consume
    monkeypatch.setattr(usage, "consume", lambda **values: original(**{**values, "limits": {}}))

    assert bought(kind) > 3


CONFIGURATION = ("campaigns_voucher", "campaigns_campaign", "customers_customer", "core_project")


def kept_from_others():
    """Tables of which another connection could not change every row now."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            found = []
            for table in CONFIGURATION:
                cursor.execute(f"SELECT count(*) FROM {table}")
                (there,) = cursor.fetchone()
                cursor.execute(f"SELECT 1 FROM {table} FOR NO KEY UPDATE SKIP LOCKED")
                found += [table] if len(cursor.fetchall()) < there else []
            return found
    finally:
        other.close()


def advisory_locks():
    """The modes of those that this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT mode FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()"
        )
        return [mode for (mode,) in cursor.fetchall()]


def test_an_unlimited_code_takes_no_lock_that_another_buyer_would_wait_for(code, in_project):
    """The customer's own sums aside, which are no configuration."""
    CustomerFactory(source_id="ada")
    code("ALL", campaign=CampaignFactory())
    code("LIMITED", limit=5)

    with transaction.atomic():
        buyer(in_project, "ALL", **ADA)()
        assert kept_from_others() == []
        assert advisory_locks() == ["ShareLock"]

    with transaction.atomic():
        buyer(in_project, "LIMITED", **ADA)()
        assert kept_from_others() == ["campaigns_voucher"]
