"""Bundles: how many there are, what they give, and what is missing."""

import itertools
import random

import pytest

from campaigns.engine import bundles, pricing, rules
from campaigns.engine.facts import Line, Order
from campaigns.engine.redeemable import Bundle, Component
from tests.campaigns.engine.build import (
    amount_off,
    cart,
    fixed,
    line,
    percent_off,
    product,
    run,
    said,
    units,
    voucher,
)

LAPTOP_AND_BAG = (Component("product", "prod_laptop"), Component("product", "prod_bag"))


def found(order, *components, limit=100):
    return bundles.find(pricing.begin(order), Bundle(components, limit))


@pytest.mark.parametrize(
    ("lines", "quantity", "missing"),
    [
        ([("laptop", 2), ("bag", 2)], 2, [("prod_laptop", 1), ("prod_bag", 1)]),
        ([("laptop", 2), ("bag", 1)], 1, [("prod_bag", 1)]),
        ([("laptop", 2)], 0, [("prod_bag", 1)]),
        ([("cup", 2)], 0, [("prod_laptop", 1), ("prod_bag", 1)]),
    ],
)
def test_counts_whole_bundles(lines, quantity, missing):
    order = cart(*((name, count, 100) for name, count in lines))

    bundled = found(order, *LAPTOP_AND_BAG)

    assert bundled.quantity == quantity
    assert [(each.component.id, each.quantity) for each in bundled.missing] == missing


def test_counts_no_more_than_the_limit_and_then_lacks_nothing():
    bundled = found(cart(("laptop", 9, 1), ("bag", 9, 1)), *LAPTOP_AND_BAG, limit=3)

    assert (bundled.quantity, bundled.limit, bundled.missing) == (3, 3, ())
    assert [(each.index, each.quantity) for each in bundled.identified] == [(0, 3), (1, 3)]
    exact = found(cart(("laptop", 3, 1), ("bag", 3, 1)), *LAPTOP_AND_BAG, limit=3)
    assert (exact.quantity, exact.missing) == (3, ())


def test_a_unit_belongs_to_one_bundle_and_the_narrowest_component_has_it():
    drinks = Component("products_collection", "pc_drinks", 2)
    tea = Component("product", "prod_tea")
    order = Order(
        lines=(
            line("tea", 2, 100, collection_ids=frozenset({"pc_drinks"})),
            line("mate", 1, 100, collection_ids=frozenset({"pc_drinks"})),
        )
    )

    bundled = found(order, drinks, tea)

    assert bundled.quantity == 1
    assert [(each.index, each.quantity) for each in bundled.identified] == [(0, 2), (1, 1)]


def test_gifts_make_no_bundle():
    gift = voucher("G", units(1, "prod_bag", "ADD_NEW_ITEMS"))
    bundle = voucher("B", percent_off(10), bundle=Bundle(LAPTOP_AND_BAG))

    evaluation = run(gift, bundle, order=cart(("laptop", 1, 1000)))

    assert said(evaluation) == [("G", "applied"), ("B", "order_rules_violated")]


def most(lines, components, limit):
    """The slow way: hand out unit by unit in every possible way."""
    stock = [
        (frozenset({each.product_id}) | each.collection_ids)
        for each in lines
        for _ in range(each.quantity)
    ]
    for count in range(limit, 0, -1):
        wanted = [part.id for part in components for _ in range(part.quantity * count)]
        if len(wanted) > len(stock):
            continue
        for chosen in itertools.permutations(range(len(stock)), len(wanted)):
            if all(want in stock[unit] for want, unit in zip(wanted, chosen, strict=True)):
                return count
    return 0


def test_agrees_with_trying_every_division():
    rng = random.Random(9)
    for _ in range(150):
        lines = tuple(
            Line(
                product_id=f"prod_{rng.choice('ab')}",
                quantity=rng.randint(1, 2),
                price=1,
                collection_ids=frozenset(rng.sample(["pc_x", "pc_y"], rng.randint(0, 2))),
            )
            for _ in range(rng.randint(1, 3))
        )
        components = tuple(
            Component(*rng.choice([("product", "prod_a"), ("products_collection", "pc_x"),
                                   ("products_collection", "pc_y")]), rng.randint(1, 2))
            for _ in range(rng.randint(1, 2))
        )  # fmt: skip

        assert found(Order(lines=lines), *components, limit=3).quantity == most(
            lines, components, 3
        )


@pytest.mark.requirement(6)
@pytest.mark.parametrize(
    ("discount", "lines", "expected"),
    [
        (amount_off(100), ((2, 1000), (2, 500)), 200),
        (amount_off(100), ((2, 1000), (1, 500)), 100),
        (percent_off(5), ((5, 1000), (5, 1000)), 2500),
        (fixed(500), ((2, 1000), (2, 500)), 2500),
    ],
)
def test_the_discount_grows_with_the_bundles(discount, lines, expected):
    (laptops, price), (bags, bag_price) = lines
    order = cart(("laptop", laptops, price), ("bag", bags, bag_price))
    bundle = Bundle(LAPTOP_AND_BAG, limit=10)

    evaluation = run(voucher("B", discount, bundle=bundle), order=order)

    assert evaluation.order.total_applied_discount_amount == expected


def test_values_by_formula_grow_with_the_bundles():
    by_line = {
        "type": "AMOUNT", "amount_off": 1, "amount_off_formula": "ORDER_ITEM_PRICE / 10",
        "effect": "APPLY_TO_ITEMS",
    }  # fmt: skip
    order = cart(("laptop", 2, 1000), ("bag", 2, 500))

    evaluation = run(voucher("B", by_line, bundle=Bundle(LAPTOP_AND_BAG, limit=10)), order=order)

    assert [each.discount_amount for each in evaluation.order.lines] == [200, 100]


