"""Making many codes by a job that may be killed at any point."""

import time

import pytest

from campaigns.models import Campaign, Voucher
from campaigns.services import campaigns, generation
from loyalty_project.core import clock, jobs
from loyalty_project.core.models import AsyncAction, Job, OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
CONFIG = {"pattern": "SUMMER-####-##", "charset": "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}


def create(project, at, *, count, config=None):
    voucher = {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"type": "PERCENT", "percent_off": 12.5},
        "redemption": {"quantity": 1},
        "code_config": config or CONFIG,
    }
    data = {"name": "Summer", "vouchers_count": count, "voucher": voucher}
    return campaigns.create(project=project, data=data, at=at)


@pytest.mark.requirement(17, 215)
def test_makes_ten_thousand_distinct_codes_in_a_few_seconds(project, at, work):
    campaign = create(project, at, count=10_000)
    assert campaign.generation_status == "IN_PROGRESS"
    begun = time.monotonic()

    work()

    assert time.monotonic() - begun < 15
    campaign.refresh_from_db()
    assert (campaign.generation_status, campaign.vouchers_count) == ("DONE", 10_000)
    assert Voucher.objects.values("code_key").distinct().count() == 10_000
    voucher = Voucher.objects.first()
    assert voucher.code.startswith("SUMMER-")
    assert (voucher.redemption_limit, voucher.definition) == (1, campaign.definition)
    action = AsyncAction.objects.get()
    assert (action.type, action.status, action.progress) == (
        "CAMPAIGN.VOUCHERS_GENERATE",
        "DONE",
        100,
    )
    assert action.result["message"] == "10000 codes were made"
    types = OutboxEvent.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == [
        "campaign.created",
        "campaign.started",
        "campaign.vouchers.generation.started",
        "campaign.vouchers.generation.completed",
    ]
    assert OutboxEvent.objects.last().data["count"] == 10_000


def test_goes_on_after_a_crash_without_loss_or_repetition(project, at, monkeypatch):
    monkeypatch.setattr(generation, "CHUNK", 300)
    campaign = create(project, at, count=1000)
    calls = []
    real = generation.count_made

    def crash_in_the_third(**values):
        real(**values)
        calls.append(values["count"])
        if len(calls) == 3:
            raise RuntimeError("killed")

    monkeypatch.setattr(generation, "count_made", crash_in_the_third)
    jobs.run_due()
    action = AsyncAction.objects.get()
    assert (Voucher.objects.count(), action.done) == (600, 600)

    monkeypatch.setattr(generation, "count_made", real)
    Job.objects.update(run_at=clock.now())
    jobs.run_due()

    campaign.refresh_from_db()
    assert (Voucher.objects.count(), campaign.vouchers_count) == (1000, 1000)
    assert campaign.generation_status == "DONE"


def test_is_not_run_twice_by_a_worker_that_was_taken_for_dead(project, at, work):
    create(project, at, count=10)
    work()
    job = Job.objects.get(name=generation.JOB)

    generation.run(job=job)

    assert Voucher.objects.count() == 10
    assert OutboxEvent.objects.filter(type__endswith="completed").count() == 1


def test_draws_again_until_a_nearly_used_up_pattern_is_used_up(project, at, work):
    for n in range(90):
        VoucherFactory(code=f"T{n:02}")
    config = {"pattern": "T##", "charset": "0123456789"}

    create(project, at, count=10, config=config)
    work()

    assert Voucher.objects.count() == 100
    assert {voucher.code_key for voucher in Voucher.objects.all()} == {
        f"T{n:02}" for n in range(100)
    }


def test_fails_with_the_numbers_when_others_took_the_codes_meanwhile(project, at, work):
    campaign = create(project, at, count=10, config={"pattern": "T#", "charset": "0123456789"})
    VoucherFactory(code="T4")

    work()

    campaign.refresh_from_db()
    assert campaign.generation_status == "FAILED"
    action = AsyncAction.objects.get()
    assert action.status == "FAILED"
    assert action.result["message"] == (
        "the code config can yield 10 distinct codes, 1 of them are taken, 10 are wanted"
    )
    assert not Voucher.objects.filter(campaign=campaign).exists()
    assert OutboxEvent.objects.filter(type="campaign.vouchers.generation.failed").count() == 1


def test_knows_codes_of_other_spelling_where_case_does_not_count(project, at, work):
    project.case_sensitive_codes = False
    project.save()
    VoucherFactory(code="a", code_key="A")
    create(project, at, count=3, config={"pattern": "#", "charset": "abBcCd"})

    work()

    assert {voucher.code_key for voucher in Voucher.objects.all()} == set("ABCD")


def test_overrides_settings_for_codes_that_are_added(project, at, work):
    campaign = CampaignFactory()

    campaigns.add_vouchers(
        project=project,
        campaign=campaign,
        count=5,
        data={
            "redemption": {"quantity": 3},
            "metadata": {"lot": 7},
            "expiration_date": at,
            "additional_info": "second lot",
        },
        at=at,
    )
    work()

    found = Voucher.objects.filter(
        campaign=campaign, redemption_limit=3, metadata={"lot": 7}, expires_at=at
    )
    assert found.count() == 5
    assert Campaign.objects.get(pk=campaign.pk).vouchers_count == 5
