"""Publishing and making codes at the same moment: nobody gets the code of another."""

import threading

import pytest
from django.db import connection, transaction

from campaigns.models import Campaign, Publication, UsageDelta, Voucher
from campaigns.services import campaigns, counting, pools, publications, state, vouchers
from loyalty_project.core import clock, errors, guarded, jobs, tenancy
from loyalty_project.core.models import AsyncAction
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import VoucherFactory, uses_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_project"),
]


def publish(project, campaign, customer, **more):
    data = {"campaign": campaign.name, "customer": customer, **more}
    return lambda: publications.publish(project=project, data=data, at=clock.now())[0]


def given(results):
    return [result.voucher.code for result in results if isinstance(result, Publication)]


def pool(*, codes, **values):
    campaign = CampaignFactory(**values)
    for n in range(codes):
        VoucherFactory(code=f"POOL-{n}", campaign=campaign)
    return campaign


def test_eight_customers_get_eight_codes(at_once, project):
    campaign = pool(codes=8)

    results = at_once([publish(project, campaign, f"c{n}") for n in range(8)])

    assert sorted(given(results)) == [f"POOL-{n}" for n in range(8)]
    assert Voucher.objects.filter(publish_count=1).count() == 8


def test_three_codes_are_given_to_three_of_eight_customers(at_once, project):
    campaign = pool(codes=3)

    results = at_once([publish(project, campaign, f"c{n}") for n in range(8)])

    assert sorted(given(results)) == ["POOL-0", "POOL-1", "POOL-2"]
    refused = [result for result in results if isinstance(result, pools.NoVoucherSuitable)]
    assert len(refused) == 5
    assert Voucher.objects.filter(publish_count__gt=1).count() == 0


def test_without_the_lock_two_would_get_the_same(at_once, project, monkeypatch):
    campaign = pool(codes=8)
    wait = threading.Barrier(4)

    def read_only(campaign, *, at):
        rows = Voucher.objects.filter(campaign=campaign, publish_count=0).order_by("pk")[:1]
        found = list(rows)
        wait.wait(timeout=10)
        return found

    monkeypatch.setattr(pools, "_free", read_only)

    results = at_once([publish(project, campaign, f"c{n}") for n in range(4)])

    assert len(set(given(results))) < len(given(results))


def test_a_growing_campaign_makes_a_code_for_everybody(at_once, project):
    campaign = pool(codes=1, type="AUTO_UPDATE")

    results = at_once([publish(project, campaign, f"c{n}") for n in range(6)])

    assert len(set(given(results))) == 6
    assert Campaign.objects.get().vouchers_count == 5


@pytest.mark.requirement(189)
def test_one_source_id_gives_one_code(at_once, project):
    campaign = pool(codes=4)
    CustomerFactory(source_id="ada")

    results = at_once([publish(project, campaign, "ada", source_id="p1")] * 4)

    assert len(given(results)) == 4
    assert len(set(given(results))) == 1
    assert Publication.objects.count() == 1
    assert Voucher.objects.filter(publish_count__gt=0).count() == 1


def test_a_customer_who_joins_once_gets_one_code(at_once, project):
    campaign = pool(codes=4, join_once=True)
    CustomerFactory(source_id="ada")

    results = at_once([publish(project, campaign, "ada")] * 4)

    assert len(given(results)) == 4
    assert len(set(given(results))) == 1
    assert Publication.objects.count() == 1


@pytest.mark.requirement(215)
def test_two_jobs_with_the_same_pattern_make_distinct_codes(at_once, project):
    config = {"pattern": "T-####", "charset": "0123456789"}
    voucher = {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "PERCENT", "percent_off": 10},
        "code_config": config,
    }
    for name in ("A", "B"):
        campaigns.create(
            project=project,
            data={"name": name, "vouchers_count": 4000, "voucher": voucher},
            at=clock.now(),
        )

    at_once([lambda: jobs.run_due(limit=1)] * 2)

    assert set(AsyncAction.objects.values_list("status", flat=True)) == {"DONE"}
    assert Voucher.objects.count() == 8000
    assert Voucher.objects.values("code_key").distinct().count() == 8000


@pytest.mark.requirement(93)
def test_off_waits_for_redemptions_under_way_and_is_then_true(project):
    campaign = CampaignFactory()
    voucher = VoucherFactory(campaign=campaign, redemption_limit=None)
    shared, done = threading.Event(), []

    def redeem():
        with tenancy.scope(project), transaction.atomic():
            row = Voucher.objects.select_related("campaign").get(pk=voucher.pk)
            guarded.run(
                [*state.share(vouchers=[row]), counting.consume(voucher=row, at=clock.now())]
            )
            shared.set()
            threading.Event().wait(0.3)
            done.append("redeemed")
        connection.close()

    thread = threading.Thread(target=redeem)
    thread.start()
    shared.wait(timeout=5)
    campaigns.disable(project=project, campaign=campaign, at=clock.now())
    done.append("off")
    thread.join()

    assert done == ["redeemed", "off"]
    row = Voucher.objects.select_related("campaign").get(pk=voucher.pk)
    row.campaign.version -= 1
    with pytest.raises(guarded.GuardRefused), transaction.atomic():
        guarded.run([*state.share(vouchers=[row]), counting.consume(voucher=row, at=clock.now())])
    assert uses_of(row) == 1


@pytest.mark.requirement(93)
def test_off_is_refused_when_a_redemption_never_ends(project):
    campaign = CampaignFactory()
    voucher = VoucherFactory(campaign=campaign)
    shared, over = threading.Event(), threading.Event()

    def redeem():
        with tenancy.scope(project), transaction.atomic():
            row = Voucher.objects.select_related("campaign").get(pk=voucher.pk)
            guarded.run(state.share(vouchers=[row]))
            shared.set()
            over.wait(timeout=10)
        connection.close()

    thread = threading.Thread(target=redeem)
    thread.start()
    shared.wait(timeout=5)
    with pytest.raises(errors.Busy):
        campaigns.disable(project=project, campaign=campaign, at=clock.now())
    over.set()
    thread.join()

    campaign.refresh_from_db()
    assert campaign.active


def test_folding_while_others_count_loses_nothing(at_once, project):
    voucher = VoucherFactory(redemption_limit=None)

    def use():
        for _ in range(20):
            with transaction.atomic():
                guarded.run([counting.consume(voucher=voucher, at=clock.now())])

    def fold():
        for _ in range(15):
            counting.fold(project=project)

    at_once([use, use, use, fold, fold])

    assert uses_of(voucher) == 60
    counting.fold(project=project)
    voucher.refresh_from_db()
    assert (voucher.redeemed_count, UsageDelta.objects.count()) == (60, 0)


def test_a_limit_that_comes_while_others_count_is_kept(at_once, project):
    voucher = VoucherFactory(redemption_limit=None)

    def use():
        with transaction.atomic():
            row = Voucher.objects.get(pk=voucher.pk)
            guarded.run(
                [*state.share(vouchers=[row]), counting.consume(voucher=row, at=clock.now())]
            )

    def limit():
        vouchers.update(
            project=project,
            voucher=Voucher.objects.get(pk=voucher.pk),
            data={"redemption": {"quantity": 8}},
            at=clock.now(),
        )

    def try_to_use():
        try:
            use()
        except guarded.GuardRefused:
            return "changed"

    at_once([try_to_use] * 5 + [limit])

    voucher.refresh_from_db()
    assert voucher.redemption_limit == 8
    assert uses_of(voucher) == voucher.redeemed_count <= 5
