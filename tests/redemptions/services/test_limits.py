"""Limits and budgets through the whole path: evaluated, counted, guarded, given back."""

from datetime import timedelta

import pytest

from redemptions.models import UsageCounter
from redemptions.services.tries import NotRedeemable
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import BudgetFactory, LimitFactory, MarginFloorFactory
from tests.factories.product import ProductFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import redeem, ruled, undo, validate, why

pytestmark = pytest.mark.django_db

HALF = {"type": "PERCENT", "percent_off": 50}


@pytest.mark.requirement(79)
def test_a_customer_uses_a_campaign_as_often_as_the_limit_says(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, per_customer=True, value=1)

    redeem(in_project, at, "FIVE", customer={"source_id": "ada"})

    assert why(in_project, at, "FIVE", customer="ada") == "redemption_rules_violated"
    assert why(in_project, at, "FIVE", customer={"source_id": "bob"}) is None
    assert why(in_project, at, "FIVE") == "missing_customer"


@pytest.mark.requirement(80)
def test_a_campaign_gives_no_more_redemptions_than_its_limit(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, value=2)

    for _ in range(2):
        redeem(in_project, at, "FIVE")

    assert why(in_project, at, "FIVE") == "redemption_rules_violated"
    assert UsageCounter.objects.get().used == 2


@pytest.mark.requirement(81)
@pytest.mark.parametrize(("overflow", "last"), [("REFUSE", None), ("CAP", 400)])
def test_the_last_discount_of_a_budget_is_cut_down_or_refused(
    in_project, code, campaign, at, overflow, last
):
    code("HALF", HALF, campaign=campaign)
    LimitFactory(campaign=campaign, measure="discount", value=1400, overflow=overflow)
    redeem(in_project, at, "HALF", amount=2000)

    evaluation = validate(in_project, at, "HALF", amount=2000)

    given = evaluation.order.total_applied_discount_amount if evaluation.valid else None
    assert given == last


@pytest.mark.requirement(82)
def test_an_order_that_is_too_large_is_refused_and_a_small_one_still_fits(
    in_project, code, campaign, at
):
    code("FIVE", {"type": "AMOUNT", "amount_off": 0}, campaign=campaign)
    LimitFactory(campaign=campaign, measure="orders", value=10000)
    redeem(in_project, at, "FIVE", amount=9000)

    assert why(in_project, at, "FIVE", amount=1001) == "redemption_rules_violated"
    assert why(in_project, at, "FIVE", amount=1000) is None


@pytest.mark.requirement(83)
@pytest.mark.parametrize(
    ("period", "later"),
    [("day", 1), ("week", 7), ("month", 31), ("year", 365)],
)
def test_a_period_begins_anew_at_its_boundary(in_project, code, campaign, at, period, later):
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, period=period, value=1)
    redeem(in_project, at, "FIVE")

    assert why(in_project, at, "FIVE") == "redemption_rules_violated"
    assert why(in_project, at + timedelta(days=later), "FIVE") is None


@pytest.mark.requirement(87)
def test_a_segment_may_have_another_limit(in_project, code, campaign, at):
    loyal = SegmentFactory(customers=[CustomerFactory(source_id="ada")])
    CustomerFactory(source_id="bob")
    code("FIVE", campaign=campaign)
    LimitFactory(campaign=campaign, per_customer=True, value=1, relaxed={loyal.public_id: 3})

    for _ in range(3):
        redeem(in_project, at, "FIVE", customer="ada")
    redeem(in_project, at, "FIVE", customer="bob")

    for name in ("ada", "bob"):
        assert why(in_project, at, "FIVE", customer=name) == "redemption_rules_violated"


@pytest.mark.requirement(88)
def test_a_limit_of_the_project_stops_every_campaign(in_project, code, at):
    code("ONE", campaign=CampaignFactory())
    code("TWO", campaign=CampaignFactory())
    LimitFactory(measure="discount", period="day", value=700)
    redeem(in_project, at, "ONE")

    assert why(in_project, at, "TWO") == "redemption_rules_violated"
    assert why(in_project, at + timedelta(days=1), "TWO") is None


