"""Promotions as marketers describe them, from their published documents to what is paid."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import permutations, product
from zoneinfo import ZoneInfo

import pytest

from campaigns.engine import rules
from campaigns.engine.context import (
    ApplicationMode,
    NoEffectRule,
    SortingRule,
    StackingRules,
)
from campaigns.engine.explain import explain
from campaigns.engine.facts import Caller, Customer, Line, Order, Product
from campaigns.engine.history import Measure, Past
from campaigns.engine.redeemable import Campaign, DailyHours, Validity
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    cart,
    context,
    in_category,
    percent_off,
    ruled,
    run,
    said,
    tier,
    units,
    voucher,
)
from tests.campaigns.engine.build import product as entry

SHIPPING = "prod_5h1pp1ng"
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)
AT_LEAST = "$more_than_or_equal"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def taken(redeemable, order, **facts):
    evaluation = run(redeemable, order=order, **facts)
    return evaluation.order.total_applied_discount_amount if evaluation.valid else None


def document(redeemable, *conditions, logic=None, included=(), **more):
    """The redeemable under a validation rule as it is sent to the API."""
    numbered = {str(n): each for n, each in enumerate(conditions, start=1)}
    if logic:
        numbered["logic"] = logic
    sent = {"rules": numbered, "applicable_to": {"included": list(included)}, **more}
    return rules.assign(redeemable, [rules.read(sent, rule_id="val_1")])


def chosen(name, kind="product", **more):
    prefix = "pc" if kind == "products_collection" else "prod"
    return {"object": kind, "id": f"{prefix}_{name}", **more}


# Row 38: London, at least 1000.00 spent, no coupon in six months.
def london_coupon():
    return ruled(
        voucher("LONDON", percent_off(10), campaign=Campaign("camp_london")),
        asks("wafa.customer.attribute", "$is", "London", property="city"),
        asks("wafa.customer.spend", AT_LEAST, 100_000),
        asks("wafa.customer.redemptions", "$is", 0, property="P6M"),
        logic="1 and 2 and 3",
    )


def londoner(*, lives_there, spent, coupons):
    customer = Customer(
        "cust_1",
        attributes={"city": "London" if lives_there else "Leeds"},
        orders_amount=spent,
    )
    return {"customer": customer, "past": {Past(Measure.REDEMPTIONS, "P6M"): coupons}}


@pytest.mark.requirement(36, 37, 38)
@pytest.mark.parametrize(
    ("lives_there", "has_spent", "is_fresh"), list(product([True, False], repeat=3))
)
def test_the_london_coupon(lives_there, has_spent, is_fresh):
    facts = londoner(
        lives_there=lives_there,
        spent=100_000 if has_spent else 99_999,
        coupons=0 if is_fresh else 1,
    )

    evaluation = run(london_coupon(), order=Order(amount=5000), **facts)

    failed = [
        number
        for number, holds in (("1", lives_there), ("2", has_spent), ("3", is_fresh))
        if not holds
    ]
    assert evaluation.valid is (not failed)
    if failed:
        (refused,) = evaluation.inapplicable
        violations = refused.reason.details["violations"]
        assert refused.reason.key == "customer_rules_violated"
        assert [each["number"] for each in violations] == failed


@pytest.mark.requirement(39, 40)
def test_a_window_that_is_changed_counts_at_once():
    past = {
        Past(Measure.REDEMPTIONS, "P30D", only="camp_london"): 0,
        Past(Measure.REDEMPTIONS, "P60D", only="camp_london"): 1,
    }

    def valid(window):
        again = ruled(
            voucher("AGAIN", amount_off(100)),
            asks("wafa.customer.redemptions", "$is", 0, property=f"{window};camp_london"),
        )
        return run(again, customer=Customer("cust_1"), past=past).valid

    assert (valid("P30D"), valid("P60D")) == (True, False)


@pytest.mark.requirement(25, 53)
@pytest.mark.parametrize(("orders", "discount"), [(0, 1000), (1, 500), (7, 500)])
def test_arabica_lvrs_gives_new_customers_more(orders, discount):
    arabica = document(
        voucher(
            "ARABICA-LVRS",
            {
                "type": "AMOUNT", "amount_off": 500, "effect": "APPLY_TO_ITEMS",
                "amount_off_formula": "IF(WAFA_CUSTOMER_ORDERS = 0; 10; 5)",
            },
        ),
        asks("wafa.context.placement", "$is", "category:arabica"),
        asks("customer.segment", "$is", "seg_lovers"),
        included=[chosen("arabica", "products_collection")],
    )  # fmt: skip
    lover = Customer("cust_1", segments=frozenset({"seg_lovers"}), orders_count=orders)
    order = Order(
        lines=(
            Line(product_id="prod_1", price=2000, collection_ids=frozenset({"pc_arabica"})),
            Line(product_id="prod_2", price=2000),
        )
    )
    there = Caller(context={"placement": "category:arabica"})

    evaluation = run(arabica, order=order, customer=lover, caller=there)

    assert [line.discount_amount for line in evaluation.order.lines] == [discount, 0]
    elsewhere = Caller(context={"placement": "home"})
    assert said(run(arabica, order=order, customer=lover, caller=elsewhere)) == [
        ("ARABICA-LVRS", "redemption_rules_violated")
    ]
    stranger = replace(lover, segments=frozenset())
    assert said(run(arabica, order=order, customer=stranger, caller=there)) == [
        ("ARABICA-LVRS", "customer_rules_violated")
    ]


BERLIN_TIME = [
    (utc(2025, 6, 8, 21, 59, 59), False),  # Sunday 23:59:59
    (utc(2025, 6, 8, 22), True),  # Monday 00:00
    (utc(2025, 6, 9, 21, 59, 59), True),
    (utc(2025, 6, 9, 22), False),  # Tuesday 00:00
]


@pytest.mark.requirement(47, 71)
@pytest.mark.parametrize(("at", "is_monday"), BERLIN_TIME)
def test_germans_get_double_on_mondays(at, is_monday):
    double = ruled(
        voucher("DOUBLE", percent_off(10)),
        asks("wafa.customer.attribute", "$is", "DE", property="country"),
        asks("wafa.time", "$dow", 1),
    )

    def valid(country):
        return run(double, at=at, customer=Customer("c", attributes={"country": country})).valid

    assert valid("DE") is is_monday
    assert valid("AT") is False


@pytest.mark.requirement(250)
def test_fifteen_percent_never_comes_with_twenty():
    rules_ = StackingRules(exclusive_categories=frozenset({"cat_loyalty"}))
    general = voucher("GENERAL", percent_off(15))
    loyalty = voucher("LOYALTY", percent_off(20), categories=in_category("loyalty"))

    for asked in permutations((general, loyalty)):
        evaluation = run(*asked, order=Order(amount=10_000), stacking=rules_)
        assert evaluation.order.total_applied_discount_amount == 2000
        assert [each.redeemable.code for each in evaluation.applied] == ["LOYALTY"]


@pytest.mark.requirement(1, 5)
@pytest.mark.parametrize(("amount", "applies"), [(4999, False), (5000, True)])
def test_free_delivery_from_fifty(amount, applies):
    free = ruled(voucher("FREE", units(1, SHIPPING)), asks("order.amount", AT_LEAST, 5000))
    order = Order(
        lines=(
            Line(product_id="prod_tea", price=amount - 490),
            Line(product_id=SHIPPING, price=490),
        )
    )

    evaluation = run(free, order=order)

    assert evaluation.valid is applies
    if applies:
        assert evaluation.order.total_amount == amount - 490
        assert evaluation.order.lines[1].subtotal_amount == 0


@pytest.mark.requirement(2)
def test_a_free_sample_is_one_line_for_nothing():
    sample = Product("prod_sample", price=300)
    evaluation = run(
        voucher("SAMPLE", units(1, "prod_sample")),
        order=cart(("tea", 1, 1000)),
        catalog={"prod_sample": sample},
    )

    added = evaluation.order.lines[1]
    assert (added.quantity, added.subtotal_amount) == (1, 0)
    assert evaluation.order.total_amount == 1000


@pytest.mark.requirement(5)
@pytest.mark.parametrize(("amount", "off"), [(9999, None), (10_000, 1500)])
def test_spend_some_get_some_off(amount, off):
    redeemable = ruled(voucher("A", amount_off(1500)), asks("order.amount", AT_LEAST, 10_000))

    assert taken(redeemable, Order(amount=amount)) == off


@pytest.mark.requirement(7)
@pytest.mark.parametrize(
    ("amount", "off"), [(9999, None), (10_000, 1000), (19_999, 2000), (20_000, 3000)]
)
def test_the_highest_spend_tier_alone_applies(amount, off):
    """Two tiers of one promotion; one of their category may apply, the higher one goes first."""
    spend = [
        ruled(
            tier(name, percent_off(percent), categories=in_category("spend")),
            asks("order.initial_amount", AT_LEAST, least),
        )
        for name, percent, least in (("15", 15, 20_000), ("10", 10, 10_000))
    ]
    one = replace(PARTIAL, applicable_redeemables_per_category_limit=1)

    evaluation = run(*spend, order=Order(amount=amount), stacking=one)

    total = evaluation.order.total_applied_discount_amount if evaluation.valid else None
    assert total == off


@pytest.mark.requirement(8)
def test_half_off_the_cheapest():
    cheapest = document(
        voucher("CHEAP", percent_off(50, "APPLY_TO_ITEMS")),
        included=[chosen("all", "products_collection", effect="APPLY_TO_CHEAPEST")],
    )
    lines = tuple(
        Line(price=price, collection_ids=frozenset({"pc_all"})) for price in (3000, 1000, 2000)
    )

    evaluation = run(cheapest, order=Order(lines=lines))

    assert [line.discount_amount for line in evaluation.order.lines] == [0, 500, 0]


@pytest.mark.requirement(9)
@pytest.mark.parametrize(("bought", "free"), [(9, None), (10, 1), (25, 1)])
def test_ten_of_a_kind_unlock_one(bought, free):
    ten = ruled(
        voucher("TEN", units(1, "prod_tea", "ADD_NEW_ITEMS")),
        asks("order.items.any", "$is", chosen("tea"), rules={
            "1": asks("order.items.aggregated_quantity", AT_LEAST, 10)}),
    )  # fmt: skip

    evaluation = run(ten, order=cart(("tea", bought, 500)))

    assert evaluation.valid is (free is not None)
    if free:
        assert evaluation.order.lines[0].discount_quantity == free
        assert evaluation.order.total_amount == bought * 500


@pytest.mark.requirement(10)
def test_a_gift_for_something_of_a_category_comes_once():
    gift = ruled(
        voucher("GIFT", units(1, "prod_pin")),
        asks("order.items.any", "$is", chosen("x", "products_collection")),
    )
    of_x = Line(product_id="prod_a", quantity=3, price=500, collection_ids=frozenset({"pc_x"}))

    given = run(gift, order=Order(lines=(of_x, of_x)))
    again = run(gift, order=Order(lines=(Line(product_id="prod_b", price=500),)))

    assert given.order.lines[2].quantity == 1
    assert again.valid is False


@pytest.mark.requirement(4)
@pytest.mark.parametrize(
    ("x", "y", "off"), [(1, 1, 250), (2, 1, 250), (2, 2, 500), (0, 2, None), (3, 0, None)]
)
def test_buy_x_get_y_at_half_price(x, y, off):
    bundle = {
        "limit": 100,
        **{
            str(n): {"name": "order.items.any", "conditions": {"$is": [chosen(name)]}}
            for n, name in enumerate(("x", "y"), start=1)
        },
        "scale_discount": True,
    }
    for_y = document(
        voucher("HALF", percent_off(50, "APPLY_TO_ITEMS")),
        included=[chosen("y", aggregated_quantity_limit=1)],
        bundle_rules={**bundle, "scale_discount": False},
    )
    once = taken(for_y, cart(*(line for line in (("x", x, 900), ("y", y, 500)) if line[1])))
    by_unit = document(
        voucher("HALF", {"type": "AMOUNT", "amount_off": 250,
                         "effect": "APPLY_TO_ITEMS_BY_QUANTITY"}),
        included=[chosen("y", aggregated_quantity_limit=1)],
        bundle_rules=bundle,
    )  # fmt: skip
    each = taken(by_unit, cart(*(line for line in (("x", x, 900), ("y", y, 500)) if line[1])))

    assert once == (None if off is None else 250)
    assert each == off


@pytest.mark.requirement(43, 54)
def test_only_for_one_product():
    phone = document(
        voucher("PHONE", percent_off(10, "APPLY_TO_ITEMS")),
        asks("order.items.any", "$is", chosen("iphone_x")),
        included=[chosen("iphone_x")],
    )

    assert taken(phone, cart(("iphone_x", 1, 99_900), ("case", 1, 2000))) == 9990
    assert taken(phone, cart(("case", 1, 2000))) is None


@pytest.mark.requirement(54)
@pytest.mark.parametrize(("days", "valid"), [(90, False), (91, True), (None, False)])
def test_only_for_those_who_stopped_buying(days, valid):
    lapsed = ruled(
        voucher("BACK", amount_off(500)),
        asks("wafa.customer.days_since_last_order", "$more_than", 90),
        asks("wafa.context.placement", "$is", "product"),
    )
    last = None if days is None else datetime.fromordinal(AT.toordinal() - days).replace(tzinfo=UTC)

    evaluation = run(
        lapsed,
        customer=Customer("c", last_order_at=last),
        caller=Caller(context={"placement": "product"}),
    )

    assert evaluation.valid is valid


@pytest.mark.requirement(20, 57)
@pytest.mark.parametrize(
    ("region", "at", "valid"),
    [
        ("IR", utc(2025, 6, 11, 6, 30), True),
        ("IR", utc(2025, 6, 11, 8, 29, 59), True),
        ("IR", utc(2025, 6, 11, 8, 30), False),
        ("TR", utc(2025, 6, 11, 7), False),
    ],
)
def test_next_to_the_cart_for_a_region_and_two_hours(region, at, valid):
    offer = ruled(
        voucher(
            "CART",
            amount_off(100),
            validity=Validity(daily_hours=(DailyHours(start=time(10), expiration=time(12)),)),
        ),
        asks("wafa.context", "$is", "IR", property="region"),
    )
    here = Caller(context={"region": region})

    assert run(offer, at=at, time_zone=ZoneInfo("Asia/Tehran"), caller=here).valid is valid


@pytest.mark.requirement(20)
@pytest.mark.parametrize(
    ("channel", "tiers", "key"),
    [
        ("app", {"ltr_premium"}, "applied"),
        ("web", {"ltr_premium"}, "redemption_rules_violated"),
        ("app", {"ltr_basic"}, "customer_rules_violated"),
    ],
)
def test_premium_members_in_the_app_alone(channel, tiers, key):
    premium = ruled(
        voucher("GOLD", amount_off(100)),
        asks("customer.loyalty_tier", "$is", "ltr_premium"),
        asks("wafa.context.channel", "$is", "app"),
        asks("wafa.customer.days_since_anniversary", "$is", 0),
    )
    member = Customer(
        "c", loyalty_tiers=frozenset(tiers), attributes={"created_at": date(2020, 6, 11)}
    )

    evaluation = run(premium, customer=member, caller=Caller(context={"channel": channel}))

    assert said(evaluation) == [("GOLD", key)]


@pytest.mark.requirement(76)
@pytest.mark.parametrize(
    ("day", "price", "channel", "valid"),
    [
        (1, 5000, "app", True),
        (7, 5000, "app", True),
        (8, 5000, "app", False),
        (1, 5001, "app", False),
        (1, 5000, "web", False),
    ],
)
def test_half_price_for_a_week_from_the_birthday(day, price, channel, valid):
    birthday = ruled(
        voucher("BDAY", percent_off(50, "APPLY_TO_ITEMS")),
        asks("wafa.customer.days_since_birthday", "$less_than_or_equal", 6),
        asks("order.items.price_each", "$less_than_or_equal", 5000),
        asks("wafa.context.channel", "$is", "app"),
    )
    born = Customer("c", attributes={"birthday": date(1990, 6, 1)})

    evaluation = run(
        birthday,
        order=cart(("tea", 1, price)),
        customer=born,
        at=utc(2025, 6, day, 12),
        caller=Caller(context={"channel": channel}),
    )

    assert evaluation.valid is valid


@pytest.mark.requirement(24)
def test_one_code_for_three_kinds_of_customers():
    """Soft: not offered, yet redeemable. Hard: refused. Dynamic: another amount."""
    code = ruled(
        voucher(
            "PUBLIC",
            {
                "type": "AMOUNT", "amount_off": 100, "effect": "APPLY_TO_ORDER",
                "amount_off_formula": 'DEFAULT_TO(CUSTOMER_METADATA("bonus"); 2)',
            },
        ),
        asks("customer.segment", "$not_in", "seg_banned"),
    )  # fmt: skip

    def off(**facts):
        return taken(code, Order(amount=5000), customer=Customer("c", **facts))

    assert off(segments=frozenset({"seg_other"})) == 200
    assert off(segments=frozenset({"seg_banned"})) is None
    assert off(segments=frozenset({"seg_other"}), metadata={"bonus": 7.5}) == 750


@pytest.mark.requirement(22, 35, 45)
def test_who_leaves_a_segment_is_refused_at_the_next_use():
    vip = ruled(tier("VIP", percent_off(10)), asks("customer.segment", "$is", "seg_vip"))
    order = Order(amount=1000)
    member = Customer("c", segments=frozenset({"seg_vip"}))

    assert run(vip, order=order, customer=member).valid is True
    assert said(run(vip, order=order, customer=replace(member, segments=frozenset()))) == [
        ("promo_VIP", "customer_rules_violated")
    ]


@pytest.mark.requirement(51)
def test_weather_is_as_good_as_any_fact():
    rain = ruled(
        voucher("RAIN", amount_off(100)),
        asks("order.metadata", "$is", "rain", property="weather"),
    )

    def valid(**metadata):
        return run(rain, order=Order(amount=500, metadata=metadata)).valid

    assert (valid(weather="rain"), valid(weather="sun"), valid()) == (True, False, False)


@pytest.mark.requirement(65, 66)
@pytest.mark.parametrize("make", [voucher, tier])
def test_starts_and_ends_to_the_second(make):
    window = Validity(starts_at=utc(2025, 6, 1), ends_at=utc(2025, 7, 1))

    def valid(*at):
        return run(make("A", amount_off(1), validity=window), at=utc(*at)).valid

    assert valid(2025, 5, 31, 23, 59, 59) is False
    assert valid(2025, 6, 1) is True
    assert valid(2025, 6, 30, 23, 59, 59) is True
    assert valid(2025, 7, 1) is False


@pytest.mark.requirement(70)
@pytest.mark.parametrize(
    ("at", "valid"),
    [
        (utc(2025, 3, 28, 13), True),  # Friday, winter time
        (utc(2025, 3, 28, 12, 59, 59), False),
        (utc(2025, 3, 31, 12), True),  # Monday, summer time
        (utc(2025, 3, 31, 13, 59, 59), True),
        (utc(2025, 3, 31, 14), False),
        (utc(2025, 3, 30, 12), False),  # Sunday
    ],
)
def test_working_days_from_two_to_four_across_the_change_of_clocks(at, valid):
    by_rule = ruled(
        voucher("A", amount_off(1)),
        asks("wafa.time", "$timeframe_daily_hours", "14:00;16:00;1,2,3,4,5"),
    )
    hours = DailyHours(frozenset({1, 2, 3, 4, 5}), time(14), time(16))
    by_validity = voucher("A", amount_off(1), validity=Validity(daily_hours=(hours,)))

    assert run(by_rule, at=at).valid is valid
    assert run(by_validity, at=at).valid is valid


@pytest.mark.requirement(248)
def test_no_forbidden_pair_is_ever_in_the_result():
    rules_ = replace(
        PARTIAL,
        exclusive_categories=frozenset({"cat_x"}),
        joint_categories=frozenset({"cat_j"}),
        applicable_exclusive_redeemables_limit=2,
    )
    groups = {"C": (), "X": in_category("x"), "J": in_category("j")}
    for kinds in product(groups, repeat=3):
        codes = [
            voucher(f"{kind}{n}", amount_off(100), categories=groups[kind])
            for n, kind in enumerate(kinds)
        ]
        evaluation = run(*codes, order=Order(amount=9000), stacking=rules_)
        applied = {each.redeemable.code[0] for each in evaluation.applied}
        assert not {"C", "X"} <= applied
        assert evaluation.valid is True


@pytest.mark.requirement(251)
def test_the_hierarchy_decides_whatever_the_request_says():
    rules_ = StackingRules(redeemables_sorting_rule=SortingRule.CATEGORY_HIERARCHY)
    codes = [
        voucher("1", percent_off(10), categories=in_category("a", 1)),
        voucher("2", amount_off(500), categories=in_category("b", 2)),
        voucher("3", percent_off(50), categories=in_category("c", 3)),
    ]

    found = {
        (run(*asked, order=Order(amount=10_000), stacking=rules_).order.total_amount,
         tuple(code for code, _ in said(run(*asked, order=Order(amount=10_000), stacking=rules_))))
        for asked in permutations(codes)
    }  # fmt: skip

    assert found == {(4250, ("1", "2", "3"))}


@pytest.mark.requirement(252)
def test_the_order_of_application_matters():
    ten, five = voucher("P", percent_off(10)), voucher("A", amount_off(500))

    assert run(ten, five, order=Order(amount=10_000)).order.total_amount == 8500
    assert run(five, ten, order=Order(amount=10_000)).order.total_amount == 8550


@pytest.mark.requirement(253)
def test_the_trace_says_why_each_promotion_was_left_out():
    rules_ = replace(
        PARTIAL,
        exclusive_categories=frozenset({"cat_x"}),
        applicable_redeemables_limit=1,
        redeemables_no_effect_rule=NoEffectRule.SKIP,
    )
    alone = voucher("ALONE", amount_off(500), categories=in_category("x"))
    other = voucher("OTHER", amount_off(500), categories=in_category("x"))
    common = voucher("COMMON", percent_off(10))
    idle = voucher("IDLE", percent_off(10), applicable_to=(entry("pot"),))
    order = cart(("tea", 1, 9000))

    crowded = explain(context(common, alone, other, order=order, stacking=rules_))
    empty = explain(context(idle, order=order, stacking=rules_))

    assert [each.steps[-1].actual for each in (*crowded, *empty) if each.suggestion] == [
        "exclusion_rules_not_met", "applicable_redeemables_limit_exceeded", "no_effect",
    ]  # fmt: skip
