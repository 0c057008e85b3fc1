"""Cash for what is left on a card, where the law lets it be given."""

from datetime import timedelta

import pytest

from campaigns.models import Campaign, Voucher
from campaigns.services import campaigns, deletion, gift_cards, jurisdictions, vouchers
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import OutboxEvent
from reporting.reports import gift_cards as report
from reporting.reports.campaign_summary import Period
from rewards.models import LedgerAccount
from tests.factories.jurisdiction import JurisdictionFactory

pytestmark = pytest.mark.usefixtures("in_project")


@pytest.fixture
def card(project, at):
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": 400}}
    return vouchers.create(project=project, data=data, code="GIFT", at=at)


def pay_out(project, card, at):
    return gift_cards.cash_out(project=project, voucher=card, reason="Ada, at the till", at=at)


@pytest.mark.requirement(301)
def test_all_that_is_free_is_paid_out_and_told(project, card, at):
    JurisdictionFactory(code="US-ME", cash_out="REQUIRED", cash_out_below=500, is_default=True)
    LedgerAccount.objects.update(held=150)

    entry = pay_out(project, card, at)

    assert (entry.kind, entry.amount, entry.balance_after) == ("cash_out", -250, 150)
    assert (entry.reason, entry.total_after) == ("Ada, at the till", 150)
    told = OutboxEvent.objects.get(type="voucher.gift.transaction.created").data["transaction"]
    assert (told["type"], told["wafa_kind"]) == ("CREDITS_REMOVAL", "cash_out")


@pytest.mark.requirement(301)
@pytest.mark.parametrize(
    "law", [{"cash_out": "NEVER"}, {"cash_out": "ALLOWED", "cash_out_below": 400}, None]
)
def test_where_the_law_does_not_let_it_nothing_is_paid_out(project, card, at, law):
    if law is not None:
        JurisdictionFactory(is_default=True, **law)
    LedgerAccount.objects.update(held=1)  # does not make the balance smaller

    with pytest.raises(gift_cards.NoCashOut):
        pay_out(project, card, at)

    assert LedgerAccount.objects.get().balance == 400


def test_money_that_was_moved_keeps_its_card(project, card, at):
    moved = {"type": "GIFT_VOUCHER", "gift": {"amount": 100}}
    other = vouchers.create(project=project, data=moved, code="MOVED", at=at)
    gift_cards.change_balance(project=project, voucher=other, amount=-30, at=at, reason="Typo")

    deletion.delete_voucher(project=project, voucher=card, force=True, at=at)
    with pytest.raises(deletion.ResourceInUse):
        deletion.delete_voucher(project=project, voucher=other, force=True, at=at)

    assert [row.code for row in Voucher.objects.all()] == ["MOVED"]
    assert report.on_cards(project=project) == report.OnCards(cards=1, amount=70)
    found = report.totals(project=project, period=Period())
    assert (found.cards, found.sold, found.outstanding) == (1, 100, 70)
    campaign = campaigns.create(
        project=project,
        data={"name": "Cards", "campaign_type": "GIFT_VOUCHERS", "voucher": moved},
        at=at,
    )
    one = vouchers.issue(project=project, campaign=campaign, at=at)
    gift_cards.change_balance(project=project, voucher=one, amount=5, at=at)
    with pytest.raises(deletion.ResourceInUse):
        deletion.delete_campaign(project=project, campaign=campaign, force=True, at=at)


def test_no_card_holds_more_than_can_be_counted(project, card, at):
    for amount in (10**15 + 1, -(10**15) - 1):
        with pytest.raises(Invalid, match=r"amount must be >= -10+ and <= 10+"):
            gift_cards.change_balance(project=project, voucher=card, amount=amount, at=at)

    assert LedgerAccount.objects.get().balance == 400


def test_a_campaign_whose_cards_have_an_end_stays_where_they_may(project, at):
    data = {
        "name": "Cards",
        "campaign_type": "GIFT_VOUCHERS",
        "voucher": {"type": "GIFT_VOUCHER", "gift": {"amount": 100}},
    }
    campaign = campaigns.create(project=project, data=data, at=at)
    ends = {"expiration_date": at + timedelta(days=9)}
    vouchers.issue(project=project, campaign=campaign, data=ends, code="ENDS", at=at)
    JurisdictionFactory(code="US-ME", gift_cards_expire=False)
    law = {"jurisdiction": "US-ME"}

    with pytest.raises(jurisdictions.MustNotExpire, match="these cards have an end: ENDS"):
        campaigns.update(project=project, campaign=campaign, data=law, at=at)

    Voucher.objects.update(expires_at=None)
    changed = campaigns.update(project=project, campaign=campaign, data=law, at=at)
    assert changed.jurisdiction.code == "US-ME"


def test_one_law_is_that_of_the_project(project, at):
    first = JurisdictionFactory(is_default=True)

    second = jurisdictions.create(
        project=project, data={"code": "DE", "name": "Germany", "is_default": True}, at=at
    )

    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    for data, error in (
        ({"code": "DE", "name": "Again"}, jurisdictions.DuplicateJurisdiction),
        ({"code": "X", "name": "X", "cash_out_below": -1}, Exception),
    ):
        with pytest.raises(error):
            jurisdictions.create(project=project, data=data, at=at)


def test_a_law_that_lets_nothing_expire_is_refused_where_something_has_an_end(project, at):
    gift = {"type": "GIFT_VOUCHER", "gift": {"amount": 400}}
    spring = {
        "name": "Spring cards",
        "campaign_type": "GIFT_VOUCHERS",
        "type": "AUTO_UPDATE",
        "voucher": gift,
        "expiration_date": at + timedelta(days=90),
    }
    campaign = campaigns.create(project=project, data=spring, at=at)
    ended = {**gift, "expiration_date": at + timedelta(days=9)}
    vouchers.create(project=project, data=ended, code="ENDS", at=at)
    law = {"code": "US-ME", "name": "Maine", "gift_cards_expire": False, "is_default": True}

    def refused():
        with pytest.raises(jurisdictions.MustNotExpire) as error:
            jurisdictions.create(project=project, data=law, at=at)
        return str(error.value.details)

    assert refused() == (
        "Gift cards must not expire in US-ME, but these campaigns have an end: Spring cards"
    )
    elsewhere = JurisdictionFactory(code="DE")
    Campaign.objects.filter(pk=campaign.pk).update(jurisdiction=elsewhere)
    assert refused().endswith("but these cards have an end: ENDS")
    Voucher.objects.filter(code="ENDS").update(expires_at=None)
    assert jurisdictions.create(project=project, data=law, at=at).is_default
    with pytest.raises(jurisdictions.MustNotExpire, match="Spring cards"):
        jurisdictions.update(
            project=project, jurisdiction=elsewhere, data={"gift_cards_expire": False}, at=at
        )
