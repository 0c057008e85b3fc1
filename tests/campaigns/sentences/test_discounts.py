"""Discounts in words."""

import pytest

from campaigns import sentences
from campaigns.engine import effects
from campaigns.sentences.discounts import of_document
from tests.campaigns.engine.build import amount_off, fixed, percent_off, units
from tests.campaigns.sentences.spoken import EUROS, FOR_SHOPPERS, NAMES, WORDS

ITEMS, BY_QUANTITY = "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY"
SHARED, SHARED_BY_NUMBER = (
    "APPLY_TO_ITEMS_PROPORTIONALLY",
    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
)
MANY = {
    "type": "UNIT",
    "effect": "ADD_MANY_ITEMS",
    "units": [
        {"unit_off": 1, "unit_type": "prod_tea", "effect": "ADD_NEW_ITEMS"},
        {"unit_off": 2, "unit_type": "prod_cup", "effect": "ADD_MISSING_ITEMS"},
    ],
}


@pytest.mark.requirement(64)
@pytest.mark.parametrize(
    ("document", "text"),
    [
        (percent_off(10), "10 % off"),
        (percent_off(12.5, amount_limit=2000), "12.5 % off, at most 20.00 EUR"),
        (percent_off(12.5, amount_limit=2000, aggregated_amount_limit=1500),
         "12.5 % off, at most 15.00 EUR"),
        (percent_off(10, "APPLY_TO_ORDER"), "10 % off"),
        (percent_off(10, ITEMS, aggregated_amount_limit=1000),
         "10 % off the chosen products, at most 10.00 EUR"),
        (amount_off(500), "5.00 EUR off"),
        (amount_off(500, "APPLY_TO_ORDER"), "5.00 EUR off"),
        (amount_off(500, ITEMS), "5.00 EUR off each line of the chosen products"),
        (amount_off(500, BY_QUANTITY), "5.00 EUR off each unit of the chosen products"),
        (amount_off(500, SHARED),
         "5.00 EUR off, shared among the chosen products by their price"),
        (amount_off(500, SHARED_BY_NUMBER),
         "5.00 EUR off, shared among the chosen products by their number"),
        (amount_off(100_000, ITEMS, aggregated_amount_limit=200_000),
         "1,000.00 EUR off each line of the chosen products, at most 2,000.00 EUR"),
        (fixed(990), "for 9.90 EUR"),
        (fixed(990, ITEMS), "9.90 EUR for each unit of the chosen products"),
        (units(1, "prod_tea"), "1 unit of Tea for free"),
        (units(2, "prod_tea", "ADD_MISSING_ITEMS"), "2 units of Tea for free"),
        (units(2, "prod_tea", "ADD_NEW_ITEMS"), "2 more units of Tea for free"),
        (units(1, "prod_5h1pp1ng"), "free shipping"),
        ({"type": "UNIT", "unit_type": "prod_9"}, "1 unit of prod_9 for free"),
        ({"type": "UNIT", "unit_off": 1, "effect": "ADD_SAME_ITEMS"},
         "1 more unit of each chosen product for free"),
        (MANY, "1 more unit of Tea for free and 2 units of Cup for free"),
        (percent_off(10, percent_off_formula="IF(ORDER_AMOUNT >= 200; 15; 10)"),
         "computed from the order amount, otherwise 10 % off"),
        (percent_off(10, percent_off_formula="5 + 5"), "computed by a formula, otherwise 10 % off"),
        (amount_off(500, ITEMS, amount_off_formula='ORDER_ITEM_PRICE * CUSTOMER_METADATA("x")'),
         ("computed from “x” of the customer and the unit price, otherwise 5.00 EUR off each line "
          "of the chosen products")),
        ({**units(1, "prod_tea"), "unit_off_formula": "CHEAPEST_ORDER_ITEM_PRICE"},
         "computed from the cheapest product in the order, otherwise 1 unit of Tea for free"),
    ],
)  # fmt: skip
def test_says_what_a_discount_gives(document, text):
    assert sentences.discount(document, EUROS, NAMES) == text


@pytest.mark.parametrize("kind", effects.TYPES)
def test_every_type_has_words_with_every_effect(kind):
    values = {"percent_off": 10, "amount_off": 5, "fixed_amount": 5, "unit_type": "prod_tea"}
    for effect in (None, *effects.TYPES[kind].effects):
        assert sentences.discount({"type": kind, "effect": effect, **values}, EUROS)


def test_a_type_that_nobody_has_worded_says_nothing():
    assert sentences.discount({"type": "LOYALTY"}, EUROS) == ""


def test_shoppers_are_not_told_what_a_formula_looks_at():
    document = percent_off(10, percent_off_formula='CUSTOMER_METADATA("risk") * 2')

    assert of_document(document, WORDS) == (
        "computed from “risk” of the customer, otherwise 10 % off"
    )
    assert of_document(document, FOR_SHOPPERS) == "computed by a formula, otherwise 10 % off"


def test_a_formula_that_cannot_be_read_is_just_a_formula():
    document = percent_off(10, percent_off_formula="ORDER_AMOUNT +")

    assert of_document(document, WORDS) == "computed by a formula, otherwise 10 % off"
