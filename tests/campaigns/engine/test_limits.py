"""Limits, budgets and margin floors, each at its boundary."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from campaigns.engine import limits
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.counters import (
    Counter,
    Measure,
    Period,
    Scope,
    Use,
    first_day,
    next_first_day,
)
from campaigns.engine.facts import Customer, Line, Order
from campaigns.engine.protection import Capped
from campaigns.engine.redeemable import Campaign, Limit, MarginFloor, Overflow
from tests.campaigns.engine.build import (
    BERLIN,
    amount_off,
    asks,
    cart,
    context,
    percent_off,
    product,
    ruled,
    run,
    said,
    units,
    voucher,
)

CAMPAIGN = Campaign("camp_1")
ANN = Customer("cust_1")
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)


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


def stock(*lines):
    return Order(
        lines=tuple(
            Line(product_id=f"prod_{name}", quantity=quantity, price=price, cost=cost)
            for name, quantity, price, cost in lines
        )
    )


@pytest.mark.requirement(89)
def test_no_sku_is_sold_below_cost_and_more():
    off = voucher("A", amount_off(1000, "APPLY_TO_ITEMS"), margin=MarginFloor(amount=100))

    evaluation = run(off, order=stock(("arabica", 1, 2000, 1300), ("lux", 1, 5000, 1000)))

    assert [line.discount_amount for line in evaluation.order.lines] == [600, 1000]
    assert evaluation.applied[0].capped == (Capped("margin", 0, 1000, 600),)


@pytest.mark.requirement(89)
@pytest.mark.parametrize(
    ("margin", "discount", "lines"),
    [
        (MarginFloor(skips=True), amount_off(1000, "APPLY_TO_ITEMS"), [0, 1000]),
        (MarginFloor(percent=500_000), amount_off(1000, "APPLY_TO_ITEMS"), [50, 1000]),
        (MarginFloor(), percent_off(100, "APPLY_TO_ITEMS"), [700, 4000]),
        (MarginFloor(amount=9999), percent_off(100, "APPLY_TO_ITEMS"), [0, 0]),
    ],
)
def test_floors_hold_line_by_line(margin, discount, lines):
    order = stock(("arabica", 1, 2000, 1300), ("lux", 1, 5000, 1000))

    evaluation = run(voucher("A", discount), order=order, margin=margin)

    assert [line.discount_amount for line in evaluation.order.lines] == lines


def test_a_discount_of_the_order_leaves_the_costs_of_all_lines():
    order = stock(("arabica", 2, 2000, 1300), ("lux", 1, 5000, None))

    def taken(margin):
        evaluation = run(voucher("A", percent_off(100), margin=margin), order=order)
        return evaluation.order.total_applied_discount_amount

    assert taken(MarginFloor()) == 9000 - 2600
    assert taken(MarginFloor(skips=True)) == 0


def test_discounts_of_order_and_lines_together_leave_the_costs():
    order = stock(("arabica", 1, 2000, 1300))
    codes = (voucher("A", amount_off(500)), voucher("B", amount_off(500, "APPLY_TO_ITEMS")))

    evaluation = run(*codes, order=order, margin=MarginFloor())

    assert evaluation.order.total_amount == 1300
    assert evaluation.applied[1].capped == (Capped("margin", 0, 500, 200),)


def test_without_a_cost_there_is_no_floor():
    order = cart(("tea", 1, 1000))
    evaluation = run(voucher("A", percent_off(100)), order=order, margin=MarginFloor(amount=1))

    assert evaluation.order.total_amount == 0


def test_the_higher_floor_counts():
    order = stock(("arabica", 1, 2000, 1000))
    off = voucher("A", amount_off(2000, "APPLY_TO_ITEMS"), margin=MarginFloor(amount=300))

    evaluation = run(off, order=order, margin=MarginFloor(amount=500))

    assert evaluation.order.total_amount == 1500


@pytest.mark.requirement(89)
def test_random_carts_never_sell_below_cost():
    rng = random.Random(89)
    for _ in range(300):
        order = stock(
            *((name, rng.randint(1, 3), rng.randint(500, 2000), rng.randint(0, 500))
              for name in "abc")
        )  # fmt: skip
        codes = [
            voucher(code, rng.choice([
                amount_off(rng.randint(0, 3000), rng.choice([None, "APPLY_TO_ITEMS"])),
                percent_off(rng.randint(0, 100), rng.choice([None, "APPLY_TO_ITEMS"])),
            ]), applicable_to=rng.choice([(), (product("a"),)]))
            for code in "XY"
        ]  # fmt: skip
        evaluation = run(*codes, order=order, margin=MarginFloor(amount=rng.randint(0, 50)))
        costs = sum(line.line.cost * line.quantity for line in evaluation.order.lines)
        assert evaluation.order.total_amount >= costs
        for line in evaluation.order.lines:
            assert line.subtotal_amount >= line.line.cost * line.quantity
