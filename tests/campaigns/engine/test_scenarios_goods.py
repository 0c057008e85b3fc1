"""Promotions on goods, as marketers describe them."""

import pytest

from campaigns.engine.facts import Line, Order, Product
from tests.campaigns.engine.build import (
    asks,
    cart,
    percent_off,
    ruled,
    run,
    units,
    voucher,
)
from tests.campaigns.engine.documents import AT_LEAST, chosen, document, taken


@pytest.mark.requirement(2)
def test_a_free_sample_is_one_line_for_nothing():
    sample = Product("prod_sample", price=300)
    evaluation = run(
        voucher("SAMPLE", units(1, "prod_sample")),
        order=cart(("tea", 1, 1000)),
        catalog={"prod_sample": sample},
    )

    added = evaluation.order.lines[1]
    assert (added.quantity, added.subtotal_amount) == (1, 0)
    assert evaluation.order.total_amount == 1000


@pytest.mark.requirement(8)
@pytest.mark.parametrize(
    ("prices", "off"),
    [
        ((3000, 1000, 2000), [0, 500, 0]),
        ((2000, 1000, 1000), [0, 500, 0]),
        ((1000, 2000, 1000), [500, 0, 0]),
    ],
)
def test_half_off_the_cheapest(prices, off):
    """The first one of those that cost the same."""
    cheapest = document(
        voucher("CHEAP", percent_off(50, "APPLY_TO_ITEMS")),
        included=[chosen("all", "products_collection", effect="APPLY_TO_CHEAPEST")],
    )
    lines = tuple(Line(price=price, collection_ids=frozenset({"pc_all"})) for price in prices)

    evaluation = run(cheapest, order=Order(lines=lines))

    assert [line.discount_amount for line in evaluation.order.lines] == off


@pytest.mark.requirement(9)
@pytest.mark.parametrize(("bought", "free"), [(9, None), (10, 1), (25, 1)])
def test_ten_of_a_kind_unlock_one(bought, free):
    ten = ruled(
        voucher("TEN", units(1, "prod_tea", "ADD_NEW_ITEMS")),
        asks("order.items.any", "$is", chosen("tea"), rules={
            "1": asks("order.items.aggregated_quantity", AT_LEAST, 10)}),
    )  # fmt: skip

    evaluation = run(ten, order=cart(("tea", bought, 500)))

    assert evaluation.valid is (free is not None)
    if free:
        assert evaluation.order.lines[0].discount_quantity == free
        assert evaluation.order.total_amount == bought * 500


@pytest.mark.requirement(10)
def test_a_gift_for_something_of_a_category_comes_once():
    gift = ruled(
        voucher("GIFT", units(1, "prod_pin")),
        asks("order.items.any", "$is", chosen("x", "products_collection")),
    )
    of_x = Line(product_id="prod_a", quantity=3, price=500, collection_ids=frozenset({"pc_x"}))

    given = run(gift, order=Order(lines=(of_x, of_x)))
    again = run(gift, order=Order(lines=(Line(product_id="prod_b", price=500),)))

    assert given.order.lines[2].quantity == 1
    assert again.valid is False


@pytest.mark.requirement(4)
@pytest.mark.parametrize(
    ("x", "y", "off"), [(1, 1, 250), (2, 1, 250), (2, 2, 500), (0, 2, None), (3, 0, None)]
)
def test_buy_x_get_y_at_half_price(x, y, off):
    bundle = {
        "limit": 100,
        **{
            str(n): {"name": "order.items.any", "conditions": {"$is": [chosen(name)]}}
            for n, name in enumerate(("x", "y"), start=1)
        },
        "scale_discount": True,
    }
    for_y = document(
        voucher("HALF", percent_off(50, "APPLY_TO_ITEMS")),
        included=[chosen("y", aggregated_quantity_limit=1)],
        bundle_rules={**bundle, "scale_discount": False},
    )
    once = taken(for_y, cart(*(line for line in (("x", x, 900), ("y", y, 500)) if line[1])))
    by_unit = document(
        voucher("HALF", {"type": "AMOUNT", "amount_off": 250,
                         "effect": "APPLY_TO_ITEMS_BY_QUANTITY"}),
        included=[chosen("y", aggregated_quantity_limit=1)],
        bundle_rules=bundle,
    )  # fmt: skip
    each = taken(by_unit, cart(*(line for line in (("x", x, 900), ("y", y, 500)) if line[1])))

    assert once == (None if off is None else 250)
    assert each == off


@pytest.mark.requirement(43)
def test_only_for_one_product():
    phone = document(
        voucher("PHONE", percent_off(10, "APPLY_TO_ITEMS")),
        asks("order.items.any", "$is", chosen("iphone_x")),
        included=[chosen("iphone_x")],
    )

    assert taken(phone, cart(("iphone_x", 1, 99_900), ("case", 1, 2000))) == 9990
    assert taken(phone, cart(("case", 1, 2000))) is None
