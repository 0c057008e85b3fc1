"""Rules that are assigned decide about every use, from validation to the commit."""

from datetime import timedelta

import pytest

from customers.models import CustomerSummary
from redemptions.models import Redemption
from redemptions.services.tries import NotRedeemable
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.order import OrderFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import redeem, ruled, validate, why

pytestmark = pytest.mark.django_db


def test_a_rule_of_the_campaign_holds_for_its_codes(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    ruled(campaign, ("order.amount", {"$more_than_or_equal": [5000]}))

    assert why(in_project, at, "FIVE", amount=4999) == "order_rules_violated"
    assert why(in_project, at, "FIVE", amount=5000) is None


def test_a_rule_of_a_code_holds_for_it_alone(in_project, code, campaign, at):
    ruled(code("VIP", campaign=campaign), ("customer.metadata", "tier", {"$is": ["gold"]}))
    code("ALL", campaign=campaign)
    CustomerFactory(source_id="ada", metadata={"tier": "gold"})

    assert why(in_project, at, "VIP", customer="ada") is None
    assert why(in_project, at, "VIP", customer={"source_id": "bob"}) == "customer_rules_violated"
    assert why(in_project, at, "VIP") == "missing_customer"
    assert why(in_project, at, "ALL") is None


@pytest.mark.requirement(35, 45)
def test_membership_of_a_segment_is_asked_at_every_use(in_project, code, at):
    segment = SegmentFactory(customers=[CustomerFactory(source_id="ada")])
    ruled(code("VIP"), ("customer.segment", {"$is": [segment.public_id]}))
    redeem(in_project, at, "VIP", customer="ada")
    segment.memberships.all().delete()

    with pytest.raises(NotRedeemable) as refused:
        redeem(in_project, at, "VIP", customer="ada")

    assert refused.value.key == "customer_rules_violated"
    assert Redemption.objects.filter(result="SUCCESS").count() == 1


@pytest.mark.requirement(38)
@pytest.mark.parametrize("in_london", [True, False])
@pytest.mark.parametrize("spent", [100000, 99999])
@pytest.mark.parametrize("other_coupon", [False, True])
def test_the_london_coupon_holds_where_all_three_hold(
    in_project, code, at, in_london, spent, other_coupon
):
    ada = CustomerFactory(source_id="ada", city="London" if in_london else "Leeds")
    campaign = CampaignFactory(name="We miss you")
    code("LONDON", campaign=campaign)
    code("OTHER")
    ruled(
        campaign,
        ("wafa.customer.attribute", "city", {"$is": ["London"]}),
        ("wafa.customer.spend", "", {"$more_than_or_equal": [100000]}),
        ("wafa.customer.other_redemptions", "P6M", {"$is": [0]}),
    )
    if other_coupon:
        redeem(in_project, at - timedelta(days=30), "OTHER", customer="ada", amount=500)
    summary_of(ada, spent)

    evaluation = validate(in_project, at, "LONDON", customer="ada")

    assert evaluation.valid == (in_london and spent == 100000 and not other_coupon)
    if not evaluation.valid:
        failed = {v["number"] for v in evaluation.inapplicable[0].reason.details["violations"]}
        expected = {"1"} if not in_london else set()
        expected |= {"2"} if spent < 100000 else set()
        expected |= {"3"} if other_coupon else set()
        assert failed == expected


def summary_of(customer, spent):
    CustomerSummary.objects.update_or_create(
        customer=customer, defaults={"orders_count": 3, "orders_amount": spent}
    )


@pytest.mark.requirement(46)
def test_orders_of_the_last_calendar_year_are_those_of_the_projects_clock(in_project, code, at):
    in_project.timezone = "Asia/Tehran"
    in_project.save()
    ada = CustomerFactory(source_id="ada")
    ruled(code("LOYAL"), ("wafa.customer.spend", "last_year", {"$is": [7000]}))
    # 31 December 20:30 UTC is the first of January in Tehran.
    for moment, amount in [("2025-12-31T20:29:59Z", 7000), ("2025-12-31T20:30:00Z", 500)]:
        OrderFactory(
            customer=ada, status="PAID", total_amount=amount, amount=amount, created_at=moment
        )

    assert why(in_project, at, "LOYAL", customer="ada") is None


@pytest.mark.requirement(25)
def test_one_code_gives_more_to_new_customers_by_two_tiers_of_a_rule(in_project, code, at):
    code("NEW", {"type": "AMOUNT", "amount_off": 1000})
    code("OLD", {"type": "AMOUNT", "amount_off": 500})
    ruled(code("FIRST"), ("wafa.customer.orders", "", {"$is": [0]}))

    assert why(in_project, at, "FIRST", customer={"source_id": "new"}) is None
    redeem(in_project, at, "OLD", customer={"source_id": "new"})
    assert why(in_project, at, "FIRST", customer="new") == "customer_rules_violated"


def test_the_decision_names_the_version_of_the_rule(in_project, code, campaign, at):
    code("FIVE", campaign=campaign)
    rule = ruled(campaign, ("order.amount", {"$more_than": [1]}))

    redeem(in_project, at, "FIVE")

    stored = Redemption.objects.get().decision
    assert stored["rules"] == {rule.public_id: rule.definition_id}
