"""Counters are what the redemptions say, whoever asked for them and when."""

import pytest

from campaigns.models import Limit
from campaigns.queries import limit_use
from loyalty_project.core import clock
from redemptions.context import Request, Wanted
from redemptions.models import UsageCounter
from redemptions.services import redemptions, rollbacks
from redemptions.services.rollbacks import Wish
from redemptions.services.tries import NotRedeemable
from redemptions.usage import reading
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def buy(in_project):
    def buy(*names, **more):
        wanted = tuple(Wanted("voucher", name) for name in names)
        request = Request(redeemables=wanted, order={"amount": 2000}, **more)
        return redemptions.redeem(project=in_project, request=request, at=clock.now())

    return buy


@pytest.fixture
def undo(in_project):
    def undo(redeemed):
        reference = redeemed.redemptions[0].public_id
        rollbacks.roll_back(project=in_project, reference=reference, wish=Wish(), at=clock.now())

    return undo


@pytest.fixture
def limited():
    """`limited(campaign, value=2)`: the campaign has this limit from now on."""

    def limited(campaign, **values):
        LimitFactory(campaign=campaign, **values)
        changed(campaign)

    return limited


def changed(campaign):
    campaign.version += 1
    campaign.save()


def unlimited(campaign):
    Limit.objects.all().delete()
    changed(campaign)


def test_a_limit_that_comes_back_knows_what_was_redeemed_without_it(code, buy, limited):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    limited(campaign, value=2)
    buy("FIVE")
    unlimited(campaign)
    for _ in range(3):
        buy("FIVE")
    limited(campaign, value=5)

    buy("FIVE")

    assert UsageCounter.objects.get().used == 5
    with pytest.raises(NotRedeemable):
        buy("FIVE")


def test_what_was_redeemed_without_the_limit_is_given_back_too(code, buy, limited, undo):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    limited(campaign, value=9)
    buy("FIVE")
    unlimited(campaign)
    uncounted = buy("FIVE")
    limited(campaign, value=9)

    undo(uncounted)

    assert UsageCounter.objects.get().used == 1


def test_a_customer_of_before_the_limit_is_not_new_afterwards(code, buy, limited):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    ada, grace, linus = (CustomerFactory().source_id for _ in range(3))
    limited(campaign, measure="customers", value=2)
    buy("FIVE", customer=ada)
    unlimited(campaign)
    buy("FIVE", customer=grace)
    limited(campaign, measure="customers", value=2)

    buy("FIVE", customer=grace)

    with pytest.raises(NotRedeemable):
        buy("FIVE", customer=linus)


def test_a_customer_stays_counted_until_all_of_theirs_is_taken_back(code, buy, limited, undo):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    ada, grace = (CustomerFactory().source_id for _ in range(2))
    limited(campaign, measure="customers", value=1)
    first, second = buy("FIVE", customer=ada), buy("FIVE", customer=ada)

    undo(first)
    with pytest.raises(NotRedeemable):
        buy("FIVE", customer=grace)
    undo(second)

    assert buy("FIVE", customer=grace).redemptions


def test_a_code_without_a_limit_makes_no_counter(code, buy):
    code("FREE", campaign=CampaignFactory())

    buy("FREE", customer=CustomerFactory().source_id)

    assert not UsageCounter.objects.exists()


def test_a_limit_of_one_code_counts_in_the_row_of_its_campaign_as_well(code, buy, limited):
    """Whoever redeems adds to each row there is, also where only another code asks for it."""
    campaign = CampaignFactory()
    first, _second = code("FIVE", campaign=campaign), code("FOUR", campaign=campaign)
    LimitFactory(voucher=first, value=9)
    buy("FIVE")
    limited(campaign, value=3)
    buy("FOUR")
    buy("FOUR")

    with pytest.raises(NotRedeemable):
        buy("FIVE")

    used = dict(UsageCounter.objects.values_list("key", "used"))
    assert sorted(used.values()) == [1, 3]


def test_limits_without_rows_are_read_some_at_a_time(code, buy, monkeypatch):
    """PostgreSQL has at most 1,664 columns; a page of campaigns may have more limits."""
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    buy("FIVE")
    periods = ["always", "day", "week", "month", "year"]
    found = [LimitFactory(campaign=campaign, period=each, value=9) for each in periods]
    monkeypatch.setattr(reading, "COLUMNS_MAX", 2)

    assert list(limit_use.used_of(found).values()) == [1] * 5
