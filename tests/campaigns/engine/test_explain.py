"""Why not, and what would help: every change that is suggested is tried, and helps."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from campaigns.engine import changes, pricing
from campaigns.engine.changes import AddAmount, AddItems, RemoveItems, Say, Wait, Without
from campaigns.engine.context import ApplicationMode, NoEffectRule, StackingRules
from campaigns.engine.counters import Counter, Measure, Period, Scope
from campaigns.engine.evaluate import evaluate
from campaigns.engine.explain import Suggestion, explain, suggest
from campaigns.engine.facts import Customer, Line, Order, Usage
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
            starts_at=utc(2025, 6, 1, 10),
            timeframe=Timeframe(durations.parse("P2D"), durations.parse("PT1H")))},
         Wait(utc(2025, 6, 13, 10))),
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


@pytest.mark.requirement(41, 253)
def test_lists_every_check_with_what_it_saw():
    redeemable = asked(
        FROM_50,
        asks("customer.segment", "$is", "seg_vip"),
        asks("order.items.any", "$is", TEA),
        campaign=Campaign("c", validity=Validity(starts_at=utc(2025, 1, 1))),
        validity=Validity(ends_at=utc(2026, 1, 1), days_of_week=frozenset({3})),
        usage=Usage(limit=5, redeemed=2),
        limits=(Limit("lim_1", Measure.DISCOUNT, Scope.CAMPAIGN, 50),),
        bundle=Bundle((Component("product", "prod_tea"),)),
    )

    (found,) = explain(context(redeemable, order=cart(("tea", 1, 500)), customer=ANN))

    seen = [(s.check, s.fact, s.holds, s.operator, s.required, s.actual) for s in found.steps]
    lines = [found.steps[10].actual[0].product_id]
    assert lines == ["prod_tea"]
    assert seen[:10] == [
        ("exists", "exists", True, "$is", True, True),
        ("enabled", "active", True, "$is", True, True),
        ("enabled", "campaign.active", True, "$is", True, True),
        ("not_ended", "voucher.expiration_date", True, "$less_than", utc(2026, 1, 1), AT),
        ("recurrence", "voucher.validity", True, "$timeframe",
         Validity(days_of_week=frozenset({3})), AT),
        ("started", "campaign.start_date", True, "$more_than_or_equal", utc(2025, 1, 1), AT),
        ("quantity", "redemption.quantity", True, "$less_than_or_equal", 5, 3),
        ("limit", "campaign.discount.always", False, "$less_than_or_equal", 50, 100),
        ("rule", "order.amount", False, "$more_than_or_equal", (5000,), 500),
        ("rule", "customer.segment", False, "$is", ("seg_vip",), frozenset()),
    ]  # fmt: skip
    assert seen[11:] == [
        ("bundle", "bundle.quantity", True, "$more_than_or_equal", 1, 1),
        ("outcome", "reason", False, "$is", None, "order_rules_violated"),
    ]
    assert [(s.source, s.number) for s in found.steps[8:10]] == [("val_1", "1"), ("val_1", "2")]


def test_an_unknown_code_has_one_check():
    (found,) = explain(context(voucher("A", exists=False)))

    assert [(step.check, step.holds) for step in found.steps] == [("exists", False)]


def test_explains_each_at_its_turn():
    first = voucher("A", amount_off(1000))
    second = ruled(voucher("B", amount_off(100)), FROM_50)

    one, two = explain(context(first, second, order=Order(amount=5500)))

    assert one.suggestion is None
    assert [step.actual for step in two.steps if step.fact == "order.amount"] == [4500]
    assert two.suggestion == Suggestion((AddAmount(500),))


def test_counts_what_earlier_ones_of_the_request_used():
    limits = (Limit("lim_1", Measure.REDEMPTIONS, Scope.CAMPAIGN, 2),)
    codes = [asked(campaign=Campaign("camp_1"), limits=limits) for _ in range(3)]
    codes = [replace(each, id=f"v_{place}") for place, each in enumerate(codes)]

    found = explain(context(*codes, order=Order(amount=900)))

    counts = [step.actual for each in found for step in each.steps if step.check == "limit"]
    assert counts == [1, 2, 3]
    assert found[2].suggestion == Suggestion((Without("v_0"),))


def test_merges_changes_of_one_kind():
    merged = changes.merge(
        (AddAmount(5), AddItems("product", "p"), Wait(AT), Say("context", "a", 1), Without("x")),
        (AddAmount(7), AddItems("product", "p", 2), Wait(utc(2026, 1, 1)), Say("context", "a", 2),
         Without("x"), AddItems("product", "q")),
    )  # fmt: skip

    assert merged == (
        AddAmount(12), AddItems("product", "p", 3), Wait(utc(2026, 1, 1)), Say("context", "a", 2),
        Without("x"), AddItems("product", "q"),
    )  # fmt: skip


def test_applies_changes_to_orders_with_a_given_amount():
    order = Order(lines=cart(("tea", 1, 500)).lines, amount=500, initial_amount=500)
    now = context(order=order)

    more = changes.apply(now, [AddItems("product", "prod_tea", 2), AddAmount(30)]).order
    less = changes.apply(now, [RemoveItems(0)]).order

    assert (more.amount, more.initial_amount, len(more.lines)) == (1530, 1530, 3)
    assert (less.amount, less.initial_amount, less.lines) == (0, 0, ())
    assert pricing.begin(more).total_amount == 1530


LEAVES = [
    lambda rng: asks("order.amount", "$more_than_or_equal", rng.randint(1, 9000)),
    lambda rng: asks("order.amount", "$more_than", rng.randint(1, 9000)),
    lambda rng: asks("order.initial_amount", "$more_than", rng.randint(1, 9000)),
    lambda rng: asks("order.total_amount", "$more_than_or_equal", rng.randint(1, 9000)),
    lambda rng: asks("order.items.any", "$is", {"id": rng.choice(["prod_a", "prod_d"]),
                                               "object": "product"}),
    lambda rng: asks("order.items.any", "$is", {"id": "prod_a", "object": "product"}, rules={
        "1": asks("order.items.aggregated_quantity", "$more_than", rng.randint(0, 5))}),
    lambda _: asks("order.items.none", "$is", {"id": "prod_b", "object": "product"}),
    lambda rng: asks("order.items.count", "$more_than", rng.randint(0, 4)),
    lambda _: asks("wafa.context.channel", "$is", "app"),
    lambda _: asks("order.metadata", "$is", "rain", property="weather"),
    lambda rng: asks("wafa.time", "$dow", rng.randint(0, 6)),
    lambda rng: asks("customer.segment", "$is", rng.choice(["seg_a", "seg_b"])),
    lambda _: asks("campaign.redemptions.count.daily", "$less_than_or_equal", 3),
]  # fmt: skip
COUNT = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", DAY, AT.date())
LOGICS = ["1", "1 and 2", "1 or 2", "1 and (2 or 3)", "(1 or 2) and 3", "1 and 2 and 3"]


def refused_cart(rng):
    lines = tuple(
        Line(product_id=f"prod_{rng.choice('abc')}", quantity=rng.randint(1, 3),
             price=rng.randint(1, 1500))
        for _ in range(rng.randint(1, 3))
    )  # fmt: skip
    logic = rng.choice(LOGICS)
    conditions = [rng.choice(LEAVES)(rng) for _ in range(3)]
    window = rng.choice([
        Validity(), Validity(starts_at=utc(2025, 6, 20)), Validity(days_of_week=frozenset({5})),
    ])  # fmt: skip
    target = asked(*conditions, logic=logic, validity=window, campaign=Campaign("camp_1"))
    others = rng.choice([(), (voucher("P", percent_off(rng.randint(1, 30))),)])
    return context(
        *others,
        target,
        order=Order(lines=lines),
        customer=Customer("cust_1", segments=frozenset({"seg_a"})),
        counters={COUNT: rng.choice([0, 3])},
        stacking=StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL),
    ), target


def applies(now, redeemable):
    return any(each.redeemable.id == redeemable.id for each in evaluate(now).applied)


@pytest.mark.requirement(197)
def test_what_is_suggested_for_500_refused_carts_makes_them_valid():
    rng = random.Random(500)
    refused = helped = 0
    while refused < 500:
        now, target = refused_cart(rng)
        if applies(now, target):
            continue
        refused += 1
        found = suggest(now, target)
        if found.impossible is not None:
            assert not found.changes
            continue
        helped += 1
        changed = changes.apply(now, found.changes)
        assert applies(changed, target)
        for change in found.changes:
            fewer = [each for each in found.changes if each != change]
            if isinstance(change, AddAmount) and change.amount > 1:
                less = changes.apply(now, [*fewer, replace(change, amount=change.amount - 1)])
                assert not applies(less, target), found
            assert not applies(changes.apply(now, fewer), target), found
    assert helped > 350


def test_what_is_impossible_for_a_customer_is_not_so_for_another():
    rng = random.Random(501)
    impossible = 0
    for _ in range(100):
        now, target = refused_cart(rng)
        found = suggest(now, target)
        if found.impossible != "customer":
            continue
        impossible += 1
        other = replace(now, customer=replace(now.customer, segments=frozenset({"seg_a", "seg_b"})))
        assert suggest(other, target).impossible is None
    assert impossible > 3
