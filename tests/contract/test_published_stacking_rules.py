"""Stacking rules of the management API, as its published file describes them."""

import pytest

from tests.contract import published
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "/management/v1/projects/{projectId}/stacking-rules"
ONE = f"{LIST}/{{stackingRulesId}}"
PER_CATEGORY = "applicable_redeemables_category_limits"


@pytest.fixture
def example():
    """The published rules as a request, with categories of ours; None without the file."""
    found = published.example("management", "POST", LIST, 200)
    if found is None:
        return None
    ours = {}

    def renamed(public_id):
        return ours.setdefault(public_id, CategoryFactory().public_id)

    body = {name: value for name, value in found.items() if name not in {"id", "created_at"}}
    for name, value in body.items():
        if name.endswith("_categories"):
            body[name] = sorted(map(renamed, value))
    body[PER_CATEGORY] = {renamed(key): limit for key, limit in body[PER_CATEGORY].items()}
    return body


@pytest.mark.requirement(191)
def test_takes_the_published_rules_and_answers_as_published(management_api, project, example):
    if example is None:
        return
    path = LIST.replace("{projectId}", project.public_id)

    def complaints(method, published_path, answer):
        status = answer.status_code
        return published.errors("management", method, published_path, status, answer.json())

    default = management_api.get(path)
    made = management_api.post(path, example)
    one = f"{path}/{made.json()['id']}"
    twice = management_api.post(path, example)

    assert {name: made.json()[name] for name in example} == example
    assert (default.status_code, made.status_code, twice.status_code) == (200, 200, 409)
    assert complaints("GET", LIST, default) == []
    assert complaints("POST", LIST, made) == []
    assert complaints("POST", LIST, twice) == []
    assert complaints("GET", LIST, management_api.get(path)) == []
    assert complaints("GET", ONE, management_api.get(one)) == []
    assert complaints("PUT", ONE, management_api.put(one, example)) == []
    assert complaints("PUT", ONE, management_api.put(one, {"redeemables_limit": 0})) == []
    assert management_api.delete(one).status_code == 204
    assert complaints("GET", ONE, management_api.get(one)) == []
