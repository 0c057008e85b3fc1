"""Balances move with their entries, within their floor, and back again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from rewards import ledger
from rewards.ledger import audit
from rewards.models import EntryKind, LedgerAccount, LedgerEntry, Lot, LotUse
from tests.factories.ledger import account_of, lot_of
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db


def statement(account):
    return [
        (entry.kind, entry.amount, entry.balance_after) for entry in account.entries.order_by("id")
    ]


def spend(project, account, amount, at, source="redemption:r_1"):
    return ledger.debit(
        project=project,
        account=account,
        kind=EntryKind.REDEEM,
        amount=amount,
        source=source,
        at=at,
    )


def lefts():
    return list(Lot.objects.order_by("pk").values_list("left", flat=True))


def test_an_account_tells_each_movement_with_the_balance_after_it(in_project, at):
    account = account_of(in_project, 10_000, at=at)

    spend(in_project, account, 3_000, at)
    ledger.adjust(project=in_project, account=account, amount=500, reason="Late parcel", at=at)
    taken = ledger.adjust(project=in_project, account=account, amount=-200, reason="Typo", at=at)

    account.refresh_from_db()
    assert (account.balance, account.added, account.subtracted) == (7_300, 10_500, 200)
    assert (account.total, account.redeemed) == (10_300, 3_000)
    assert statement(account) == [
        ("issue", 10_000, 10_000),
        ("redeem", -3_000, 7_000),
        ("adjust", 500, 7_500),
        ("adjust", -200, 7_300),
    ]
    assert (taken.reason, taken.total_after) == ("Typo", 10_300)
    assert audit.verify(project=in_project, at=at).differences == []


def test_more_than_there_is_is_refused_and_leaves_no_trace(in_project, at):
    account = account_of(in_project, 1_000, at=at)

    with pytest.raises(ledger.InsufficientBalance):
        spend(in_project, account, 1_001, at)
    LedgerAccount.objects.update(held=400)
    with pytest.raises(ledger.InsufficientBalance):
        spend(in_project, account, 601, at)
    spend(in_project, account, 600, at)

    assert statement(account) == [("issue", 1_000, 1_000), ("redeem", -600, 400)]


def test_the_same_cause_moves_an_account_once(in_project, at):
    account = account_of(in_project, 1_000, at=at)

    first, again = (spend(in_project, account, 100, at) for _ in range(2))

    account.refresh_from_db()
    assert first.pk == again.pk
    assert account.balance == 900
    given = {"project": in_project, "account": account, "reason": "", "at": at}
    ledger.adjust(amount=5, source_id="mine", **given)
    with pytest.raises(ledger.DuplicateSource):
        ledger.adjust(amount=5, source_id="mine", **given)


def test_a_debit_takes_what_expires_first_and_a_reversal_puts_it_back(in_project, at):
    account = account_of(in_project, 100, at=at)
    for days, amount in ((30, 50), (7, 20)):
        lot_of(
            in_project,
            account,
            amount,
            expires_at=at + timedelta(days=days),
            at=at,
            source=f"order:{days}",
        )
    entry = spend(in_project, account, 60, at)
    assert lefts() == [10, 0]

    for _ in range(2):
        back = ledger.reverse(project=in_project, entry=entry, at=at)

    account.refresh_from_db()
    assert (account.balance, lefts()) == (170, [50, 20])
    assert (account.total, account.redeemed) == (170, 0)
    assert back.reverses == entry
    assert LedgerEntry.objects.filter(kind="reverse").count() == 1
    assert sorted(LotUse.objects.values_list("amount", flat=True)) == [-40, -20, 20, 40]
    ends = Lot.objects.order_by("pk").values_list("expires_at", flat=True)
    assert list(ends) == [at + timedelta(days=30), at + timedelta(days=7)]


def test_a_lot_that_expired_meanwhile_comes_back_for_the_grace_period(in_project, at):
    account = account_of(in_project, at=at)
    lot_of(in_project, account, 50, expires_at=at + timedelta(days=1), at=at, source="order:1")
    entry = spend(in_project, account, 50, at)
    later = at + timedelta(days=3)

    ledger.reverse(project=in_project, entry=entry, at=later, grace=timedelta(days=14))

    assert Lot.objects.get(left=50).expires_at == later + timedelta(days=14)
    assert lefts() == [0, 50]


def test_an_expired_lot_cannot_be_spent_before_the_sweep_either(in_project, at):
    account = account_of(in_project, 30, at=at)
    lot_of(in_project, account, 50, expires_at=at + timedelta(days=1), at=at, source="order:1")
    later = at + timedelta(days=1)

    with pytest.raises(ledger.InsufficientBalance):
        spend(in_project, account, 31, later)
    assert spend(in_project, account, 30, later).balance_after == 50


def test_a_transfer_is_two_entries_that_name_each_other(in_project, at):
    giver, taker = account_of(in_project, 100, at=at), account_of(in_project, 5, at=at)
    given = {"project": in_project, "giver": giver, "taker": taker, "reason": "Lost card"}

    out, into = ledger.transfer(amount=40, source="transfer:1", at=at, **given)

    assert (out.amount, into.amount) == (-40, 40)
    assert (out.related_id, into.related_id) == (into.public_id, out.public_id)
    balances = LedgerAccount.objects.order_by("pk").values_list("balance", flat=True)
    assert list(balances) == [60, 45]
    with pytest.raises(ledger.InsufficientBalance):
        ledger.transfer(amount=61, source="transfer:2", at=at, **given)
    assert list(balances.all()) == [60, 45]


def test_entries_say_who_made_them(in_project, at):
    from loyalty_project.core import context

    account = account_of(in_project, 100, at=at)
    anna = UserFactory()

    with context.acting(user=anna, channel="USER"):
        entry = ledger.adjust(project=in_project, account=account, amount=1, reason="x", at=at)

    assert (entry.user, entry.channel) == (anna, "USER")


@pytest.mark.parametrize("change", [{"amount": 1}, {"reason": "other"}])
def test_an_entry_is_never_changed(in_project, at, change):
    account = account_of(in_project, 100, at=at)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        account.entries.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        account.entries.all()._raw_delete("default")


def test_the_floor_is_a_constraint_of_the_table_too(in_project, at):
    account_of(in_project, 100, at=at)

    with pytest.raises(IntegrityError, match="rewards_account_floor"), transaction.atomic():
        LedgerAccount.objects.update(balance=-1)
