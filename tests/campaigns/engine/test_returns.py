"""Goods that come back: their part of each discount and of each gift card, exact in the sum."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.engine.facts import Line, Order
from campaigns.engine.returns import Taken, Wanted, give_back

MANY = settings(max_examples=300, deadline=None, database=None, derandomize=True)


def line(name, quantity, amount, discount=0, **more):
    return Line(id=name, quantity=quantity, amount=amount, discount_amount=discount, **more)


TWO = (line("tea", 3, 3_000), line("cup", 1, 2_000))
TEN_PERCENT = Order(lines=TWO, amount=5_000, discount_amount=500)


@pytest.mark.requirement(144)
def test_what_comes_back_of_a_percentage_a_card_and_what_was_paid():
    """50.00 less 10 %, 20.00 of it by gift card: each unit of 10.00 is 1.00, 4.00 and 5.00."""
    order = replace(TEN_PERCENT, discount_amount=2_500, credits_amount=2_000)
    taken = [Taken("r_ten", 500, counted=4_500), Taken("r_card", 2_000, pays=True, counted=2_500)]

    done = give_back(order, taken, Wanted({"tea": 1}))

    assert (done.amount, done.discount, done.credits, done.refund) == (1_000, 100, 400, 500)
    assert [share.counted for share in done.shares] == [900, 500]
    assert (done.left.amount, done.left.discount_amount, done.left.credits_amount) == (
        4_000,
        2_000,
        1_600,
    )
    assert [(one.id, one.quantity, one.amount) for one in done.left.lines] == [
        ("tea", 2, 2_000),
        ("cup", 1, 2_000),
    ]
    assert not done.is_whole


@pytest.mark.parametrize(
    ("wanted", "amount", "shares", "refund"),
    [
        pytest.param(Wanted({"cup": 1}), 2_000, [1_000, 0], 1_000, id="that has it"),
        pytest.param(Wanted({"tea": 1}), 1_000, [0, 0], 1_000, id="that has none"),
        pytest.param(Wanted({"tea": 1, "cup": 1}), 3_000, [1_000, 0], 2_000, id="both"),
        pytest.param(Wanted(amount=1_000), 1_000, [200, 0], 800, id="an amount has its part"),
        pytest.param(Wanted(everything=True), 5_000, [1_000, 0], 4_000, id="all"),
    ],
)
def test_a_discount_on_a_line_goes_with_the_units_of_the_line(wanted, amount, shares, refund):
    order = Order(lines=(line("tea", 3, 3_000), line("cup", 1, 2_000, 1_000)), amount=5_000)

    done = give_back(order, [Taken("r_cup", 0, {"cup": 1_000}), Taken("r_none")], wanted)

    assert (done.amount, [share.amount for share in done.shares]) == (amount, shares)
    assert done.refund == refund
    assert done.is_whole == wanted.everything


def test_shipping_is_returned_by_amount_alone():
    order = replace(TEN_PERCENT, amount=6_000, discount_amount=600)
    taken = [Taken("r_ten", 600)]

    goods = give_back(order, taken, Wanted({"tea": 3, "cup": 1}))
    rest = give_back(goods.left, [Taken("r_ten", 600 - goods.discount)], Wanted(amount=1_000))

    assert (goods.amount, goods.discount, goods.refund) == (5_000, 500, 4_500)
    assert (goods.left.lines, goods.is_whole) == ((), False)
    assert (rest.amount, rest.discount, rest.refund, rest.is_whole) == (1_000, 100, 900, True)


def test_of_a_discount_that_is_not_a_redemption_nobody_gets_a_share():
    done = give_back(TEN_PERCENT, [Taken("r_some", 200)], Wanted({"tea": 1}))

    assert (done.amount, done.discount, done.refund) == (1_000, 40, 900)


def test_free_units_and_odd_prices():
    gift = line("cup", 3, 1_000, 333, discount_quantity=1, initial_quantity=2, initial_amount=667)
    taken = [Taken("r_gift", 0, {"cup": 333})]

    done = give_back(Order(lines=(gift,), amount=1_000), taken, Wanted({"cup": 2}))

    assert (done.amount, done.discount, done.refund) == (667, 222, 445)
    (left,) = done.left.lines
    assert (left.quantity, left.amount, left.discount_amount, left.discount_quantity) == (
        1,
        333,
        111,
        0,
    )


def test_without_prices_units_alone_come_back():
    order = Order(lines=(Line(id="tea", quantity=2),))

    one = give_back(order, [Taken("r_1")], Wanted({"tea": 1}))

    assert (one.amount, one.refund, one.is_whole, one.left.amount) == (0, 0, False, None)
    assert give_back(one.left, [Taken("r_1")], Wanted({"tea": 1})).is_whole


@st.composite
def bought(draw):
    """An order with discounts and cards on it and on its lines, as the engine leaves them."""
    lines, on_lines = [], [{}, {}, {}]
    for name in ("a", "b", "c")[: draw(st.integers(0, 3))]:
        quantity, amount = draw(st.integers(1, 5)), draw(st.integers(0, 9_999))
        left = amount
        for mine in on_lines:
            mine[name] = draw(st.integers(0, left))
            left -= mine[name]
        lines.append(line(name, quantity, amount, amount - left))
    amount = sum(one.amount for one in lines) + draw(st.integers(0, 2_000))
    left = amount - sum(one.discount_amount for one in lines)
    taken = []
    for number, mine in enumerate(on_lines):
        part = draw(st.integers(0, left))
        counted = draw(st.integers(0, 20_000))
        taken.append(Taken(f"r_{number}", part, mine, pays=number == 2, counted=counted))
        left -= part
    other = draw(st.integers(0, left))
    on_order = sum(one.on_order for one in taken) + other
    paid = taken[-1].amount
    order = Order(tuple(lines), amount, discount_amount=on_order, credits_amount=paid)
    return order, taken


def rest_of(taken, shares):
    return [
        replace(
            one,
            on_order=one.on_order - share.on_order,
            on_lines={
                name: part - share.on_lines.get(name, 0) for name, part in one.on_lines.items()
            },
            counted=one.counted - share.counted,
        )
        for one, share in zip(taken, shares, strict=True)
    ]


@pytest.mark.requirement(144)
@MANY
@given(bought(), st.data())
def test_any_sequence_of_returns_sums_to_the_whole(purchase, data):
    order, taken = purchase
    whole = order.amount - order.discount_amount - sum(one.discount_amount for one in order.lines)
    refunds, values, given_back = 0, 0, [(0, 0)] * len(taken)
    for last in (False, False, False, True):
        units = {one.id: data.draw(st.integers(0, one.quantity)) for one in order.lines if not last}
        plain = give_back(order, taken, Wanted(units))
        amount = 0 if last else data.draw(st.integers(0, plain.left.amount))

        done = give_back(order, taken, Wanted(units, amount, everything=last))

        parts = [share.on_order for share in done.shares]
        parts += [part for share in done.shares for part in share.on_lines.values()]
        assert min([done.refund, done.amount, *parts, *(s.counted for s in done.shares)]) >= 0
        assert done.refund + done.discount + done.credits <= done.amount
        taken, order = rest_of(taken, done.shares), done.left
        assert min([one.amount for one in taken] + [one.counted for one in taken]) >= 0
        assert order.credits_amount == taken[-1].amount
        refunds, values = refunds + done.refund, values + done.amount
        given_back = [
            (amounts[0] + share.amount, amounts[1] + share.counted)
            for amounts, share in zip(given_back, done.shares, strict=True)
        ]
    assert (refunds, values) == (whole, purchase[0].amount)
    assert given_back == [(one.amount, one.counted) for one in purchase[1]]
    assert (order.amount, order.discount_amount, order.credits_amount) == (0, 0, 0)
