"""Limits, budget, margin floor, holidays and rollout in the bodies of campaigns."""

import pytest

from campaigns.models import Campaign, Limit, MarginFloor
from tests.factories.limit import BudgetFactory, HolidayCalendarFactory, SegmentFactory

pytestmark = pytest.mark.usefixtures("in_project")

BODY = {
    "name": "First 500",
    "campaign_type": "DISCOUNT_COUPONS",
    "voucher": {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}},
}
FIRST_500 = {"measure": "customers", "value": 500}
SPEND = {"measure": "discount", "value": 3_000_000, "overflow": "CAP"}


def plain(limits):
    """Without the ids, which nobody can foresee."""
    assert all(limit.pop("id").startswith("lim_") for limit in limits)
    return limits


@pytest.mark.requirement(80, 81, 82, 83)
def test_limits_are_part_of_a_campaign(api):
    orders = {"measure": "orders", "value": 10_000_000}
    monthly = {"measure": "redemptions", "period": "month", "per_customer": True, "value": 2}

    made = api.post("/v1/campaigns", {**BODY, "limits": [FIRST_500, SPEND, orders, monthly]})

    shape = {"per_redeemable": False, "relaxed": {}, "object": "limit", "overflow": "REFUSE"}
    common = {**shape, "period": "always", "per_customer": False, "used": 0}
    wanted = [
        {**common, **FIRST_500, "left": 500},
        {**common, **SPEND, "left": 3_000_000},
        {**common, **orders, "left": 10_000_000},
        {**shape, **monthly, "used": None, "left": None},
    ]
    path = f"/v1/campaigns/{made.json()['id']}"
    assert plain(made.json()["limits"]) == wanted
    assert plain(api.get(path).json()["limits"]) == wanted
    assert plain(api.get("/v1/campaigns").json()["campaigns"][0]["limits"]) == wanted


def test_a_campaign_without_bounds_says_so(api):
    made = api.post("/v1/campaigns", BODY).json()

    assert {name: made[name] for name in ("limits", "budget_id", "margin_floor", "holidays")} == {
        "limits": [],
        "budget_id": None,
        "margin_floor": None,
        "holidays": None,
    }
    assert (made["rollout_percent"], made["listed"]) == (100, True)


@pytest.mark.requirement(60, 89, 90)
def test_the_other_bounds_are_set_and_taken_away(api):
    budget, calendar = BudgetFactory(), HolidayCalendarFactory()
    bounds = {
        "budget_id": budget.public_id,
        "margin_floor": {"amount": 50, "percent": 12.5, "skips": True},
        "holidays": {"calendar_id": calendar.public_id, "mode": "ONLY"},
        "rollout_percent": 10,
        "listed": False,
    }
    made = api.post("/v1/campaigns", {**BODY, **bounds}).json()
    path = f"/v1/campaigns/{made['id']}"

    assert made["margin_floor"].pop("object") == "margin_floor"
    assert {name: made[name] for name in bounds} == bounds
    assert MarginFloor.objects.get().percent == 125_000

    untouched = api.put(path, {"description": "x"}).json()
    assert (untouched["budget_id"], untouched["rollout_percent"]) == (budget.public_id, 10)

    cleared = api.put(
        path, {"budget_id": None, "margin_floor": None, "holidays": None, "limits": None}
    ).json()
    assert (cleared["budget_id"], cleared["margin_floor"], cleared["holidays"]) == (None,) * 3
    assert not MarginFloor.objects.exists()
    assert Campaign.objects.get().holiday_calendar is None


def test_an_update_without_limits_leaves_them_and_an_empty_list_takes_them_away(api):
    made = api.post("/v1/campaigns", {**BODY, "limits": [FIRST_500]}).json()
    path = f"/v1/campaigns/{made['id']}"

    assert api.put(path, {"description": "x"}).json()["limits"] == made["limits"]
    assert api.put(path, {"limits": []}).json()["limits"] == []
    assert not Limit.objects.exists()


