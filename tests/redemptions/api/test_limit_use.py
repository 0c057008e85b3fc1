"""What is used of limits and left, wherever the API shows them."""

import pytest

from campaigns.engine.counters import Measure
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory, LimitFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.redemptions.codes import make_code
from tests.redemptions.terms import redeem

pytestmark = pytest.mark.django_db


def told(body):
    return [(one["measure"], one["value"], one["used"], one["left"]) for one in body["limits"]]


@pytest.fixture
def sold(in_project, clock, at):
    """Two redemptions of 5.00 off 20.00 of a code with a campaign and a budget, on two days."""
    campaign = CampaignFactory(budget=BudgetFactory())
    voucher = make_code(in_project, "FIVE", campaign=campaign)
    redeem(in_project, at.replace(day=1), "FIVE", customer={"source_id": "ada"})
    redeem(in_project, at, "FIVE", customer={"source_id": "bob"})
    clock(2026, 3, 2, 20)
    return voucher


@pytest.mark.requirement(79, 80, 81, 83, 88, 90)
def test_stands_beside_every_value(sold, api):
    campaign = sold.campaign
    LimitFactory(campaign=campaign, measure=Measure.CUSTOMERS, value=2)
    LimitFactory(campaign=campaign, measure=Measure.DISCOUNT, period="day", value=5000)
    LimitFactory(campaign=campaign, per_customer=True, value=3)
    LimitFactory(campaign=campaign, per_redeemable=True, value=3)
    LimitFactory(voucher=sold, period="day", value=4)
    LimitFactory(budget=campaign.budget, measure=Measure.ORDERS, value=4000)
    LimitFactory(period="month", value=9)

    of_campaign = told(api.get(f"/v1/campaigns/{campaign.public_id}").json())

    assert of_campaign == [
        ("customers", 2, 2, 0),
        ("discount", 5000, 500, 4500),
        ("redemptions", 3, None, None),
        ("redemptions", 3, None, None),
    ]
    assert told(api.get("/v1/campaigns").json()["campaigns"][0]) == of_campaign
    for path in ("", "/limits"):
        assert told(api.get(f"/v1/vouchers/FIVE{path}").json()) == [("redemptions", 4, 1, 3)]
    budget = f"/v1/budgets/{campaign.budget.public_id}"
    assert told(api.get(budget).json()) == [("orders", 4000, 3000, 1000)]
    assert told(api.get("/v1/budgets").json()["data"][0]) == [("orders", 4000, 3000, 1000)]
    assert told(api.get("/v1/safety").json()) == [("redemptions", 9, 2, 7)]


@pytest.mark.requirement(79, 82)
def test_a_tier_counts_for_itself_and_refuses_at_its_limit(in_project, api, tried):
    promotion = PromotionFactory()
    tier, other = (PromotionTierFactory(campaign=promotion).public_id for _ in "12")
    path = f"/v1/promotions/tiers/{tier}"
    api.put(path, {"limits": [{"measure": "redemptions", "value": 2}]})

    keys = [tried(tier, "promotion_tier") for _ in range(3)]

    assert keys == [None, None, "redemption_rules_violated"]
    assert told(api.get(path).json()) == [("redemptions", 2, 2, 0)]
    assert tried(other, "promotion_tier") is None
    raised = api.put(path, {"limits": [{"measure": "redemptions", "value": 3}]}).json()
    assert told(raised) == [("redemptions", 3, 2, 1)]
    assert tried(tier, "promotion_tier") is None


@pytest.mark.requirement(79, 82)
def test_a_code_counts_for_itself_beside_its_campaign(in_project, api, campaign, code, tried):
    code("ONE", campaign=campaign)
    code("TWO", campaign=campaign)
    api.put("/v1/vouchers/ONE", {"limits": [{"measure": "discount", "value": 700}]})
    api.put(f"/v1/campaigns/{campaign.public_id}", {"limits": [{**COUNT, "value": 2}]})

    assert (tried("ONE"), tried("ONE")) == (None, "redemption_rules_violated")
    assert told(api.get("/v1/vouchers/ONE").json()) == [("discount", 700, 500, 200)]
    assert (tried("TWO"), tried("TWO")) == (None, "redemption_rules_violated")
    path = f"/v1/campaigns/{campaign.public_id}"
    assert told(api.get(path).json()) == [("redemptions", 2, 2, 0)]


COUNT = {"measure": "redemptions"}


@pytest.mark.requirement(41, 79)
def test_answers_say_it_of_the_customer_who_asks(sold, api):
    def put(path, **limit):
        return api.put(f"/v1/{path}", {"limits": [limit]}).json()["limits"][0]["id"]

    path = f"campaigns/{sold.campaign.public_id}"
    once_more = put(path, measure="redemptions", per_customer=True, value=2)
    spend = put("safety", measure="discount", value=1700)

    def asked(path="validations", **values):
        wanted = [{"object": "voucher", "id": "FIVE"}]
        body = {"redeemables": wanted, "order": {"amount": 2000}, "options": {"explain": True}}
        answer = api.post(f"/v1/{path}", {**body, **values}).json()
        lists = ("redeemables", "redemptions", "inapplicable_redeemables")
        (one,) = [one for name in lists for one in answer.get(name, ())]
        steps = {step["limit"]: step for step in one["explain"]["checks"] if "limit" in step}
        return [
            (steps[limit].get("used"), steps[limit].get("left")) for limit in (once_more, spend)
        ]

    assert asked(customer={"source_id": "ada"}) == [(1, 1), (1000, 700)]
    assert asked(customer={"source_id": "cyd"}) == [(0, 2), (1000, 700)]
    assert asked() == [(None, None), (1000, 700)]
    assert asked("redemptions", customer={"source_id": "ada"}) == [(1, 1), (1000, 700)]
    assert asked(customer={"source_id": "ada"}) == [(2, 0), (1500, 200)]
