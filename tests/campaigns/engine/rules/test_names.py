"""Every rule name on a request that satisfies it and on one that does not."""

from datetime import UTC, date, datetime

import pytest

from campaigns.engine.facts import Customer
from campaigns.engine.rules.counted import COUNTED, PAST
from campaigns.engine.rules.items import ALONE, CHOOSING
from campaigns.engine.rules.names import NAMES
from tests.campaigns.engine.build import AT, amount_off, asks, ruled, run, voucher
from tests.campaigns.engine.rules.shop import (
    AT_LEAST,
    AT_MOST,
    CAMPAIGN,
    DRINKS,
    HOURS,
    IS,
    ITEM,
    MORE,
    OTHER,
    answer,
    inner,
)

# name, operator, value that holds, value that does not; more as property or inner rules
CASES = [
    ("customer.segment", IS, "seg_vip", "seg_new", {}),
    ("customer.segment", "$is_not", "seg_new", "seg_vip", {}),
    ("customer.loyalty_tier", IS, "ltr_gold", "ltr_tin", {}),
    ("customer.metadata", AT_LEAST, 30, 31, {"property": "age"}),
    ("customer.metadata", IS, "x", "z", {"property": "tags"}),
    ("order.amount", AT_LEAST, 3500, 3501, {}),
    ("order.initial_amount", AT_MOST, 3500, 3499, {}),
    ("order.total_amount", AT_LEAST, 3400, 3401, {}),
    ("order.items.count", IS, 2, 4, {}),
    ("wafa.order.units", IS, 4, 2, {}),
    ("wafa.order.margin", AT_LEAST, 1500, 1501, {}),
    ("order.items.price_any", IS, 500, 400, {}),
    ("order.items.price_each", AT_LEAST, 500, 501, {}),
    ("order.items.metadata_any", IS, 2, 3, {"property": "weight"}),
    ("order.items.metadata_each", IS, True, False, {"property": "gift"}),
    ("order.items.metadata", IS, 2, 3, {"property": "weight"}),
    ("order.metadata", IS, "Santorini", "Rome", {"property": "place"}),
    ("order.metadata", IS, 1, 2, {"property": "nested.a"}),
    ("order.items.any", IS, ITEM, OTHER, {}),
    ("order.items.any", IS, {"id": "prod_cup", "object": "product"}, OTHER, {}),
    ("order.items.any", "$from", DRINKS, {**DRINKS, "id": "pc_ware"}, {}),
    ("order.items.any", "$is_not", OTHER, None, {}),
    ("order.items.every", "$in", None, ITEM, {}),
    ("order.items.every", "$is_not", OTHER, ITEM, {}),
    ("order.items.none", IS, OTHER, ITEM, {}),
    ("order.items.cheapest", IS, {"id": "sku_large", "object": "sku"}, ITEM, {}),
    ("order.items.most_expensive", IS, ITEM, {"id": "sku_large", "object": "sku"}, {}),
    ("product.id", IS, "prod_tea", "prod_pot", {}),
    ("product.id", IS, "tea-1", "tea-2", {}),
    ("product.id", "$is_not", "prod_tea", None, {}),
    ("sku.id", IS, "sku_large", "sku_small", {}),
    ("sku.id", IS, "cup-l", "cup-s", {}),
    ("product.price", AT_LEAST, 1000, 1001, {}),
    ("product.quantity", AT_LEAST, 3, 4, {}),
    ("product.metadata", IS, "green", "black", {"property": "kind"}),
    ("product.metadata.aggregated_quantity", IS, 4, 3, {}),
    ("product.metadata.aggregated_amount", IS, 3500, 3000, {}),
    ("sku.metadata", IS, "L", "S", {"property": "size"}),
    ("sku.price", IS, 500, 400, {}),
    ("sku.quantity", IS, 1, 2, {}),
    ("order.items.quantity", IS, 3, 4, {}),
    ("order.items.price", IS, 1000, 999, {}),
    ("order.items.aggregated_quantity", IS, 4, 3, {}),
    ("order.items.aggregated_amount", IS, 3500, 3499, {}),
    ("redemption.metadata", IS, "web", "app", {"property": "source"}),
    ("redemption.api_key", IS, "key_1", "key_2", {}),
    ("redemption.user.login", IS, "Ann", "Bob", {}),
    ("redemption.gift.amount", AT_MOST, 300, 299, {}),
    ("redemption.reward.pay_with_points.points_used", AT_MOST, 50, 49, {}),
    ("publication.redeemable_by_linked_customer", IS, True, False, {}),
    ("custom_event.metadata", MORE, 1, 2, {"property": "lining"}),
    ("campaign.redemptions.count", AT_MOST, 10, 9, {}),
    ("campaign.redemptions.count.daily", AT_MOST, 3, 2, {}),
    ("campaign.redemptions.count.weekly", AT_MOST, 4, 3, {}),
    ("campaign.redemptions.count.monthly", AT_MOST, 5, 4, {}),
    ("campaign.redemptions.count.yearly", AT_MOST, 6, 5, {}),
    ("campaign.redemptions.customers_count", AT_MOST, 8, 7, {}),
    ("campaign.redemptions.customers_count.daily", AT_MOST, 1, 0, {}),
    ("campaign.redemptions.customers_count.weekly", AT_MOST, 1, 0, {}),
    ("campaign.redemptions.customers_count.monthly", AT_MOST, 1, 0, {}),
    ("campaign.redemptions.customers_count.yearly", AT_MOST, 1, 0, {}),
    ("campaign.orders.amount", AT_MOST, 13_400, 13_399, {}),
    ("campaign.orders.amount.daily", AT_MOST, 3400, 3399, {}),
    ("campaign.orders.amount.weekly", AT_MOST, 3400, 3399, {}),
    ("campaign.orders.amount.monthly", AT_MOST, 3400, 3399, {}),
    ("campaign.orders.amount.yearly", AT_MOST, 3400, 3399, {}),
    ("campaign.orders.amount_discounted", AT_MOST, 1000, 999, {}),
    ("campaign.orders.amount_discounted.daily", AT_MOST, 100, 99, {}),
    ("campaign.orders.amount_discounted.weekly", AT_MOST, 100, 99, {}),
    ("campaign.orders.amount_discounted.monthly", AT_MOST, 100, 99, {}),
    ("campaign.orders.amount_discounted.yearly", AT_MOST, 100, 99, {}),
    ("redemption.count", AT_MOST, 3, 2, {}),
    ("redemption.count.daily", AT_MOST, 1, 0, {}),
    ("redemption.count.weekly", AT_MOST, 1, 0, {}),
    ("redemption.count.monthly", AT_MOST, 1, 0, {}),
    ("redemption.count.yearly", AT_MOST, 1, 0, {}),
    ("redemption.count.per_customer", AT_MOST, 2, 1, {}),
    ("redemption.count.per_customer.daily", AT_MOST, 1, 0, {}),
    ("redemption.count.per_customer.weekly", AT_MOST, 1, 0, {}),
    ("redemption.count.per_customer.monthly", AT_MOST, 1, 0, {}),
    ("redemption.count.per_customer.yearly", AT_MOST, 1, 0, {}),
    ("redemption.count.per_api_key", AT_MOST, 6, 5, {}),
    ("redemption.count.per_user", AT_MOST, 7, 6, {}),
    ("wafa.campaign.redemptions.count.per_customer", AT_MOST, 1, 0, {}),
    ("wafa.campaign.redemptions.count.per_customer.daily", AT_MOST, 1, 0, {}),
    ("wafa.campaign.redemptions.count.per_customer.weekly", AT_MOST, 1, 0, {}),
    ("wafa.campaign.redemptions.count.per_customer.monthly", AT_MOST, 1, 0, {}),
    ("wafa.campaign.redemptions.count.per_customer.yearly", AT_MOST, 1, 0, {}),
    ("wafa.customer.attribute", IS, "London", "Leeds", {"property": "city"}),
    ("wafa.customer.attribute", "$before", "1990-06-10", "1990-06-09", {"property": "birthday"}),
    ("wafa.customer.last_order_amount", IS, 2500, 2501, {}),
    ("wafa.customer.days_since_last_order", MORE, 90, 110, {}),
    ("wafa.customer.days_since_birthday", AT_MOST, 2, 1, {}),
    ("wafa.customer.days_since_anniversary", IS, 0, 1, {}),
    ("wafa.customer.rollout", "$less_than", 100, 0, {}),
    ("wafa.customer.orders", IS, 4, 0, {}),
    ("wafa.customer.spend", AT_LEAST, 100_000, 100_001, {}),
    ("wafa.customer.spend", AT_LEAST, 100_000, 100_001, {"property": "last_year"}),
    ("wafa.customer.orders_with", IS, 2, 0, {"property": "P6M;pc_tea"}),
    ("wafa.customer.redemptions", IS, 0, 1, {"property": "P6M"}),
    ("wafa.customer.redemptions", IS, 1, 0, {"property": "P30D;camp_2"}),
    ("wafa.customer.other_redemptions", IS, 0, 1, {"property": "P6M"}),
    ("wafa.context", IS, "ios", "android", {"property": "system"}),
    ("wafa.context.channel", IS, "app", "web", {}),
    ("wafa.context.placement", "$starts_with", "category:", "cart", {}),
    ("wafa.context.store", IS, "berlin", "bonn", {}),
    ("wafa.time", "$dow", 3, 1, {}),
    ("wafa.time", "$timeframe_absolute", HOURS, "2025-06-11T10:00:00Z;2025-06-11T12:00:00Z", {}),
    (
        "order.items.any", IS, ITEM, OTHER,
        {"rules": inner("order.items.quantity", AT_LEAST, 3)},
    ),
]  # fmt: skip


