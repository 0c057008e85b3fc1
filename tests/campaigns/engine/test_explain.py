"""Why not, and what would help: every change that is suggested is tried, and helps."""

from datetime import UTC, datetime, time

import pytest

from campaigns.engine.changes import AddAmount, AddItems, RemoveItems, Say, Wait, Without
from campaigns.engine.context import NoEffectRule, StackingRules
from campaigns.engine.counters import Counter, Measure, Period, Scope
from campaigns.engine.evaluate import evaluate
from campaigns.engine.explain import Suggestion, suggest
from campaigns.engine.facts import Customer, Order, Usage
from campaigns.engine.redeemable import (
    Bundle,
    Campaign,
    Component,
    DailyHours,
    Limit,
    Timeframe,
    Validity,
)
from loyalty_project.core import durations
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    cart,
    context,
    in_category,
    percent_off,
    product,
    ruled,
    tier,
    voucher,
)

ANN = Customer("cust_1")
TEA = {"id": "prod_tea", "object": "product"}
FROM_50 = asks("order.amount", "$more_than_or_equal", 5000)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def help_for(redeemable, *others, order=None, **facts):
    return suggest(context(*others, redeemable, order=order, **facts), redeemable)


def asked(*conditions, logic=None, **facts):
    return ruled(voucher("A", amount_off(100), **facts), *conditions, logic=logic)


@pytest.mark.requirement(197)
def test_says_how_much_more_to_spend():
    fifty = asked(FROM_50)

    assert help_for(fifty, order=Order(amount=4200)) == Suggestion((AddAmount(800),))
    assert help_for(fifty, order=cart(("tea", 1, 4200))) == Suggestion((AddAmount(800),))
    assert help_for(fifty) == Suggestion((AddAmount(5000),))
    assert help_for(fifty, order=Order(amount=5000)) == Suggestion()


def test_says_how_much_more_behind_other_discounts():
    others = (voucher("P", percent_off(15)),)

    found = help_for(asked(FROM_50), *others, order=Order(amount=4200))

    (change,) = found.changes
    now = context(*others, asked(FROM_50), order=Order(amount=4200 + change.amount))
    before = context(*others, asked(FROM_50), order=Order(amount=4200 + change.amount - 1))
    assert evaluate(now).valid is True
    assert evaluate(before).valid is False


@pytest.mark.parametrize(
    ("condition", "order", "expected"),
    [
        (asks("order.items.any", "$is", TEA), cart(("cup", 1, 500)),
         (AddItems("product", "prod_tea"),)),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.quantity", "$more_than", 2)}), cart(("tea", 1, 500)),
         (AddItems("product", "prod_tea", 3),)),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.aggregated_quantity", "$more_than", 2)}),
         cart(("tea", 1, 500)), (AddItems("product", "prod_tea", 2),)),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.aggregated_amount", "$more_than_or_equal", 1200)}),
         cart(("tea", 1, 500)), (AddItems("product", "prod_tea", 1, 700),)),
        (asks("order.items.any", "$is", {"id": "pc_1", "object": "products_collection"}),
         cart(("tea", 1, 500)), (AddItems("products_collection", "pc_1", 1, 500),)),
        (asks("order.items.none", "$is", TEA), cart(("tea", 1, 500), ("cup", 1, 100)),
         (RemoveItems(0),)),
        (asks("order.items.every", "$is", TEA), cart(("cup", 1, 500), ("tea", 1, 100)),
         (RemoveItems(0),)),
        (asks("order.items.price_each", "$less_than", 400), cart(("cup", 1, 500), ("tea", 1, 1)),
         (RemoveItems(0),)),
        (asks("order.items.most_expensive", "$is", TEA), cart(("cup", 1, 500)),
         (AddItems("product", "prod_tea", 1, 501),)),
        (asks("order.items.price_any", "$more_than", 900), cart(("cup", 1, 500)),
         (AddItems("any", "", 1, 901),)),
        (asks("order.items.count", "$more_than", 2), cart(("cup", 9, 500)),
         (AddItems("any", "", 2, 0),)),
        (asks("wafa.order.units", "$is", 5), cart(("cup", 2, 500)),
         (AddItems("any", "", 3, 0),)),
        (asks("order.amount", "$less_than", 600), cart(("tea", 1, 500), ("cup", 1, 300)),
         (RemoveItems(0),)),
        (asks("order.metadata", "$is", "rain", property="weather"), cart(("tea", 1, 5)),
         (Say("order.metadata", "weather", "rain"),)),
        (asks("redemption.metadata", "$more_than", 3, property="n"), cart(("tea", 1, 5)),
         (Say("redemption.metadata", "n", 4),)),
        (asks("wafa.context.channel", "$is", "app"), cart(("tea", 1, 5)),
         (Say("context", "channel", "app"),)),
        (asks("wafa.time", "$dow", 1), cart(("tea", 1, 5)), (Wait(utc(2025, 6, 15, 22)),)),
        (asks("wafa.time", "$timeframe_daily_hours", "18:20;19:00;3"), cart(("tea", 1, 5)),
         (Wait(utc(2025, 6, 11, 16, 20)),)),
        (asks("wafa.time", "$timeframe_daily_hours", "18:20;18:40;3"), cart(("tea", 1, 5)),
         (Wait(utc(2025, 6, 11, 16, 20)),)),
        (asks("wafa.time", "$after", "2026-01-01T00:00:00Z"), cart(("tea", 1, 5)),
         (Wait(utc(2026, 1, 1, 0, 0, 1)),)),
    ],
)  # fmt: skip
def test_says_what_to_change_for_a_rule(condition, order, expected):
    assert help_for(asked(condition), order=order, customer=ANN) == Suggestion(expected)


