"""Discounts whose value is a formula, and what stands where a formula has no value."""

from datetime import UTC, date, datetime

import pytest

from campaigns.engine import effects, operands
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.engine.facts import Customer, Line, Order, Product, Usage
from campaigns.engine.redeemable import ApplicableTo, Campaign, Validity
from campaigns.engine.rules import entries
from tests.campaigns.engine.build import cart, run, tier, voucher

ORDER = Order(
    lines=(
        Line(product_id="prod_car", quantity=1, price=50_000, metadata={"days_in_lot": 180}),
        Line(
            product_id="prod_cup", quantity=2, price=600,
            product=Product("prod_cup", metadata={"margin": 0.25}),
        ),
    ),
    metadata={"bonus": 3},
)  # fmt: skip


def amount(formula, fallback=100, effect="APPLY_TO_ORDER", **more):
    return {
        "type": "AMOUNT", "amount_off": fallback, "amount_off_formula": formula, "effect": effect,
        **more,
    }  # fmt: skip


def percent(formula, fallback=1, effect="APPLY_TO_ORDER"):
    return {
        "type": "PERCENT", "percent_off": fallback, "percent_off_formula": formula,
        "effect": effect,
    }  # fmt: skip


def taken(discount, order=ORDER, **facts):
    evaluation = run(voucher("F", discount), order=order, **facts)
    return evaluation.order.total_applied_discount_amount


@pytest.mark.requirement(15, 23)
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("MIN(20; 0.1 * ORDER_AMOUNT)", 2000),
        ("ORDER_INITIAL_AMOUNT / 100", 512),
        ("ORDER_ITEMS_QUANTITY", 200),
        ("ORDER_UNITS_QUANTITY", 300),
        ("CHEAPEST_ORDER_ITEM_PRICE", 600),
        ("CHEAPEST_ORDER_ITEM_AMOUNT", 1200),
        ("CHEAPEST_ORDER_ITEM_UNITS_QUANTITY", 200),
        ('CHEAPEST_ORDER_ITEM_PRODUCT_METADATA("margin") * 10', 250),
        ('MOST_EXPENSIVE_ORDER_ITEM_METADATA("days_in_lot") / 100', 180),
        ("MOST_EXPENSIVE_ORDER_ITEM_PRICE / 100", 500),
        ("MOST_EXPENSIVE_ORDER_ITEM_SUBTOTAL / 100", 500),
        ('ORDER_METADATA("bonus")', 300),
        ('CUSTOMER_METADATA("points") * 0.015', 8),
        ('REDEEMABLE_METADATA("worth")', 700),
        ('REDEMPTION_METADATA("tip")', 50),
        ('PUBLICATION_METADATA("wave")', 900),
        ("VOUCHER_REDEMPTION_QUANTITY", 1000),
        ("VOUCHER_REDEEMED_QUANTITY", 400),
        ("VOUCHER_PUBLISH_COUNT", 200),
        ("DAYS_SINCE(VOUCHER_START_DATE)", 1000),
        ("DAYS_UNTIL(VOUCHER_EXPIRATION_DATE)", 500),
        ("YEARS_SINCE(CUSTOMER_BIRTHDATE)", 3500),
        ("WAFA_CUSTOMER_ORDERS", 600),
        ("WAFA_CUSTOMER_SPEND / 10", 123),
        ("MONTH + DAY_OF_MONTH", 1700),
        ("0.005", 1),
        ("0.0049", 0),
        ("-5", 0),
    ],
)
def test_computes_an_amount_in_major_units(formula, expected):
    redeemable = voucher(
        "F",
        amount(formula),
        metadata={"worth": 7},
        usage=Usage(limit=10, redeemed=4),
        published={"wave": 9},
        publish_count=2,
        validity=Validity(starts_at=datetime(2025, 6, 1, tzinfo=UTC)),
        campaign=Campaign("c", validity=Validity(ends_at=datetime(2025, 6, 16, tzinfo=UTC))),
    )
    customer = Customer(
        metadata={"points": 5},
        attributes={"birthday": date(1990, 1, 1)},
        orders_count=6,
        orders_amount=1234,
    )

    evaluation = run(redeemable, order=ORDER, customer=customer, metadata={"tip": 0.5})

    assert evaluation.order.total_applied_discount_amount == expected


