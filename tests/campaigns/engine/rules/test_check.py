"""What a refused rule says, what a rule relied on, and where in the fold it is asked."""

import pytest

from campaigns.engine import rules
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.facts import Customer, Order
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    cart,
    rule,
    ruled,
    run,
    said,
    voucher,
)

VIP = Customer(id="cust_1", segments=frozenset({"seg_vip"}))
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)
IS_VIP = asks("customer.segment", "$is", "seg_vip")
FROM_50 = asks("order.amount", "$more_than_or_equal", 5000)


def reason(*conditions, logic=None, order=None, **more):
    facts = {name: more.pop(name) for name in ("customer", "counters") if name in more}
    redeemable = ruled(voucher("A", amount_off(100)), *conditions, logic=logic, **more)
    (refused,) = run(redeemable, order=order, **facts).inapplicable
    return refused.reason


def numbers(reason_):
    return [each["number"] for each in reason_.details["violations"]]


@pytest.mark.parametrize(
    ("condition", "facts", "key"),
    [
        (IS_VIP, {"customer": Customer()}, "customer_rules_violated"),
        (IS_VIP, {}, "missing_customer"),
        (FROM_50, {"order": Order(amount=4999)}, "order_rules_violated"),
        (FROM_50, {}, "missing_order"),
        (FROM_50, {"order": Order()}, "missing_amount"),
        (
            asks("order.items.any", "$is", {"id": "prod_tea", "object": "product"}),
            {"order": Order(amount=5000)},
            "missing_order_items",
        ),
        (
            asks("redemption.metadata", "$is", "x", property="y"),
            {"order": Order(amount=5000)},
            "redemption_rules_violated",
        ),
        (asks("redemption.count.per_customer", "$is", 1), {}, "missing_customer"),
        (asks("campaign.orders.amount", "$less_than", 1), {}, "missing_order"),
        (asks("order.total_amount", "$less_than", 1), {}, "missing_order"),
    ],
)
def test_says_whose_rules_were_broken(condition, facts, key):
    assert reason(condition, **facts).key == key


@pytest.mark.requirement(41)
def test_names_the_rules_and_conditions_that_failed():
    refused = reason(IS_VIP, FROM_50, order=Order(amount=100), customer=Customer())

    assert refused.key == "customer_rules_violated"
    assert refused.parameters["rules"] == "val_1"
    assert refused.details["rules"] == ("val_1",)
    assert refused.details["violations"] == (
        {"rule": "val_1", "number": "1", "name": "customer.segment", "property": None},
        {"rule": "val_1", "number": "2", "name": "order.amount", "property": None},
    )


def test_names_only_what_stands_in_the_way():
    weather = asks("order.metadata", "$is", "rain", property="weather")
    order = Order(amount=100, metadata={"weather": "rain"})

    assert numbers(reason(IS_VIP, FROM_50, weather, logic="(1 or 3) and 2", order=order)) == ["2"]
    assert numbers(reason(weather, logic="not 1", order=order)) == ["1"]
    assert numbers(reason(IS_VIP, FROM_50, logic="1 or 2", order=order, customer=Customer())) == [
        "1",
        "2",
    ]


def test_says_the_most_specific_message():
    general = {"error": {"message": "Not today"}}
    special = asks("order.amount", "$more_than", 5000, message="Spend more")

    assert reason(FROM_50, order=Order(amount=1)).details["message"] is None
    assert reason(FROM_50, order=Order(amount=1), **general).details["message"] == "Not today"
    assert reason(special, order=Order(amount=1), **general).details["message"] == "Spend more"


def test_as_many_lines_may_be_chosen_as_there_may_be():
    entry = {"object": "sku", "id": "sku_1"}
    sent = {"rules": {}, "applicable_to": {"included": [entry] * 500}}

    assert len(rules.read(sent, rule_id="val_1").applicable_to) == 500


def test_all_assigned_rules_must_hold():
    both = rules.assign(
        voucher("A", amount_off(100)),
        [rule(IS_VIP, rule_id="val_1"), rule(FROM_50, rule_id="val_2")],
    )

    assert run(both, order=Order(amount=5000), customer=VIP).valid is True
    (refused,) = run(both, order=Order(amount=4999), customer=VIP).inapplicable
    assert refused.reason.details["rules"] == ("val_2",)


@pytest.mark.requirement(252)
def test_order_amount_moves_with_the_stack_and_the_initial_amount_does_not():
    first = voucher("A", amount_off(1000))
    after_others = ruled(voucher("B", amount_off(500)), asks("order.amount", "$more_than", 9999))
    at_all = ruled(voucher("C", amount_off(500)), asks("order.initial_amount", "$more_than", 9999))
    order = Order(amount=10_500)

    assert said(run(first, after_others, order=order, stacking=PARTIAL)) == [
        ("A", "applied"), ("B", "order_rules_violated"),
    ]  # fmt: skip
    assert run(after_others, first, order=order).valid is True
    assert run(first, at_all, order=order).valid is True


def test_total_amount_is_what_the_discount_leaves():
    at_least = asks("order.total_amount", "$more_than_or_equal", 5000)

    assert run(ruled(voucher("A", amount_off(1000)), at_least), order=Order(amount=6000)).valid
    refused = run(ruled(voucher("A", amount_off(1001)), at_least), order=Order(amount=6000))
    assert said(refused) == [("A", "order_rules_violated")]
    assert refused.order is None


def test_gifts_of_the_request_do_not_satisfy_item_rules():
    gift = voucher("G", {"type": "UNIT", "unit_type": "prod_tea", "effect": "ADD_NEW_ITEMS"})
    needs_tea = ruled(
        voucher("T", amount_off(100)),
        asks("order.items.any", "$is", {"id": "prod_tea", "object": "product"}),
    )

    evaluation = run(gift, needs_tea, order=cart(("cup", 1, 500)), stacking=PARTIAL)

    assert said(evaluation) == [("G", "applied"), ("T", "order_rules_violated")]
