"""What has expired leaves the balance, once, and never what is held."""

from datetime import timedelta

import pytest

from rewards import tasks
from rewards.ledger import audit, expiry
from rewards.models import LedgerAccount, LedgerEntry
from tests.factories.ledger import account_of, lot_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(in_project, at):
    """100 for ever, 50 for a day, 20 for a week."""
    account = account_of(in_project, 100, at=at)
    for days, amount in ((1, 50), (7, 20)):
        end = at + timedelta(days=days)
        lot_of(in_project, account, amount, expires_at=end, at=at, source=f"order:{days}")
    return account


def test_a_sweep_takes_expired_lots_off_and_the_next_finds_nothing(in_project, at, account):
    later = at + timedelta(days=1)

    assert expiry.expire_due(project=in_project, at=later - timedelta(seconds=1)) == 0
    assert expiry.expire_due(project=in_project, at=later) == 1
    assert expiry.expire_due(project=in_project, at=later) == 0

    account.refresh_from_db()
    assert (account.balance, account.subtracted) == (120, 50)
    assert LedgerEntry.objects.get(kind="expire").amount == -50
    assert audit.verify(project=in_project, at=later).differences == []


def test_what_is_held_expires_when_it_is_free(in_project, at, account):
    LedgerAccount.objects.update(held=140)
    later = at + timedelta(days=1)

    expiry.expire_due(project=in_project, at=later)
    account.refresh_from_db()
    assert account.balance == 140

    LedgerAccount.objects.update(held=0)
    expiry.expire_due(project=in_project, at=later + timedelta(hours=1))
    account.refresh_from_db()
    assert account.balance == 120


def test_the_task_sweeps_every_project(in_project, at, account, set_clock):
    set_clock(at + timedelta(days=8))

    tasks.expire()

    account.refresh_from_db()
    assert account.balance == 100
