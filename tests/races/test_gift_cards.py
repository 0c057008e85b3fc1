"""A gift card is never spent twice, and given back once."""

import pytest
from django.db import transaction

from campaigns.services import vouchers
from loyalty_project.core import clock
from redemptions.context import Request, Wanted
from redemptions.services import redemptions, rollbacks
from redemptions.services.rollbacks import RolledBack, Wish
from rewards import ledger
from rewards.ledger import audit, statements
from rewards.models import EntryKind, LedgerAccount, LedgerEntry
from tests.factories.ledger import account_of

pytestmark = pytest.mark.django_db(transaction=True)
SHOPPERS = 8


@pytest.fixture
def card(in_project):
    """A card of 100.00."""
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": 10_000}}
    return vouchers.create(project=in_project, data=data, code="GIFT", at=clock.now())


def buyer(project, amount=None):
    wanted = (Wanted("voucher", "GIFT", amount),)
    request = Request(redeemables=wanted, order={"amount": 20_000})
    return lambda: redemptions.redeem(project=project, request=request, at=clock.now())


def spender(project, account, number):
    def spend():
        with transaction.atomic():
            return ledger.debit(
                project=project,
                account=account,
                kind=EntryKind.REDEEM,
                amount=1_000,
                source=f"redemption:{number}",
                at=clock.now(),
            )

    return spend


def in_threads(at_once, jobs):
    """As many at once as there are connections for."""
    groups = [jobs[start : start + SHOPPERS] for start in range(0, len(jobs), SHOPPERS)]
    return [result for group in groups for result in at_once(group)]


def sums(project):
    account = LedgerAccount.objects.get()
    entries = sum(LedgerEntry.objects.values_list("amount", flat=True))
    assert audit.verify(project=project, at=clock.now()).differences == []
    return account.balance, entries


@pytest.mark.requirement(11)
def test_of_fifty_who_spend_ten_of_a_hundred_ten_succeed(at_once, card, in_project):
    results = in_threads(at_once, [buyer(in_project, 1_000)] * 50)

    succeeded = [each for each in results if isinstance(each, redemptions.Redeemed)]
    assert len(succeeded) == 10
    assert {each.key for each in results if isinstance(each, Exception)} == {"gift_amount_exceeded"}
    assert sums(in_project) == (0, 0)


@pytest.mark.parametrize(
    ("guard", "left"),
    [("balance - held + %s - %s + %s >= 0", 0), ("%s + %s + %s IS NOT NULL", -4_000)],
)
def test_the_guard_alone_keeps_the_floor(at_once, in_project, monkeypatch, guard, left):
    """The constraint of the table is out of the way here; the second row is the control."""
    with transaction.atomic():
        account = account_of(in_project, 4_000)
    LedgerAccount.objects.update(overdraft=100_000)
    text = statements._POST.replace("balance - held + %s - %s + %s >= -overdraft", guard)
    monkeypatch.setattr(statements, "_POST", text)

    at_once([spender(in_project, account, number) for number in range(SHOPPERS)])

    assert sums(in_project) == (left, left)


def test_whoever_takes_all_that_is_left_shares_it_to_the_last_cent(at_once, card, in_project):
    request = Request(redeemables=(Wanted("voucher", "GIFT"),), order={"amount": 3_000})

    def buy():
        return redemptions.redeem(project=in_project, request=request, at=clock.now())

    results = at_once([buy] * 6)

    succeeded = [each for each in results if isinstance(each, redemptions.Redeemed)]
    paid = sorted(each.redemptions[0].credits_amount for each in succeeded)
    assert paid == [1_000, 3_000, 3_000, 3_000]
    assert sums(in_project) == (0, 0)


@pytest.mark.requirement(144)
def test_a_rollback_twice_at_once_gives_back_once(at_once, card, in_project):
    done = buyer(in_project, 4_000)()
    reference = done.redemptions[0].public_id

    def take_back():
        return rollbacks.roll_back(
            project=in_project, reference=reference, wish=Wish(), at=clock.now()
        )

    results = at_once([take_back] * 4)

    assert len([each for each in results if isinstance(each, RolledBack)]) == 1
    assert {each.key for each in results if isinstance(each, Exception)} == {"already_rolled_back"}
    assert sums(in_project) == (10_000, 10_000)
