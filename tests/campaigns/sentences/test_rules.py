"""Conditions and trees of conditions, each in the words that people read."""

from dataclasses import replace

import pytest

from campaigns import sentences
from tests.campaigns.engine.build import asks, rule
from tests.campaigns.sentences.spoken import AT_LEAST, CUP, FOR_SHOPPERS, SUMMER, TEA, WORDS

FROM_50 = asks("order.amount", AT_LEAST, 5000)
VIP = asks("customer.segment", "$is", "seg_vip")
MONDAY = asks("wafa.time", "$dow", 1)
RAIN = asks("order.metadata", "$is", "rain", property="weather")
HAS_TEA = asks("order.items.any", "$is", TEA)


def said(*conditions, logic=None, words=WORDS):
    return sentences.conditions(rule(*conditions, logic=logic), words)


@pytest.mark.requirement(41, 64)
@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (FROM_50, "The order amount must be at least 50.00 EUR."),
        (asks("order.initial_amount", "$more_than", 5000),
         "The order amount before all discounts must be more than 50.00 EUR."),
        (asks("order.total_amount", "$less_than", 5000),
         "The order amount after the discount must be less than 50.00 EUR."),
        ({"name": "order.amount", "conditions": {"$more_than": [1000], "$less_than": [2000]}},
         ("The order amount must be more than 10.00 EUR, and the order amount must be less than "
         "20.00 EUR.")),
        (asks("order.items.count", "$more_than", 2),
         "The number of order lines must be more than 2."),
        (asks("wafa.order.units", AT_LEAST, 1000),
         "The number of units in the order must be at least 1,000."),
        (asks("wafa.order.margin", AT_LEAST, 500),
         "The margin of the order must be at least 5.00 EUR."),
        (RAIN, "“weather” of the order must be “rain”."),
        (VIP, "The customer must be in the segment VIP."),
        (asks("customer.segment", "$in", "seg_vip", "seg_gold", "seg_new"),
         "The customer must be in the segment VIP, Gold or seg_new."),
        (asks("customer.segment", "$is_not", "seg_vip"),
         "The customer must not be in the segment VIP."),
        (asks("customer.loyalty_tier", "$is", "tier_silver"),
         "The customer must be in the loyalty tier Silver."),
        (asks("wafa.customer.attribute", "$is", "London", "Paris", property="city"),
         "The customer's city must be “London” or “Paris”."),
        (asks("wafa.customer.attribute", "$more_than", "2000-01-01", property="birthday"),
         "The customer's birthday must be after 1 Jan 2000."),
        (asks("wafa.customer.days_since_birthday", "$is", 0),
         "Today must be the customer's birthday."),
        (asks("wafa.customer.days_since_last_order", "$more_than", 90),
         "The number of days since the customer's last order must be more than 90."),
        (asks("redemption.api_key", "$is", "till"), "The API key must be till."),
        (asks("publication.redeemable_by_linked_customer", "$is", True),
         "The customer must be the one to whom the code was given."),
        (asks("publication.redeemable_by_linked_customer", "$is", False),
         "The customer must not be the one to whom the code was given."),
        (asks("wafa.context.channel", "$is", "app", "web"),
         "The channel must be “app” or “web”."),
        (asks("wafa.customer.rollout", "$less_than", 12.5),
         "The customer's place in the rollout must be less than 12.5."),
    ],
)  # fmt: skip
def test_says_a_condition(condition, sentence):
    assert said(condition) == [sentence]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (asks("wafa.customer.spend", AT_LEAST, 100_000),
         "The amount that the customer has spent so far must be at least 1,000.00 EUR."),
        (asks("wafa.customer.redemptions", "$is", 0, property="P6M"),
         "The customer must not have used any offer in the last 6 months."),
        (asks("wafa.customer.other_redemptions", "$less_than", 1, property="this_year"),
         "The customer must not have used any other offer this year."),
        (asks("wafa.customer.orders_with", "$is", 0, property="P6M;camp_1"),
         "The customer must not have ordered Spring in the last 6 months."),
        (asks("wafa.customer.orders_with", AT_LEAST, 1, property=";camp_1"),
         "The number of the customer's orders with Spring so far must be at least 1."),
        (asks("wafa.customer.redemptions", "$is", 0, property="P60D;camp_1"),
         "The customer must not have used the campaign Spring in the last 60 days."),
        (asks("wafa.customer.redemptions", "$less_than", 3, property="last_month;camp_1"),
         ("The number of the customer's uses of the campaign Spring last month must be less than "
         "3.")),
        (asks("wafa.customer.orders", "$less_than_or_equal", 0),
         "The customer must not have ordered so far."),
        (asks("wafa.customer.orders", "$more_than", 2, property="P1Y2M"),
         ("The number of the customer's orders in the last 1 year and 2 months must be more than "
         "2.")),
        (asks("redemption.count.per_customer", "$less_than_or_equal", 1),
         "At most 1 use per customer."),
        (asks("redemption.count.per_customer.daily", "$less_than", 3),
         "At most 2 uses per customer and day."),
        (asks("redemption.count.per_api_key", "$less_than", 3), "At most 2 uses per API key."),
        (asks("redemption.count.per_user", "$less_than", 3),
         "At most 2 uses per member of staff."),
        (asks("campaign.redemptions.count.daily", "$less_than", 500),
         "At most 499 uses of the campaign per day."),
        (asks("campaign.redemptions.customers_count.yearly", "$less_than_or_equal", 10),
         "At most 10 customers of the campaign per year."),
        (asks("campaign.orders.amount.weekly", "$less_than_or_equal", 100_000),
         "At most 1,000.00 EUR of orders with the campaign per week."),
        (asks("campaign.orders.amount_discounted", "$less_than_or_equal", 100_000),
         "At most 1,000.00 EUR of discount by the campaign."),
        (asks("campaign.redemptions.count.monthly", "$more_than", 99),
         "The number of uses of the campaign per month must be more than 99."),
    ],
)  # fmt: skip
def test_says_what_was_counted(condition, sentence):
    assert said(condition) == [sentence]


