from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_project.core import money

MANY = settings(max_examples=300, deadline=None, database=None)


@pytest.mark.parametrize(
    ("amount", "millionths", "share"),
    [
        (199900, 200_000, 39980),
        (100, 125_000, 13),  # 12.5
        (100, 124_999, 12),
        (1, 500_000, 1),
        (1, 499_999, 0),
        (-100, 125_000, -13),
        (0, 1_000_000, 0),
        (10**15, 1, 10**9),
    ],
)
def test_percent_of_rounds_half_up(amount, millionths, share):
    assert money.percent_of(amount, millionths) == share


@MANY
@given(st.integers(-(10**12), 10**12), st.integers(0, 1_000_000))
def test_percent_of_is_what_decimals_give(amount, millionths):
    exact = Decimal(amount) * millionths / 1_000_000

    assert money.percent_of(amount, millionths) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (300, (3300, 3400), (148, 152)),
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (1, 1, 1), (34, 34, 33)),
        (10, (1, 2, 0), (3, 7, 0)),
        (1000, (2000, 4500, 6000), (160, 360, 480)),
        (5, (), ()),
        (5, (0, 0), (0, 0)),
        (0, (3, 4), (0, 0)),
    ],
)
def test_allocates_by_the_largest_remainder_and_ties_to_the_earlier(total, weights, parts):
    assert money.allocate(total, weights) == parts


@MANY
@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_parts_sum_to_the_whole_and_are_fair(total, weights):
    parts = money.allocate(total, weights)

    whole = sum(weights)
    assert sum(parts) == (total if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < max(1, whole)


@pytest.mark.parametrize(("total", "weights"), [(-1, (1,)), (1, (1, -1))])
def test_refuses_to_allocate_what_is_negative(total, weights):
    with pytest.raises(ValueError, match="never negative"):
        money.allocate(total, weights)


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("12.50", 2, 1250),
        ("12.5", 2, 1250),
        ("12", 2, 1200),
        ("-0.01", 2, -1),
        ("12.500", 2, 1250),
        ("1000", 0, 1000),
        ("1000.0", 0, 1000),
        ("1.234", 3, 1234),
        ("999999999999999999", 2, 99999999999999999900),
    ],
)
def test_reads_major_units(text, exponent, minor):
    assert money.to_minor(text, exponent) == minor


@pytest.mark.parametrize(
    ("text", "exponent"),
    [
        ("12.505", 2),
        ("0.5", 0),
        ("", 2),
        (".5", 2),
        ("5.", 2),
        ("1e3", 2),
        ("1,000", 2),
        ("1 000", 2),
        (" 1", 2),
        ("+1", 2),
        ("NaN", 2),
        ("Infinity", 2),
        ("۱۲", 2),
        ("1\n", 2),
        ("1" * 19, 2),
    ],
)
def test_refuses_what_is_no_amount(text, exponent):
    with pytest.raises(money.InvalidAmount) as raised:
        money.to_minor(text, exponent)

    assert raised.value.key == "invalid_amount"


@pytest.mark.parametrize(
    ("amount", "exponent", "text"),
    [(1250, 2, "12.50"), (-5, 2, "-0.05"), (1234, 3, "1.234"), (1000, 0, "1000"), (0, 2, "0.00")],
)
def test_writes_major_units(amount, exponent, text):
    assert str(money.to_major(amount, exponent)) == text


@MANY
@given(st.integers(-(10**15), 10**15), st.integers(0, 4))
def test_what_is_written_is_read_back(amount, exponent):
    assert money.to_minor(str(money.to_major(amount, exponent)), exponent) == amount


@pytest.mark.parametrize(
    ("percent", "millionths", "written"),
    [
        ("12.5", 125_000, 12.5),
        ("10", 100_000, 10),
        ("10.0", 100_000, 10),
        ("33.3333", 333_333, 33.3333),
    ],
)
def test_percentages_are_millionths(percent, millionths, written):
    assert money.to_millionths(percent) == millionths
    assert money.to_percent(millionths) == written
    assert isinstance(money.to_percent(millionths), type(written))


def test_refuses_a_percentage_finer_than_a_millionth():
    with pytest.raises(money.InvalidAmount):
        money.to_millionths("1.00001")