@pytest.mark.requirement(90)
def test_campaigns_of_a_budget_share_it(in_project, code, at):
    budget = BudgetFactory()
    LimitFactory(budget=budget, measure="discount", value=900)
    code("ONE", campaign=CampaignFactory(budget=budget))
    code("TWO", campaign=CampaignFactory(budget=budget))
    code("OUT", campaign=CampaignFactory())
    redeem(in_project, at, "ONE")

    assert why(in_project, at, "TWO") == "redemption_rules_violated"
    assert why(in_project, at, "OUT") is None


@pytest.mark.requirement(89)
def test_a_discount_is_cut_down_to_the_margin_of_the_product(in_project, code, campaign, at):
    ProductFactory(source_id="beans", price=1600, cost=1000)
    code(
        "TEN", {"type": "AMOUNT", "amount_off": 1000, "effect": "APPLY_TO_ITEMS"}, campaign=campaign
    )
    MarginFloorFactory(campaign=campaign, amount=0)
    item = {"source_id": "beans", "related_object": "product", "quantity": 1}

    evaluation = validate(in_project, at, "TEN", order={"items": [item]})

    assert evaluation.order.items_discount_amount == 600
    assert evaluation.applied[0].capped[0].by == "margin"


def test_a_rollback_gives_everything_back(in_project, code, campaign, at):
    budget = BudgetFactory()
    campaign.budget = budget
    campaign.save()
    code("FIVE", campaign=campaign)
    for values in (
        {"campaign": campaign, "per_customer": True, "value": 1},
        {"campaign": campaign, "measure": "customers", "value": 1},
        {"campaign": campaign, "measure": "orders", "period": "month", "value": 1500},
        {"budget": budget, "measure": "discount", "value": 500},
        {"period": "day", "value": 1},
    ):
        LimitFactory(**values)
    done = redeem(in_project, at, "FIVE", customer={"source_id": "ada"})
    assert sorted(UsageCounter.objects.values_list("used", flat=True)) == [1, 1, 1, 500, 1500]

    undo(in_project, at, done.redemptions[0])

    assert set(UsageCounter.objects.values_list("used", flat=True)) == {0}
    assert why(in_project, at, "FIVE", customer="ada") is None


@pytest.mark.requirement(91)
def test_a_limit_that_comes_later_counts_what_was_redeemed_before(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    first = redeem(in_project, at, "FIVE", customer={"source_id": "ada"})
    redeem(in_project, at, "FIVE", customer={"source_id": "bob"})
    LimitFactory(campaign=campaign, value=3)
    campaign.version += 1
    campaign.save()
    redeem(in_project, at, "FIVE", customer={"source_id": "cyd"})

    assert UsageCounter.objects.get().used == 3
    with pytest.raises(NotRedeemable):
        redeem(in_project, at, "FIVE")
    undo(in_project, at, first.redemptions[0])
    assert UsageCounter.objects.get().used == 2
    assert why(in_project, at, "FIVE") is None


def test_a_code_without_limits_touches_no_counter(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)

    redeem(in_project, at, "FIVE", customer={"source_id": "ada"})

    assert not UsageCounter.objects.exists()


def test_only_what_made_the_rule_true_is_guarded_and_all_is_counted(in_project, code, campaign, at):
    """The first 1, or gold customers; the count goes on above the number for gold ones."""
    code("FIVE", campaign=campaign)
    ruled(
        campaign,
        ("campaign.redemptions.count", {"$less_than_or_equal": [1]}),
        ("customer.metadata", "tier", {"$is": ["gold"]}),
        logic="1 or 2",
    )
    gold = {"source_id": "ada", "metadata": {"tier": "gold"}}
    for _ in range(2):
        redeem(in_project, at, "FIVE", customer=gold)

    assert UsageCounter.objects.get().used == 2
    assert why(in_project, at, "FIVE", customer={"source_id": "bob"}) == "redemption_rules_violated"
    assert why(in_project, at, "FIVE", customer=gold) is None
