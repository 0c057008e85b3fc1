"""Stocks of what is given away: the last unit is given, one more is refused."""

import pytest

from campaigns.engine import stocks, trace
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.explain import explain
from campaigns.engine.facts import Product, Sku
from tests.campaigns.engine.build import cart, context, run, said, units, voucher

MUG = Product("prod_mug", price=800, stock=3)
TEA = Product("prod_tea", price=500)
LARGE = Sku("sku_large", MUG, price=900, stock=1)
CATALOG = {"prod_mug": MUG, "prod_tea": TEA, "sku_large": LARGE}
CART = cart(("mug", 1, 800), ("tea", 2, 500))
MANY = {
    "type": "UNIT",
    "effect": "ADD_MANY_ITEMS",
    "units": [
        {"unit_off": 1, "unit_type": "prod_mug", "effect": "ADD_NEW_ITEMS"},
        {"unit_off": 2, "unit_type": "prod_mug", "effect": "ADD_MISSING_ITEMS"},
        {"unit_off": 1, "unit_type": "sku_large", "effect": "ADD_NEW_ITEMS"},
        {"unit_off": 9, "unit_type": "prod_tea", "effect": "ADD_NEW_ITEMS"},
    ],
}
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)


def told(*discounts, order=CART, **facts):
    codes = [voucher(f"C{n}", each) for n, each in enumerate(discounts, start=1)]
    return run(*codes, order=order, catalog=CATALOG, **facts)


@pytest.mark.parametrize(
    ("discount", "taken"),
    [
        (units(3, "prod_mug", "ADD_NEW_ITEMS"), {"prod_mug": 3}),
        (units(3, "prod_mug", "ADD_MISSING_ITEMS"), {"prod_mug": 3}),
        (units(0, "prod_mug", "ADD_NEW_ITEMS"), {}),
        (units(9, "prod_tea", "ADD_NEW_ITEMS"), {}),
        (MANY, {"prod_mug": 3, "sku_large": 1}),
    ],
)
def test_what_is_given_is_taken_of_what_has_a_stock(discount, taken):
    (applied,) = told(discount).applied

    assert applied.gifts == taken


@pytest.mark.parametrize("effect", ["ADD_NEW_ITEMS", "ADD_MISSING_ITEMS"])
def test_one_more_than_there_is_is_refused(effect):
    evaluation = told(units(4, "prod_mug", effect))

    (refused,) = evaluation.inapplicable
    assert (evaluation.valid, refused.reason.key) == (False, "gift_out_of_stock")
    assert refused.reason.details == {"item": "prod_mug", "units": 4, "left": 3}


def test_an_order_that_is_not_known_takes_nothing():
    (applied,) = told(units(4, "prod_mug"), order=None).applied

    assert applied.gifts == {}


def test_codes_of_one_request_share_a_stock():
    twice = [units(2, "prod_mug", "ADD_NEW_ITEMS")] * 2

    assert said(told(*twice)) == [("C1", "applied"), ("C2", "gift_out_of_stock")]
    after = told(*twice, units(1, "prod_mug", "ADD_NEW_ITEMS"), stacking=PARTIAL)
    assert [r.gifts for r in after.applied] == [{"prod_mug": 2}, {"prod_mug": 1}]


def test_the_trace_says_how_many_are_left_at_its_turn():
    twice = [voucher(name, units(2, "prod_mug", "ADD_NEW_ITEMS")) for name in "AB"]
    asked = context(*twice, order=CART, catalog=CATALOG)

    first, second = explain(asked)

    seen = [
        (step.required, step.actual, step.holds, step.property)
        for each in (first, second)
        for step in each.steps
        if step.check == "stock"
    ]
    assert seen == [(2, 3, True, "prod_mug"), (2, 1, False, "prod_mug")]
    assert [change.id for change in second.suggestion.changes] == ["v_A"]
    (alone,) = explain(context(voucher("C", units(9, "prod_mug")), order=CART, catalog=CATALOG))
    assert alone.suggestion.impossible == "used_up"
    assert isinstance(alone.steps[0], trace.Step)


def test_a_state_counts_what_others_took():
    now = context(catalog=CATALOG, given={"prod_mug": 2})

    assert list(stocks.states({"prod_mug": 1}, now)) == [stocks.StockState("prod_mug", 1, 1)]