def test_says_how_many_of_a_price_are_worth_enough():
    worth = asks("order.items.any", "$is", TEA, rules={
        "1": asks("order.items.price", "$is", 300),
        "2": asks("order.items.aggregated_amount", "$more_than_or_equal", 1100),
    })  # fmt: skip

    found = help_for(asked(worth), order=cart(("cup", 1, 500)))

    assert found == Suggestion((AddItems("product", "prod_tea", 4, 300),))


def test_chooses_the_smallest_of_several_ways():
    conditions = (FROM_50, asks("wafa.context.channel", "$is", "app"), asks("wafa.time", "$dow", 1))

    found = help_for(asked(*conditions, logic="1 or 2 or 3"), order=Order(amount=10))
    both = help_for(asked(*conditions, logic="1 and (2 or 3)"), order=Order(amount=10))
    without = help_for(
        asked(asks("order.items.any", "$is", TEA), logic="not 1"),
        order=cart(("tea", 1, 5), ("cup", 1, 5)),
    )

    assert found == Suggestion((Say("context", "channel", "app"),))
    assert set(both.changes) == {AddAmount(4990), Say("context", "channel", "app")}
    assert without == Suggestion((RemoveItems(0),))


DAY = Period.DAY


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"validity": Validity(starts_at=utc(2025, 7, 1, 9))}, Wait(utc(2025, 7, 1, 9))),
        ({"campaign": Campaign("c", validity=Validity(starts_at=utc(2025, 7, 1)))},
         Wait(utc(2025, 7, 1))),
        ({"validity": Validity(days_of_week=frozenset({1}))}, Wait(utc(2025, 6, 15, 22))),
        ({"validity": Validity(daily_hours=(DailyHours(start=time(18, 10)),))},
         Wait(utc(2025, 6, 11, 16, 10))),
        ({"validity": Validity(
            daily_hours=(DailyHours(start=time(10, 10), expiration=time(10, 40)),))},
         Wait(utc(2025, 6, 12, 8, 10))),
        ({"validity": Validity(
            starts_at=utc(2025, 6, 1, 10),
            timeframe=Timeframe(durations.parse("P2D"), durations.parse("PT1H")))},
         Wait(utc(2025, 6, 13, 10))),
        ({"validity": Validity(
            starts_at=utc(2025, 6, 1, 10, 17),
            timeframe=Timeframe(durations.parse("P20D"), durations.parse("PT1H")))},
         Wait(utc(2025, 6, 21, 10, 17))),
        ({"validity": Validity(starts_at=utc(2025, 7, 1), days_of_week=frozenset({6}))},
         Wait(utc(2025, 7, 4, 22))),
    ],
)  # fmt: skip
def test_says_when_to_come_back(facts, expected):
    assert help_for(asked(**facts), order=Order(amount=500)) == Suggestion((expected,))
    tier_ = tier("T", amount_off(100), **facts)
    assert help_for(tier_, order=Order(amount=500)) == Suggestion((expected,))