def test_the_discount_may_be_given_once():
    bundle = Bundle(LAPTOP_AND_BAG, limit=10, scales=False)
    order = cart(("laptop", 3, 1000), ("bag", 3, 1000))

    evaluation = run(voucher("B", amount_off(100), bundle=bundle), order=order)

    assert evaluation.order.total_applied_discount_amount == 100


@pytest.mark.parametrize(
    ("effect", "target"),
    [("APPLY_TO_ITEMS", "ITEM"), ("APPLY_TO_ITEMS_BY_QUANTITY", "ITEM")],
)
def test_one_discounted_mouse_per_bundle(effect, target):
    mouse = product("mouse", aggregated_quantity_limit=1, target=target)
    order = cart(("laptop", 2, 100_000), ("bag", 2, 5000), ("mouse", 3, 4000))
    redeemable = voucher(
        "M",
        amount_off(2000, effect),
        bundle=Bundle(LAPTOP_AND_BAG, limit=5),
        applicable_to=(mouse,),
    )

    evaluation = run(redeemable, order=order)

    assert [each.discount_amount for each in evaluation.order.lines] == [0, 0, 4000]
    assert evaluation.applied[0].bundle.quantity == 2


def test_missing_units_are_completed_for_each_bundle():
    redeemable = voucher("G", units(2, "prod_mouse"), bundle=Bundle(LAPTOP_AND_BAG, limit=5))
    order = cart(("laptop", 2, 100_000), ("bag", 2, 5000), ("mouse", 3, 4000))

    mouse = run(redeemable, order=order).order.lines[2]

    assert (mouse.quantity, mouse.discount_quantity) == (4, 4)


@pytest.mark.requirement(6)
def test_an_incomplete_bundle_says_what_is_missing():
    parts = tuple(Component("product", f"prod_{name}") for name in "abc")
    redeemable = voucher("B", percent_off(10), bundle=Bundle(parts))

    (refused,) = run(redeemable, order=cart(("a", 1, 100), ("b", 1, 100))).inapplicable

    assert refused.reason.key == "order_rules_violated"
    assert [each.component.id for each in refused.bundle.missing] == ["prod_c"]
    assert run(redeemable, order=cart(("a", 1, 1), ("b", 1, 1), ("c", 1, 1))).valid is True


@pytest.mark.parametrize(
    ("order", "key"), [(None, "missing_order"), (Order(amount=5), "missing_order_items")]
)
def test_a_bundle_needs_items(order, key):
    redeemable = voucher("B", percent_off(10), bundle=Bundle(LAPTOP_AND_BAG))

    assert said(run(redeemable, order=order)) == [("B", key)]


def bundle_rule(identifier, quantity=None, **more):
    inner = {"1": {"name": "order.items.aggregated_quantity", "conditions": {"$is": [quantity]}}}
    return {
        "name": "order.items.any",
        "conditions": {"$is": [{"id": identifier, "object": "product", "type": "product_or_sku"}]},
        **({"rules": inner} if quantity is not None else {}),
        **more,
    }


def read(document):
    return rules.read({"bundle_rules": document}, rule_id="val_1").bundle


def test_reads_the_published_document():
    assert read({"limit": 4, "1": bundle_rule("prod_a", 2.0), "2": bundle_rule("prod_b"),
                 "logic": "1 and 2"}) == Bundle(
        (Component("product", "prod_a", 2), Component("product", "prod_b")), limit=4
    )  # fmt: skip
    assert read({"1": bundle_rule("prod_a"), "scale_discount": False}).scales is False
    assert read(None) is None
    assert read({}) is None


@pytest.mark.parametrize(
    ("document", "details"),
    [
        ("x", "bundle_rules must be an object of numbered rules"),
        ({"limit": 2}, "bundle_rules must have rules"),
        ({"1": bundle_rule("a"), "limit": 0}, "bundle_rules.limit must be between 1 and 100"),
        ({"1": bundle_rule("a"), "limit": True}, "bundle_rules.limit must be between 1 and 100"),
        ({"1": bundle_rule("a"), "2": bundle_rule("b"), "logic": "1 or 2"},
         "bundle_rules logic must join rules by 'and'"),
        ({"1": bundle_rule("a"), "logic": "3"},
         "bundle_rules logic names rule 3, which does not exist"),
        ({"1": bundle_rule("a", name="order.amount")},
         "bundle_rules.1 must have the name 'order.items.any'"),
        ({"1": bundle_rule("a", 0)}, "bundle_rules.1 must have a quantity of 1 or more"),
        ({"1": bundle_rule(None)}, "bundle_rules.1 must have an id"),
        ({"1": bundle_rule("a", conditions={"$is": []})},
         "bundle_rules.1 must have one value after $is"),
        ({"1": bundle_rule("a", conditions={"$is": ["a"]})},
         "bundle_rules.1 must name a product, sku or products_collection"),
        ({"1": bundle_rule("a", rules={"1": {"name": "order.amount"}})},
         "bundle_rules.1 may only have a rule 'order.items.aggregated_quantity'"),
    ],
)  # fmt: skip
def test_refuses_other_documents(document, details):
    with pytest.raises(rules.InvalidCondition) as refused:
        read(document)

    assert refused.value.details == details
