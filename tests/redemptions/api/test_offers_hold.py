"""What is offered is what validation accepts: all of it and nothing else, for random shops."""

import random
from datetime import timedelta

import pytest

from campaigns.models import PromotionTier, Voucher
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import ruled

CHANNELS = ["app", "web"]
DISCOUNTS = [
    {"type": "AMOUNT", "amount_off": 300},
    {"type": "PERCENT", "percent_off": 15},
    {"type": "PERCENT", "percent_off": 50, "effect": "APPLY_TO_ITEMS"},
]


@pytest.fixture
def goods(in_project):
    return [ProductFactory(source_id=f"p{n}", price=100 * (n + 1)) for n in range(3)]


@pytest.fixture
def people(in_project):
    """Members of a segment, others, and somebody whom nobody knows."""
    vip = SegmentFactory()
    found = [CustomerFactory(source_id=f"c{n}") for n in range(3)]
    vip.memberships.create(customer=found[0])
    return vip, [*found, None]


def condition(draw, vip, goods):
    item = draw.choice(goods)
    return draw.choice(
        [
            ("order.amount", {"$more_than_or_equal": [draw.randrange(0, 1500, 100)]}),
            ("customer.segment", {"$is": [vip.public_id]}),
            ("wafa.context.channel", {"$is": [draw.choice(CHANNELS)]}),
            ("order.items.any", {"$is": [{"object": "product", "id": item.public_id}]}),
            ("order.items.none", {"$is": [{"object": "product", "id": item.public_id}]}),
            ("wafa.customer.orders", "", {"$is": [0]}),
            ("order.metadata", "weather", {"$is_not": ["rain"]}),
            ("redemption.count", {"$less_than_or_equal": [draw.randrange(2)]}),
        ]
    )


def incentive(draw, code, number, vip, goods, at):
    """A code or tier with up to two conditions, maybe a limit, maybe not now."""
    dates = draw.choice(
        [{}, {}, {}, {"expires_at": at}, {"starts_at": at + timedelta(1)}, {"starts_at": at}]
    )
    discount = draw.choice(DISCOUNTS)
    if draw.random() < 0.5:
        row = PromotionTierFactory(
            definition__data={"type": "PROMOTION_TIER", "discount": discount}, **dates
        )
    else:
        campaign = CampaignFactory(type="STANDALONE", active=draw.random() < 0.9)
        row = code(f"C{number}", discount, campaign=campaign, **dates)
    asked = [condition(draw, vip, goods) for _ in range(draw.randrange(3))]
    if asked:
        ruled(row, *asked, logic=draw.choice([None, "1", "not 1"]))
    if draw.random() < 0.3:
        LimitFactory(campaign=row.campaign, per_customer=True, value=draw.randrange(2))


def cart(draw, people):
    """With an empty one now and then, and one of which only the sum is known."""
    customer = draw.choice(people)
    lines = [
        {"source_id": f"p{n}", "related_object": "product", "quantity": draw.randrange(1, 4)}
        for n in range(3)
        if draw.random() < 0.6
    ]
    order = {"items": lines} if lines else {"amount": draw.randrange(0, 2000, 100)}
    return {
        "order": {**order, "metadata": draw.choice([{}, {"weather": "rain"}, {"weather": "sun"}])},
        "context": {"channel": draw.choice(CHANNELS)},
        **({"customer": {"source_id": customer.source_id}} if customer is not None else {}),
    }


def totals(api, body, kind, name):
    """`{id: what is to pay}` of one incentive alone, empty where it is refused."""
    answer = api.post("/v1/validations", {**body, "redeemables": [{"object": kind, "id": name}]})
    found = answer.json()
    return {name: found["order"]["total_amount"]} if found["valid"] else {}


@pytest.mark.requirement(192, 193)
@pytest.mark.parametrize("seed", range(2))
def test_offers_all_that_validation_accepts_and_nothing_else(
    api, code, people, goods, set_clock, at, seed
):
    set_clock(at)
    draw = random.Random(seed)
    vip, customers = people
    for number in range(15):
        incentive(draw, code, number, vip, goods, at)
    names = [("voucher", each.code) for each in Voucher.objects.all()]
    names += [("promotion_tier", each.public_id) for each in PromotionTier.objects.all()]

    seen = 0
    for _ in range(4):
        body = cart(draw, customers)
        page = api.post("/v1/qualifications", {**body, "options": {"limit": 50}}).json()
        offers = page["redeemables"]["data"]
        accepted = {}
        for kind, name in names:
            accepted |= totals(api, body, kind, name)
        assert {one["id"]: one["order"]["total_amount"] for one in offers} == accepted, body
        seen += len(offers)
    assert seen > 4