WRONG = [
    ({"limits": "x"}, "Property .limits must be array"),
    ({"limits": [5]}, "Property .limits[0] must be object"),
    ({"limits": [{"value": 5}]}, "Property .limits[0] should have required property 'measure'"),
    (
        {"limits": [{"measure": "discount", "value": 12.5}]},
        "Property .limits[0].value must be integer",
    ),
    ({"limits": [{"measure": "discount", "value": -1}]}, "Property .limits[0].value must be >= 0"),
    (
        {"limits": [{"measure": "discount", "value": 5, "overflow": "HALVE"}]},
        "Property .limits[0].overflow must be equal to one of the allowed values: REFUSE, CAP",
    ),
    (
        {"limits": [{"measure": "orders", "value": 5, "overflow": "CAP"}]},
        "Property .limits[0].overflow must be REFUSE for other measures than discount",
    ),
    ({"budget_id": 5}, "Property .budget_id must be string"),
    ({"margin_floor": {"amount": -1}}, "Property .margin_floor.amount must be >= 0"),
    ({"margin_floor": {"percent": "x"}}, "Property .margin_floor.percent must be number"),
    (
        {"margin_floor": {"percent": 1.23456}},
        "Property .margin_floor.percent must have at most 4 decimals",
    ),
    (
        {"holidays": {"mode": "ONLY"}},
        "Property .holidays should have required property 'calendar_id'",
    ),
    ({"rollout_percent": 101}, "Property .rollout_percent must be <= 100"),
    ({"rollout_percent": -1}, "Property .rollout_percent must be >= 0"),
    ({"listed": "x"}, "Property .listed must be boolean"),
    (
        {"activity_duration_after_publishing": "P101Y"},
        "Property .activity_duration_after_publishing must NOT be longer than 100 years",
    ),
]


@pytest.mark.parametrize(("bounds", "details"), WRONG)
def test_names_what_is_wrong_and_leaves_no_trace(api, bounds, details):
    created = api.post("/v1/campaigns", {**BODY, **bounds})
    assert (created.status_code, created.json()["details"]) == (400, details)
    assert not Campaign.objects.exists()

    made = api.post("/v1/campaigns", {**BODY, "limits": [FIRST_500]}).json()
    changed = api.put(f"/v1/campaigns/{made['id']}", bounds)
    assert (changed.status_code, changed.json()["details"]) == (400, details)
    assert api.get(f"/v1/campaigns/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("bounds", "details"),
    [
        ({"budget_id": "bud_0"}, "Cannot find budget with id bud_0"),
        ({"holidays": {"calendar_id": "hol_0"}}, "Cannot find holiday calendar with id hol_0"),
    ],
)
def test_what_is_named_must_be_there(api, bounds, details):
    answer = api.post("/v1/campaigns", {**BODY, **bounds})

    assert (answer.status_code, answer.json()["details"]) == (404, details)
    assert not Campaign.objects.exists()


@pytest.mark.requirement(174, 175)
def test_what_belongs_to_another_project_is_not_there(api, other_project):
    budget = BudgetFactory(project=other_project)
    calendar = HolidayCalendarFactory(project=other_project)
    segment = SegmentFactory(project=other_project)

    by_budget = api.post("/v1/campaigns", {**BODY, "budget_id": budget.public_id})
    by_days = api.post("/v1/campaigns", {**BODY, "holidays": {"calendar_id": calendar.public_id}})
    by_segment = api.post(
        "/v1/campaigns", {**BODY, "limits": [{**FIRST_500, "relaxed": {segment.public_id: 600}}]}
    )

    assert (by_budget.status_code, by_days.status_code, by_segment.status_code) == (404, 404, 400)
    assert not Campaign.objects.exists()


def test_lists_cost_no_more_queries_with_bounds(api, django_assert_max_num_queries):
    for n in range(6):
        api.post("/v1/campaigns", {**BODY, "name": f"Campaign {n}", "limits": [FIRST_500]})

    with django_assert_max_num_queries(10):
        assert api.get("/v1/campaigns").json()["total"] == 6
