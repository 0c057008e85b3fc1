"""The engine against the slow, obvious one, on random carts."""

import random

import pytest

from campaigns.engine.facts import Order
from loyalty_project.core import money
from tests.campaigns.engine import oracle
from tests.campaigns.engine.build import amount_off, cart, percent_off, product, run, voucher

CARTS = 500


def bogo(buy, get, percent):
    """Buy N, get M of the same: of each N + M units the dearest N are paid."""
    entry = product(
        "tea", effect="APPLY_FROM_MOST_EXPENSIVE", target="UNIT",
        skip_initially=buy, repeat=buy + get, take=get,
    )  # fmt: skip
    return voucher("B", percent_off(percent, "APPLY_TO_ITEMS"), applicable_to=(entry,))


@pytest.mark.requirement(3, 4)
@pytest.mark.parametrize("percent", [50, 100])
@pytest.mark.parametrize(("buy", "get"), [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (2, 3)])
def test_buy_some_get_some_of_the_same(buy, get, percent):
    for quantity in range(1, 11):
        order = cart(("tea", quantity, 999))

        evaluation = run(bogo(buy, get, percent), order=order)

        expected = oracle.bogo([(quantity, 999)], buy=buy, get=get, percent=percent)
        assert (evaluation.order.lines[0].discount_amount,) == expected


@pytest.mark.requirement(3)
@pytest.mark.parametrize(("quantity", "discount"), [(1, 0), (2, 1000), (3, 1000), (4, 2000)])
def test_one_for_nothing(quantity, discount):
    evaluation = run(bogo(1, 1, 100), order=cart(("tea", quantity, 1000)))

    assert evaluation.order.total_applied_discount_amount == discount


@pytest.mark.requirement(4)
def test_families_of_one_for_another_on_random_carts():
    rng = random.Random(4)
    for _ in range(CARTS):
        lines = [(rng.randint(1, 6), rng.randint(1, 20) * 100) for _ in range(rng.randint(1, 4))]
        buy, get, percent = rng.randint(1, 3), rng.randint(1, 3), rng.choice([10, 33, 50, 100])
        order = cart(*(("tea", quantity, price) for quantity, price in lines))

        evaluation = run(bogo(buy, get, percent), order=order)

        expected = oracle.bogo(lines, buy=buy, get=get, percent=percent)
        assert tuple(line.discount_amount for line in evaluation.order.lines) == expected, lines


@pytest.mark.requirement(4)
def test_the_units_that_are_listed_are_those_that_are_taken():
    entry = product("tea", target="UNIT", skip_initially=2, repeat=5, take=3)
    evaluation = run(
        voucher("B", percent_off(50), applicable_to=(entry,)),
        order=cart(("tea", 4, 100), ("tea", 5, 100), ("tea", 1, 100)),
    )

    (match,) = evaluation.applied[0].applicable_to
    assert [(units.index, units.units) for units in match.order_item_units] == [
        (0, (3, 4)), (1, (1, 4, 5)), (2, (1,)),
    ]  # fmt: skip


def test_lines_are_taken_in_blocks_too():
    entry = product("tea", skip_initially=1, repeat=3, take=2)
    order = cart(*(("tea", 1, 100) for _ in range(6)))

    evaluation = run(voucher("B", percent_off(50), applicable_to=(entry,)), order=order)

    assert [line.discount_amount for line in evaluation.order.lines] == [0, 50, 50, 0, 50, 50]


def test_buying_one_by_one_is_buying_at_once():
    rng = random.Random(5)
    for _ in range(50):
        quantity, buy, get = rng.randint(1, 10), rng.randint(1, 3), rng.randint(1, 3)
        at_once = run(bogo(buy, get, 50), order=cart(("tea", quantity, 1000)))
        one_by_one = run(
            bogo(buy, get, 50), order=cart(*(("tea", 1, 1000) for _ in range(quantity)))
        )

        assert at_once.order.total_amount == one_by_one.order.total_amount


def test_random_splits():
    rng = random.Random(11)
    for _ in range(CARTS):
        weights = [rng.randint(0, 1000) for _ in range(rng.randint(1, 6))]
        total = rng.randint(0, 5000)
        if sum(weights):
            assert money.allocate(total, weights) == oracle.split(total, weights)


@pytest.mark.requirement(252)
def test_random_stacks():
    rng = random.Random(252)
    for _ in range(CARTS):
        amounts = [rng.randint(1, 3000) for _ in range(rng.randint(1, 4))]
        discounts = [
            (
                *rng.choice([("AMOUNT", rng.randint(0, 2000)), ("PERCENT", rng.randint(0, 100))]),
                rng.choice(["APPLY_TO_ORDER", "APPLY_TO_ITEMS"]),
            )
            for _ in range(rng.randint(1, 4))
        ]
        asked = [
            voucher(
                str(place),
                amount_off(value, effect) if kind == "AMOUNT" else percent_off(value, effect),
            )
            for place, (kind, value, effect) in enumerate(discounts)
        ]

        order = run(*asked, order=cart(*(("x", 1, amount) for amount in amounts))).order

        expected = oracle.stack(amounts, discounts)
        found = (order.discount_amount, tuple(line.discount_amount for line in order.lines))
        assert found == expected, (amounts, discounts)


def same(unit_off=1, unit_type=None, **facts):
    discount = {"type": "UNIT", "unit_off": unit_off, "effect": "ADD_SAME_ITEMS"}
    if unit_type is not None:
        discount["unit_type"] = unit_type
    return voucher("S", discount, **facts)


@pytest.mark.requirement(4, 9)
def test_gives_the_same_products_as_those_that_match():
    order = cart(("tea", 2, 1000), ("tea", 1, 1000), ("cup", 1, 400))

    evaluation = run(same(applicable_to=(product("tea"),)), order=order)

    tea = evaluation.order.lines[0]
    assert (tea.quantity, tea.discount_quantity, tea.applied_discount_amount) == (3, 1, 1000)
    assert evaluation.order.total_amount == 3400
    assert len(evaluation.order.lines) == 3


def test_the_same_of_a_product_a_collection_or_everything():
    drinks = frozenset({"pc_drinks"})
    order = Order(
        lines=(
            *cart(("cup", 1, 400)).lines,
            *(
                type(line)(product_id=line.product_id, price=line.price, collection_ids=drinks)
                for line in cart(("tea", 1, 1000), ("mate", 1, 700)).lines
            ),
        )
    )

    def added(unit_type):
        evaluation = run(same(2, unit_type), order=order)
        return [line.applied_quantity for line in evaluation.order.lines]

    assert added("prod_tea") == [0, 2, 0]
    assert added("pc_drinks") == [0, 2, 2]
    assert added(None) == [2, 2, 2]
    assert added("prod_pot") == [0, 0, 0]


def test_a_strict_entry_wants_nothing_else_in_the_cart():
    def taken(*lines):
        entry = product("tea", strict=True)
        redeemable = voucher("P", percent_off(10), applicable_to=(entry, product("cup")))
        return run(redeemable, order=cart(*lines)).order.total_applied_discount_amount

    assert taken(("tea", 1, 1000)) == 100
    assert taken(("tea", 1, 1000), ("cup", 1, 500)) == 150
    assert taken(("tea", 1, 1000), ("cup", 1, 500), ("pot", 1, 300)) == 50
