"""All that one must know before using an incentive."""

from datetime import UTC, datetime

import pytest

from campaigns import sentences
from campaigns.engine.context import StackingRules
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.facts import Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    Limit,
    MarginFloor,
    Overflow,
    Pick,
    Target,
    Validity,
)
from campaigns.engine.rules import assign
from tests.campaigns.engine.build import (
    asks,
    collection,
    in_category,
    percent_off,
    product,
    rule,
    ruled,
    voucher,
)
from tests.campaigns.sentences.spoken import FOR_SHOPPERS, WORDS

TEA, SUMMER = product("tea"), collection("sum")
PARTS = (Component("product", "prod_tea", 2), Component("products_collection", "pc_sum"))
BUNDLE = "The order must contain this bundle: 2 units of Tea and 1 unit of the collection Summer."
EXCLUSIVE = StackingRules(exclusive_categories=frozenset({"cat_x"}))
JOINT = StackingRules(joint_categories=frozenset({"cat_x"}))


def said(words=WORDS, *, stacking=None, limits=(), **facts):
    return sentences.restrictions_of(
        voucher("A", percent_off(10), **facts), words, stacking=stacking, limits=limits
    )


def limit(measure, scope, value, **more):
    return Limit("lim_1", measure, scope, value, **more)


USES = limit(Measure.REDEMPTIONS, Scope.CAMPAIGN, 500, period=Period.DAY)
MONEY = limit(Measure.DISCOUNT, Scope.BUDGET, 100_000, scope_id="bud_1", overflow=Overflow.CAP)


@pytest.mark.requirement(64)
def test_says_everything_once_and_in_a_fixed_sequence():
    code = ruled(
        voucher(
            "A",
            percent_off(10),
            validity=Validity(ends_at=datetime(2026, 5, 31, 22, tzinfo=UTC)),
            campaign=Campaign("camp_1", rollout_percent=20),
            usage=Usage(limit=1),
            limits=(USES, USES),
        ),
        asks("order.amount", "$more_than_or_equal", 5000),
        asks("customer.segment", "$is", "seg_vip"),
        applicable_to={"included": [{"object": "product", "id": "prod_tea"}]},
    )
    code = assign(code, [rule(asks("order.amount", "$more_than_or_equal", 5000))])

    found = sentences.restrictions_of(code, WORDS, stacking=StackingRules())

    assert found == [
        "Valid to the end of 31 May 2026 (time zone Europe/Berlin).",
        "It is open to 20 % of the customers.",
        "The order amount must be at least 50.00 EUR.",
        "The customer must be in the segment VIP.",
        "The discount is only for Tea.",
        "It can be used 1 time.",
        "At most 500 uses of the campaign per day.",
    ]
    assert sentences.restrictions_of(code, WORDS, stacking=StackingRules()) == found


def test_says_nothing_where_nothing_restricts():
    assert said() == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"applicable_to": (TEA, SUMMER), "inapplicable_to": (product("cup"),)},
         ["The discount is only for Tea and the collection Summer.",
          "The discount is not for Cup."]),
        ({"included_all": True, "inapplicable_to": (SUMMER,)},
         ["The discount is not for the collection Summer."]),
        ({"applicable_to": (collection("a11pr0dUc75"),)}, []),
        ({"applicable_to": (product("tea", quantity_limit=3, aggregated_quantity_limit=1,
                                    amount_limit=500, aggregated_amount_limit=900),)},
         ["The discount is only for Tea.",
          ("Tea: at most 3 units of each order line, at most 1 unit in all, at most 5.00 EUR off "
           "each order line, at most 9.00 EUR off in all.")]),
        ({"applicable_to": (product("tea", repeat=2, skip_initially=1, effect=Pick.CHEAPEST),)},
         ["The discount is only for Tea.",
          "Tea: only the cheapest, not the first order line, 1 of every 2 order lines."]),
        ({"applicable_to": (product("tea", repeat=3, take=2, skip_initially=4, target=Target.UNIT,
                                    effect=Pick.FROM_MOST_EXPENSIVE),)},
         ["The discount is only for Tea.",
          "Tea: the most expensive first, not the first 4 units, 2 of every 3 units."]),
        ({"applicable_to": (collection("sum", price=500, strict=True),)},
         ["The discount is only for the collection Summer.",
          "The collection Summer: at a price of 5.00 EUR each.",
          "The discount is given only if the order contains nothing else."]),
    ],
)  # fmt: skip
def test_says_which_products_it_is_for(facts, expected):
    assert said(**facts) == expected


