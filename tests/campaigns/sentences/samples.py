"""Sentences of every kind, to be read in every language."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from campaigns import sentences
from campaigns.engine.changes import AddAmount, AddItems, RemoveItems, Wait, Without
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.facts import Line, Order
from campaigns.engine.redeemable import (
    Bundle,
    Component,
    DailyHours,
    Limit,
    MarginFloor,
    Timeframe,
    Validity,
)
from campaigns.engine.results import Reason
from loyalty_project.core import durations
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    collection,
    percent_off,
    product,
    rule,
    units,
    voucher,
)
from tests.campaigns.sentences.spoken import AT_LEAST, EUROS, NAMES, SUMMER, TEA, WORDS

FROM_50 = asks("order.amount", AT_LEAST, 5000)
VIP = asks("customer.segment", "$is", "seg_vip", "seg_gold")
CITY = asks("wafa.customer.attribute", "$is", "London", "Paris", "Rome", property="city")
NO_COUPON = asks("wafa.customer.redemptions", "$is", 0, property="P6M")
SPENT = asks("wafa.customer.spend", "$more_than", 100_000, property="this_year")
MONDAY = asks("wafa.time", "$dow", 1, 6)
EVENING = asks("wafa.time", "$timeframe_daily_hours", "18:00;20:00;2,3")
RAIN = asks("order.metadata", "$is", "rain", property="weather")
THREE_TEAS = asks("order.items.any", "$is", TEA, rules={
    "1": asks("order.items.aggregated_quantity", "$more_than", 2)})  # fmt: skip
RED_TEA = asks("order.items.any", "$is", TEA, rules={
    "1": asks("product.metadata", "$is", "red", property="color")})  # fmt: skip
CART = Order(lines=(Line(product_id="prod_tea"),))
DAILY = Limit("lim_1", Measure.REDEMPTIONS, Scope.CAMPAIGN, 500, period=Period.DAY)
MINE = Limit("lim_1", Measure.REDEMPTIONS, Scope.REDEEMABLE, 2, per_customer=True)
BUDGET = Limit("lim_1", Measure.DISCOUNT, Scope.BUDGET, 100_000, scope_id="bud_1")
MAY = Validity(
    starts_at=datetime(2026, 5, 1, 7, tzinfo=UTC), ends_at=datetime(2026, 5, 31, 22, tzinfo=UTC)
)
HOURLY = Timeframe(durations.parse("P2D"), durations.parse("PT1H30M"))


def asked(*conditions, logic=None):
    return " ".join(sentences.conditions(rule(*conditions, logic=logic), WORDS))


def restricted(**facts):
    return " ".join(sentences.restrictions_of(voucher("A", **facts), WORDS))


def gives(document):
    return sentences.discount(document, EUROS, NAMES)


def helps(*changes):
    return sentences.advice(changes, CART, WORDS)


def why(key, **details):
    return sentences.why(Reason(key, details, details), WORDS)


SAMPLES: dict[str, Callable[[], str]] = {
    "at least": lambda: asked(FROM_50),
    "segment": lambda: asked(VIP),
    "not in a segment": lambda: asked(VIP, logic="not 1"),
    "city": lambda: asked(CITY),
    "no coupon in 6 months": lambda: asked(NO_COUPON),
    "spent this year": lambda: asked(SPENT),
    "days of the week": lambda: asked(MONDAY),
    "hours of days": lambda: asked(EVENING),
    "metadata, negated": lambda: asked(RAIN, logic="not 1"),
    "or": lambda: asked(FROM_50, VIP, RAIN, logic="(1 and 2) or 3"),
    "product or collection": lambda: asked(asks("order.items.any", "$is", TEA, SUMMER)),
    "three units": lambda: asked(THREE_TEAS),
    "product with a condition": lambda: asked(RED_TEA),
    "every product": lambda: asked(asks("order.items.price_each", "$less_than", 400)),
    "once per customer": lambda: asked(
        asks("redemption.count.per_customer", "$less_than_or_equal", 1)
    ),
    "percent with a cap": lambda: gives(percent_off(12.5, amount_limit=200_000)),
    "amount off each unit": lambda: gives(amount_off(500, "APPLY_TO_ITEMS_BY_QUANTITY")),
    "units": lambda: gives(units(2, "prod_tea", "ADD_NEW_ITEMS")),
    "free shipping": lambda: gives(units(1, "prod_5h1pp1ng")),
    "formula": lambda: gives(percent_off(10, percent_off_formula="ORDER_AMOUNT / 10")),
    "dates": lambda: restricted(validity=MAY),
    "frame": lambda: restricted(validity=Validity(timeframe=HOURLY)),
    "hours": lambda: restricted(validity=Validity(daily_hours=(DailyHours(start=time(18)),))),
    "holidays": lambda: restricted(validity=Validity(holidays=frozenset({date(2026, 3, 21)}))),
    "products": lambda: restricted(applicable_to=(product("tea"), collection("sum", price=500))),
    "bundle": lambda: restricted(bundle=Bundle((Component("product", "prod_tea", 2),), 3)),
    "limit per day": lambda: restricted(limits=(DAILY,)),
    "limit per customer": lambda: restricted(limits=(MINE,)),
    "budget": lambda: restricted(limits=(BUDGET,)),
    "margin": lambda: restricted(margin=MarginFloor(100, 100_000)),
    "not started": lambda: why("voucher_not_active", starts_at=MAY.starts_at),
    "used up": lambda: why("quantity_exceeded", redeemed=5, limit=5),
    "left out": lambda: why("applicable_redeemables_limit_exceeded", limit=5),
    "8.00 more": lambda: helps(AddAmount(800)),
    "several changes": lambda: helps(AddItems("product", "prod_tea", 2), Without("camp_1")),
    "take out": lambda: helps(RemoveItems(0)),
    "from Monday 09:00": lambda: helps(Wait(datetime(2025, 6, 16, 7, tzinfo=UTC))),
}
