"""What is suggested for hundreds of random carts is tried, and helps."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.engine import changes
from campaigns.engine.changes import AddAmount
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.counters import Counter, Measure, Period, Scope
from campaigns.engine.evaluate import evaluate
from campaigns.engine.explain import suggest
from campaigns.engine.facts import Customer, Line, Order
from campaigns.engine.redeemable import (
    Campaign,
    Validity,
)
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    context,
    percent_off,
    ruled,
    voucher,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def asked(*conditions, logic=None, **facts):
    return ruled(voucher("A", amount_off(100), **facts), *conditions, logic=logic)


DAY = Period.DAY

LEAVES = [
    lambda rng: asks("order.amount", "$more_than_or_equal", rng.randint(1, 9000)),
    lambda rng: asks("order.amount", "$more_than", rng.randint(1, 9000)),
    lambda rng: asks("order.initial_amount", "$more_than", rng.randint(1, 9000)),
    lambda rng: asks("order.total_amount", "$more_than_or_equal", rng.randint(1, 9000)),
    lambda rng: asks("order.items.any", "$is", {"id": rng.choice(["prod_a", "prod_d"]),
                                               "object": "product"}),
    lambda rng: asks("order.items.any", "$is", {"id": "prod_a", "object": "product"}, rules={
        "1": asks("order.items.aggregated_quantity", "$more_than", rng.randint(0, 5))}),
    lambda _: asks("order.items.none", "$is", {"id": "prod_b", "object": "product"}),
    lambda rng: asks("order.items.count", "$more_than", rng.randint(0, 4)),
    lambda _: asks("wafa.context.channel", "$is", "app"),
    lambda _: asks("order.metadata", "$is", "rain", property="weather"),
    lambda rng: asks("wafa.time", "$dow", rng.randint(0, 6)),
    lambda rng: asks("customer.segment", "$is", rng.choice(["seg_a", "seg_b"])),
    lambda _: asks("campaign.redemptions.count.daily", "$less_than_or_equal", 3),
]  # fmt: skip
COUNT = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", DAY, AT.date())
LOGICS = ["1", "1 and 2", "1 or 2", "1 and (2 or 3)", "(1 or 2) and 3", "1 and 2 and 3"]


def refused_cart(rng):
    lines = tuple(
        Line(product_id=f"prod_{rng.choice('abc')}", quantity=rng.randint(1, 3),
             price=rng.randint(1, 1500))
        for _ in range(rng.randint(1, 3))
    )  # fmt: skip
    logic = rng.choice(LOGICS)
    conditions = [rng.choice(LEAVES)(rng) for _ in range(3)]
    window = rng.choice([
        Validity(), Validity(starts_at=utc(2025, 6, 20)), Validity(days_of_week=frozenset({5})),
    ])  # fmt: skip
    target = asked(*conditions, logic=logic, validity=window, campaign=Campaign("camp_1"))
    others = rng.choice([(), (voucher("P", percent_off(rng.randint(1, 30))),)])
    return context(
        *others,
        target,
        order=Order(lines=lines),
        customer=Customer("cust_1", segments=frozenset({"seg_a"})),
        counters={COUNT: rng.choice([0, 3])},
        stacking=StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL),
    ), target


def applies(now, redeemable):
    return any(each.redeemable.id == redeemable.id for each in evaluate(now).applied)


@pytest.mark.requirement(197)
def test_what_is_suggested_for_500_refused_carts_makes_them_valid():
    rng = random.Random(500)
    refused = helped = 0
    while refused < 500:
        now, target = refused_cart(rng)
        if applies(now, target):
            continue
        refused += 1
        found = suggest(now, target)
        if found.impossible is not None:
            assert not found.changes
            continue
        helped += 1
        changed = changes.apply(now, found.changes)
        assert applies(changed, target)
        for change in found.changes:
            fewer = [each for each in found.changes if each != change]
            if isinstance(change, AddAmount) and change.amount > 1:
                less = changes.apply(now, [*fewer, replace(change, amount=change.amount - 1)])
                assert not applies(less, target), found
            assert not applies(changes.apply(now, fewer), target), found
    assert helped > 350


def test_what_is_impossible_for_a_customer_is_not_so_for_another():
    rng = random.Random(501)
    impossible = 0
    for _ in range(100):
        now, target = refused_cart(rng)
        found = suggest(now, target)
        if found.impossible != "customer":
            continue
        impossible += 1
        other = replace(now, customer=replace(now.customer, segments=frozenset({"seg_a", "seg_b"})))
        assert suggest(other, target).impossible is None
    assert impossible > 3
