"""`/v1/budgets` over HTTP."""

import pytest

from campaigns.models import Budget, Campaign, Limit
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory

pytestmark = pytest.mark.usefixtures("in_project")

SPEND = {"measure": "discount", "period": "year", "value": 5_000_000, "overflow": "CAP"}


@pytest.mark.requirement(90)
def test_creates_changes_and_deletes(api, set_clock, at):
    set_clock(at)
    made = api.post("/v1/budgets", {"name": "Marketing 2027", "limits": [SPEND]}).json()

    assert made == {
        "id": Budget.objects.get().public_id,
        "name": "Marketing 2027",
        "limits": [
            {
                "id": Limit.objects.get().public_id,
                **SPEND,
                "per_customer": False,
                "per_redeemable": False,
                "relaxed": {},
                "used": 0,
                "left": 5_000_000,
                "object": "limit",
            }
        ],
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": "2026-03-02T12:00:00.000Z",
        "object": "budget",
    }
    path = f"/v1/budgets/{made['id']}"

    renamed = api.put(path, {"name": "Marketing 2028"}).json()
    assert (renamed["name"], renamed["limits"]) == ("Marketing 2028", made["limits"])
    raised = api.put(path, {"limits": [{**SPEND, "value": 6_000_000}]}).json()
    assert [limit["value"] for limit in raised["limits"]] == [6_000_000]
    assert api.get(path).json() == raised
    assert api.get("/v1/budgets").json()["data"] == [raised]

    assert api.delete(path).status_code == 204
    assert api.get(path).json()["details"] == f"Cannot find budget with id {made['id']}"
    assert not Limit.objects.exists()


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "Payload should have required property 'name'"),
        ({"name": ""}, "Property .name must NOT be empty"),
        ({"name": "A", "limits": [{"measure": "discount"}]},
         "Property .limits[0] should have required property 'value'"),
        ({"name": "A", "limits": [{**SPEND, "per_redeemable": True}]},
         "Property .limits[0].per_redeemable must be false for others than campaigns"),
    ],
)  # fmt: skip
def test_names_what_is_wrong(api, body, details):
    answer = api.post("/v1/budgets", body)

    assert (answer.status_code, answer.json()["details"]) == (400, details)
    assert not Budget.objects.exists()


def test_refuses_a_name_twice_and_the_deletion_of_one_in_use(api):
    budget, other = BudgetFactory(name="Marketing"), BudgetFactory(name="Sales")
    CampaignFactory(budget=budget)

    twice = api.post("/v1/budgets", {"name": "Marketing"})
    renamed = api.put(f"/v1/budgets/{other.public_id}", {"name": "Marketing"})
    used = api.delete(f"/v1/budgets/{budget.public_id}")

    assert (twice.status_code, twice.json()["key"]) == (409, "duplicate_found")
    assert (renamed.status_code, renamed.json()["key"]) == (409, "duplicate_found")
    assert (used.status_code, used.json()["key"]) == (400, "resource_in_use")
    assert used.json()["details"] == "Budget Marketing is shared by 1 campaigns"
    assert Budget.objects.count() == 2


def test_another_limit_reaches_all_campaigns_of_the_budget(api):
    budget = BudgetFactory()
    for n in range(3):
        CampaignFactory(name=f"Of it {n}", budget=budget)
    CampaignFactory(name="Of none")

    api.put(f"/v1/budgets/{budget.public_id}", {"limits": [SPEND]})

    assert list(Campaign.objects.order_by("pk").values_list("version", flat=True)) == [2, 2, 2, 1]
