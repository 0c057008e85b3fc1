"""Limits, budgets and margin floors, each at its boundary."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from campaigns.engine import limits
from campaigns.engine.counters import (
    Counter,
    Measure,
    Period,
    Scope,
    Use,
    first_day,
    next_first_day,
)
from campaigns.engine.facts import Customer, Order
from campaigns.engine.redeemable import Campaign, Limit
from tests.campaigns.engine.build import (
    BERLIN,
    amount_off,
    asks,
    context,
    ruled,
    run,
    said,
    voucher,
)

CAMPAIGN = Campaign("camp_1")
ANN = Customer("cust_1")


def limit(measure, scope, value, **more):
    return Limit(f"{measure}-{scope}", Measure(measure), Scope(scope), value, **more)


def counter(measure, scope, scope_id, **more):
    return Counter(Measure(measure), Scope(scope), scope_id, **more)


def limited(*its_limits, discount=None, code="A"):
    return voucher(code, discount or amount_off(1000), campaign=CAMPAIGN, limits=its_limits)


COUNTS = [
    (limit("redemptions", "campaign", 500), counter("redemptions", "campaign", "camp_1")),
    (limit("redemptions", "redeemable", 500), counter("redemptions", "redeemable", "v_A")),
    (limit("redemptions", "project", 500), counter("redemptions", "project", "")),
    (
        limit("redemptions", "budget", 500, scope_id="bud_1"),
        counter("redemptions", "budget", "bud_1"),
    ),
    (limit("customers", "campaign", 500), counter("customers", "campaign", "camp_1")),
    (
        limit("redemptions", "campaign", 500, per_customer=True),
        counter("redemptions", "campaign", "camp_1", per="customer:cust_1"),
    ),
    *(
        (
            limit("redemptions", "campaign", 500, per_customer=per_customer, period=period),
            counter(
                "redemptions", "campaign", "camp_1", period=period, begins=begins,
                per="customer:cust_1" if per_customer else "",
            ),
        )
        for per_customer in (False, True)
        for period, begins in [
            (Period.DAY, date(2025, 6, 11)),
            (Period.WEEK, date(2025, 6, 9)),
            (Period.MONTH, date(2025, 6, 1)),
            (Period.YEAR, date(2025, 1, 1)),
        ]
    ),
]  # fmt: skip


@pytest.mark.requirement(79, 80, 83)
@pytest.mark.parametrize(("its_limit", "key"), COUNTS)
def test_the_last_one_fits_and_the_next_does_not(its_limit, key):
    redeemable = limited(its_limit)

    last = run(redeemable, order=Order(amount=5000), customer=ANN, counters={key: 499})
    next_one = run(redeemable, order=Order(amount=5000), customer=ANN, counters={key: 500})

    (state,) = last.applied[0].limits
    assert (state.used, state.amount, state.left, state.value) == (499, 1, 1, 500)
    assert Use(key, 1) in last.applied[0].uses
    (refused,) = next_one.inapplicable
    assert refused.reason.key == "redemption_rules_violated"
    assert refused.reason.details["limit"] == its_limit.id
    assert (refused.reason.details["used"], refused.reason.details["left"]) == (500, 0)
    assert refused.limits[0].left == 0


@pytest.mark.requirement(88)
def test_the_project_has_a_safety_limit_for_everything():
    safety = limit("discount", "project", 5000, period=Period.DAY)
    key = counter("discount", "project", "", period=Period.DAY, begins=date(2025, 6, 11))

    def valid(used):
        redeemable = voucher("A", amount_off(1000))
        facts = {"limits": (safety,), "counters": {key: used}}
        return run(redeemable, order=Order(amount=9000), **facts).valid

    assert (valid(4000), valid(4001)) == (True, False)


@pytest.mark.requirement(87)
def test_loyal_customers_may_more_often():
    once = limit(
        "redemptions", "campaign", 1, per_customer=True,
        relaxed={"seg_loyal": 3, "seg_staff": None, "seg_new": 0},
    )  # fmt: skip
    key = counter("redemptions", "campaign", "camp_1", per="customer:cust_1")

    def valid(used, *segments):
        customer = replace(ANN, segments=frozenset(segments))
        return run(limited(once), customer=customer, counters={key: used}).valid

    assert [valid(used) for used in (0, 1)] == [True, False]
    assert [valid(used, "seg_loyal") for used in (0, 1, 2, 3)] == [True, True, True, False]
    assert [valid(used, "seg_new") for used in (0, 1)] == [True, False]
    assert valid(99, "seg_staff", "seg_loyal") is True


@pytest.mark.parametrize(
    "its_limit",
    [
        limit("redemptions", "campaign", 5, per_customer=True),
        limit("customers", "campaign", 5),
    ],
)
def test_a_limit_of_customers_needs_one(its_limit):
    for nobody in (None, Customer()):
        evaluation = run(limited(its_limit), order=Order(amount=1), customer=nobody)
        assert said(evaluation) == [("A", "missing_customer")]


def test_a_limit_and_a_rule_on_one_counter_count_once():
    key = counter("redemptions", "campaign", "camp_1")
    redeemable = ruled(
        limited(limit("redemptions", "campaign", 5)),
        asks("campaign.redemptions.count", "$less_than", 9),
    )

    evaluation = run(redeemable, order=Order(amount=1), counters={key: 4})

    assert evaluation.applied[0].uses == (Use(key, 1),)


def test_lists_its_counters_for_the_loader():
    redeemable = limited(
        limit("customers", "campaign", 5),
        limit("discount", "budget", 5, scope_id="bud_1"),
    )

    found = limits.counters(redeemable, context(redeemable, customer=ANN))

    assert found == {
        counter("customers", "campaign", "camp_1"),
        counter("redemptions", "campaign", "camp_1", per="customer:cust_1"),
        counter("discount", "budget", "bud_1"),
    }


@pytest.mark.requirement(83)
@pytest.mark.parametrize(
    ("period", "week_start", "begins", "next_one"),
    [
        (Period.DAY, 1, date(2025, 6, 2), date(2025, 6, 3)),
        (Period.WEEK, 1, date(2025, 6, 2), date(2025, 6, 9)),
        (Period.WEEK, 0, date(2025, 6, 1), date(2025, 6, 8)),
        (Period.WEEK, 6, date(2025, 5, 31), date(2025, 6, 7)),
        (Period.MONTH, 1, date(2025, 6, 1), date(2025, 7, 1)),
        (Period.YEAR, 1, date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_periods_begin_on_the_clock_of_the_project(period, week_start, begins, next_one):
    monday_in_berlin = datetime(2025, 6, 1, 22, tzinfo=UTC)

    assert first_day(period, monday_in_berlin, BERLIN, week_start) == begins
    assert next_first_day(period, begins) == next_one
    assert first_day(Period.ALWAYS, monday_in_berlin, BERLIN, week_start) is None
