"""Gift cards in the admin: made, seen, changed by hand, paid out."""

import re

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Jurisdiction, Voucher
from campaigns.services import vouchers
from rewards.models import LedgerAccount, LedgerEntry
from tests.factories.jurisdiction import JurisdictionFactory

pytestmark = pytest.mark.usefixtures("in_project")
CAMPAIGN = {
    "campaign_type": "GIFT_VOUCHERS",
    "name": "Cards",
    "type": "STATIC",
    "count": "3",
    "pattern": "GIFT-######",
    "charset": "0123456789",
    "gift_amount": "50",
    "gift_effect": "APPLY_TO_ORDER",
    "active": "on",
    "listed": "on",
    "rollout_percent": "100",
    "limits": "[]",
    "holiday_mode": "EXCEPT",
}


@pytest.fixture
def card(project, at):
    data = {"type": "GIFT_VOUCHER", "gift": {"amount": 5_000}}
    return vouchers.create(project=project, data=data, code="GIFT", at=at)


def page(voucher):
    return reverse("admin:campaigns_voucher_change", args=[voucher.pk])


def act(voucher, name):
    return reverse("admin:campaigns_voucher_do", args=[voucher.pk, name])


def test_a_marketer_makes_a_campaign_of_cards(person, work):
    http = person("Marketer")
    law = JurisdictionFactory(code="US-ME", gift_cards_expire=False)
    add = reverse("admin:campaigns_campaign_add")
    given = {**CAMPAIGN, "jurisdiction": law.pk}

    empty = http.post(add, {**given, "gift_amount": ""})
    ended = http.post(add, {**given, "expires_at": "2030-01-01T00:00"})
    http.post(add, given)
    work()

    assert "Say what a card holds." in empty.content.decode()
    assert "must not expire in US-ME" in ended.content.decode()
    campaign = Campaign.objects.get()
    assert campaign.voucher_template["gift"] == {"amount": 5_000, "effect": "APPLY_TO_ORDER"}
    assert campaign.voucher_template["redemption"] == {"quantity": None}
    assert campaign.jurisdiction == law
    assert LedgerAccount.objects.filter(balance=5_000).count() == 3
    change = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    text = http.get(change).content.decode()
    assert "Gift card of 50.00 EUR" in text
    assert 'name="discount_type"' not in text
    assert 'name="margin_percent"' not in text
    assert "what it can cost at most" not in text
    changed = {"name": "Cards", "gift_effect": "APPLY_TO_ITEMS", "listed": "on"}
    http.post(change, {**CAMPAIGN, **changed, "jurisdiction": ""})
    campaign.refresh_from_db()
    assert campaign.voucher_template["gift"]["effect"] == "APPLY_TO_ITEMS"
    assert campaign.jurisdiction is None


def test_a_single_card_is_made_and_shows_its_statement(person, card):
    http = person("Marketer")
    body = {"voucher_type": "GIFT_VOUCHER", "code": "ONE", "gift_amount": "20", "active": "on"}

    http.post(reverse("admin:campaigns_voucher_add"), body)

    made = Voucher.objects.get(code="ONE")
    assert (made.type, made.account.balance) == ("GIFT_VOUCHER", 2_000)
    text = http.get(page(made)).content.decode()
    assert "Statement" in text
    assert "Issued" in text
    assert "20.00" in text
    listed = http.get(reverse("admin:campaigns_voucher_changelist")).content.decode()
    assert "50.00" in listed
    http.post(page(made), {"gift_effect": "APPLY_TO_ITEMS", "redemption_limit": ""})
    made.refresh_from_db()
    assert made.definition.data["gift"]["effect"] == "APPLY_TO_ITEMS"


