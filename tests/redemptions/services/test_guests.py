"""Limits per customer hold for those without an account, by e-mail or phone."""

import pytest

from campaigns.models import Limit
from loyalty_project.core import clock
from redemptions.models import Redemption, UsageCounter
from redemptions.services.tries import NotRedeemable
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory
from tests.redemptions.terms import redeem, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(in_project, code):
    made = CampaignFactory()
    code("FIVE", campaign=made)
    return made


@pytest.fixture
def buy(in_project, campaign):
    def buy(**customer):
        return redeem(in_project, clock.now(), "FIVE", customer=customer).redemptions[0]

    return buy


def limited(campaign, **values):
    LimitFactory(campaign=campaign, **values)
    campaign.version += 1
    campaign.save()


def test_a_guest_is_known_however_the_address_is_written(campaign, buy, in_project):
    before = buy(email="ada@example.com")
    limited(campaign, value=2, per_customer=True)

    again = buy(email="Ada@Example.com ", name="Ada")

    assert before.customer != again.customer
    with pytest.raises(NotRedeemable):
        buy(email="ＡDA@example.com")
    assert buy(email="eve@example.com")

    undo(in_project, clock.now(), before)
    assert buy(email="ada@example.com")
    assert "ada" not in str(list(UsageCounter.objects.values())).lower()


@pytest.mark.parametrize("same", ["0049 30 1234", "+49 (30) 12-34", "+۴۹۳۰۱۲۳۴"])
def test_a_guest_without_an_address_is_known_by_the_number(buy, same):
    LimitFactory(value=1, per_customer=True)
    buy(phone="+49 30 1234")

    with pytest.raises(NotRedeemable):
        buy(phone=same)


def test_nobody_takes_the_place_of_a_guest(campaign, buy):
    """Not even who knows the hash that the guest is kept by."""
    guest = buy(email="ada@example.com").decision["guest"]
    limited(campaign, value=1, per_customer=True)

    assert buy(source_id=guest)
    with pytest.raises(NotRedeemable):
        buy(source_id=guest)


def test_a_guest_is_one_of_the_customers(campaign, buy, in_project):
    """Also where the number of customers is made of what was redeemed before."""
    first, second = buy(email="ada@example.com"), buy(email="ada@example.com")
    limited(campaign, measure="customers", value=2)
    buy(email="eve@example.com")
    buy(email="eve@example.com")
    with pytest.raises(NotRedeemable):
        buy(email="zoe@example.com")

    undo(in_project, clock.now(), first)
    undo(in_project, clock.now(), second)

    assert buy(email="zoe@example.com")
    assert Limit.objects.get().value == UsageCounter.objects.get(key__startswith="customers").used


def test_a_customer_who_is_known_is_no_guest(buy):
    LimitFactory(value=1, per_customer=True)

    buy(source_id="ada", email="ada@example.com")
    buy(source_id="eve", email="ada@example.com")

    assert not Redemption.objects.filter(decision__has_key="guest").exists()
