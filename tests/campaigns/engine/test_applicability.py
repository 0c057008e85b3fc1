"""Which lines an entry means, and in which sequence it takes them."""

import pytest

from campaigns.engine import applicability, pricing
from campaigns.engine.facts import Line, Order, Product, Sku
from campaigns.engine.matching import Goods
from campaigns.engine.redeemable import ApplicableTo, Pick, Target
from tests.campaigns.engine.build import cart, collection, product, voucher

SHIRT = Product("prod_1", source_id="shirt")
LARGE = Sku("sku_1", product=SHIRT, source_id="shirt-l")


@pytest.mark.parametrize(
    ("entry", "line", "meant"),
    [
        (ApplicableTo("product", "prod_1"), Line(product_id="prod_1"), True),
        (ApplicableTo("product", "prod_1"), Line(product_id="prod_1", sku_id="sku_1"), True),
        (ApplicableTo("product", "prod_1"), Line(product_id="prod_2"), False),
        (ApplicableTo("product", "prod_1"), Line(), False),
        (
            ApplicableTo("product", "prod_1", source_id="shirt"),
            Line(source_id="shirt", related_object="product"),
            True,
        ),
        (
            ApplicableTo("product", "prod_1", source_id="shirt"),
            Line(source_id="shirt", related_object="sku"),
            False,
        ),
        (ApplicableTo("product", "shirt"), Line(source_id="shirt"), True),
        (ApplicableTo("product", "prod_1", source_id="shirt"), Line(product=SHIRT), True),
        (ApplicableTo("product", "prod_1", source_id="shirt"), Line(sku=LARGE), True),
        (ApplicableTo("sku", "sku_1"), Line(product_id="prod_1", sku_id="sku_1"), True),
        (ApplicableTo("sku", "sku_1"), Line(product_id="prod_1"), False),
        (ApplicableTo("sku", "sku_1", source_id="shirt-l"), Line(sku=LARGE), True),
        (
            ApplicableTo("sku", "sku_1", source_id="shirt-l"),
            Line(source_id="shirt-l", related_object="sku"),
            True,
        ),
        (collection("all"), Line(collection_ids=frozenset({"pc_all"})), True),
        (collection("all"), Line(product_id="pc_all"), False),
    ],
)
def test_means_a_line(entry, line, meant):
    assert Goods((line,)).places(entry) == ((0,) if meant else ())


def indices(effect: Pick, **more) -> tuple[int, ...]:
    order = cart(("tea", 1, 900), ("tea", 2, 500), ("tea", 1, 500), ("tea", 3, 900))
    return covered(order, effect, **more).order_item_indices


def covered(order: Order, effect: Pick = Pick.EVERY, **more):
    found = applicability.find(
        pricing.begin(order),
        voucher("V", applicable_to=(product("tea", effect=effect, **more),)),
        frozenset(),
    )
    (match,) = found.applicable_to
    return match


@pytest.mark.parametrize(
    ("effect", "places"),
    [
        (Pick.EVERY, (0, 1, 2, 3)),
        (Pick.CHEAPEST, (2,)),  # the same price, the lower subtotal
        (Pick.FROM_CHEAPEST, (2, 1, 0, 3)),
        (Pick.MOST_EXPENSIVE, (3,)),
        (Pick.FROM_MOST_EXPENSIVE, (3, 0, 1, 2)),
    ],
)
def test_takes_lines_in_its_sequence(effect, places):
    assert indices(effect) == places


def test_a_full_tie_goes_to_the_first_of_the_request():
    order = cart(("tea", 1, 500), ("tea", 1, 500))

    assert covered(order, Pick.CHEAPEST).order_item_indices == (0,)
    assert covered(order, Pick.MOST_EXPENSIVE).order_item_indices == (0,)


def test_a_line_without_a_price_counts_by_its_amount():
    order = Order(lines=(Line("prod_tea", quantity=2, amount=1000), Line("prod_tea", price=501)))

    assert covered(order, Pick.CHEAPEST).order_item_indices == (0,)
    assert covered(order, Pick.MOST_EXPENSIVE).order_item_indices == (1,)


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ({"skip_initially": 1}, (1, 2, 3)),
        ({"repeat": 2}, (0, 2)),
        ({"repeat": 3, "skip_initially": 1}, (1,)),
        ({"skip_initially": 4}, ()),
        ({"aggregated_quantity_limit": 3}, (0, 1)),
        ({"aggregated_quantity_limit": 4}, (0, 1, 2)),
        ({"quantity_limit": 0}, ()),
    ],
)
def test_skips_and_repeats(more, places):
    assert indices(Pick.EVERY, **more) == places


def test_counts_units_across_lines():
    match = covered(
        cart(("tea", 3, 100), ("cup", 9, 100), ("tea", 5, 100)),
        target=Target.UNIT,
        skip_initially=1,
        repeat=3,
    )

    assert [(each.index, each.units) for each in match.order_item_units] == [(0, (2,)), (2, (2, 5))]


def test_takes_one_unit_of_the_cheapest():
    match = covered(
        cart(("tea", 3, 900), ("tea", 2, 100)), Pick.CHEAPEST, target=Target.UNIT, skip_initially=1
    )

    assert [(each.index, each.units) for each in match.order_item_units] == [(1, (2,))]


def test_lines_of_no_entry_stay_out():
    found = applicability.find(
        pricing.begin(cart(("tea", 1, 100), ("cup", 1, 100))),
        voucher("V", applicable_to=(product("tea"),)),
        frozenset(),
    )

    assert [portion.index for portion in found.portions] == [0]


def test_a_portion_is_worth_what_its_units_still_cost():
    order = Order(lines=(Line("prod_tea", quantity=3, price=1000, discount_amount=300),))
    found = applicability.find(
        pricing.begin(order),
        voucher("V", applicable_to=(product("tea", quantity_limit=2),)),
        frozenset(),
    )

    (portion,) = found.portions
    assert (portion.units, portion.amount, portion.initial_amount) == (2, 1800, 2000)
