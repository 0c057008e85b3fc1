"""The rules, promotions and limits of the fashion shop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jdatetime

from reporting.services.demo.cards import Cards
from reporting.services.demo.plan import percent_off
from reporting.services.demo.plays import Plays, Tier, money

_COATS = {"object": "products_collection", "id": "{coats}"}


def _spend(least: str) -> dict[str, Any]:
    return {"name": "order.amount", "conditions": {"$more_than_or_equal": [money(least)]}}


def _days(at: datetime) -> Sequence[dict[str, str]]:
    year = jdatetime.date.fromgregorian(date=at.date()).year
    named = ((1, 1, "نوروز"), (1, 13, "سیزده‌به‌در"), (11, 22, "۲۲ بهمن"))
    return [
        {"date": jdatetime.date(y, month, day).togregorian().isoformat(), "name": name}
        for y in (year, year + 1)
        for month, day, name in named
    ]


PLAYS = Plays(
    vip="مشتریان وفادار",
    collections={
        "coats": {
            "name": "مانتوها",
            "type": "AUTO_UPDATE",
            "filter": {"junction": "and", "metadata.group": {"conditions": {"$is": ["مانتو"]}}},
        },
    },
    rules={
        "تهرانی‌های پرخرید": {
            "rules": {
                "1": {
                    "name": "wafa.customer.attribute",
                    "property": "city",
                    "conditions": {"$is": ["تهران"]},
                },
                "2": {
                    "name": "wafa.customer.spend",
                    "property": "",
                    "conditions": {"$more_than_or_equal": [money("50000000")]},
                },
                "logic": "1 and 2",
            }
        },
        "خرید اول مانتو": {
            "rules": {
                "1": {"name": "wafa.customer.orders", "property": "", "conditions": {"$is": [0]}},
                "2": {"name": "order.items.any", "conditions": {"$is": [_COATS]}},
            },
            "applicable_to": {"included": [_COATS], "excluded": [], "included_all": False},
        },
        "از سه میلیون تومان": {"rules": {"1": _spend("30000000")}},
        "از شش میلیون تومان": {"rules": {"1": _spend("60000000")}},
        "وفاداران در اپلیکیشن": {
            "rules": {
                "1": {"name": "customer.segment", "conditions": {"$is": ["{vip}"]}},
                "2": {"name": "wafa.context.channel", "conditions": {"$is": ["app"]}},
                "logic": "1 and 2",
            }
        },
    },
    codes=[
        {
            "name": "همشهری عزیز",
            "description": "برای مشتریان تهرانی که پنج میلیون تومان خرید کرده‌اند.",
            "category": "خوش‌آمدگویی",
            "rule": "تهرانی‌های پرخرید",
            "voucher": {
                "type": "DISCOUNT_VOUCHER",
                "code": "TEHRAN15",
                "discount": percent_off(15),
            },
            "limits": [{"measure": "redemptions", "per_customer": True, "value": 1}],
        },
        {
            "name": "اولین مانتو",
            "description": "دویست هزار تومان تخفیف روی مانتو در خرید اول.",
            "category": "خوش‌آمدگویی",
            "rule": "خرید اول مانتو",
            "voucher": {
                "type": "DISCOUNT_VOUCHER",
                "code": "MANTO200",
                "discount": {
                    "type": "AMOUNT",
                    "amount_off": money("2000000"),
                    "effect": "APPLY_TO_ITEMS",
                },
            },
        },
    ],
    promotion="تخفیف پلکانی",
    promotion_section="وفاداری",
    tiers=[
        Tier("پنج درصد", "۵٪ از سه میلیون تومان", percent_off(5), rule="از سه میلیون تومان"),
        Tier("ده درصد", "۱۰٪ از شش میلیون تومان", percent_off(10), rule="از شش میلیون تومان"),
        Tier(
            "هدیه اپلیکیشن",
            "فقط در اپلیکیشن",
            {"type": "AMOUNT", "amount_off": money("1500000"), "effect": "APPLY_TO_ORDER"},
            rule="وفاداران در اپلیکیشن",
        ),
    ],
    stack="هر دو پله",
    budget="بازاریابی امسال",
    budget_limit="9000000000",
    daily_limit="600000000",
    holidays="تعطیلات",
    days=_days,
    stacking={
        "redeemables_application_mode": "PARTIAL",
        "redeemables_sorting_rule": "CATEGORY_HIERARCHY",
        "redeemables_no_effect_rule": "SKIP",
    },
)

CARDS = Cards(
    name="کارت هدیه پنج میلیون تومانی",
    description="برای هر خرید در فروشگاه و سایت؛ می‌توان آن را در چند خرید خرج کرد.",
    section="مناسبت‌ها",
    amount="50000000",
    codes=("HADIE-4821", "HADIE-7350", "HADIE-1694", "HADIE-8027", "HADIE-5513"),
    baskets=(("SL-NAKHI", "RS-ABRSH"), ("EY-AFTAB",), ("KF-DOOSHI",), ("KM-CHARM",)),
    extra="2000000",
    extra_reason="دیر رسیدن بسته",
    back_reason="انصراف مشتری پیش از ارسال",
    law={"code": "IR", "name": "ایران", "cash_out": "ALLOWED", "cash_out_below": "1000000"},
)
