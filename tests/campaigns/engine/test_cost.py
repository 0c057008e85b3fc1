"""The worst case: as many redemptions as there can be, each with the highest discount."""

import pytest

from campaigns.engine import effects
from campaigns.engine.cost import WorstCase, worst_case
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


def test_says_what_the_total_is_made_of():
    found = case(CAPPED, limits=[limit("discount", 10**6)], codes=100, uses=2)

    assert found == WorstCase(redemptions=200, discount=2500, budget=10**6)
    assert found.total == 500_000
