"""Every check of every redeemable, with what it saw."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.engine.changes import AddAmount, Without
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.explain import Suggestion, explain
from campaigns.engine.facts import Customer, Order, Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    Limit,
    Validity,
)
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    cart,
    context,
    ruled,
    voucher,
)

ANN = Customer("cust_1")
TEA = {"id": "prod_tea", "object": "product"}
FROM_50 = asks("order.amount", "$more_than_or_equal", 5000)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def asked(*conditions, logic=None, **facts):
    return ruled(voucher("A", amount_off(100), **facts), *conditions, logic=logic)


@pytest.mark.requirement(41, 253)
def test_lists_every_check_with_what_it_saw():
    redeemable = asked(
        FROM_50,
        asks("customer.segment", "$is", "seg_vip"),
        asks("order.items.any", "$is", TEA),
        campaign=Campaign("c", validity=Validity(starts_at=utc(2025, 1, 1))),
        validity=Validity(ends_at=utc(2026, 1, 1), days_of_week=frozenset({3})),
        usage=Usage(limit=5, redeemed=2),
        limits=(Limit("lim_1", Measure.DISCOUNT, Scope.CAMPAIGN, 50),),
        bundle=Bundle((Component("product", "prod_tea"),)),
    )

    (found,) = explain(context(redeemable, order=cart(("tea", 1, 500)), customer=ANN))

    seen = [(s.check, s.fact, s.holds, s.operator, s.required, s.actual) for s in found.steps]
    lines = [found.steps[10].actual[0].product_id]
    assert lines == ["prod_tea"]
    assert seen[:10] == [
        ("exists", "exists", True, "$is", True, True),
        ("enabled", "active", True, "$is", True, True),
        ("enabled", "campaign.active", True, "$is", True, True),
        ("not_ended", "voucher.expiration_date", True, "$less_than", utc(2026, 1, 1), AT),
        ("recurrence", "voucher.validity", True, "$timeframe",
         Validity(days_of_week=frozenset({3})), AT),
        ("started", "campaign.start_date", True, "$more_than_or_equal", utc(2025, 1, 1), AT),
        ("quantity", "redemption.quantity", True, "$less_than_or_equal", 5, 3),
        ("limit", "campaign.discount.always", False, "$less_than_or_equal", 50, 100),
        ("rule", "order.amount", False, "$more_than_or_equal", (5000,), 500),
        ("rule", "customer.segment", False, "$is", ("seg_vip",), frozenset()),
    ]  # fmt: skip
    assert seen[11:] == [
        ("bundle", "bundle.quantity", True, "$more_than_or_equal", 1, 1),
        ("outcome", "reason", False, "$is", None, "order_rules_violated"),
    ]
    assert [(s.source, s.number) for s in found.steps[8:10]] == [("val_1", "1"), ("val_1", "2")]


def test_an_unknown_code_has_one_check():
    (found,) = explain(context(voucher("A", exists=False)))

    assert [(step.check, step.holds) for step in found.steps] == [("exists", False)]


def test_explains_each_at_its_turn():
    first = voucher("A", amount_off(1000))
    second = ruled(voucher("B", amount_off(100)), FROM_50)

    one, two = explain(context(first, second, order=Order(amount=5500)))

    assert one.suggestion is None
    assert [step.actual for step in two.steps if step.fact == "order.amount"] == [4500]
    assert two.suggestion == Suggestion((AddAmount(500),))


def test_counts_what_earlier_ones_of_the_request_used():
    limits = (Limit("lim_1", Measure.REDEMPTIONS, Scope.CAMPAIGN, 2),)
    codes = [asked(campaign=Campaign("camp_1"), limits=limits) for _ in range(3)]
    codes = [replace(each, id=f"v_{place}") for place, each in enumerate(codes)]

    found = explain(context(*codes, order=Order(amount=900)))

    counts = [step.actual for each in found for step in each.steps if step.check == "limit"]
    assert counts == [1, 2, 3]
    assert found[2].suggestion == Suggestion((Without("v_0"),))