@pytest.mark.parametrize(
    "formula",
    [
        'ORDER_METADATA("nothing") * 2',
        "1 / (ORDER_AMOUNT - 512)",
        "DAYS_SINCE(CUSTOMER_BIRTHDATE)",
        "VOUCHER_REDEMPTION_QUANTITY",
        "DAYS_SINCE(PROMOTION_TIER_START_DATE)",
    ],
)
def test_falls_back_to_the_fixed_value(formula):
    assert taken(amount(formula, fallback=123)) == 123


def test_tiers_have_dates_of_their_own():
    starts = Validity(starts_at=datetime(2025, 6, 1, tzinfo=UTC))
    evaluation = run(
        tier("T", amount("DAYS_SINCE(PROMOTION_TIER_START_DATE)"), validity=starts), order=ORDER
    )

    assert evaluation.order.total_applied_discount_amount == 1000


@pytest.mark.requirement(7, 23)
@pytest.mark.parametrize(("total", "discount"), [(9999, 0), (10_000, 1000), (19_999, 2000),
                                                 (20_000, 3000)])  # fmt: skip
def test_spend_tiers_in_one_percentage(total, discount):
    tiers = percent("IF(ORDER_AMOUNT >= 200; 15; IF(ORDER_AMOUNT >= 100; 10; 0))")

    assert taken(tiers, order=Order(amount=total)) == discount


@pytest.mark.requirement(59)
@pytest.mark.parametrize(("days", "discount"), [(0, 0), (30, 1000), (180, 4000), (900, 5000)])
def test_the_older_the_stock_the_more_is_off(days, discount):
    order = Order(lines=(Line(price=50_000, metadata={"days_in_lot": days}),))
    formula = (
        'MIN(10; IF(ORDER_ITEM_METADATA("days_in_lot") >= 365; 10;'
        ' IF(ORDER_ITEM_METADATA("days_in_lot") >= 180; 8;'
        ' IF(ORDER_ITEM_METADATA("days_in_lot") >= 30; 2; 0))))'
    )

    assert taken(percent(formula, effect="APPLY_TO_ITEMS"), order=order) == discount


def test_each_line_has_a_value_of_its_own_and_its_own_fallback():
    discount = percent('ORDER_ITEM_METADATA("days_in_lot") / 10', 50, "APPLY_TO_ITEMS")

    evaluation = run(voucher("F", discount), order=ORDER)

    assert [line.discount_amount for line in evaluation.order.lines] == [9000, 600]


@pytest.mark.parametrize(
    ("effect", "lines"),
    [("APPLY_TO_ITEMS", [5000, 60]), ("APPLY_TO_ITEMS_BY_QUANTITY", [5000, 120])],
)
def test_amounts_per_line_and_per_unit(effect, lines):
    discount = amount("ORDER_ITEM_PRICE * 0.1", effect=effect)

    evaluation = run(voucher("F", discount), order=ORDER)

    assert [line.discount_amount for line in evaluation.order.lines] == lines


def test_a_fixed_price_by_formula():
    discount = {
        "type": "FIXED", "fixed_amount": 100, "fixed_amount_formula": "ORDER_ITEM_PRICE * 0.01 + 1",
        "effect": "APPLY_TO_ITEMS",
    }  # fmt: skip

    evaluation = run(voucher("F", discount), order=cart(("cup", 2, 600)))

    assert evaluation.order.total_amount == 2 * 106


def test_prices_of_entries_by_formula():
    (entry,) = entries.read(
        [{"object": "product", "id": "prod_cup", "price": 500,
          "price_formula": 'ORDER_ITEM_PRODUCT_METADATA("margin") * 10'}], "included",
    )  # fmt: skip
    (unknown,) = entries.read(
        [{"object": "product", "id": "prod_cup", "price": 500,
          "price_formula": 'ORDER_ITEM_PRODUCT_METADATA("nothing")'}], "included",
    )  # fmt: skip
    fixed = {"type": "FIXED", "fixed_amount": 0}

    def paid(chosen: ApplicableTo) -> int:
        evaluation = run(voucher("F", fixed, applicable_to=(chosen,)), order=ORDER)
        return evaluation.order.lines[1].subtotal_amount

    assert (paid(entry), paid(unknown)) == (500, 1000)


