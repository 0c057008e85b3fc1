"""Promotions with their times, as marketers describe them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from campaigns.engine.facts import Caller, Customer
from campaigns.engine.history import Measure, Past
from campaigns.engine.redeemable import DailyHours, Validity
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    cart,
    percent_off,
    ruled,
    run,
    tier,
    voucher,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


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


@pytest.mark.requirement(57)
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
