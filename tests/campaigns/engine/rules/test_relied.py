"""Which counters made a rule true, and how far they may go."""

import random

import pytest

from campaigns.engine import rules
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.counters import Counter, Measure, Relied, Scope, Use
from campaigns.engine.facts import Customer, Order
from campaigns.engine.redeemable import Campaign
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    context,
    rule,
    ruled,
    run,
    said,
    voucher,
)

VIP = Customer(id="cust_1", segments=frozenset({"seg_vip"}))
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)
IS_VIP = asks("customer.segment", "$is", "seg_vip")

CAMPAIGN = Campaign("camp_1")
COUNT = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1")


@pytest.mark.requirement(80)
def test_a_limit_counts_this_redemption_too():
    first_500 = asks("campaign.redemptions.count", "$less_than_or_equal", 500)

    def valid(used):
        redeemable = ruled(voucher("A", campaign=CAMPAIGN), first_500)
        return run(redeemable, counters={COUNT: used}).valid

    assert [valid(used) for used in (0, 499, 500)] == [True, True, False]


def test_says_which_counters_it_relied_on():
    first_500 = asks("campaign.redemptions.count", "$less_than_or_equal", 500)
    redeemable = ruled(voucher("A", campaign=CAMPAIGN), first_500, IS_VIP, logic="1 or 2")

    def applied(customer, used):
        return run(redeemable, customer=customer, counters={COUNT: used}).applied

    (stranger,) = applied(Customer(), 499)
    (vip,) = applied(VIP, 499)
    (late_vip,) = applied(VIP, 500)
    assert stranger.relied == (Relied(COUNT, 1, 500),)
    assert (vip.relied, late_vip.relied) == ((), ())
    assert stranger.uses == vip.uses == late_vip.uses == (Use(COUNT, 1),)
    assert applied(Customer(), 500) == ()


def test_what_came_before_counts_also_where_it_asks_for_nothing():
    first = voucher("FIRST", amount_off(100), campaign=CAMPAIGN)
    elsewhere = voucher("OTHER", amount_off(100), campaign=Campaign("camp_2"))

    def tried(most, *before):
        asked = asks("campaign.redemptions.count", "$less_than_or_equal", most)
        last = ruled(voucher("LAST", amount_off(100), campaign=CAMPAIGN), asked)
        return run(*before, last, order=Order(amount=5000), counters={COUNT: 0})

    assert said(tried(1, first))[-1] == ("LAST", "redemption_rules_violated")
    assert said(tried(1, elsewhere)) == [("OTHER", "applied"), ("LAST", "applied")]
    both = tried(2, first).applied
    assert [each.uses for each in both] == [(Use(COUNT, 1),)] * 2
    assert [each.relied for each in both] == [(), (Relied(COUNT, 1, 2),)]


@pytest.mark.parametrize(
    ("operator", "value", "logic", "limit"),
    [
        ("$less_than", 10, "1", (9, None)),
        ("$less_than", 9.5, "1", (9, None)),
        ("$less_than_or_equal", 9.5, "1", (9, None)),
        ("$is", 4, "1", (4, 4)),
        ("$more_than", 9, "not 1", (9, None)),
        ("$greater_than", 9, "not 1", (9, None)),
        ("$more_than_or_equal", 9, "not 1", (8, None)),
        ("$is_not", 4, "not 1", (4, 4)),
        ("$more_than", 2, "1", (None, 3)),
        ("$more_than", 0, "1", None),
        ("$is_not", 9, "1", (8, None)),
        ("$is_not", 3, "1", (None, 4)),
        ("$is_not", 4.5, "1", None),
        ("$in", (2, 4, 3), "1", (4, 2)),
        ("$in", (2, 4, 3), "not 1", "refused"),
        ("$in", (4, 5, 7), "1", (5, 4)),
        ("$is", (4, 9), "1", (4, 4)),
        ("$from", (4, 9), "1", (4, 4)),
        ("$not_differ", (4,), "1", (4, 4)),
        ("$not_in", (4, 9), "not 1", (4, 4)),
        ("$not_in", (5, 9), "1", (4, None)),
        ("$not_in", (2, 9), "1", (8, 3)),
        ("$not_intersect", (5, 9), "1", (4, None)),
        ("$in", (6, 9), "not 1", (5, None)),
    ],
)
def test_knows_how_far_a_comparison_holds(operator, value, logic, limit):
    """The fourth redemption asks: the highest and the lowest number that would do as well."""
    listed = isinstance(value, tuple)
    redeemable = ruled(
        voucher("A", campaign=CAMPAIGN),
        asks("campaign.redemptions.count", operator, *(value if listed else [value])),
        logic=logic,
    )

    found = [one.relied for one in run(redeemable, counters={COUNT: 3}).applied]

    if limit == "refused":
        assert found == []
    else:
        assert found == [() if limit is None else (Relied(COUNT, 1, *limit),)]