@pytest.mark.parametrize(
    ("conditions", "logic", "expected"),
    [
        ([FROM_50, VIP], None,
         ["The order amount must be at least 50.00 EUR.",
          "The customer must be in the segment VIP."]),
        ([FROM_50, VIP, MONDAY], "(1 or 2) and 3",
         [("The order amount must be at least 50.00 EUR, or the customer must be in the segment "
          "VIP."), "The time of use must be on Monday."]),
        ([FROM_50, VIP, MONDAY], "(1 and 2) or 3",
         [("(The order amount must be at least 50.00 EUR, and the customer must be in the segment "
          "VIP), or the time of use must be on Monday.")]),
        ([FROM_50, HAS_TEA], "not 1 and not 2",
         ["The order amount must be less than 50.00 EUR.", "The order must not contain Tea."]),
        ([RAIN], "not 1",
         ["“weather” of the order must not be “rain”, or it must be unknown."]),
        ([FROM_50, VIP], "not (1 and 2)",
         [("The order amount must be less than 50.00 EUR, or the customer must not be in the "
          "segment VIP.")]),
        ([FROM_50, VIP], "not (1 or 2)",
         ["The order amount must be less than 50.00 EUR.",
          "The customer must not be in the segment VIP."]),
        ([FROM_50, VIP, MONDAY, RAIN, HAS_TEA], "1 and (2 or (3 and 4) or not 5)",
         ["The order amount must be at least 50.00 EUR.",
          ("The customer must be in the segment VIP, or (the time of use must be on Monday, and "
          "“weather” of the order must be “rain”), or the order must not contain Tea.")]),
        ([FROM_50, FROM_50], "1 and 2", ["The order amount must be at least 50.00 EUR."]),
    ],
)  # fmt: skip
def test_joins_conditions_as_the_tree_does(conditions, logic, expected):
    assert said(*conditions, logic=logic) == expected


def test_says_what_hangs_under_a_condition():
    nested = {**FROM_50, "rules": {"1": VIP, "2": MONDAY, "logic": "1 or 2"}}

    assert said(nested) == [
        "The order amount must be at least 50.00 EUR.",
        "The customer must be in the segment VIP, or the time of use must be on Monday.",
    ]