@pytest.mark.requirement(35, 36, 37, 39, 41, 43, 51, 79, 80, 81, 82, 83)
@pytest.mark.parametrize(("name", "operator", "value", "other", "more"), CASES)
def test_asks(name, operator, value, other, more):
    if value is not None:
        assert answer(asks(name, operator, value, **more)).valid is True
    if other is not None:
        assert answer(asks(name, operator, other, **more)).valid is False


def test_every_name_is_asked():
    asked = {case[0] for case in CASES}

    assert asked == {*NAMES, *COUNTED, *PAST, *CHOOSING, *ALONE}


@pytest.mark.requirement(51)
@pytest.mark.parametrize("name", [n for n, name in NAMES.items() if n != "wafa.time"])
def test_a_missing_fact_is_false_and_no_error(name):
    known = NAMES[name]
    more = {"property": "nothing"} if known.takes_property else {}
    if known.kinds is not None:
        more = {"property": "city"}
    operator = "$has_value"
    bare = voucher("A", amount_off(100))

    evaluation = run(ruled(bare, asks(name, operator, True, **more)), at=AT, customer=Customer())

    expected = name in {
        "customer.segment", "customer.loyalty_tier", "publication.redeemable_by_linked_customer",
    }  # fmt: skip
    assert evaluation.valid is expected


