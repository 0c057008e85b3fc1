"""A balance that its entries do not explain is found the same night, and shown."""

import pytest
from django.db import OperationalError

from loyalty_project.core import tenancy
from loyalty_project.core.monitoring import exposition
from rewards import tasks
from rewards.ledger import audit
from rewards.models import LedgerAccount, Lot
from tests.factories.ledger import account_of, lot_of

pytestmark = pytest.mark.django_db


def gauge():
    text = exposition().decode()
    return next(line for line in text.splitlines() if line.startswith("wafa_ledger_diff"))


def test_finds_a_balance_and_a_lot_that_were_changed_by_hand(in_project, at, set_clock):
    set_clock(at)
    sound, wrong = account_of(in_project, 100, at=at), account_of(in_project, 100, at=at)
    lot_of(in_project, sound, 50, expires_at=at.replace(year=2027), at=at, source="order:1")
    tasks.audit_ledgers()
    assert gauge() == "wafa_ledger_differences 0.0"
    LedgerAccount.objects.filter(pk=wrong.pk).update(balance=101)
    Lot.objects.update(left=49)
    set_clock(at.replace(day=3))

    tasks.audit_ledgers()

    found = audit.latest()
    assert found.accounts == 2
    assert found.differences == [
        {"account": wrong.pk, "kind": "balance", "is": 101, "should_be": 100},
        {"account": sound.pk, "kind": "lot", "is": 49, "should_be": 50},
    ]
    assert gauge() == "wafa_ledger_differences 2.0"


def test_goes_on_where_the_check_of_one_project_fails(
    in_project, other_project, at, set_clock, monkeypatch
):
    set_clock(at)
    for project in (in_project, other_project):
        with tenancy.scope(project):
            account_of(project, 100, at=at)
    verify = audit.verify

    def broken(*, project, at):
        if project == in_project:
            raise OperationalError
        return verify(project=project, at=at)

    monkeypatch.setattr(audit, "verify", broken)

    tasks.audit_ledgers()

    with tenancy.all_projects():
        assert audit.latest().project == other_project
