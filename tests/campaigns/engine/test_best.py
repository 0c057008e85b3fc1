"""The best combination, equal to trying them all."""

import random
from dataclasses import replace

import pytest

from campaigns.engine import best
from campaigns.engine.context import (
    ApplicationMode,
    CalculationMode,
    NoEffectRule,
    ProductsMode,
    SortingRule,
    StackingRules,
)
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.evaluate import evaluate
from campaigns.engine.facts import Line, Order, Product, Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    Limit,
    MarginFloor,
    Overflow,
    Target,
)
from tests.campaigns.engine import oracle
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    cart,
    context,
    fixed,
    in_category,
    percent_off,
    product,
    ruled,
    units,
    voucher,
)

CATALOG = {"prod_a": Product("prod_a", price=700), "prod_d": Product("prod_d", price=99)}


def saved(*redeemables, order, **facts):
    found = best.best(context(*redeemables, order=order, **facts))
    return [each.code for each in found.redeemables], found.saving


@pytest.mark.requirement(199)
def test_takes_the_better_of_two_that_exclude_each_other():
    rules = StackingRules(exclusive_categories=frozenset({"cat_x"}))
    ten = voucher("TEN", percent_off(10))
    five = voucher("FIVE", amount_off(500), categories=in_category("x"))

    assert saved(ten, five, order=Order(amount=4000), stacking=rules) == (["FIVE"], 500)
    assert saved(ten, five, order=Order(amount=6000), stacking=rules) == (["TEN"], 600)


def test_a_formula_may_give_more_than_its_amount():
    rules = StackingRules(exclusive_categories=frozenset({"cat_x"}))
    ten = voucher("TEN", amount_off(1000), categories=in_category("x"))
    half = amount_off(100, "APPLY_TO_ORDER", amount_off_formula="ORDER_AMOUNT / 2")
    formula = voucher("HALF", half, categories=in_category("x"))

    assert saved(ten, formula, order=Order(amount=4000), stacking=rules) == (["HALF"], 2000)


def test_an_amount_off_each_unit_may_be_more_than_one_off_the_order():
    rules = StackingRules(exclusive_categories=frozenset({"cat_x"}))
    three = voucher("THREE", amount_off(300), categories=in_category("x"))
    each = voucher(
        "EACH", amount_off(100, "APPLY_TO_ITEMS"), categories=in_category("x"),
        applicable_to=(product("a", target=Target.UNIT),),
    )  # fmt: skip

    assert saved(three, each, order=cart(("a", 5, 700)), stacking=rules) == (["EACH"], 500)


def test_all_that_must_be_kept_may_be_all_there_is():
    ten, five = voucher("TEN", percent_off(10)), voucher("FIVE", amount_off(500))

    found = best.best(context(ten, five, order=Order(amount=4000)), keep=(ten.id, five.id))

    assert [each.code for each in found.redeemables] == ["TEN", "FIVE"]


@pytest.mark.requirement(250)
def test_fifteen_percent_never_with_twenty():
    rules = StackingRules(exclusive_categories=frozenset({"cat_loyal"}))
    general = voucher("GENERAL", percent_off(15))
    loyalty = voucher("LOYALTY", percent_off(20), categories=in_category("loyal"))

    assert saved(general, loyalty, order=Order(amount=10_000), stacking=rules) == (
        ["LOYALTY"], 2000,
    )  # fmt: skip


def test_leaves_out_what_saves_nothing_or_does_not_apply():
    everything = voucher("ALL", percent_off(100))
    more = voucher("MORE", amount_off(100))
    spent = voucher("SPENT", amount_off(100), usage=Usage(limit=1, redeemed=1))

    codes, saving = saved(more, everything, spent, order=Order(amount=900))

    assert (codes, saving) == (["ALL"], 900)


def test_keeps_to_the_limit_of_a_request():
    codes = [voucher(str(n), amount_off(n)) for n in range(1, 13)]

    assert saved(*codes, order=Order(amount=900)) == (["8", "9", "10", "11", "12"], 50)


def test_leaves_out_what_looked_better_than_it_is():
    of_nothing = voucher("G", {"type": "UNIT", "effect": "ADD_SAME_ITEMS", "unit_type": "prod_x"})

    found = saved(of_nothing, voucher("A", amount_off(100)), order=cart(("b", 1, 5000)))

    assert found == (["A"], 100)


def test_does_not_underrate_gifts_whose_number_is_computed():
    many = {
        "type": "UNIT", "effect": "ADD_MANY_ITEMS",
        "units": [
            {"unit_type": "prod_d", "unit_off": 1, "effect": "ADD_NEW_ITEMS"},
            {"unit_type": "prod_a", "unit_off": 0, "effect": "ADD_NEW_ITEMS",
             "unit_off_formula": "ORDER_UNITS_QUANTITY * 5"},
        ],
    }  # fmt: skip
    one = StackingRules(applicable_redeemables_limit=1)

    assert saved(
        voucher("AMOUNT", amount_off(2000)), voucher("MANY", many),
        order=cart(("b", 1, 5000)), stacking=one, catalog=CATALOG,
    ) == (["MANY"], 99 + 5 * 700)  # fmt: skip


def test_without_an_order_as_many_as_can_be():
    refused = voucher("X", amount_off(5), active=False)

    found = best.best(context(voucher("A", amount_off(5)), refused, voucher("B", amount_off(9))))

    assert [each.code for each in found.redeemables] == ["A", "B"]
    assert (found.evaluation.valid, found.saving) == (True, 0)


def test_without_an_order_the_limit_of_a_request_ends_the_search_early():
    codes = [voucher(str(n), amount_off(n)) for n in range(1, 13)]

    found = best.best(context(*codes))

    assert [each.code for each in found.redeemables] == ["1", "2", "3", "4", "5"]
    assert found.tried == 12


