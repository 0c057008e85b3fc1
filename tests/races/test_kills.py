"""A worker that is killed in the middle of a million rows costs nothing: the next one goes on."""

import os
import signal
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from campaigns.models import Voucher
from campaigns.services import campaigns, generation
from campaigns.services import imports as code_imports
from customers.models import Customer, CustomerSummary
from customers.services import imports
from loyalty_project.core import async_actions, bulk, clock, jobs
from loyalty_project.core.models import AsyncAction, OutboxEvent, RefusedRows
from redemptions.models import Order, OrderItem
from redemptions.services import order_imports
from rewards.models import LedgerAccount, LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)
OFFER = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}}
COUNT = 70


@pytest.fixture(autouse=True)
def _small(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(generation, "CHUNK", 20)
    monkeypatch.setattr(bulk, "CHUNK", 20)
    settings.MEDIA_ROOT = tmp_path


def killed(monkeypatch, *, written):
    """Run jobs in a process that is killed in its third chunk, before or after it has written."""
    real, calls = async_actions.advance, []
    ready, tell = os.pipe()

    def advance(*arguments, **values):
        calls.append(values)
        if len(calls) == 3 and not written:
            _wait(tell)
        real(*arguments, **values)
        if len(calls) == 3:
            _wait(tell)

    connection.close()
    worker = os.fork()
    if not worker:
        try:
            monkeypatch.setattr(async_actions, "advance", advance)
            jobs.run_due()
        finally:
            os._exit(1)
    os.close(tell)
    assert os.read(ready, 1) == b"!"
    os.close(ready)
    os.kill(worker, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(worker, 0)[1]) == signal.SIGKILL


def _wait(tell):
    os.write(tell, b"!")
    time.sleep(60)


def go_on():
    """As the worker that finds the lease run out."""
    assert jobs.lease_next(at=clock.now()) is None
    job = jobs.lease_next(at=clock.now() + jobs.LEASE)
    jobs.run(job)
    action = AsyncAction.objects.get()
    assert (action.status, action.done + action.failed) == ("DONE", COUNT)


@pytest.mark.requirement(218)
@pytest.mark.parametrize("written", [False, True])
def test_codes_are_neither_lost_nor_made_twice(in_project, at, monkeypatch, written):
    voucher = {**OFFER, "code_config": {"pattern": "SUMMER-######"}}
    data = {"name": "Summer", "vouchers_count": COUNT, "voucher": voucher}
    campaign = campaigns.create(project=in_project, data=data, at=at)

    killed(monkeypatch, written=written)
    assert (Voucher.objects.count(), AsyncAction.objects.get().done) == (40, 40)
    go_on()

    campaign.refresh_from_db()
    assert (campaign.generation_status, campaign.vouchers_count) == ("DONE", COUNT)
    assert Voucher.objects.values("code_key").distinct().count() == COUNT
    assert Voucher.objects.count() == COUNT
    assert OutboxEvent.objects.filter(type="campaign.vouchers.generation.completed").count() == 1


@pytest.mark.parametrize("written", [False, True])
def test_imported_rows_are_neither_lost_nor_written_twice(in_project, at, monkeypatch, written):
    rows = "".join(f"c{n},{'soon' if n % 10 == 5 else ''}\n" for n in range(COUNT))
    upload = SimpleUploadedFile("people.csv", f"source_id,birthdate\n{rows}".encode())
    imports.start_csv(project=in_project, upload=upload, at=at)

    killed(monkeypatch, written=written)
    assert Customer.objects.count() == 36
    go_on()

    assert Customer.objects.count() == Customer.history.count() == 63
    refused = [row["line"] for part in RefusedRows.objects.order_by("pk") for row in part.failures]
    assert refused == [7, 17, 27, 37, 47, 57, 67]


@pytest.mark.parametrize("written", [False, True])
def test_orders_keep_their_lines_and_are_counted_once(in_project, at, monkeypatch, written):
    # Orders of seven rows: a step of 20 ends behind the third, the next behind the sixth.
    rows = "".join(f"o{n // 7},PAID,ada,beans,{n % 7 + 1},1\n" for n in range(COUNT))
    header = "source_id,status,customer,item_product,item_quantity,item_price\n"
    upload = SimpleUploadedFile("orders.csv", (header + rows).encode())
    order_imports.start_csv(project=in_project, upload=upload, at=at)

    killed(monkeypatch, written=written)
    assert (Order.objects.count(), AsyncAction.objects.get().done) == (6, 42)
    go_on()

    assert list(Order.objects.values_list("amount", flat=True)) == [2800] * 10
    assert OrderItem.objects.count() == COUNT
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (10, 28_000)


@pytest.mark.parametrize("written", [False, True])
def test_gift_cards_of_a_file_are_opened_once(in_project, at, monkeypatch, written):
    voucher = {"type": "GIFT_VOUCHER", "gift": {"amount": 500}}
    data = {"name": "Cards", "campaign_type": "GIFT_VOUCHERS", "voucher": voucher}
    campaign = campaigns.create(project=in_project, data=data, at=at)
    rows = "".join(f"CARD{n:02},{n + 1}\n" for n in range(COUNT))
    upload = SimpleUploadedFile("cards.csv", f"Code,Gift Amount\n{rows}".encode())
    code_imports.start_csv(project=in_project, campaign=campaign, upload=upload, at=at)

    killed(monkeypatch, written=written)
    assert (Voucher.objects.count(), AsyncAction.objects.get().done) == (40, 40)
    go_on()

    campaign.refresh_from_db()
    assert campaign.vouchers_count == Voucher.objects.count() == Voucher.history.count() == COUNT
    balances = Voucher.objects.order_by("code").values_list("account__balance", flat=True)
    assert list(balances) == [100 * (n + 1) for n in range(COUNT)]
    assert LedgerEntry.objects.count() == LedgerAccount.objects.count() == COUNT
