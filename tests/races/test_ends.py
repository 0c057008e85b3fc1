"""A job ends once, whoever runs it, and never when every worker died of it."""

import datetime as dt

import pytest

from campaigns.models import Campaign
from campaigns.services import bulk_updates, campaigns, generation
from loyalty_project.core import clock, jobs
from loyalty_project.core.models import AsyncAction, Job, OutboxEvent
from tests.factories.campaign import CampaignFactory

pytestmark = pytest.mark.django_db(transaction=True)
COMPLETED = "campaign.vouchers.generation.completed"
FAILED = "campaign.vouchers.generation.failed"


@pytest.fixture
def generating(in_project):
    campaign = CampaignFactory(project=in_project)
    return campaigns.add_vouchers(project=in_project, campaign=campaign, count=5, at=clock.now())


def _lose_the_lease():
    Job.objects.update(leased_until=clock.now() - dt.timedelta(seconds=1))


def _emitted(name):
    return OutboxEvent.objects.filter(type=name).count()


def test_the_end_is_announced_once_when_another_worker_came_before(generating, monkeypatch):
    whole = generation._end
    ends = []

    def end(action, **kwargs):
        ends.append(action.pk)
        if len(ends) == 1:
            _lose_the_lease()
            jobs.run(jobs.lease_next(at=clock.now()))
        return whole(action, **kwargs)

    monkeypatch.setattr(generation, "_end", end)
    jobs.run(jobs.lease_next(at=clock.now()))

    assert ends == [generating.pk] * 2
    assert _emitted(COMPLETED) == 1
    assert Job.objects.get().status == "DONE"
    generating.refresh_from_db()
    assert (generating.status, generating.result["message"]) == ("DONE", "5 codes were made")


def test_a_worker_that_lost_its_last_attempt_leaves_the_action_to_the_other(
    code, in_project, monkeypatch
):
    voucher = code("ONE", limit=1)
    action = bulk_updates.start_metadata(
        project=in_project, codes=["ONE"], values={"a": 1}, at=clock.now()
    )
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)
    late = jobs.lease_next(at=clock.now())
    advance = bulk_updates.bulk.async_actions.advance

    def lose(action, **kwargs):
        Job.objects.filter(fence=1).update(fence=2)
        return advance(action, **kwargs)

    monkeypatch.setattr(bulk_updates.bulk.async_actions, "advance", lose)
    jobs.run(late)

    action.refresh_from_db()
    voucher.refresh_from_db()
    assert action.status == "IN_PROGRESS"
    assert voucher.metadata == {}
    assert Job.objects.get().status == "RUNNING"


def test_a_job_that_every_worker_died_of_is_given_up(generating):
    for _attempt in range(jobs.MAX_ATTEMPTS):
        assert jobs.lease_next(at=clock.now())
        _lose_the_lease()

    assert jobs.run_due() == 1

    generating.refresh_from_db()
    job = Job.objects.get()
    assert (job.status, job.error) == (
        "FAILED",
        "Every worker that ran it stopped before its end",
    )
    assert generating.status == "FAILED"
    assert generating.result["message"] == "The work failed and is not tried again"
    assert Campaign.objects.get().generation_status == "FAILED"
    assert (_emitted(COMPLETED), _emitted(FAILED)) == (0, 1)


def test_a_job_that_fails_too_often_fails_its_action_with_it(code, in_project, monkeypatch):
    code("ONE", limit=1)
    action = bulk_updates.start_metadata(
        project=in_project, codes=["ONE"], values={"a": 1}, at=clock.now()
    )
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)

    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(bulk_updates.batches.Batch, "save", fail)
    jobs.run(jobs.lease_next(at=clock.now()))

    action.refresh_from_db()
    assert (action.status, action.done) == ("FAILED", 0)
    assert Job.objects.get().status == "FAILED"


def test_attempts_begin_anew_after_progress(code, in_project, monkeypatch):
    code("ONE", limit=1)
    action = bulk_updates.start_metadata(
        project=in_project, codes=["ONE"], values={"a": 1}, at=clock.now()
    )
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 1)
    finish = bulk_updates.bulk.async_actions.finish

    def fail(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(bulk_updates.bulk.async_actions, "finish", fail)
    jobs.run(jobs.lease_next(at=clock.now()))
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("QUEUED", 0)

    monkeypatch.setattr(bulk_updates.bulk.async_actions, "finish", finish)
    jobs.run(jobs.lease_next(at=job.run_at))
    action.refresh_from_db()
    assert (action.status, action.done) == ("DONE", 1)
    assert AsyncAction.objects.count() == 1
