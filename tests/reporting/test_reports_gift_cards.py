"""Gift cards in money: the example month of the requirements, and the page that shows it."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from campaigns.services import gift_cards, vouchers
from redemptions.context import Request, Wanted
from redemptions.services import redemptions, rollbacks
from redemptions.services.rollbacks import Wish
from reporting.reports import gift_cards as report
from reporting.reports.campaign_summary import Period
from reporting.reports.gift_cards import Totals
from rewards.ledger import audit
from rewards.models import LedgerAccount

pytestmark = pytest.mark.usefixtures("in_project")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
PAGE = "admin:reporting_gift_cards"


def june(day):
    return datetime(2026, 6, day, 12, tzinfo=UTC)


def sell(project, code, amount, day):
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": amount}}
    return vouchers.create(project=project, data=data, code=code, at=june(day))


def spend(project, code, amount, at):
    wanted = (Wanted("voucher", code, amount),)
    request = Request(redeemables=wanted, order={"amount": 15_000})
    return redemptions.redeem(project=project, request=request, at=at).redemptions[0]


@pytest.fixture
def month(project):
    """GC-A of 100.00 and GC-B of 50.00 are sold, and 30.00 spent from the first."""
    card = sell(project, "GC-A", 10_000, 1)
    sell(project, "GC-B", 5_000, 2)
    spend(project, "GC-A", 3_000, june(8))
    return card


@pytest.mark.requirement(264, 265)
def test_the_example_month(project, month):
    found = report.totals(project=project, period=JUNE)

    assert found == Totals(
        cards=2, sold=15_000, changed=0, spent=3_000, paid_out=0, outstanding=12_000
    )
    (row,) = report.by_campaign(project=project, period=JUNE)
    assert (row.name, row.totals) == ("", found)


def test_what_is_given_back_is_not_spent_and_other_months_count_for_themselves(project, month):
    again = spend(project, "GC-A", 1_000, june(10))
    rollbacks.roll_back(project=project, reference=again.public_id, wish=Wish(), at=june(11))
    gift_cards.change_balance(
        project=project, voucher=month, amount=-500, reason="Typo", at=june(12)
    )
    july = datetime(2026, 7, 2, tzinfo=UTC)
    spend(project, "GC-B", 5_000, july)

    found = report.totals(project=project, period=JUNE)
    assert (found.spent, found.changed, found.outstanding) == (3_000, -500, 11_500)
    later = report.totals(project=project, period=Period(first=date(2026, 7, 1)))
    assert (later.cards, later.sold, later.spent, later.outstanding) == (0, 0, 5_000, 6_500)


def test_the_page_shows_it_and_exports_it_to_those_who_may(project, month, staff):
    page = staff("Manager").get(reverse(PAGE), {"since": "2026-06-01", "until": "2026-06-30"})

    text = page.content.decode()
    assert all(amount in text for amount in ("150.00", "120.00", "30.00"))
    statement = staff("Manager").get(reverse("admin:rewards_ledgerentry_changelist"))
    assert f"?q={month.redemptions.get().public_id}" in statement.content.decode()
    answer = staff("Manager").get(reverse(PAGE), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "campaign,cards,sold,changed,spent,paid_out,outstanding",
        ",2,15000,0,3000,0,12000",
    ]
    assert staff("Viewer").get(reverse(PAGE), {"format": "csv"}).status_code == 403


def test_an_empty_page_says_what_to_do(project, staff):
    assert "No gift cards yet" in staff("Viewer").get(reverse(PAGE)).content.decode()


def test_a_balance_that_differs_is_on_the_first_page(project, month, staff):
    said, http = "Balances that differ", staff("Manager")
    before = http.get(reverse("admin:index")).content.decode()
    assert said not in before
    assert "Owed on gift cards" in before
    assert "120.00" in before
    LedgerAccount.objects.filter(pk=month.account_id).update(balance=9_999)

    audit.verify(project=project, at=june(30))

    text = http.get(reverse("admin:index")).content.decode()
    assert said in text
    assert "99.99" in text