def test_an_unknown_past_is_false():
    assert answer(asks("wafa.customer.redemptions", IS, 0, property="P7D")).valid is False
    assert answer(asks("wafa.customer.redemptions", "$is_not", 1, property="P7D")).valid is False


@pytest.mark.requirement(68, 76)
@pytest.mark.parametrize(
    ("born", "today", "days"),
    [
        (date(1990, 6, 11), datetime(2025, 6, 11, 12, tzinfo=UTC), 0),
        (date(1990, 6, 11), datetime(2025, 6, 17, 12, tzinfo=UTC), 6),
        (date(1990, 6, 12), datetime(2025, 6, 11, 12, tzinfo=UTC), 364),
        (date(1992, 2, 29), datetime(2025, 3, 1, 12, tzinfo=UTC), 0),
        (date(1992, 2, 29), datetime(2024, 2, 29, 12, tzinfo=UTC), 0),
        (date(1992, 12, 31), datetime(2025, 1, 1, 12, tzinfo=UTC), 1),
    ],
)
def test_counts_days_since_the_birthday(born, today, days):
    redeemable = ruled(voucher("A"), asks("wafa.customer.days_since_birthday", IS, days))

    assert run(redeemable, at=today, customer=Customer(attributes={"birthday": born})).valid


@pytest.mark.requirement(60)
def test_a_rollout_keeps_customers_in_and_grows():
    def share(percent):
        redeemable = ruled(
            voucher("A", campaign=CAMPAIGN), asks("wafa.customer.rollout", "$less_than", percent)
        )
        return {n for n in range(300) if run(redeemable, customer=Customer(f"cust_{n}")).valid}

    one, ten, all_of_them = share(1), share(10), share(100)
    assert one <= ten <= all_of_them
    assert len(all_of_them) == 300
    assert 10 < len(ten) < 60
