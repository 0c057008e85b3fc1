"""`/v1/categories` over HTTP."""

import pytest
import voucherify

from campaigns.models import Category
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")


def test_creates_changes_and_deletes(api, set_clock, at):
    set_clock(at)
    made = api.post("/v1/categories", {"name": "Eighth", "hierarchy": 8}).json()
    voucherify.CategoriesCreateResponseBody.model_validate(made)
    assert made == {
        "id": Category.objects.get().public_id,
        "name": "Eighth",
        "hierarchy": 8,
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": made["updated_at"],
        "object": "category",
    }
    path = f"/v1/categories/{made['id']}"

    changed = api.put(path, {"name": "Summer", "hierarchy": 1, "stacking_rules_type": "JOINT"})

    assert changed.json()["stacking_rules_type"] == "JOINT"
    assert api.get("/v1/categories").json()["data"] == [changed.json()]
    assert api.delete(path).status_code == 204
    assert api.get(path).json()["details"] == f"Cannot find category with id {made['id']}"


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"hierarchy": 1}, "Payload should have required property 'name'"),
        ({"name": "A"}, "Payload should have required property 'hierarchy'"),
        ({"name": "A", "hierarchy": -1}, "Property .hierarchy must be >= 0"),
    ],
)
def test_names_what_is_missing(api, body, details):
    answer = api.post("/v1/categories", body)

    assert (answer.status_code, answer.json()["details"]) == (400, details)
    assert not Category.objects.exists()


def test_refuses_a_name_twice_and_the_deletion_of_one_in_use(api):
    category = CategoryFactory(name="Tea")
    CampaignFactory(category=category)

    twice = api.post("/v1/categories", {"name": "Tea", "hierarchy": 2})
    used = api.delete(f"/v1/categories/{category.public_id}")

    assert (twice.status_code, twice.json()["key"]) == (409, "duplicate_found")
    assert (used.status_code, used.json()["key"]) == (400, "resource_in_use")
    assert Category.objects.count() == 1
