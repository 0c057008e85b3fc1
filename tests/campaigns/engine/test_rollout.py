"""How far a campaign is rolled out: the same customers stay in as the share grows."""

import pytest

from campaigns.engine import best, explain, trace
from campaigns.engine.evaluate import evaluate
from campaigns.engine.explain import Suggestion
from campaigns.engine.facts import Customer
from campaigns.engine.redeemable import Campaign
from campaigns.engine.rollout import place_of
from tests.campaigns.engine.build import amount_off, asks, cart, context, ruled, run, said, voucher

ORDER = cart(("tea", 1, 1000))


def rolled(percent, campaign_id="camp_1"):
    campaign = Campaign(campaign_id, rollout_percent=percent)
    return voucher("A", amount_off(100), campaign=campaign)


def reached(percent, campaign_id="camp_1"):
    redeemable = rolled(percent, campaign_id)
    return {n for n in range(1000) if run(redeemable, customer=Customer(f"cust_{n}")).valid}


@pytest.mark.requirement(60)
def test_a_share_grows_and_keeps_whom_it_had():
    nobody, one, ten, everybody = reached(0), reached(1), reached(10), reached(100)

    assert nobody == set()
    assert one < ten < everybody
    assert (len(one), len(ten), len(everybody)) == (5, 85, 1000)
    assert reached(10) == ten


@pytest.mark.requirement(60)
def test_each_campaign_draws_its_own_customers():
    assert reached(10) != reached(10, "camp_2")


def test_a_rule_about_the_rollout_sees_the_same_places():
    by_rule = ruled(
        voucher("A", campaign=Campaign("camp_1")), asks("wafa.customer.rollout", "$less_than", 10)
    )

    assert {n for n in range(1000) if run(by_rule, customer=Customer(f"cust_{n}")).valid} == (
        reached(10)
    )


def test_the_first_order_of_a_customer_does_not_move_him():
    redeemable = rolled(10)
    stranger, known = Customer(source_id="shop-7"), Customer("cust_7", source_id="shop-7")

    places = {
        place_of(redeemable, context(redeemable, customer=each)) for each in (stranger, known)
    }

    assert len(places) == 1


def test_others_are_told_that_it_is_not_for_them():
    (refused,) = run(rolled(0), order=ORDER, customer=Customer("cust_1")).inapplicable

    assert refused.reason.key == "customer_rules_violated"
    assert refused.reason.details == {"rollout_percent": 0}


def test_where_nobody_says_who_it_is_the_customer_is_missing():
    assert said(run(rolled(99), order=ORDER)) == [("A", "missing_customer")]
    assert said(run(rolled(99), order=ORDER, customer=Customer())) == [("A", "missing_customer")]
    assert said(run(rolled(100), order=ORDER)) == [("A", "applied")]


def test_the_trace_has_the_place_of_the_customer():
    redeemable = rolled(10)
    asked = context(redeemable, order=ORDER, customer=Customer("cust_1"))

    (turn,) = trace.turns(asked, evaluate(asked))

    (step,) = [each for each in trace.steps(turn) if each.check == "rollout"]
    assert (step.fact, step.operator, step.required) == ("wafa.customer.rollout", "$less_than", 10)
    assert step.actual == place_of(redeemable, asked)
    assert step.holds is (step.actual < 10)


@pytest.mark.parametrize(("customer", "percent"), [(None, 50), (Customer("cust_1"), 0)])
def test_the_trace_says_who_is_left_out(customer, percent):
    asked = context(rolled(percent), order=ORDER, customer=customer)

    (turn,) = trace.turns(asked, evaluate(asked))

    assert [each.holds for each in trace.steps(turn) if each.check == "rollout"] == [False]


@pytest.mark.parametrize(
    ("customer", "impossible"), [(Customer("cust_1"), "customer"), (None, "customer_needed")]
)
def test_nothing_that_a_shopper_changes_helps(customer, impossible):
    redeemable, other = rolled(0), voucher("B", amount_off(50))
    asked = context(other, redeemable, order=ORDER, customer=customer)

    assert explain.suggest(asked, redeemable) == Suggestion(impossible=impossible)


def test_the_best_use_leaves_out_what_is_not_rolled_out():
    redeemable, other = rolled(0), voucher("B", amount_off(50))
    asked = context(redeemable, other, order=ORDER, customer=Customer("cust_1"))

    assert [each.code for each in best.best(asked).redeemables] == ["B"]
