"""Reading discounts as they are published."""

import pytest

from campaigns.engine import effects
from campaigns.engine.effects.amount import AmountDiscount
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.engine.effects.fixed import FixedDiscount
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.effects.unit import Unit, UnitDiscount

MANY = [
    {"unit_off": 1, "unit_type": "prod_1", "effect": "ADD_NEW_ITEMS"},
    {"unit_off": 2, "unit_type": "sku_2", "effect": "ADD_MISSING_ITEMS"},
]


@pytest.mark.parametrize(
    ("document", "discount"),
    [
        ({"type": "AMOUNT", "amount_off": 1000}, AmountDiscount(amount_off=1000)),
        ({"type": "AMOUNT", "amount_off": 1000.0}, AmountDiscount(amount_off=1000)),
        (
            {"type": "PERCENT", "percent_off": 12.5, "amount_limit": 600, "effect": None},
            PercentDiscount(percent_off=125_000, amount_limit=600),
        ),
        (
            {"type": "FIXED", "fixed_amount": 0, "effect": "APPLY_TO_ITEMS"},
            FixedDiscount(fixed_amount=0, effect="APPLY_TO_ITEMS"),
        ),
        ({"type": "UNIT", "unit_type": "prod_1"}, UnitDiscount(units=(Unit(1, "prod_1"),))),
        (
            {"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": MANY},
            UnitDiscount(
                effect="ADD_MANY_ITEMS",
                units=(Unit(1, "prod_1", "ADD_NEW_ITEMS"), Unit(2, "sku_2")),
            ),
        ),
    ],
)
def test_reads_published_discounts(document, discount):
    assert effects.read(document) == discount


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({}, "type"),
        ({"type": "SHIPPING"}, "type"),
        ({"type": ["AMOUNT"]}, "type"),
        ({"type": "AMOUNT"}, "amount_off"),
        ({"type": "AMOUNT", "amount_off": -1}, "amount_off"),
        ({"type": "AMOUNT", "amount_off": 10.5}, "amount_off"),
        ({"type": "AMOUNT", "amount_off": True}, "amount_off"),
        ({"type": "AMOUNT", "amount_off": "10"}, "amount_off"),
        ({"type": "AMOUNT", "amount_off": 1, "effect": "ADD_NEW_ITEMS"}, "effect"),
        ({"type": "AMOUNT", "amount_off": 1, "effect": {}}, "effect"),
        ({"type": "PERCENT"}, "percent_off"),
        ({"type": "PERCENT", "percent_off": 100.01}, "percent_off"),
        ({"type": "PERCENT", "percent_off": -5}, "percent_off"),
        ({"type": "PERCENT", "percent_off": 1.00001}, "percent_off"),
        ({"type": "PERCENT", "percent_off": True}, "percent_off"),
        ({"type": "PERCENT", "percent_off": "5"}, "percent_off"),
        ({"type": "PERCENT", "percent_off": 5, "amount_limit": "6"}, "amount_limit"),
        ({"type": "FIXED"}, "fixed_amount"),
        ({"type": "UNIT"}, "unit_type"),
        ({"type": "UNIT", "unit_type": "prod_1", "unit_off": -1}, "unit_off"),
        ({"type": "UNIT", "unit_type": "prod_1", "effect": "REPLACE_ITEMS"}, "effect"),
        ({"type": "UNIT", "units": []}, "units"),
        ({"type": "UNIT", "units": ["prod_1"]}, "units[0]"),
        ({"type": "UNIT", "units": MANY, "effect": "ADD_NEW_ITEMS"}, "effect"),
        ({"type": "UNIT", "units": [{"unit_type": "prod_1"}]}, "units[0].effect"),
    ],
)
def test_names_the_field_that_is_wrong(document, field):
    with pytest.raises(InvalidDiscount) as raised:
        effects.read(document)

    assert raised.value.field == field


@pytest.mark.parametrize(
    ("document", "chooses_items", "effect"),
    [
        ({"type": "AMOUNT", "amount_off": 1}, False, "APPLY_TO_ORDER"),
        ({"type": "PERCENT", "percent_off": 1}, True, "APPLY_TO_ITEMS"),
        ({"type": "FIXED", "fixed_amount": 1, "effect": "APPLY_TO_ORDER"}, True, "APPLY_TO_ORDER"),
        ({"type": "UNIT", "unit_type": "prod_1"}, False, "ADD_MISSING_ITEMS"),
        ({"type": "UNIT", "units": MANY}, False, "ADD_MANY_ITEMS"),
        ({"type": "UNIT", "units": MANY[:1]}, False, "ADD_MANY_ITEMS"),
    ],
)
def test_chooses_the_published_default_effect(document, chooses_items, effect):
    discount = effects.read(document)

    assert effects.effect_of(discount, chooses_items=chooses_items) == effect
