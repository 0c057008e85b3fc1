"""What an evaluation gives for a cart: the tables of `cases`, and how the numbers are told."""

import pytest

from campaigns.engine.facts import Line, Order, Product, Sku, Usage
from campaigns.engine.results import Applied
from tests.campaigns.engine.build import (
    Case,
    amount_off,
    cart,
    percent_off,
    product,
    run,
    said,
    units,
    voucher,
)
from tests.campaigns.engine.cases import effects, entries, published

CASES = published.CASES | effects.CASES | entries.CASES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_gives_what_the_table_says(case: Case):
    evaluation = run(
        *case.redeemables, order=case.order, stacking=case.stacking, catalog=case.catalog or {}
    )

    assert evaluation.valid
    assert len(evaluation.applied) == len(case.redeemables)
    order = evaluation.order
    assert order is not None
    assert (order.total_amount, order.discount_amount) == (case.total, case.discount)
    if case.lines is not None:
        assert tuple(each.discount_amount for each in order.lines) == case.lines
    if case.amount is not None:
        assert order.amount == case.amount


def test_each_step_has_its_own_order_and_the_root_the_sum():
    evaluation = run(
        voucher("A", amount_off(100)),
        voucher("P", percent_off(40)),
        order=Order(amount=1000, discount_amount=200),
    )

    first, second = (result.order for result in evaluation.applied)
    assert (first.discount_amount, first.applied_discount_amount, first.total_amount) == (
        300,
        100,
        700,
    )
    assert (second.discount_amount, second.applied_discount_amount, second.total_amount) == (
        580,
        280,
        420,
    )
    root = evaluation.order
    assert (root.discount_amount, root.applied_discount_amount, root.total_amount) == (
        580,
        380,
        420,
    )
    assert (root.total_discount_amount, root.total_applied_discount_amount) == (580, 380)


def test_item_discounts_are_told_per_line_and_summed():
    evaluation = run(
        voucher("A", amount_off(100, "APPLY_TO_ITEMS")),
        voucher("P", percent_off(10, "APPLY_TO_ITEMS")),
        order=cart(("tea", 2, 1000), ("cup", 1, 500)),
    )

    tea, cup = evaluation.applied[1].order.lines
    assert (tea.discount_amount, tea.applied_discount_amount, tea.subtotal_amount) == (
        290,
        190,
        1710,
    )
    assert (cup.discount_amount, cup.applied_discount_amount, cup.subtotal_amount) == (140, 40, 360)
    order = evaluation.order
    assert order.discount_amount == 0
    assert (order.items_discount_amount, order.items_applied_discount_amount) == (430, 430)
    assert order.total_amount == 2070


def test_units_added_to_a_line_keep_what_was_there_first():
    evaluation = run(
        voucher("U", units(22, "prod_pen", "ADD_NEW_ITEMS")), order=cart(("pen", 1, 1700))
    )

    (pen,) = evaluation.order.lines
    assert (pen.quantity, pen.initial_quantity, pen.discount_quantity) == (23, 1, 22)
    assert (pen.amount, pen.initial_amount, pen.discount_amount) == (39100, 1700, 37400)
    assert pen.subtotal_amount == 1700
    assert (pen.applied_quantity, pen.applied_quantity_amount) == (22, 37400)
    assert (pen.applied_discount_quantity, pen.applied_discount_amount) == (22, 37400)
    assert (evaluation.order.initial_amount, evaluation.order.amount) == (1700, 39100)


def test_an_added_line_knows_its_product():
    pin = Product("prod_pin", source_id="pin-1", name="Pin", price=300)
    evaluation = run(
        voucher("U", units(2, "prod_pin")), order=cart(("pen", 1, 100)), catalog={"prod_pin": pin}
    )

    added = evaluation.order.lines[1]
    assert added.line == Line(product_id="prod_pin", product=pin, quantity=0)
    assert (added.quantity, added.discount_quantity, added.initial_quantity) == (2, 2, 0)
    assert (added.amount, added.discount_amount, added.initial_amount) == (600, 600, 0)


def test_an_added_line_without_a_price_has_no_amounts():
    evaluation = run(voucher("S", units(1, "prod_5h1pp1ng")), order=Order(amount=1000))

    (shipping,) = evaluation.order.lines
    assert (shipping.quantity, shipping.discount_quantity, shipping.initial_quantity) == (1, 1, 0)
    assert (shipping.amount, shipping.initial_amount, shipping.subtotal_amount) == (
        None,
        None,
        None,
    )


def test_two_gifts_of_one_product_share_a_line():
    evaluation = run(
        voucher("U", units(1, "prod_5h1pp1ng")),
        voucher("V", units(2, "prod_5h1pp1ng", "ADD_NEW_ITEMS")),
        order=Order(amount=1000),
    )

    assert [each.quantity for each in evaluation.order.lines] == [3]
    assert [each.applied_quantity for each in evaluation.applied[1].order.lines] == [2]


