"""Bulk work lets others in: short transactions, one order of locks, and waits that end as Busy."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from campaigns.models import Campaign, Voucher
from campaigns.services import bulk_updates, campaigns, imports, state, vouchers
from loyalty_project.core import async_actions, bulk, clock, guarded, jobs, tenancy
from loyalty_project.core.errors import Busy
from loyalty_project.core.models import Job, Project
from loyalty_project.core.services import projects
from redemptions.services import orders
from tests.factories.campaign import CampaignFactory

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = "Code,Voucher Type,Value,Discount Type,Redemption limit\n"


@pytest.fixture
def holding(project):
    """`holding(act)`: another connection ran `act` in a transaction that it keeps open."""
    go, threads = threading.Event(), []

    def hold(act):
        inside = threading.Event()

        def one():
            try:
                with tenancy.scope(project), transaction.atomic():
                    act()
                    inside.set()
                    go.wait(30)
            finally:
                connection.close()

        threads.append(threading.Thread(target=one))
        threads[-1].start()
        assert inside.wait(10)

    yield hold
    go.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def impatient(project):
    """Waits for locks end after 200 ms on the connection of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 3000")


@pytest.fixture
def chunks(monkeypatch):
    """How many rows each transaction of a job wrote."""
    sizes = []
    whole = async_actions.advance

    def advance(action, *, done=0, failed=0, **kwargs):
        sizes.append(done + failed)
        return whole(action, done=done, failed=failed, **kwargs)

    monkeypatch.setattr(async_actions, "advance", advance)
    return sizes


def _csv(names, limit):
    rows = "".join(f"{name},DISCOUNT_VOUCHER,5,AMOUNT,{limit}\n" for name in names)
    return SimpleUploadedFile("codes.csv", (HEADERS + rows).encode())


def _lock_project(project):
    return lambda: projects.bump_version(project=project)


def test_an_import_of_codes_that_lock_more_than_theirs_commits_after_few(in_project, work, chunks):
    campaign = CampaignFactory(project=in_project)
    for first, announce in ((0, True), (45, False)):
        rows = [{"code": f"IMP{n}"} for n in range(first, first + 45)]
        imports.start(
            project=in_project, campaign=campaign, rows=rows, announce=announce, at=clock.now()
        )

    work()

    assert chunks == [20, 20, 5, 45]
    assert Voucher.objects.filter(campaign=campaign).count() == 90


def test_an_import_of_orders_commits_after_few_of_them(in_project, work, chunks):
    rows = [{"source_id": f"o{n}", "amount": 100} for n in range(25)]
    orders.import_(project=in_project, rows=rows, at=clock.now())

    work()

    assert chunks == [20, 5]


def test_a_chunk_of_changed_codes_writes_the_project_once_and_last(
    code, in_project, work, monkeypatch
):
    names = [f"C{n}" for n in range(25)]
    for name in names:
        code(name, limit=1)
    before = Project.objects.get().version
    seen = []
    whole = vouchers.update

    def update(**kwargs):
        found = whole(**kwargs)
        seen.append(Project.objects.get().version)
        return found

    monkeypatch.setattr(vouchers, "update", update)
    imports.start_csv(project=in_project, upload=_csv(names, 9), at=clock.now())
    work()

    assert seen == [before] * 20 + [before + 1] * 5
    assert Project.objects.get().version == before + 2
    assert set(Voucher.objects.values_list("redemption_limit", flat=True)) == {9}


def test_codes_are_changed_by_primary_key_and_made_by_code(code, in_project, work, monkeypatch):
    for name in ("Z", "A"):
        code(name, limit=1)
    locked = []
    whole = state.exclusive_voucher

    def exclusive(*, voucher):
        locked.append(voucher.code)
        return whole(voucher=voucher)

    monkeypatch.setattr(state, "exclusive_voucher", exclusive)
    imports.start_csv(project=in_project, upload=_csv(["Y", "A", "B", "Z"], 2), at=clock.now())
    work()

    assert locked == ["Z", "A"]
    assert list(Voucher.objects.order_by("pk").values_list("code", flat=True)) == list("ZABY")


