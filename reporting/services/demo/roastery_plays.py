"""The rules, promotions and limits of the coffee roaster."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reporting.services.demo.cards import Cards
from reporting.services.demo.plan import amount_off, percent_off
from reporting.services.demo.plays import Plays, Tier, money

_ARABICA = {"object": "products_collection", "id": "{arabica}"}
_LONDON = {"name": "wafa.customer.attribute", "property": "city", "conditions": {"$is": ["London"]}}


def _spend(least: str) -> dict[str, Any]:
    return {"name": "order.amount", "conditions": {"$more_than_or_equal": [money(least)]}}


def _days(at: datetime) -> Sequence[dict[str, str]]:
    years = (at.year, at.year + 1)
    return [
        {"date": f"{year}-{day}", "name": name}
        for year in years
        for day, name in (("01-01", "New Year"), ("12-25", "Christmas Day"))
    ]


PLAYS = Plays(
    vip="Best customers",
    collections={
        "arabica": {
            "name": "Light roasts",
            "type": "AUTO_UPDATE",
            "filter": {"junction": "and", "metadata.roast": {"conditions": {"$is": ["light"]}}},
        },
        "gifts": {
            "name": "Gifts",
            "type": "AUTO_UPDATE",
            "filter": {"junction": "and", "metadata.group": {"conditions": {"$is": ["gift"]}}},
        },
    },
    rules={
        "Londoners who have been away": {
            "rules": {
                "1": _LONDON,
                "2": {
                    "name": "wafa.customer.spend",
                    "property": "",
                    "conditions": {"$more_than_or_equal": [money("100.00")]},
                    "error": {"message": "For customers who have spent 100 euros with us."},
                },
                "3": {
                    "name": "wafa.customer.other_redemptions",
                    "property": "P6M",
                    "conditions": {"$is": [0]},
                    "error": {"message": "Not together with another coupon within six months."},
                },
                "logic": "1 and 2 and 3",
            }
        },
        "Light roasts for new customers": {
            "rules": {
                "1": {
                    "name": "wafa.customer.orders",
                    "property": "",
                    "conditions": {"$is": [0]},
                },
                "2": {"name": "order.items.any", "conditions": {"$is": [_ARABICA]}},
            },
            "applicable_to": {"included": [_ARABICA], "excluded": [], "included_all": False},
        },
        "From 40": {"rules": {"1": _spend("40.00")}},
        "From 80": {"rules": {"1": _spend("80.00")}},
        "Best customers in the app": {
            "rules": {
                "1": {"name": "customer.segment", "conditions": {"$is": ["{vip}"]}},
                "2": {"name": "wafa.context.channel", "conditions": {"$is": ["app"]}},
                "logic": "1 and 2",
            }
        },
    },
    codes=[
        {
            "name": "We miss you, London",
            "description": "Brings Londoners back who have not used a coupon for half a year.",
            "category": "Welcome",
            "rule": "Londoners who have been away",
            "voucher": {
                "type": "DISCOUNT_VOUCHER",
                "code": "LONDONCALLING",
                "discount": percent_off(15, at_most=""),
            },
            "limits": [{"measure": "redemptions", "per_customer": True, "value": 1}],
        },
        {
            "name": "First light roast",
            "description": "Three euros off each bag of light roast of the first order.",
            "category": "Welcome",
            "rule": "Light roasts for new customers",
            "voucher": {
                "type": "DISCOUNT_VOUCHER",
                "code": "ARABICA-LVRS",
                "discount": {
                    "type": "AMOUNT",
                    "amount_off": money("3.00"),
                    "effect": "APPLY_TO_ITEMS",
                },
            },
        },
    ],
    promotion="At the till",
    promotion_section="Everyday",
    tiers=[
        Tier("5 % from 40", "5 % off from 40 €", percent_off(5), rule="From 40"),
        Tier("10 % from 80", "10 % off from 80 €", percent_off(10), rule="From 80"),
        Tier(
            "Thank you in the app",
            "4 € off, only in the app",
            {**amount_off("0"), "amount_off": money("4.00")},
            rule="Best customers in the app",
        ),
    ],
    stack="Both spend steps",
    budget="Marketing of the year",
    budget_limit="25000.00",
    daily_limit="1500.00",
    holidays="Closed days",
    days=_days,
    stacking={
        "redeemables_application_mode": "PARTIAL",
        "redeemables_sorting_rule": "CATEGORY_HIERARCHY",
        "redeemables_no_effect_rule": "SKIP",
    },
)

CARDS = Cards(
    name="Gift card, 50 €",
    description="Sold at the till and online; pays for anything, in one order or in several.",
    section="Everyday",
    amount="50.00",
    codes=(
        "GIFT-7K2M-4RXD",
        "GIFT-9PLC-3TVW",
        "GIFT-2HJQ-8NBF",
        "GIFT-5WZA-6YGE",
        "GIFT-3DSU-7MKC",
    ),
    baskets=(("DRP-BOX",), ("MOKAPOT",), ("FRPRESS",), ("KETTLE",)),
    extra="5.00",
    extra_reason="Parcel a week late",
    back_reason="Parcel returned unopened",
    law={"code": "IE", "name": "Ireland", "cash_out": "ALLOWED", "cash_out_below": "5.00"},
)