def test_nothing_applies():
    found = best.best(context(voucher("X", active=False), order=Order(amount=1)))

    assert (found.redeemables, found.saving, found.evaluation.valid) == ((), 0, False)


def test_refuses_more_than_twelve():
    with pytest.raises(best.TooMany):
        best.best(context(*(voucher(str(n)) for n in range(13))))


def random_discount(rng):
    items = rng.choice(["APPLY_TO_ORDER", "APPLY_TO_ITEMS"])
    return rng.choice([
        lambda: amount_off(rng.randint(0, 3000), rng.choice([
            "APPLY_TO_ORDER", "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY",
            "APPLY_TO_ITEMS_PROPORTIONALLY", "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
        ]), aggregated_amount_limit=rng.choice([None, rng.randint(0, 2000)])),
        lambda: percent_off(rng.randint(0, 60), items,
                            amount_limit=rng.choice([None, rng.randint(0, 2000)])),
        lambda: fixed(rng.randint(0, 4000), items),
        lambda: units(rng.randint(1, 3), rng.choice(["prod_a", "prod_b", "prod_d"]),
                      rng.choice(["ADD_NEW_ITEMS", "ADD_MISSING_ITEMS"])),
        lambda: {"type": "UNIT", "effect": "ADD_SAME_ITEMS", "unit_type": "prod_b"},
        lambda: {"type": "PERCENT", "percent_off": 5, "effect": "APPLY_TO_ORDER",
                 "percent_off_formula": "ORDER_ITEMS_QUANTITY * 4"},
    ])()  # fmt: skip


def random_redeemable(rng, code):
    entries = rng.choice([
        (), (), (product("a"),), (product("b", target="UNIT", repeat=2),),
        (product("a", effect="APPLY_TO_CHEAPEST"), product("c", quantity_limit=1)),
    ])  # fmt: skip
    redeemable = voucher(
        code,
        random_discount(rng),
        active=rng.random() > 0.1,
        categories=rng.choice([(), (), in_category("x"), in_category("y", 0), in_category("j")]),
        applicable_to=entries,
        campaign=Campaign("camp_1"),
        limits=rng.choice([(), (), (), (Limit(
            "l", Measure.DISCOUNT, Scope.CAMPAIGN, rng.randint(0, 3000),
            overflow=rng.choice(list(Overflow))),)]),
        margin=rng.choice([None, None, MarginFloor(amount=rng.randint(0, 90))]),
        bundle=rng.choice([None, None, None, Bundle((Component("product", "prod_a"),), limit=3)]),
    )  # fmt: skip
    condition = rng.choice([
        None, None,
        asks("order.amount", "$more_than", rng.randint(0, 6000)),
        asks("order.total_amount", "$less_than", rng.randint(0, 6000)),
        asks("campaign.redemptions.count", "$less_than", 3),
        asks("order.items.any", "$is", {"id": "prod_b", "object": "product"}),
    ])  # fmt: skip
    return redeemable if condition is None else ruled(redeemable, condition)


def random_rules(rng):
    return StackingRules(
        applicable_redeemables_limit=rng.choice([1, 2, 3, 5, 12]),
        applicable_redeemables_per_category_limit=rng.choice([None, 1]),
        exclusive_categories=rng.choice([frozenset(), frozenset({"cat_x"})]),
        joint_categories=rng.choice([frozenset(), frozenset({"cat_j"})]),
        redeemables_application_mode=rng.choice(list(ApplicationMode)),
        redeemables_sorting_rule=rng.choice(list(SortingRule)),
        redeemables_products_application_mode=rng.choice(list(ProductsMode)),
        redeemables_no_effect_rule=rng.choice(list(NoEffectRule)),
        discount_calculation_mode=rng.choice(list(CalculationMode)),
    )


def random_request(rng, count, lines):
    return context(
        *(random_redeemable(rng, str(n)) for n in range(count)),
        order=Order(lines=tuple(
            Line(product_id=f"prod_{rng.choice('abc')}", quantity=rng.randint(1, 4),
                 price=rng.randint(1, 2000), cost=rng.choice([None, rng.randint(0, 900)]))
            for _ in range(rng.randint(1, lines))
        )),
        stacking=random_rules(rng),
        catalog=CATALOG,
    )  # fmt: skip


def check(request):
    found = best.best(request)
    assert found.saving == oracle.best_saving(request)
    again = evaluate(replace(request, redeemables=found.redeemables))
    assert len(again.applied) == len(found.redeemables) == len(again.results)
    if again.order is not None:
        assert again.order.total_applied_discount_amount == found.saving


@pytest.mark.requirement(199)
def test_equals_trying_everything_on_500_carts():
    rng = random.Random(12)
    for _ in range(500):
        check(random_request(rng, rng.randint(1, 4), 4))


def test_equals_trying_everything_for_eight():
    rng = random.Random(8)
    for _ in range(3):
        check(random_request(rng, 8, 5))


@pytest.mark.nightly
def test_equals_trying_everything_on_5000_carts():
    rng = random.Random(13)
    for _ in range(5000):
        check(random_request(rng, rng.randint(1, 4), 4))


@pytest.mark.nightly
def test_equals_trying_everything_for_twelve():
    rng = random.Random(14)
    for _ in range(20):
        check(random_request(rng, 12, 6))


def test_grows_slower_than_the_combinations():
    """All combinations of up to five of twelve are 1,585; the bounds leave a part of them."""
    rng = random.Random(50)
    steps = []
    for _ in range(15):
        request = random_request(rng, 12, 8)
        request = replace(request, stacking=StackingRules(applicable_redeemables_limit=5))
        steps.append(best.best(request).tried)

    assert sorted(steps)[len(steps) // 2] < 600