def test_knows_who_needs_the_decimals_of_the_currency():
    entry = {"object": "product", "id": "prod_cup"}
    plain, priced = entries.read(
        [entry, {**entry, "price_formula": "ORDER_ITEM_PRICE"}], "included"
    )
    gift = {"type": "UNIT", "unit_type": "prod_pin", "unit_off": 1}
    many = {"type": "UNIT", "effect": "ADD_MANY_ITEMS"}

    def asks(discount, *chosen):
        return operands.has_formula(voucher("F", discount, applicable_to=chosen))

    assert asks(amount("ORDER_AMOUNT")) is True
    assert asks(percent("1"), priced) is True
    assert asks(amount(None), plain, priced) is True
    assert (
        asks({**many, "units": [{**gift, "effect": "ADD_NEW_ITEMS", "unit_off_formula": "2"}]})
        is True
    )
    assert asks(amount(None), plain) is asks(gift) is asks(None) is False


def test_units_are_whole():
    gift = {"type": "UNIT", "unit_type": "prod_pin", "unit_off": 1,
            "unit_off_formula": "ORDER_AMOUNT / 200"}  # fmt: skip
    unknown = {**gift, "unit_off_formula": 'ORDER_METADATA("nothing")'}
    many = {"type": "UNIT", "effect": "ADD_MANY_ITEMS",
            "units": [{**gift, "effect": "ADD_NEW_ITEMS"}]}  # fmt: skip

    def given(discount):
        return run(voucher("F", discount), order=ORDER).order.lines[2].quantity

    assert [given(each) for each in (gift, unknown, many)] == [2, 1, 2]


def test_an_amount_in_a_currency_without_decimals():
    assert taken(amount("1234.5"), order=Order(amount=5000), exponent=0) == 1235
    assert taken(amount("1.2345"), order=Order(amount=5000), exponent=3) == 1235


@pytest.mark.requirement(23)
@pytest.mark.parametrize(
    ("discount", "details"),
    [
        (amount("ORDER_AMONT * 2"),
         "Property .discount.amount_off_formula ORDER_AMONT is unknown"),
        (amount("ORDER_AMOUNT / 0"), "Property .discount.amount_off_formula divides by zero"),
        (amount("ORDER_ITEM_PRICE"),
         "Property .discount.amount_off_formula ORDER_ITEM_PRICE is unknown"),
        (amount("ORDER_ITEM_PRICE", effect="APPLY_TO_ITEMS_PROPORTIONALLY"),
         "Property .discount.amount_off_formula ORDER_ITEM_PRICE is unknown"),
        (percent('ORDER_AMOUNT is "x"'),
         "Property .discount.percent_off_formula is mixes a number with a text"),
        ({"type": "AMOUNT", "amount_off_formula": "5"},
         "Property .discount.amount_off is required"),
        ({"type": "FIXED", "fixed_amount": 1, "fixed_amount_formula": ""},
         "Property .discount.fixed_amount_formula must not be empty"),
        ({"type": "UNIT", "unit_type": "p", "unit_off_formula": "("},
         "Property .discount.unit_off_formula ends too early"),
        ({"type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": [
            {"unit_type": "p", "effect": "ADD_NEW_ITEMS", "unit_off_formula": "x"}]},
         "Property .discount.units[0].unit_off_formula x is unknown"),
    ],
)  # fmt: skip
def test_refuses_a_formula_when_it_is_saved(discount, details):
    with pytest.raises(InvalidDiscount) as refused:
        effects.read(discount)

    assert refused.value.details == details


def test_the_price_of_a_line_that_has_an_amount_alone():
    order = Order(lines=(Line(product_id="prod_tea", quantity=3, amount=1000),))

    assert taken(amount("CHEAPEST_ORDER_ITEM_PRICE"), order) == 333
