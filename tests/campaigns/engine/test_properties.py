"""What holds for every cart: parts sum to the whole, nothing falls below zero."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.engine.context import (
    ApplicationMode,
    CalculationMode,
    NoEffectRule,
    ProductsMode,
    StackingRules,
)
from campaigns.engine.effects.amount import EFFECTS as AMOUNT_EFFECTS
from campaigns.engine.facts import Line, Order, Product
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import ApplicableTo, Pick, Target
from tests.campaigns.engine.build import amount_off, fixed, in_category, percent_off, run, voucher

CARTS = settings(max_examples=500, deadline=None, database=None)
FEW = settings(max_examples=100, deadline=None, database=None)

PRODUCTS = ("prod_a", "prod_b", "prod_c")
CATALOG = {"prod_a": Product("prod_a", price=700), "prod_d": Product("prod_d", price=99)}

amounts = st.integers(0, 20_000)
quantities = st.integers(1, 7)


maybe_amounts = st.none() | amounts
earlier = st.just(0) | amounts
limits = st.none() | st.integers(0, 9000)
products = st.sampled_from(PRODUCTS)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    quantity, free = draw(quantities), draw(quantities)
    return Line(
        product_id=draw(products),
        quantity=quantity,
        price=draw(maybe_amounts),
        amount=draw(maybe_amounts),
        discount_amount=draw(earlier),
        discount_quantity=max(0, quantity - free),
        collection_ids=draw(collections),
    )


collections = st.sampled_from([frozenset(), frozenset({"pc_all"})])
orders = st.builds(
    Order,
    lines=st.lists(lines(), max_size=4).map(tuple),
    amount=maybe_amounts,
    discount_amount=earlier,
)

objects = products.map(lambda product: ("product", product)) | st.just(
    ("products_collection", "pc_all")
)
entries = st.builds(
    lambda named, **facts: ApplicableTo(*named, **facts),
    objects,
    price=limits,
    effect=st.sampled_from(list(Pick)),
    target=st.sampled_from(list(Target)),
    quantity_limit=st.none() | st.integers(0, 5),
    aggregated_quantity_limit=st.none() | st.integers(0, 9),
    amount_limit=limits,
    aggregated_amount_limit=limits,
    repeat=st.integers(1, 3),
    skip_initially=st.integers(0, 3),
)

effects = st.sampled_from(["APPLY_TO_ORDER", "APPLY_TO_ITEMS"])
units = st.fixed_dictionaries(
    {
        "unit_off": st.integers(0, 9),
        "unit_type": st.sampled_from([*PRODUCTS, "prod_d", "prod_5h1pp1ng"]),
        "effect": st.sampled_from(["ADD_MISSING_ITEMS", "ADD_NEW_ITEMS"]),
    }
)
hundredths = st.integers(0, 10_000).map(lambda number: number / 100)
discounts = (
    st.builds(amount_off, amounts, st.sampled_from(AMOUNT_EFFECTS), aggregated_amount_limit=limits)
    | st.builds(percent_off, hundredths, effects, amount_limit=limits)
    | st.builds(fixed, amounts, effects)
    | units.map(lambda one: {"type": "UNIT", **one})
    | st.lists(units, min_size=1, max_size=3).map(
        lambda many: {"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": many}
    )
)
redeemables = st.builds(
    voucher,
    st.sampled_from("ABC"),
    discounts,
    active=st.sampled_from([True, True, True, False]),
    categories=st.sampled_from([(), in_category("x"), in_category("y", 0)]),
    applicable_to=st.lists(entries, max_size=2).map(tuple),
    inapplicable_to=st.lists(entries, max_size=1).map(tuple),
    included_all=st.booleans(),
)


rules = st.builds(
    StackingRules,
    exclusive_categories=st.sampled_from([frozenset(), frozenset({"cat_x"})]),
    joint_categories=st.sampled_from([frozenset(), frozenset({"cat_y"})]),
    redeemables_application_mode=st.sampled_from(list(ApplicationMode)),
    redeemables_products_application_mode=st.sampled_from(list(ProductsMode)),
    redeemables_no_effect_rule=st.sampled_from(list(NoEffectRule)),
    discount_calculation_mode=st.sampled_from(list(CalculationMode)),
)


def check_identities(order: PricedOrder) -> None:
    items = sum(each.discount_amount for each in order.lines)
    applied = sum(each.applied_discount_amount for each in order.lines)
    assert order.items_discount_amount == items
    assert order.items_applied_discount_amount == applied
    assert order.total_discount_amount == order.discount_amount + items
    assert order.total_applied_discount_amount == order.applied_discount_amount + applied
    assert order.total_amount == order.amount - order.total_discount_amount
    assert min(order.total_amount, order.discount_amount, order.applied_discount_amount) >= 0
    for each in order.lines:
        assert 0 <= each.applied_discount_amount <= each.discount_amount
        assert 0 <= each.applied_discount_quantity <= each.discount_quantity <= each.quantity
        assert each.applied_quantity >= 0
        assert each.discount_amount <= (each.amount or 0)
        if each.initial_quantity is not None:
            assert each.initial_quantity <= each.quantity


@CARTS
@given(st.lists(redeemables, max_size=3), orders, rules)
def test_every_cart_adds_up_at_every_step(asked, order, stacking):
    evaluation = run(*asked, order=order, stacking=stacking, catalog=CATALOG)

    assert len(evaluation.results) == len(asked)
    steps = [result.order for result in evaluation.applied]
    for step in steps:
        check_identities(step)
    assert (evaluation.order is not None) is evaluation.valid
    if evaluation.order is None:
        return
    final = evaluation.order
    check_identities(final)
    assert final.total_applied_discount_amount == sum(
        step.total_applied_discount_amount for step in steps
    )
    assert final.total_amount == steps[-1].total_amount
    assert final.discount_amount == steps[-1].discount_amount
    added = sum(each.applied_quantity_amount for each in final.lines)
    assert final.amount == steps[0].amount - _added(steps[0]) + added


def _added(order: PricedOrder) -> int:
    return sum(each.applied_quantity_amount for each in order.lines)


@FEW
@given(st.lists(redeemables, max_size=4), orders, rules)
def test_equal_contexts_give_equal_evaluations(asked, order, stacking):
    first, second = (run(*asked, order=order, stacking=stacking) for _ in range(2))

    assert first == second


@FEW
@given(st.lists(amounts, min_size=2, max_size=4), st.randoms(use_true_random=False), amounts)
def test_amounts_off_the_order_come_to_the_same_in_any_order(offs, random, total):
    asked = [voucher(str(place), amount_off(off)) for place, off in enumerate(offs)]
    shuffled = random.sample(asked, len(asked))

    as_asked, otherwise = (run(*each, order=Order(amount=total)) for each in (asked, shuffled))

    assert as_asked.order == otherwise.order
    assert as_asked.order.total_amount == max(0, total - sum(offs))


@FEW
@given(
    st.lists(lines(), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
    st.integers(0, 100).map(lambda percent: percent_off(percent, "APPLY_TO_ITEMS"))
    | amounts.map(lambda amount: amount_off(amount, "APPLY_TO_ITEMS"))
    | amounts.map(lambda amount: fixed(amount, "APPLY_TO_ITEMS")),
)
def test_lines_get_the_same_wherever_they_stand(cart, random, discount):
    places = random.sample(range(len(cart)), len(cart))

    as_sent = run(voucher("V", discount), order=Order(lines=tuple(cart)))
    shuffled = run(voucher("V", discount), order=Order(lines=tuple(cart[p] for p in places)))

    assert tuple(as_sent.order.lines[p] for p in places) == shuffled.order.lines


@FEW
@given(orders, discounts)
def test_a_voucher_over_the_limit_changes_nothing(order, discount):
    one = voucher("A", discount)
    rules_of_one = StackingRules(applicable_redeemables_limit=1)

    alone = run(one, order=order, stacking=rules_of_one, catalog=CATALOG)
    with_another = run(
        one, replace(one, code="B"), order=order, stacking=rules_of_one, catalog=CATALOG
    )

    assert alone.order == with_another.order


@FEW
@given(orders, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_higher_percentage_never_takes_less(order, some, more):
    low, high = sorted((some, more))

    taken = [
        run(voucher("P", percent_off(percent / 100)), order=order).order.total_discount_amount
        for percent in (low, high)
    ]

    assert taken == sorted(taken)


@pytest.mark.parametrize("amount", [-500, 0])
def test_an_order_below_zero_gets_no_discount(amount):
    order = Order(lines=(Line(product_id="prod_a", price=amount),))
    asked = (
        voucher("A", amount_off(100)),
        voucher("P", percent_off(10, "APPLY_TO_ITEMS")),
        voucher("F", fixed(5)),
    )

    evaluation = run(*asked, order=order)

    assert evaluation.order.total_discount_amount == 0
    assert evaluation.order.total_amount == amount
