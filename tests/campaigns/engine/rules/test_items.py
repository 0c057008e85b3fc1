"""Rules that choose lines of the order and ask about them."""

import pytest

from campaigns.engine.facts import Line, Order
from campaigns.engine.rules.items import CHOOSING
from tests.campaigns.engine.build import amount_off, asks, cart, ruled, run, voucher
from tests.campaigns.engine.rules.shop import (
    AT_LEAST,
    IS,
    ITEM,
    MORE,
    OTHER,
    answer,
    inner,
)

INNER = [
    ("order.items.quantity", IS, 3, 2, {}),
    ("order.items.aggregated_quantity", IS, 3, 4, {}),
    ("order.items.price", IS, 1000, 500, {}),
    ("order.items.aggregated_amount", IS, 3000, 3500, {}),
    ("order.items.metadata", IS, 2, 1, {"property": "weight"}),
    ("product.metadata", IS, 100, 99, {"property": "grams"}),
    ("order.amount", AT_LEAST, 3500, 3501, {}),
]


@pytest.mark.requirement(43)
@pytest.mark.parametrize(("name", "operator", "value", "other", "more"), INNER)
def test_asks_about_the_lines_that_were_chosen(name, operator, value, other, more):
    def chosen(given):
        rules = inner(name, operator, given, **more)
        return answer(asks("order.items.any", IS, ITEM, rules=rules)).valid

    assert (chosen(value), chosen(other)) == (True, False)


def test_the_price_of_a_line_is_its_own_or_that_of_its_amount():
    rule = asks("order.items.any", IS, ITEM, rules=inner("order.items.price", IS, 300))

    def valid(**line):
        found = Line(product_id="prod_tea", **line)
        return run(ruled(voucher("A", amount_off(1)), rule), order=Order(lines=(found,))).valid

    assert valid(quantity=2, price=300) is valid(quantity=2, amount=600) is True
    assert valid(quantity=2, price=300, amount=700) is True
    assert valid(quantity=2) is valid(quantity=2, amount=700) is False


def test_old_product_rules_have_inner_rules_too():
    dear = asks("product.id", IS, "prod_tea", rules=inner("product.price", MORE, 999))
    dearer = asks("product.id", IS, "prod_tea", rules=inner("product.price", MORE, 1000))
    green = asks(
        "product.metadata", IS, "green", property="kind",
        rules=inner("product.metadata.aggregated_quantity", IS, 4),
    )  # fmt: skip

    assert [answer(each).valid for each in (dear, dearer, green)] == [True, False, True]


def test_match_all_wants_every_product_to_match():
    one = asks("product.metadata", IS, "green", property="kind")
    every = {**one, "rules": inner("product.metadata.match_all", IS, True)}
    either = {**every, "conditions": {"$in": ["green", "ware"]}}
    not_all = {**one, "rules": inner("product.metadata.match_all", IS, False)}

    assert [answer(each).valid for each in (one, every, either, not_all)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_an_item_rule_may_ask_about_all_lines_alone():
    assert answer({"name": "order.items.any", "rules": inner(*INNER[0][:3])}).valid is True
    assert answer({"name": "order.items.every", "rules": inner(*INNER[0][:3])}).valid is False


def test_inner_rules_have_a_logic():
    either = {
        "1": asks("order.items.quantity", IS, 99),
        "2": asks("order.items.price", IS, 1000),
        "logic": "1 or 2",
    }

    assert answer(asks("order.items.any", IS, ITEM, rules=either)).valid is True
    both = {**either, "logic": "1 and 2"}
    assert answer(asks("order.items.any", IS, ITEM, rules=both)).valid is False


def test_no_line_at_all_satisfies_no_item_rule():
    for name in CHOOSING:
        refused = answer(asks(name, "$is_not", OTHER["id"] if "id" in name else OTHER),
                         order=Order(amount=100))  # fmt: skip
        assert refused.valid is False


def test_the_cheapest_line_is_found_by_price_then_amount_then_place():
    order = cart(("tea", 3, 100), ("cup", 2, 100), ("pot", 2, 100))

    def is_cheapest(name):
        return answer(
            asks("order.items.cheapest", IS, {"id": f"prod_{name}", "object": "product"}),
            order=order,
        ).valid

    assert [is_cheapest(name) for name in ("tea", "cup", "pot")] == [False, True, False]
