"""The samples in English."""

import pytest
from django.utils import translation

from tests.campaigns.sentences.samples import SAMPLES

EXPECTED = {
    "at least": "The order amount must be at least 50.00 EUR.",
    "segment": "The customer must be in the segment VIP or Gold.",
    "not in a segment": "The customer must not be in the segment VIP or Gold.",
    "city": "The customer's city must be “London”, “Paris” or “Rome”.",
    "no coupon in 6 months": "The customer must not have used any offer in the last 6 months.",
    "spent this year": (
        "The amount that the customer has spent this year must be more than 1,000.00 EUR."
    ),
    "days of the week": "The time of use must be on Monday or Saturday.",
    "hours of days": "The time of use must be from 18:00 to 20:00 on Tuesday and Wednesday.",
    "metadata, negated": "“weather” of the order must not be “rain”, or it must be unknown.",
    "or": (
        "(The order amount must be at least 50.00 EUR, and the customer must be in the "
        "segment VIP or Gold), or “weather” of the order must be “rain”."
    ),
    "product or collection": "The order must contain Tea or a product of the collection Summer.",
    "three units": "The order must contain at least 3 units of Tea.",
    "product with a condition": (
        "The order must contain Tea (“color” of the product must be “red”)."
    ),
    "every product": "For every product in the order, the unit price must be less than 4.00 EUR.",
    "once per customer": "At most 1 use per customer.",
    "percent with a cap": "12.5 % off, at most 2,000.00 EUR",
    "amount off each unit": "5.00 EUR off each unit of the chosen products",
    "units": "2 more units of Tea for free",
    "free shipping": "free shipping",
    "formula": "computed from the order amount, otherwise 10 % off",
    "dates": "Valid from 1 May 2026 09:00 to the end of 31 May 2026 (time zone Europe/Berlin).",
    "frame": "Valid only for 1 hour and 30 minutes every 2 days.",
    "hours": "Valid only from 18:00 to the end of the day.",
    "holidays": "Not valid on these days: 21 Mar 2026.",
    "products": (
        "The discount is only for Tea and the collection Summer. The collection Summer: at a "
        "price of 5.00 EUR each."
    ),
    "bundle": (
        "The order must contain this bundle: 2 units of Tea. The discount is given for each "
        "bundle, at most 3 times."
    ),
    "limit per day": "At most 500 uses of the campaign per day.",
    "limit per customer": "At most 2 uses per customer.",
    "budget": "At most 1,000.00 EUR of discount from the budget Marketing.",
    "margin": "No product is sold below its cost plus 10 % and 1.00 EUR per unit.",
    "not started": "It has not started yet: it starts on 1 May 2026 09:00.",
    "used up": "It was used 5 of 5 times.",
    "left out": "No more than 5 offers can be applied to an order.",
    "8.00 more": "Add 8.00 EUR more to the order.",
    "several changes": "Add 2 units of Tea and leave out Spring.",
    "take out": "Take Tea out of the order.",
    "from Monday 09:00": "Use it from Monday 09:00 on.",
}


@pytest.mark.requirement(64, 78, 197)
@pytest.mark.parametrize("name", SAMPLES)
def test_reads_as_english_does(name):
    with translation.override("en"):
        assert SAMPLES[name]() == EXPECTED[name]
