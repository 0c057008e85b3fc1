"""What the scenarios of qualifications ask about, and what they leave out."""

import pytest

from campaigns.engine import index
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.facts import Customer, Order
from campaigns.engine.redeemable import Bundle, Component, Limit
from campaigns.engine.scenarios import Scenario, index_kinds, qualify
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    cart,
    context,
    percent_off,
    ruled,
    tier,
    units,
    voucher,
)

VIP = asks("customer.segment", "$is", "seg_vip")
FIFTY = asks("order.amount", "$more_than_or_equal", 5000)
TEA = asks("order.items.any", "$is", {"id": "prod_tea", "object": "product"})
TEN_OF_ITEMS = percent_off(10, "APPLY_TO_ITEMS")
MEMBER, STRANGER = Customer("cust_1", segments=frozenset({"seg_vip"})), Customer("cust_2")
BY_CUSTOMER = (Scenario.PRODUCTS_BY_CUSTOMER, Scenario.PRODUCTS_DISCOUNT_BY_CUSTOMER)


def offered(*redeemables, scenario=Scenario.ALL, **facts):
    return qualify(context(**facts), redeemables, scenario)


def test_everything_is_asked_as_a_validation_asks():
    fifty = ruled(tier("FIFTY", amount_off(1000)), FIFTY)
    ten = tier("TEN", amount_off(200))

    assert offered(fifty, order=Order(amount=4999)) is None
    assert offered(fifty, order=Order(amount=5000)).saving == 1000
    assert offered(ten, fifty, order=Order(amount=5200)).saving == 1200
    assert offered(ten, fifty, order=Order(amount=4999)) is None
    assert offered(ten).saving == 0


def test_an_audience_is_asked_without_the_order():
    both = ruled(tier("BOTH", amount_off(1000)), VIP, FIFTY)
    asked = {"scenario": Scenario.AUDIENCE_ONLY, "order": Order(amount=1)}

    found = offered(both, customer=MEMBER, **asked)

    assert found.omitted == (("val_1", "2"),)
    assert found.evaluation.order is None
    assert offered(both, customer=STRANGER, **asked) is None


@pytest.mark.parametrize(
    ("scenario", "stranger_too"),
    [(Scenario.PRODUCTS, True), (Scenario.PRODUCTS_DISCOUNT, True),
     *((each, False) for each in BY_CUSTOMER)],
)  # fmt: skip
def test_products_are_asked_with_or_without_the_customer(scenario, stranger_too):
    tea = ruled(tier("TEA", TEN_OF_ITEMS), VIP, TEA, FIFTY)

    def found(product, customer):
        order = cart((product, 1, 1000))
        return offered(tea, scenario=scenario, order=order, customer=customer)

    left_out = ("1", "3") if stranger_too else ("3",)
    assert found("tea", MEMBER).omitted == tuple(("val_1", number) for number in left_out)
    assert (found("tea", STRANGER) is not None) is stranger_too
    assert found("cup", MEMBER) is None
    assert offered(tea, scenario=scenario, order=Order(amount=9000), customer=MEMBER) is None


@pytest.mark.parametrize(
    ("discount", "scenarios"),
    [
        (TEN_OF_ITEMS, {Scenario.PRODUCTS, Scenario.PRODUCTS_DISCOUNT}),
        (
            units(1, "prod_tea", "ADD_MISSING_ITEMS"),
            {Scenario.PRODUCTS, Scenario.PRODUCTS_DISCOUNT},
        ),
        (amount_off(100), {Scenario.PRODUCTS}),
    ],
)
def test_discounts_of_products_take_something_off_a_line(discount, scenarios):
    found = {
        scenario
        for scenario in (Scenario.PRODUCTS, Scenario.PRODUCTS_DISCOUNT)
        if offered(tier("T", discount), scenario=scenario, order=cart(("tea", 1, 1000)))
    }

    assert found == scenarios


@pytest.mark.parametrize(
    ("logic", "member", "stranger"),
    [
        ("1 and 2", True, False),
        ("1 or 2", True, True),
        ("not 1 and 2", False, True),
        ("not (1 and 2)", True, True),
        ("not (1 or 2)", False, True),
    ],
)
def test_what_is_not_asked_decides_nothing(logic, member, stranger):
    """Condition 2, about the order, may hold or not."""
    either = ruled(tier("T", amount_off(100)), VIP, FIFTY, logic=logic)

    found = [
        offered(either, scenario=Scenario.AUDIENCE_ONLY, customer=each) is not None
        for each in (MEMBER, STRANGER)
    ]

    assert found == [member, stranger]


def test_limits_of_customers_are_for_those_who_are_known():
    once = Limit("lim_1", Measure.REDEMPTIONS, Scope.REDEEMABLE, 0, per_customer=True)
    code = voucher("ONCE", TEN_OF_ITEMS, limits=(once,))
    asked = {"scenario": Scenario.PRODUCTS, "order": cart(("tea", 1, 1000))}

    assert offered(code, **asked) is not None
    assert offered(code, customer=MEMBER, **asked) is None


def test_a_bundle_is_shown_and_not_asked_for():
    bundle = Bundle((Component("product", "prod_tea"), Component("product", "prod_cup")), 1)
    code = voucher("BOTH", TEN_OF_ITEMS, bundle=bundle)

    found = offered(code, scenario=Scenario.PRODUCTS, order=cart(("tea", 1, 1000)))

    assert [each.component.id for each in found.bundle.missing] == ["prod_cup"]


def test_promotions_are_looked_up_by_what_a_scenario_asks():
    assert index_kinds(Scenario.ALL) == index_kinds(Scenario.PROMOTION_STACKS) == index.EVERYTHING
    assert index_kinds(Scenario.AUDIENCE_ONLY) == index.OF_CUSTOMER | index.OF_CONTEXT
    assert index_kinds(Scenario.PRODUCTS) == {index.ITEM}
    assert {index_kinds(each) for each in BY_CUSTOMER} == {index.OF_CUSTOMER | {index.ITEM}}
