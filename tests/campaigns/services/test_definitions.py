"""Discounts with formulas: checked when they are saved, kept with the value that stands in."""

import pytest

from campaigns.services import definitions
from loyalty_project.core.errors import Invalid

FORMULA = 'IF(ORDER_AMOUNT > 200; 20; DEFAULT_TO(CUSTOMER_METADATA("off"); 5))'
ITEM = {"unit_off": 1, "unit_type": "prod_beans", "effect": "ADD_NEW_ITEMS"}


@pytest.mark.requirement(23)
@pytest.mark.parametrize(
    "discount",
    [
        {"type": "AMOUNT", "amount_off": 500, "amount_off_formula": FORMULA},
        {"type": "PERCENT", "percent_off": 12.5, "percent_off_formula": FORMULA},
        {"type": "FIXED", "fixed_amount": 500, "fixed_amount_formula": FORMULA},
        {"type": "UNIT", **ITEM, "unit_off_formula": FORMULA},
        {
            "type": "UNIT",
            "effect": "ADD_MANY_ITEMS",
            "units": [ITEM, {**ITEM, "unit_off_formula": FORMULA}],
        },
        {
            "type": "AMOUNT",
            "amount_off": 500,
            "effect": "APPLY_TO_ITEMS",
            "amount_off_formula": "ORDER_ITEM_PRICE / 2",
        },
    ],
)
def test_keeps_a_formula_and_says_that_it_is_one(discount):
    assert definitions.read_discount(discount=discount) == {**discount, "is_dynamic": True}


@pytest.mark.parametrize("text", [None, ""])
def test_a_discount_without_a_formula_is_not_dynamic(text):
    given = {"type": "AMOUNT", "amount_off": 500, "amount_off_formula": text, "is_dynamic": True}

    assert definitions.read_discount(discount=given) == {"type": "AMOUNT", "amount_off": 500}


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("ORDER_AMOUNT / 0", "divides by zero"),
        ("ORDER_SUM", "ORDER_SUM is unknown"),
        ('"ten"', "The result needs a number, not a text"),
        ("ORDER_AMOUNT +", "ends too early"),
        ("ORDER_ITEM_PRICE / 2", "ORDER_ITEM_PRICE is unknown"),
        (5, "must not be empty"),
    ],
)
def test_names_the_field_of_a_formula_that_can_never_be_computed(formula, problem):
    discount = {"type": "PERCENT", "percent_off": 5, "percent_off_formula": formula}
    discount["effect"] = "APPLY_TO_ORDER"

    with pytest.raises(Invalid) as refusal:
        definitions.read_discount(discount=discount)

    assert refusal.value.details == f"Property .discount.percent_off_formula {problem}"


@pytest.mark.parametrize(
    ("discount", "details"),
    [
        (
            {"type": "AMOUNT", "amount_off_formula": "5"},
            "Property .discount.amount_off is required",
        ),
        (
            {"type": "AMOUNT", "amount_off": 5, "percent_off_formula": "5"},
            "Property .discount.percent_off_formula is for discounts of type PERCENT only",
        ),
        (
            {
                "type": "UNIT",
                "effect": "ADD_MANY_ITEMS",
                "units": [{**ITEM, "unit_off_formula": "UNITS"}],
            },
            "Property .discount.units[0].unit_off_formula UNITS is unknown",
        ),
    ],
)
def test_needs_a_plain_value_and_the_formula_of_its_type(discount, details):
    with pytest.raises(Invalid) as refusal:
        definitions.read_discount(discount=discount)

    assert refusal.value.details == details
