"""Who decides again holds counters; nobody comes to these with what he is about to write."""

import pytest

from loyalty_project.core import clock
from loyalty_project.core.services import projects
from redemptions import context
from redemptions.context import Request, Wanted
from redemptions.models import UsageCounter
from redemptions.services import buyers, redemptions, uses
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.django_db(transaction=True)


def asked(**more):
    return Request(redeemables=(Wanted("voucher", "FIVE"),), **{"order": {"amount": 2000}, **more})


def named(value):
    return {"source_id": "ada", "metadata": {"visits": value}}


def bag(name):
    product = {"source_id": "bag", "name": name, "override": True}
    return {"items": [{"quantity": 1, "price": 2000, "product": product}]}


@pytest.fixture
def limited(code):
    campaign = CampaignFactory()
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=40)
    CustomerFactory(source_id="ada")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"customer": "ada"}, {"customer": named(2)}),
        ({"customer": {"source_id": "zoe"}}, {"customer": {"source_id": "zoe"}}),
        ({"order": {"amount": 2000, "referrer": named(1)}}, {"order": {"referrer": named(2)}}),
        ({"order": {"source_id": "once", "amount": 2000}},) * 2,
        ({"order": bag("Bag")}, {"order": bag("Sack")}),
    ],
    ids=["customer", "new customer", "referrer", "order", "product"],
)
def test_both_get_what_they_came_for(limited, at_once, in_project, paused, first, second):
    redemptions.redeem(project=in_project, request=asked(order=bag("New")), at=clock.now())
    inside = paused(uses, "write")

    def hasty():
        return redemptions.redeem(project=in_project, request=asked(**first), at=clock.now())

    def thoughtful():
        request, at = asked(**second), clock.now()
        seen = context.load(project=in_project, request=request, at=at)
        inside.wait(5)
        return redemptions._redeem_held(in_project, request, seen, at=at)

    results = at_once([hasty, thoughtful])

    assert [type(result) for result in results] == [redemptions.Redeemed] * 2
    assert UsageCounter.objects.get().used == 3


def test_two_who_name_each_other_both_come_through(code, at_once, in_project, paused):
    """Each writes the buyer, then waits for the other to write the one who sent him."""
    code("FIVE")
    paused(buyers, "store")

    def buy(buyer, referrer):
        order = {"amount": 2000, "referrer": {"source_id": referrer}}
        request = asked(customer={"source_id": buyer}, order=order)
        return lambda: redemptions.redeem(project=in_project, request=request, at=clock.now())

    results = at_once([buy("ada", "eve"), buy("eve", "ada")])

    assert [type(result) for result in results] == [redemptions.Redeemed] * 2


def test_goods_are_stored_in_one_order(at_once, code, in_project):
    code("FIVE")

    def order(number):
        goods = [
            {
                "quantity": 1,
                "price": 1000,
                "product": {"source_id": name, "name": f"{name} {number}", "override": True},
            }
            for name in ("bag", "cap", "mug", "pin")
        ]
        return {"items": goods if number % 2 else goods[::-1]}

    def buy(number):
        request = asked(order=order(number))
        return lambda: redemptions.redeem(project=in_project, request=request, at=clock.now())

    buy(0)()

    results = at_once([buy(number) for number in range(1, 9)])

    assert [type(result) for result in results] == [redemptions.Redeemed] * 8


def test_another_time_zone_counts_in_its_own_days(limited, in_project, monkeypatch, at):
    """Decided by the borders of before, refused as that has changed, decided by the new ones."""
    late = at.replace(hour=23, minute=30)
    LimitFactory(value=5, period="day")

    def moved(**_values):
        projects.update(project=in_project, timezone="America/New_York", at=at)

    monkeypatch.setattr(redemptions.guessing, "note", moved)

    redemptions.redeem(project=in_project, request=asked(), at=late)

    keys = UsageCounter.objects.filter(key__contains="day").values_list("key", flat=True)
    assert list(keys) == ["redemptions:project::day:2026-03-02:"]