@pytest.mark.parametrize(
    ("bundle", "expected"),
    [
        (Bundle(PARTS), [BUNDLE]),
        (Bundle(PARTS, limit=3),
         [BUNDLE, "The discount is given for each bundle, at most 3 times."]),
        (Bundle(PARTS, limit=3, scales=False), [BUNDLE]),
    ],
)  # fmt: skip
def test_says_what_a_bundle_is_made_of(bundle, expected):
    assert said(bundle=bundle) == expected


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (USES, ["At most 500 uses of the campaign per day."]),
        (limit(Measure.REDEMPTIONS, Scope.REDEEMABLE, 1, per_customer=True, period=Period.MONTH),
         ["At most 1 use per customer and month."]),
        (limit(Measure.CUSTOMERS, Scope.PROJECT, 10), ["At most 10 customers of all offers."]),
        (limit(Measure.ORDERS, Scope.CAMPAIGN, 100_000, period=Period.YEAR),
         ["At most 1,000.00 EUR of orders with the campaign per year."]),
        (MONEY, ["At most 1,000.00 EUR of discount from the budget Marketing.",
                 "The last discount is cut down to what is left."]),
        (limit(Measure.REDEMPTIONS, Scope.CAMPAIGN, 5,
               relaxed={"seg_vip": 10, "seg_gold": None}),
         ["At most 5 uses of the campaign.", "For the segment Gold: without this limit.",
          "For the segment VIP: at most 10 uses of the campaign."]),
    ],
)  # fmt: skip
def test_says_every_limit(each, expected):
    assert said(limits=(each,)) == expected


def test_every_measure_scope_and_period_has_words():
    for measure in Measure:
        for scope in Scope:
            for period in Period:
                for per_customer in (False, True):
                    each = limit(measure, scope, 3, period=period, per_customer=per_customer)
                    (sentence,) = said(limits=(each,))
                    assert sentence.startswith("At most 3 " if "EUR" not in sentence else "At most")


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (MarginFloor(), ["No product is sold below its cost."]),
        (MarginFloor(amount=100), ["No product is sold below its cost plus 1.00 EUR per unit."]),
        (MarginFloor(percent=125_000), ["No product is sold below its cost plus 12.5 %."]),
        (MarginFloor(amount=100, percent=100_000, skips=True),
         ["No product is sold below its cost plus 10 % and 1.00 EUR per unit.",
          "A product for which the discount would be too much gets none."]),
    ],
)  # fmt: skip
def test_says_what_protects_the_margin(margin, expected):
    assert said(margin=margin) == expected


@pytest.mark.requirement(253)
@pytest.mark.parametrize(
    ("stacking", "category", "expected"),
    [
        (StackingRules(), "x", []),
        (StackingRules(applicable_redeemables_limit=1), "x",
         ["It cannot be combined with other offers."]),
        (EXCLUSIVE, "x", ["It cannot be combined with ordinary offers."]),
        (EXCLUSIVE, "y", ["It cannot be combined with exclusive offers."]),
        (JOINT, "x", ["It can be combined with all other offers."]),
        (StackingRules(applicable_redeemables_per_category_limit=2,
                       applicable_redeemables_category_limits={"cat_x": 1}), "x",
         ["At most 1 offer of the category x per order."]),
        (StackingRules(applicable_redeemables_per_category_limit=2), "y",
         ["At most 2 offers of the category y per order."]),
    ],
)  # fmt: skip
def test_says_what_it_goes_together_with(stacking, category, expected):
    assert said(stacking=stacking, categories=in_category(category)) == expected


@pytest.mark.requirement(64)
def test_shoppers_learn_neither_costs_nor_budgets():
    found = said(
        FOR_SHOPPERS,
        campaign=Campaign("camp_1", rollout_percent=20),
        limits=(MONEY, limit(Measure.REDEMPTIONS, Scope.CAMPAIGN, 5, relaxed={"seg_vip": 9})),
        margin=MarginFloor(percent=100_000),
    )

    assert found == [
        "It is not open to all customers yet.",
        "It ends when its budget is used up.",
        "At most 5 uses of the campaign.",
        "The discount may be less on some products.",
    ]
