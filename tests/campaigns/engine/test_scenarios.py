"""Promotions as marketers describe them, from their published documents to what is paid."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from campaigns.engine.facts import Caller, Customer, Line, Order
from campaigns.engine.history import Measure, Past
from campaigns.engine.redeemable import Campaign
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    percent_off,
    ruled,
    run,
    said,
    tier,
    units,
    voucher,
)
from tests.campaigns.engine.documents import AT_LEAST, chosen, document, taken

SHIPPING = "prod_5h1pp1ng"


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


@pytest.mark.requirement(5)
@pytest.mark.parametrize(("amount", "off"), [(9999, None), (10_000, 1500)])
def test_spend_some_get_some_off(amount, off):
    redeemable = ruled(voucher("A", amount_off(1500)), asks("order.amount", AT_LEAST, 10_000))

    assert taken(redeemable, Order(amount=amount)) == off


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