def test_says_which_effect_was_used_and_what_was_left_of_the_amount():
    evaluation = run(voucher("A", amount_off(1000)), order=Order(amount=800))

    (applied,) = evaluation.applied
    assert (applied.effect, applied.unused_amount) == ("APPLY_TO_ORDER", 200)


@pytest.mark.parametrize(
    ("effect", "total", "unused"),
    [
        ("APPLY_TO_ITEMS", 1200, 400),
        ("APPLY_TO_ITEMS_BY_QUANTITY", 400, 1200),
        ("APPLY_TO_ITEMS_PROPORTIONALLY", 1600, 0),
    ],
)
def test_what_lines_cannot_take_is_unused(effect, total, unused):
    order = cart(("tea", 2, 1000), ("cup", 2, 200))

    evaluation = run(voucher("A", amount_off(800, effect)), order=order)

    assert evaluation.order.total_amount == total
    assert evaluation.applied[0].unused_amount == unused


def test_says_which_lines_and_units_an_entry_covers():
    entry = product("tea", target="UNIT", skip_initially=1, repeat=3)
    evaluation = run(
        voucher("P", percent_off(10), applicable_to=(entry,), inapplicable_to=(product("cup"),)),
        order=cart(("cup", 1, 500), ("tea", 10, 100)),
    )

    (applied,) = evaluation.applied
    (match,) = applied.applicable_to
    assert match.order_item_indices == (1,)
    assert match.order_item_units[0].units == (2, 5, 8)
    assert applied.inapplicable_to[0].order_item_indices == (0,)
    assert applied.effect == "APPLY_TO_ITEMS"


def test_lists_a_thousand_units():
    entry = product("tea", target="UNIT", repeat=500)
    evaluation = run(
        voucher("P", percent_off(50), applicable_to=(entry,)), order=cart(("tea", 1000, 100))
    )

    (units_of_tea,) = evaluation.applied[0].applicable_to[0].order_item_units
    assert (units_of_tea.units, units_of_tea.units_limit_exceeded) == ((1, 501), False)


def test_does_not_list_more_than_a_thousand_units_but_discounts_them():
    entry = product("tea", target="UNIT", repeat=2)
    evaluation = run(
        voucher("P", percent_off(50), applicable_to=(entry,)), order=cart(("tea", 1001, 100))
    )

    (units_of_tea,) = evaluation.applied[0].applicable_to[0].order_item_units
    assert (units_of_tea.units, units_of_tea.units_limit_exceeded) == ((), True)
    assert evaluation.order.discount_amount + evaluation.order.items_discount_amount == 501 * 50


def test_checks_without_an_order_and_prices_nothing():
    evaluation = run(voucher("A", amount_off(100)), voucher("B", usage=Usage(limit=1)))

    assert evaluation.valid
    assert said(evaluation) == [("A", "applied"), ("B", "applied")]
    assert evaluation.order is None
    assert [result.order for result in evaluation.results if isinstance(result, Applied)] == [
        None,
        None,
    ]


def test_nothing_asked_is_not_valid():
    assert run(order=Order(amount=100)).valid is False


def test_leaves_its_context_as_it_was_and_answers_the_same_again():
    redeemables = (voucher("A", amount_off(100)), voucher("U", units(1, "prod_tea")))
    order = cart(("tea", 2, 1000))
    before = repr((redeemables, order))

    assert run(*redeemables, order=order) == run(*redeemables, order=order)
    assert repr((redeemables, order)) == before


def test_a_redeemable_without_a_discount_applies_and_takes_nothing():
    evaluation = run(voucher("N"), order=Order(amount=100))

    (applied,) = evaluation.applied
    assert (applied.effect, applied.unused_amount, applied.order.total_amount) == (None, 0, 100)


def test_a_line_takes_the_price_of_its_sku_and_that_of_the_product_where_it_has_none():
    shirt = Product("prod_shirt", price=2000)
    large = Sku("sku_l", product=shirt, price=2200)
    small = Sku("sku_s", product=shirt)

    evaluation = run(
        voucher("N"), order=Order(lines=(Line(sku_id="sku_l", sku=large), Line(sku=small)))
    )

    assert [each.amount for each in evaluation.order.lines] == [2200, 2000]
    assert [each.price for each in evaluation.order.lines] == [2200, 2000]


def test_a_unit_added_to_a_line_without_a_price_costs_what_its_units_do():
    order = Order(lines=(Line(product_id="prod_tea", quantity=3, amount=1000),))

    evaluation = run(voucher("U", units(2, "prod_tea", "ADD_NEW_ITEMS")), order=order)

    (tea,) = evaluation.order.lines
    assert (tea.quantity, tea.amount, tea.discount_amount) == (5, 1666, 666)
    assert evaluation.order.total_amount == 1000
