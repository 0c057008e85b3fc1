"""Limits on amounts: what is too much is refused or cut down."""

import random

import pytest

from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.counters import (
    Counter,
    Measure,
    Scope,
    Use,
)
from campaigns.engine.facts import Order
from campaigns.engine.protection import Capped
from campaigns.engine.redeemable import Campaign, Limit, Overflow
from tests.campaigns.engine.build import (
    amount_off,
    cart,
    percent_off,
    run,
    said,
    units,
    voucher,
)

CAMPAIGN = Campaign("camp_1")

PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)


def limit(measure, scope, value, **more):
    return Limit(f"{measure}-{scope}", Measure(measure), Scope(scope), value, **more)


def counter(measure, scope, scope_id, **more):
    return Counter(Measure(measure), Scope(scope), scope_id, **more)


def limited(*its_limits, discount=None, code="A"):
    return voucher(code, discount or amount_off(1000), campaign=CAMPAIGN, limits=its_limits)


@pytest.mark.requirement(81)
def test_a_budget_of_discount_refuses_what_is_too_much():
    budget = limit("discount", "campaign", 30_000)
    key = counter("discount", "campaign", "camp_1")

    def outcome(used):
        evaluation = run(limited(budget), order=Order(amount=5000), counters={key: used})
        return said(evaluation), [use.amount for each in evaluation.applied for use in each.uses]

    assert outcome(29_000) == ([("A", "applied")], [1000])
    assert outcome(29_001) == ([("A", "redemption_rules_violated")], [])
    assert outcome(30_000) == ([("A", "redemption_rules_violated")], [])


@pytest.mark.requirement(81)
def test_a_budget_of_discount_cuts_the_last_one_down():
    budget = limit("discount", "campaign", 30_000, overflow=Overflow.CAP)
    key = counter("discount", "campaign", "camp_1")

    cut = run(limited(budget), order=Order(amount=5000), counters={key: 29_400})
    spent = run(limited(budget), order=Order(amount=5000), counters={key: 30_000})

    assert cut.order.total_applied_discount_amount == 600
    assert cut.applied[0].uses == (Use(key, 600),)
    assert cut.applied[0].capped == (Capped("limit", None, 1000, 600),)
    assert cut.applied[0].unused_amount == 400
    assert said(spent) == [("A", "redemption_rules_violated")]


def test_of_two_budgets_the_smaller_one_cuts():
    mine, its = (limit("discount", s, v, overflow=Overflow.CAP)
                 for s, v in (("redeemable", 700), ("campaign", 600)))  # fmt: skip

    for limits in ((mine, its), (its, mine)):
        cut = run(limited(*limits), order=Order(amount=5000))
        assert cut.order.total_applied_discount_amount == 600


def test_cutting_down_goes_line_by_line():
    budget = limit("discount", "campaign", 700, overflow=Overflow.CAP)
    items = percent_off(50, "APPLY_TO_ITEMS")

    evaluation = run(
        limited(budget, discount=items), order=cart(("tea", 1, 1000), ("cup", 1, 1000))
    )

    assert [line.discount_amount for line in evaluation.order.lines] == [500, 200]
    assert evaluation.applied[0].capped == (Capped("limit", None, 1000, 700),)


def test_gifts_are_not_cut_but_refused():
    budget = limit("discount", "campaign", 700, overflow=Overflow.CAP)
    gift = units(1, "prod_tea", "ADD_NEW_ITEMS")

    evaluation = run(limited(budget, discount=gift), order=cart(("tea", 1, 1000)))

    assert said(evaluation) == [("A", "redemption_rules_violated")]


@pytest.mark.requirement(82)
def test_a_budget_of_orders_counts_what_is_paid():
    budget = limit("orders", "campaign", 100_000)
    key = counter("orders", "campaign", "camp_1")

    def valid(amount, used):
        return run(limited(budget), order=Order(amount=amount), counters={key: used}).valid

    assert valid(11_000, 90_000) is True
    assert valid(11_001, 90_000) is False
    assert valid(6000, 95_000) is True
    assert valid(6000, 100_000) is False


@pytest.mark.requirement(90)
def test_a_parent_budget_is_shared():
    parent = limit("discount", "budget", 1500, scope_id="bud_parent")
    spring, summer = (
        voucher(code, amount_off(1000), campaign=Campaign(f"camp_{code}"), limits=(parent,))
        for code in ("spring", "summer")
    )

    evaluation = run(spring, summer, order=Order(amount=9000), stacking=PARTIAL)

    assert said(evaluation) == [("spring", "applied"), ("summer", "redemption_rules_violated")]
    assert evaluation.inapplicable[0].limits[0].used == 1000


@pytest.mark.requirement(81, 90)
def test_random_redemptions_never_overspend_a_budget():
    rng = random.Random(81)
    for _ in range(50):
        overflow = rng.choice(list(Overflow))
        budget = limit("discount", "campaign", rng.randint(0, 5000), overflow=overflow)
        key, used = counter("discount", "campaign", "camp_1"), 0
        for _ in range(10):
            order = cart(("tea", rng.randint(1, 3), rng.randint(1, 900)))
            discount = rng.choice([
                amount_off(rng.randint(0, 2000)),
                percent_off(rng.randint(0, 100), "APPLY_TO_ITEMS"),
                units(1, "prod_tea", "ADD_NEW_ITEMS"),
            ])  # fmt: skip
            evaluation = run(limited(budget, discount=discount), order=order, counters={key: used})
            if evaluation.valid:
                used += evaluation.order.total_applied_discount_amount
                assert evaluation.applied[0].uses[0].amount == (
                    evaluation.order.total_applied_discount_amount
                )
        assert used <= budget.value
