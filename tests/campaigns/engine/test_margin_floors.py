"""Margin floors, each at its boundary."""

import random

import pytest

from campaigns.engine.facts import Line, Order
from campaigns.engine.protection import Capped
from campaigns.engine.redeemable import MarginFloor
from tests.campaigns.engine.build import (
    amount_off,
    cart,
    percent_off,
    product,
    run,
    voucher,
)


def stock(*lines):
    return Order(
        lines=tuple(
            Line(product_id=f"prod_{name}", quantity=quantity, price=price, cost=cost)
            for name, quantity, price, cost in lines
        )
    )


@pytest.mark.requirement(89)
def test_no_sku_is_sold_below_cost_and_more():
    off = voucher("A", amount_off(1000, "APPLY_TO_ITEMS"), margin=MarginFloor(amount=100))

    evaluation = run(off, order=stock(("arabica", 1, 2000, 1300), ("lux", 1, 5000, 1000)))

    assert [line.discount_amount for line in evaluation.order.lines] == [600, 1000]
    assert evaluation.applied[0].capped == (Capped("margin", 0, 1000, 600),)


@pytest.mark.requirement(89)
@pytest.mark.parametrize(
    ("margin", "discount", "lines"),
    [
        (MarginFloor(skips=True), amount_off(1000, "APPLY_TO_ITEMS"), [0, 1000]),
        (MarginFloor(percent=500_000), amount_off(1000, "APPLY_TO_ITEMS"), [50, 1000]),
        (MarginFloor(), percent_off(100, "APPLY_TO_ITEMS"), [700, 4000]),
        (MarginFloor(amount=9999), percent_off(100, "APPLY_TO_ITEMS"), [0, 0]),
    ],
)
def test_floors_hold_line_by_line(margin, discount, lines):
    order = stock(("arabica", 1, 2000, 1300), ("lux", 1, 5000, 1000))

    evaluation = run(voucher("A", discount), order=order, margin=margin)

    assert [line.discount_amount for line in evaluation.order.lines] == lines


def test_a_discount_of_the_order_leaves_the_costs_of_all_lines():
    order = stock(("arabica", 2, 2000, 1300), ("lux", 1, 5000, None))

    def taken(margin):
        evaluation = run(voucher("A", percent_off(100), margin=margin), order=order)
        return evaluation.order.total_applied_discount_amount

    assert taken(MarginFloor()) == 9000 - 2600
    assert taken(MarginFloor(skips=True)) == 0


def test_discounts_of_order_and_lines_together_leave_the_costs():
    order = stock(("arabica", 1, 2000, 1300))
    codes = (voucher("A", amount_off(500)), voucher("B", amount_off(500, "APPLY_TO_ITEMS")))

    evaluation = run(*codes, order=order, margin=MarginFloor())

    assert evaluation.order.total_amount == 1300
    assert evaluation.applied[1].capped == (Capped("margin", 0, 500, 200),)


def test_without_a_cost_there_is_no_floor():
    order = cart(("tea", 1, 1000))
    evaluation = run(voucher("A", percent_off(100)), order=order, margin=MarginFloor(amount=1))

    assert evaluation.order.total_amount == 0


def test_the_higher_floor_counts():
    order = stock(("arabica", 1, 2000, 1000))
    off = voucher("A", amount_off(2000, "APPLY_TO_ITEMS"), margin=MarginFloor(amount=300))

    evaluation = run(off, order=order, margin=MarginFloor(amount=500))

    assert evaluation.order.total_amount == 1500


@pytest.mark.requirement(89)
def test_random_carts_never_sell_below_cost():
    rng = random.Random(89)
    for _ in range(300):
        order = stock(
            *((name, rng.randint(1, 3), rng.randint(500, 2000), rng.randint(0, 500))
              for name in "abc")
        )  # fmt: skip
        codes = [
            voucher(code, rng.choice([
                amount_off(rng.randint(0, 3000), rng.choice([None, "APPLY_TO_ITEMS"])),
                percent_off(rng.randint(0, 100), rng.choice([None, "APPLY_TO_ITEMS"])),
            ]), applicable_to=rng.choice([(), (product("a"),)]))
            for code in "XY"
        ]  # fmt: skip
        evaluation = run(*codes, order=order, margin=MarginFloor(amount=rng.randint(0, 50)))
        costs = sum(line.line.cost * line.quantity for line in evaluation.order.lines)
        assert evaluation.order.total_amount >= costs
        for line in evaluation.order.lines:
            assert line.subtotal_amount >= line.line.cost * line.quantity
