"""What is undone or moved leaves everything else as it was, above all what expires and when."""

from datetime import timedelta

import pytest

from rewards import ledger
from rewards.ledger import audit, expiry
from rewards.models import EntryKind, LedgerAccount, Lot
from tests.factories.ledger import account_of, lot_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def spend(project, account, amount, at):
    return ledger.debit(
        project=project,
        account=account,
        kind=EntryKind.REDEEM,
        amount=amount,
        source="redemption:r_1",
        at=at,
    )


def balances():
    return list(LedgerAccount.objects.order_by("pk").values_list("balance", flat=True))


def open_lots():
    rows = Lot.objects.filter(left__gt=0).order_by("account", "expires_at")
    return list(rows.values_list("account", "left", "expires_at"))


def differences(project, at):
    return audit.verify(project=project, at=at).differences


def test_a_credit_that_is_undone_takes_its_own_lot_along(in_project, at):
    """Else the lot would expire later and take with it what never expires."""
    account = account_of(in_project, 100, at=at)
    lot_of(in_project, account, 30, expires_at=at + 2 * DAY, at=at, source="order:1")
    entry = lot_of(in_project, account, 50, expires_at=at + DAY, at=at, source="order:2")
    spend(in_project, account, 20, at)

    for _ in range(2):
        ledger.reverse(project=in_project, entry=entry, at=at)

    assert balances() == [110]
    assert open_lots() == [(account.pk, 10, at + 2 * DAY)]
    assert differences(in_project, at) == []
    expiry.expire_due(project=in_project, at=at + 2 * DAY)
    assert balances() == [100]


def test_a_credit_is_undone_after_its_end_but_not_with_what_others_left_expired(in_project, at):
    account = account_of(in_project, at=at)
    entry = lot_of(in_project, account, 50, expires_at=at + DAY, at=at, source="order:1")
    lot_of(in_project, account, 40, expires_at=at + DAY, at=at, source="order:2")
    other = lot_of(in_project, account, 5, expires_at=at + 9 * DAY, at=at, source="order:3")

    ledger.reverse(project=in_project, entry=entry, at=at + DAY)
    spend(in_project, account, 1, at + DAY)
    with pytest.raises(ledger.InsufficientBalance):
        ledger.reverse(project=in_project, entry=other, at=at + DAY)

    assert balances() == [44]
    assert differences(in_project, at) == []


def test_what_is_given_back_after_its_end_does_not_revive_what_was_left(in_project, at):
    account = account_of(in_project, at=at)
    lot_of(in_project, account, 50, expires_at=at + DAY, at=at, source="order:1")
    lot_of(in_project, account, 20, expires_at=at + 9 * DAY, at=at, source="order:2")
    entry = spend(in_project, account, 10, at)
    later = at + 3 * DAY

    ledger.reverse(project=in_project, entry=entry, at=later, grace=14 * DAY)

    account.refresh_from_db()
    assert ledger.available(accounts=[account], at=later) == {account.pk: 30}
    expiry.expire_due(project=in_project, at=later)
    assert open_lots() == [
        (account.pk, 20, at + 9 * DAY),
        (account.pk, 10, later + 14 * DAY),
    ]
    assert differences(in_project, later) == []


def test_the_same_cause_moves_an_account_once_also_where_too_little_is_left(in_project, at):
    account = account_of(in_project, 100, at=at)

    first, again = (spend(in_project, account, 60, at) for _ in range(2))

    assert first.pk == again.pk
    assert balances() == [40]


def test_what_expires_keeps_its_end_when_it_is_moved(in_project, at):
    giver, taker = account_of(in_project, 100, at=at), account_of(in_project, at=at)
    for days, amount in ((2, 20), (1, 30)):
        end = at + days * DAY
        lot_of(in_project, giver, amount, expires_at=end, at=at, source=f"order:{days}")
    given = {"project": in_project, "giver": giver, "taker": taker, "reason": "", "at": at}

    for _ in range(2):
        ledger.transfer(amount=60, source="transfer:1", **given)

    assert balances() == [90, 60]
    assert open_lots() == [(taker.pk, 30, at + DAY), (taker.pk, 20, at + 2 * DAY)]
    expiry.expire_due(project=in_project, at=at + 2 * DAY)
    assert balances() == [90, 10]
    assert differences(in_project, at) == []


def test_neither_half_of_a_transfer_nor_a_reversal_is_undone(in_project, at):
    giver, taker = account_of(in_project, 100, at=at), account_of(in_project, at=at)
    given = {"giver": giver, "taker": taker, "source": "transfer:1", "reason": ""}
    halves = ledger.transfer(project=in_project, amount=40, at=at, **given)
    back = ledger.reverse(project=in_project, entry=spend(in_project, giver, 10, at), at=at)

    for entry in (*halves, back):
        with pytest.raises(ledger.NotReversible):
            ledger.reverse(project=in_project, entry=entry, at=at)

    assert balances() == [60, 40]


def test_lots_that_hold_more_than_the_balance_are_found(in_project, at):
    account = account_of(in_project, at=at)
    lot_of(in_project, account, 50, expires_at=at + DAY, at=at, source="order:1")
    Lot.objects.update(amount=60, left=60)

    assert differences(in_project, at) == [
        {"account": account.pk, "kind": "lots", "is": 60, "should_be": 50}
    ]