def test_a_support_agent_changes_a_balance_with_a_reason(person, card):
    http = person("Support agent")
    url = act(card, "change_balance")

    assert "The card holds 50.00 EUR now." in http.get(url).content.decode()
    http.post(url, {"direction": "on", "amount": "5", "reason": ""})
    assert LedgerEntry.objects.count() == 1
    http.post(url, {"direction": "on", "amount": "5", "reason": "Late parcel"})
    http.post(url, {"direction": "off", "amount": "1.50", "reason": "Typo"})
    refused = http.post(url, {"direction": "off", "amount": "100", "reason": "Too much"})

    card.account.refresh_from_db()
    assert card.account.balance == 5_350
    last = LedgerEntry.objects.order_by("pk").last()
    assert (last.reason, last.amount, last.channel) == ("Typo", -150, "USER_PORTAL")
    assert last.user.memberships.get().group.name == "Support agent"
    assert "There is not enough on the card" in refused.content.decode()
    assert person("Viewer").post(url, {"amount": "1", "reason": "x"}).status_code == 403
    assert person("Junior marketer").get(url).status_code == 403


def test_a_form_that_is_sent_twice_moves_the_money_once(person, card):
    http = person("Support agent")
    url = act(card, "change_balance")
    form = {"direction": "on", "amount": "5", "reason": "Late parcel"}

    def once():
        return re.search(r'name="once" value="(\w+)"', http.get(url).content.decode())[1]

    first, second = once(), once()
    answers = [
        http.post(url, {**form, "once": token}, follow=True) for token in (first, first, second)
    ]

    said = ["This was sent before" in answer.content.decode() for answer in answers]
    assert said == [False, True, False]
    card.account.refresh_from_db()
    assert card.account.balance == 6_000


def test_cash_is_paid_out_where_the_law_lets_it(person, card):
    http = person("Support agent")
    assert act(card, "cash_out") not in http.get(page(card)).content.decode()
    Jurisdiction.objects.all().delete()
    JurisdictionFactory(code="US-ME", cash_out="REQUIRED", is_default=True)

    asked = http.get(act(card, "cash_out")).content.decode()
    http.post(act(card, "cash_out"), {"reason": "Ada"})

    assert "50.00 EUR leave the card" in asked
    assert "In US-ME a customer who asks for it must get it." in asked
    card.account.refresh_from_db()
    assert card.account.balance == 0
    assert "Empty" in http.get(page(card)).content.decode()


def test_movements_are_listed_and_exported_and_never_changed(person, card):
    http = person("Manager")
    listed = reverse("admin:rewards_ledgerentry_changelist")

    text = http.get(listed, {"account__id__exact": card.account_id}).content.decode()
    entry = LedgerEntry.objects.get()
    detail = http.get(reverse("admin:rewards_ledgerentry_change", args=[entry.pk]))

    assert entry.public_id in text
    assert detail.status_code == 200
    assert http.get(reverse("admin:rewards_ledgerentry_add")).status_code == 403


def test_a_law_is_made_and_changed(person):
    http = person("Marketer")
    body = {"code": "US-ME", "name": "Maine", "cash_out": "REQUIRED", "cash_out_below": "5"}

    http.post(reverse("admin:campaigns_jurisdiction_add"), body)
    law = Jurisdiction.objects.get()
    again = http.post(reverse("admin:campaigns_jurisdiction_add"), body)
    change = reverse("admin:campaigns_jurisdiction_change", args=[law.pk])
    http.post(change, {**body, "gift_cards_expire": "on", "is_default": "on"})

    assert (law.gift_cards_expire, law.cash_out, law.cash_out_below) == (False, "REQUIRED", 500)
    assert "Duplicated jurisdiction" in again.content.decode()
    law.refresh_from_db()
    assert (law.gift_cards_expire, law.is_default) == (True, True)


def test_a_tried_cart_says_what_a_card_would_pay(person, card):
    url = reverse("admin:redemptions_redemption_try")

    text = person("Support agent").get(url, {"codes": "GIFT", "amount": "30"}).content.decode()

    assert "Gift card with 50.00 EUR on it" in text
    assert "Gift cards" in text
    assert "Pays" in text