@pytest.mark.requirement(64)
@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (HAS_TEA, "The order must contain Tea."),
        (asks("order.items.any", "$is", TEA, SUMMER),
         "The order must contain Tea or a product of the collection Summer."),
        (asks("order.items.any", "$is_not", TEA),
         "The order must contain something other than Tea."),
        (asks("order.items.none", "$is", TEA), "The order must not contain Tea."),
        (asks("order.items.every", "$is", TEA, CUP),
         "Every product in the order must be Tea or Cup."),
        (asks("order.items.cheapest", "$is", SUMMER),
         "The cheapest product in the order must be a product of the collection Summer."),
        (asks("order.items.most_expensive", "$is", TEA),
         "The most expensive product in the order must be Tea."),
        (asks("product.id", "$is", "prod_tea"), "The order must contain Tea."),
        (asks("sku.id", "$in", "sku_1", "prod_cup"), "The order must contain sku_1 or Cup."),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.aggregated_quantity", "$more_than", 2)}),
         "The order must contain at least 3 units of Tea."),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.aggregated_quantity", AT_LEAST, 1)}),
         "The order must contain at least 1 unit of Tea."),
        (asks("order.items.any", "$is", SUMMER, rules={
            "1": asks("order.items.aggregated_amount", AT_LEAST, 1200)}),
         "The order must contain the collection Summer for at least 12.00 EUR."),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.aggregated_quantity", "$more_than", 2), "logic": "not 1"}),
         "The order must contain Tea (the total quantity must be at most 2)."),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.quantity", AT_LEAST, 3),
            "2": asks("product.metadata", "$is", "red", property="color"), "logic": "1 or 2"}),
         ("The order must contain Tea (the quantity must be at least 3, or “color” of the product "
         "must be “red”).")),
        (asks("order.items.none", "$is", TEA, rules={
            "1": asks("order.items.price", "$less_than", 400)}),
         "The order must not contain Tea (the unit price must be less than 4.00 EUR)."),
        (asks("order.items.price_each", "$less_than", 400),
         "For every product in the order, the unit price must be less than 4.00 EUR."),
        (asks("order.items.price_any", "$more_than", 900),
         "The order must contain a product (the unit price must be more than 9.00 EUR)."),
        (asks("product.metadata", "$is", "red", property="color"),
         "The order must contain a product (“color” of the product must be “red”)."),
        (asks("order.items.any", "$is", {"id": "pc_a11pr0dUc75", "object": "products_collection"}),
         "The order must contain any product."),
    ],
)  # fmt: skip
def test_says_a_rule_about_products(condition, sentence):
    assert said(condition) == [sentence]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (asks("order.items.none", "$is", TEA), "The order must contain Tea."),
        (asks("order.items.every", "$is", TEA),
         "At least one product in the order must not be Tea."),
        (asks("order.items.cheapest", "$is", TEA),
         "The cheapest product in the order must not be Tea."),
        (asks("order.items.any", "$is", TEA, rules={
            "1": asks("order.items.quantity", AT_LEAST, 3)}),
         "The order must not contain Tea (the quantity must be at least 3)."),
        (asks("order.items.price_each", "$less_than", 400),
         ("This must not be so: for every product in the order, the unit price must be less than "
         "4.00 EUR.")),
    ],
)  # fmt: skip
def test_says_the_contrary_of_a_rule_about_products(condition, sentence):
    assert said(condition, logic="not 1") == [sentence]


def test_a_rule_that_only_chooses_products_asks_nothing():
    chosen = asks("order.items.any", "$is", TEA, rules={
        "1": asks("product.discount_applicable", "$is", True)})  # fmt: skip

    assert said(chosen) == ["The order must contain Tea."]
    assert said(asks("product.discount_applicable", "$is", True)) == []


def test_keeps_to_itself_what_shoppers_do_not_need_to_know():
    found = said(
        VIP,
        asks("customer.metadata", "$is", "high", property="risk"),
        asks("campaign.orders.amount", "$less_than", 100),
        FROM_50,
        words=FOR_SHOPPERS,
    )

    assert found == [
        "The customer must be one of those whom it is for.",
        "The shop must allow it in this case.",
        "The order amount must be at least 50.00 EUR.",
    ]


def test_an_id_without_a_name_reads_as_itself():
    assert said(VIP, words=replace(WORDS, names={})) == [
        "The customer must be in the segment seg_vip."
    ]
