"""Discounts in words."""

import pytest

from campaigns import sentences


def euros(minor):
    return f"{minor / 100:.2f} EUR"


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"type": "PERCENT", "percent_off": 10}, "10 % off"),
        (
            {"type": "PERCENT", "percent_off": 12.5, "amount_limit": 2000},
            "12.5 % off, at most 20.00 EUR",
        ),
        ({"type": "AMOUNT", "amount_off": 500}, "5.00 EUR off"),
        (
            {"type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ITEMS"},
            "5.00 EUR off, on items",
        ),
        ({"type": "FIXED", "fixed_amount": 990}, "for 9.90 EUR"),
        ({"type": "UNIT", "unit_off": 1, "unit_type": "prod_1"}, "free units"),
    ],
)
def test_says_what_a_code_gives(document, text):
    assert sentences.discount(document, euros) == text