@pytest.mark.parametrize(
    ("conditions", "limit"),
    [
        ({"$more_than": [5], "$less_than": [90]}, 5),
        ({"$more_than": [5], "$more_than_or_equal": [9]}, 8),
        ({"$more_than": [2], "$more_than_or_equal": [9]}, 8),
        ({"$more_than": [5], "$less_than": [3]}, None),
    ],
)
def test_a_negated_conjunction_relies_on_the_parts_that_fail(conditions, limit):
    condition = {"name": "campaign.redemptions.count", "conditions": conditions}
    redeemable = ruled(voucher("A", campaign=CAMPAIGN), condition, logic="not 1")

    (applied,) = run(redeemable, counters={COUNT: 3}).applied

    assert applied.relied == (() if limit is None else (Relied(COUNT, 1, limit),))


def test_two_rules_on_one_counter_rely_on_the_lower_limit():
    redeemable = rules.assign(
        voucher("A", campaign=CAMPAIGN),
        [
            rule(asks("campaign.redemptions.count", "$less_than", 100)),
            rule(
                asks("campaign.redemptions.count", "$less_than", 50),
                asks("campaign.redemptions.count", "$less_than", 70),
            ),
        ],
    )

    (applied,) = run(redeemable).applied

    assert applied.relied == (Relied(COUNT, 1, 49),)
    assert applied.uses == (Use(COUNT, 1),)


def test_redeemables_of_one_request_see_what_earlier_ones_used():
    at_most_two = asks("campaign.redemptions.count", "$less_than_or_equal", 2)
    codes = [ruled(voucher(code, amount_off(1), campaign=CAMPAIGN), at_most_two) for code in "ABC"]

    evaluation = run(*codes, order=Order(amount=100), stacking=PARTIAL)

    assert [status for _, status in said(evaluation)] == [
        "applied", "applied", "redemption_rules_violated",
    ]  # fmt: skip


def test_a_customer_is_counted_once():
    at_most_two = asks("campaign.redemptions.customers_count", "$less_than_or_equal", 2)
    customers = Counter(Measure.CUSTOMERS, Scope.CAMPAIGN, "camp_1")
    mine = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", per="customer:cust_1")
    redeemable = ruled(voucher("A", campaign=CAMPAIGN), at_most_two)

    new = run(redeemable, customer=VIP, counters={customers: 1})
    known = run(redeemable, customer=VIP, counters={customers: 2, mine: 1})

    assert run(redeemable, customer=VIP, counters={customers: 2}).valid is False
    assert new.applied[0].uses == (Use(customers, 1), Use(mine, 1))
    assert known.applied[0].uses == (Use(customers, 0), Use(mine, 1))


OPERATORS = ["$less_than_or_equal", "$more_than", "$is", "$is_not", "$in", "$not_in"]


def random_leaf(rng, name):
    operator = rng.choice(OPERATORS)
    listed = operator in {"$in", "$not_in"}
    return asks(name, operator, *(rng.sample(range(7), 3) if listed else [rng.randint(0, 4)]))


@pytest.mark.requirement(52)
def test_random_trees_rely_on_counters_whose_room_makes_them_true():
    """Move every counter within what was relied on, the others anywhere: the rule still holds."""
    rng = random.Random(15)
    names = ["campaign.redemptions.count", "redemption.count", "redemption.count.per_customer"]
    valid = 0
    for _ in range(400):
        leaves = [*(random_leaf(rng, name) for name in names), IS_VIP]
        parts = [f"{rng.choice(['', '', 'not '])}{n}" for n in rng.choices("1234", k=4)]
        a, b, c, d = parts
        logic = f"({a} {rng.choice(['and', 'or'])} {b}) {rng.choice(['and', 'or'])} ({c} or {d})"
        redeemable = ruled(voucher("A", campaign=CAMPAIGN), *leaves, logic=logic)
        keys = rules.needs(redeemable, context(redeemable, customer=VIP)).counters
        counters = {key: rng.randint(0, 5) for key in sorted(keys, key=repr)}
        evaluation = run(redeemable, customer=VIP, counters=counters)
        if not evaluation.valid:
            continue
        valid += 1
        relied = {one.counter: one for one in evaluation.applied[0].relied}
        for one in relied.values():
            assert one.least is None or counters[one.counter] + 1 >= one.least
            assert one.limit is None or counters[one.counter] + 1 <= one.limit
        for _ in range(5):
            moved = {key: within(rng, relied.get(key)) for key in sorted(keys, key=repr)}
            assert run(redeemable, customer=VIP, counters=moved).valid, (logic, counters, moved)
    assert valid > 150


def within(rng, relied):
    """A number of redemptions before this one that a verdict allows."""
    least = 0 if relied is None or relied.least is None else relied.least - 1
    most = least + 9 if relied is None or relied.limit is None else relied.limit - 1
    return rng.randint(least, most)