def test_many_codes_are_switched_by_primary_key(code, in_project, work, monkeypatch):
    for name in ("Z", "A"):
        code(name, limit=1)
    locked = []
    whole = state.exclusive_voucher

    def exclusive(*, voucher):
        locked.append(voucher.code)
        return whole(voucher=voucher)

    monkeypatch.setattr(state, "exclusive_voucher", exclusive)
    bulk_updates.start_switch(project=in_project, codes=["A", "Z"], active=False, at=clock.now())
    work()

    assert locked == ["Z", "A"]
    assert set(Voucher.objects.values_list("active", flat=True)) == {False}


def test_a_row_that_was_busy_is_tried_again_and_not_reported(code, in_project, monkeypatch):
    code("ONE", limit=1)
    action = bulk_updates.start_switch(
        project=in_project, codes=["ONE"], active=False, at=clock.now()
    )
    whole = state.exclusive_voucher

    def busy(*, voucher):
        raise Busy

    monkeypatch.setattr(state, "exclusive_voucher", busy)
    jobs.run(jobs.lease_next(at=clock.now()))
    job = Job.objects.get()
    action.refresh_from_db()
    assert (job.status, action.status, action.failed) == ("QUEUED", "IN_PROGRESS", 0)

    monkeypatch.setattr(state, "exclusive_voucher", whole)
    jobs.run(jobs.lease_next(at=job.run_at))
    action.refresh_from_db()
    assert (action.status, action.done, action.failed) == ("DONE", 1, 0)
    assert Voucher.objects.get().active is False


def test_the_kill_switch_works_while_codes_are_imported(in_project, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 20)
    campaign = CampaignFactory(project=in_project)
    rows = [{"code": f"IMP{n}"} for n in range(400)]
    imports.start(project=in_project, campaign=campaign, rows=rows, at=clock.now())

    def work():
        try:
            jobs.run_due()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    switched = 0
    while worker.is_alive():
        campaigns.disable(project=in_project, campaign=campaign, at=clock.now())
        campaigns.enable(project=in_project, campaign=campaign, at=clock.now())
        switched += 1
    worker.join()

    assert switched > 1
    assert Voucher.objects.filter(campaign=campaign).count() == 400


@pytest.mark.usefixtures("impatient")
class TestALockThatIsNotHadInTime:
    def test_of_the_project_is_busy(self, in_project, holding):
        campaign = CampaignFactory(project=in_project)
        holding(_lock_project(in_project))

        with pytest.raises(Busy) as caught:
            campaigns.disable(project=in_project, campaign=campaign, at=clock.now())

        assert caught.value.extra == {"retry_after": 1}
        assert Campaign.objects.get().active is True

    def test_of_a_code_is_busy(self, code, in_project, holding):
        voucher = code("FREE")
        row = Voucher.objects.select_for_update(no_key=True)
        holding(lambda: row.get(pk=voucher.pk))

        with pytest.raises(Busy):
            vouchers.set_active(project=in_project, voucher=voucher, active=False, at=clock.now())

        assert Voucher.objects.get().active is True

    def test_of_a_guarded_row_is_busy(self, in_project, holding):
        holding(_lock_project(in_project))
        statement = guarded.Statement(
            "UPDATE core_project SET name = 'B' WHERE id = %s", (in_project.pk,), rows=1
        )

        with pytest.raises(Busy), transaction.atomic():
            guarded.run([statement])

        assert Project.objects.get().name == "Roaster"

    @pytest.mark.parametrize("by", ["list", "page"])
    def test_is_told_to_who_uses_the_switch(self, in_project, staff, holding, by):
        campaign = CampaignFactory(project=in_project)
        http = staff("Marketer")
        holding(lambda: Campaign.objects.select_for_update().get(pk=campaign.pk))
        chosen = {"action": "disable", "_selected_action": [campaign.pk]}
        path = reverse("admin:campaigns_campaign_changelist")
        if by == "page":
            path = reverse("admin:campaigns_campaign_do", args=[campaign.pk, "turn_off"])
        form = {**chosen, "confirmed": "yes", "_project": in_project.public_id}

        answer = http.post(path, form, follow=True)

        assert answer.status_code == 200
        assert "The same thing is being changed right now" in answer.content.decode()
        assert Campaign.objects.get().active is True


def test_customers_are_still_imported_in_large_chunks():
    assert (bulk.CHUNK, bulk.SMALL_CHUNK) == (2_000, 20)