@pytest.mark.parametrize(
    ("redeemable", "impossible"),
    [
        (voucher("A", exists=False), "unknown"),
        (voucher("A", active=False), "switched_off"),
        (voucher("A", campaign=Campaign("c", active=False)), "switched_off"),
        (tier("A", active=False), "switched_off"),
        (voucher("A", validity=Validity(ends_at=AT)), "ended"),
        (tier("A", validity=Validity(ends_at=AT)), "ended"),
        (voucher("A", usage=Usage(limit=1, redeemed=1)), "used_up"),
        (asked(asks("customer.segment", "$is", "seg_vip")), "customer"),
        (asked(asks("customer.metadata", "$is", 1, property="x"), FROM_50), "customer"),
        (asked(asks("campaign.redemptions.count", "$less_than", 1)), "used_up"),
        (asked(asks("redemption.api_key", "$is", "k")), "not_seen"),
        (asked(asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.metadata", "$is", 1, property="x")})), "not_seen"),
    ],
)  # fmt: skip
def test_says_when_nothing_helps(redeemable, impossible):
    found = help_for(redeemable, order=cart(("tea", 1, 100)), customer=ANN)

    assert found == Suggestion(impossible=impossible)


def test_asks_who_it_is():
    found = help_for(asked(asks("customer.segment", "$is", "seg_vip")), order=Order(amount=1))

    assert found == Suggestion(impossible="customer_needed")


@pytest.mark.requirement(83)
def test_a_daily_limit_is_free_again_tomorrow():
    begins = AT.date()
    daily = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", DAY, begins)
    campaign = Campaign("camp_1")
    by_rule = asked(asks("campaign.redemptions.count.daily", "$less_than", 3), campaign=campaign)
    by_limit = asked(
        campaign=campaign,
        limits=(Limit("lim_1", Measure.REDEMPTIONS, Scope.CAMPAIGN, 2, period=DAY),),
    )

    for redeemable in (by_rule, by_limit):
        found = help_for(redeemable, order=Order(amount=500), counters={daily: 2})
        assert found == Suggestion((Wait(utc(2025, 6, 11, 22)),))


def test_says_what_to_leave_out():
    exclusive = StackingRules(exclusive_categories=frozenset({"cat_x"}))
    common = voucher("C", amount_off(100))
    alone = voucher("X", amount_off(100), categories=in_category("x"))

    assert help_for(common, alone, order=Order(amount=500), stacking=exclusive) == Suggestion(
        (Without("v_X"),)
    )
    assert help_for(common, voucher("B", active=False), order=Order(amount=500)) == Suggestion(
        (Without("v_B"),)
    )


def test_a_discount_without_effect_wants_its_goods():
    skips = StackingRules(redeemables_no_effect_rule=NoEffectRule.SKIP)
    for_tea = voucher("P", percent_off(10), applicable_to=(product("tea"),))

    found = help_for(for_tea, order=cart(("cup", 1, 500)), stacking=skips)

    assert found == Suggestion((AddItems("product", "prod_tea", 1, 500),))


@pytest.mark.requirement(6)
def test_says_what_a_bundle_lacks():
    parts = (Component("product", "prod_tea", 2), Component("products_collection", "pc_1"))

    found = help_for(asked(bundle=Bundle(parts)), order=cart(("tea", 1, 500)))

    assert found == Suggestion(
        (AddItems("product", "prod_tea", 1), AddItems("products_collection", "pc_1", 1, 500))
    )
