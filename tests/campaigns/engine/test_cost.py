"""The worst case: as many redemptions as there can be, each with the highest discount."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.engine import effects
from campaigns.engine.cost import Run, WorstCase, run_of, worst_case
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import Limit
from tests.campaigns.engine.build import amount_off, fixed, percent_off, units

TEN = amount_off(1000)
CAPPED = percent_off(20, amount_limit=2500)
FORMULA = amount_off(1000, "APPLY_TO_ORDER", amount_off_formula="ORDER_AMOUNT / 10")


def limit(measure, value, scope=Scope.CAMPAIGN, **more):
    return Limit("lim_1", Measure(measure), scope, value, **more)


def case(*documents, limits=(), **more):
    return worst_case([effects.read(each) for each in documents], limits, **more)


@pytest.mark.requirement(91)
@pytest.mark.parametrize(
    ("document", "more", "discount"),
    [
        (TEN, {}, 1000),
        (amount_off(1000, "APPLY_TO_ORDER"), {"chooses_items": True}, 1000),
        (amount_off(1000, "APPLY_TO_ORDER"), {"bundles": 3}, 3000),
        (TEN, {"chooses_items": True}, None),
        (amount_off(1000, "APPLY_TO_ITEMS"), {}, None),
        (amount_off(1000, "APPLY_TO_ITEMS", aggregated_amount_limit=4000), {}, 4000),
        (amount_off(1000, "APPLY_TO_ITEMS_PROPORTIONALLY"), {}, 1000),
        (FORMULA, {}, None),
        (CAPPED, {}, 2500),
        (percent_off(20, "APPLY_TO_ITEMS", amount_limit=3000, aggregated_amount_limit=2000), {},
         2000),
        (percent_off(20), {}, None),
        (fixed(5000), {}, None),
        (units(1, "prod_tea", "ADD_NEW_ITEMS"), {}, None),
    ],
)  # fmt: skip
def test_the_highest_discount_of_one_redemption(document, more, discount):
    assert case(document, **more).discount == discount


@pytest.mark.requirement(91)
@pytest.mark.parametrize(
    ("limits", "more", "redemptions"),
    [
        ((), {}, None),
        ((), {"codes": 1000, "uses": 2}, 2000),
        ((), {"codes": 1000}, None),
        ((limit("redemptions", 500),), {"codes": 1000, "uses": 1}, 500),
        ((limit("redemptions", 500),), {"codes": 100, "uses": 1}, 100),
        ((limit("redemptions", 500, Scope.BUDGET),), {}, 500),
        ((limit("redemptions", 500, period=Period.DAY),), {}, None),
        ((limit("redemptions", 5, Scope.REDEEMABLE),), {"codes": 100}, 500),
        ((limit("redemptions", 5, Scope.REDEEMABLE),), {}, None),
        ((limit("redemptions", 2, per_customer=True),), {}, None),
        ((limit("customers", 500),), {}, None),
        ((limit("customers", 500), limit("redemptions", 2, per_customer=True)), {}, 1000),
        (
            (
                limit("customers", 10),
                limit("redemptions", 5, per_customer=True),
                limit("discount", 2, per_customer=True),
            ),
            {},
            50,
        ),
        ((limit("redemptions", 500, relaxed={"seg_1": 600}),), {}, 600),
        ((limit("redemptions", 500, relaxed={"seg_1": None}),), {}, None),
        ((limit("redemptions", 0),), {}, 0),
    ],
)
def test_as_many_redemptions_as_there_can_be(limits, more, redemptions):
    assert case(TEN, limits=limits, **more).redemptions == redemptions


@pytest.mark.requirement(91)
@pytest.mark.parametrize(
    ("documents", "limits", "more", "total"),
    [
        ([TEN], [], {"codes": 500, "uses": 1}, 500_000),
        ([CAPPED], [limit("redemptions", 100)], {}, 250_000),
        ([percent_off(20)], [limit("redemptions", 100)], {}, None),
        ([percent_off(20)], [limit("discount", 3_000_000)], {}, 3_000_000),
        ([percent_off(20)], [limit("discount", 9_000, Scope.BUDGET)], {}, 9_000),
        ([TEN], [limit("discount", 3_000_000)], {"codes": 500, "uses": 1}, 500_000),
        ([TEN], [limit("discount", 30_000)], {"codes": 500, "uses": 1}, 30_000),
        ([TEN], [limit("discount", 30_000, per_customer=True)], {}, None),
        ([TEN, amount_off(1500)], [limit("redemptions", 10)], {}, 15_000),
        ([TEN, percent_off(20)], [limit("redemptions", 10)], {}, None),
        ([percent_off(20)], [limit("redemptions", 0)], {}, 0),
        ([], [limit("redemptions", 10)], {}, None),
    ],
)
def test_the_cost_is_the_lowest_of_all_bounds(documents, limits, more, total):
    assert case(*documents, limits=limits, **more).total == total


APRIL = run_of(
    datetime(2026, 4, 1, 22, tzinfo=UTC), datetime(2026, 4, 30, 22, tzinfo=UTC),
    ZoneInfo("Europe/Berlin"), 1,
)  # fmt: skip


@pytest.mark.requirement(91)
def test_counts_the_calendar_periods_that_something_runs_in():
    """From 2 April 00:00 in Berlin to the end of 30 April: 29 days of five weeks."""
    per = {"day": 29, "week": 5, "month": 1, "year": 1}
    assert {period.value: times for period, times in APRIL.periods.items()} == per
    begin = datetime(2026, 12, 31, 12, tzinfo=UTC)
    over_new_year = run_of(begin, begin + timedelta(days=1), UTC, 1)
    assert list(over_new_year.periods.values()) == [2, 1, 2, 2]
    assert list(run_of(begin, begin, UTC, 1).periods.values()) == [1, 1, 1, 1]
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    assert list(run_of(midnight, midnight, UTC, 1).periods.values()) == [1, 1, 1, 1]
    assert run_of(begin, None, UTC, 1) == Run()


@pytest.mark.requirement(91)
@pytest.mark.parametrize(
    ("limits", "redemptions"),
    [
        ([limit("redemptions", 100, period=Period.DAY)], 2900),
        ([limit("redemptions", 100, period=Period.WEEK)], 500),
        ([limit("redemptions", 100, period=Period.DAY), limit("redemptions", 600)], 600),
        ([limit("redemptions", 2, Scope.REDEEMABLE, period=Period.WEEK)], 100),
        ([limit("redemptions", 2, period=Period.DAY, relaxed={"seg_1": 3})], 87),
        ([limit("customers", 10, period=Period.DAY),
          limit("redemptions", 1, per_customer=True, period=Period.DAY)], 290),
        ([limit("customers", 10),
          limit("redemptions", 1, per_customer=True, period=Period.DAY)], 290),
        ([limit("customers", 10, period=Period.DAY),
          limit("redemptions", 2, per_customer=True)], 580),
    ],
)  # fmt: skip
def test_limits_of_a_period_bound_what_has_an_end(limits, redemptions):
    assert case(TEN, limits=limits, codes=10, run=APRIL).redemptions == redemptions
    assert case(TEN, limits=limits[:1], codes=10).redemptions is None


@pytest.mark.requirement(91)
def test_so_do_those_of_discounts():
    daily = limit("discount", 5000, period=Period.DAY)
    each_code = limit("discount", 300, Scope.REDEEMABLE)

    assert case(percent_off(20), limits=[daily], run=APRIL).total == 145_000
    assert case(percent_off(20), limits=[each_code], codes=7).total == 2100


def test_says_what_the_total_is_made_of():
    found = case(CAPPED, limits=[limit("discount", 10**6)], codes=100, uses=2)

    assert found == WorstCase(redemptions=200, discount=2500, budget=10**6)
    assert found.total == 500_000
