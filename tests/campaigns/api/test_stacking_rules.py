"""`/management/v1/projects/{id}/stacking-rules`, and what categories have to do with it."""

import pytest
import voucherify

from campaigns.models import Category, StackingRules
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")
DEFAULTS = {
    "redeemables_limit": 30,
    "applicable_redeemables_limit": 5,
    "applicable_redeemables_per_category_limit": None,
    "applicable_redeemables_category_limits": {},
    "applicable_exclusive_redeemables_limit": 1,
    "applicable_exclusive_redeemables_per_category_limit": None,
    "exclusive_categories": [],
    "joint_categories": [],
    "redeemables_application_mode": "ALL",
    "redeemables_sorting_rule": "REQUESTED_ORDER",
    "redeemables_products_application_mode": "STACK",
    "redeemables_no_effect_rule": "REDEEM_ANYWAY",
    "no_effect_skip_categories": [],
    "no_effect_redeem_anyway_categories": [],
    "redeemables_rollback_order_mode": "WITH_ORDER",
    "grouped_redeemables_sorting_rule": "JOINT_ALWAYS_LAST",
    "canceled_orders_roll_back": True,
    "credits_with_discounts": True,
    "credits_overflow": "REFUSE",
    "discount_calculation_mode": "DISCOUNTED_AMOUNT",
    "initial_amount_mode_categories": [],
    "discounted_amount_mode_categories": [],
}


@pytest.fixture
def path(project):
    return f"/management/v1/projects/{project.public_id}/stacking-rules"


def cat():
    return CategoryFactory().public_id


def test_a_project_without_rules_has_the_published_defaults(management_api, path):
    answer = management_api.get(path).json()

    assert answer == {"object": "list", "data_ref": "data", "data": [DEFAULTS], "total": 1}


def test_creates_reads_changes_and_deletes(management_api, path, set_clock, at):
    set_clock(at)
    first, second = sorted([cat(), cat()])

    made = management_api.post(
        path, {"exclusive_categories": [second, first], "redeemables_application_mode": "PARTIAL"}
    ).json()

    voucherify.ManagementProjectsStackingRulesCreateResponseBody.model_validate(made)
    assert made == {
        **DEFAULTS,
        "id": StackingRules.objects.get().public_id,
        "exclusive_categories": [first, second],
        "redeemables_application_mode": "PARTIAL",
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": made["updated_at"],
    }
    one = f"{path}/{made['id']}"
    assert management_api.get(one).json() == made
    assert management_api.get(path).json()["data"] == [made]

    changed = management_api.put(
        one, {"exclusive_categories": [first], "joint_categories": [second]}
    ).json()

    voucherify.ManagementProjectsStackingRulesUpdateResponseBody.model_validate(changed)
    assert changed == {
        **made,
        "exclusive_categories": [first],
        "joint_categories": [second],
        "updated_at": changed["updated_at"],
    }
    assert management_api.delete(one).status_code == 204
    assert management_api.get(path).json()["data"] == [DEFAULTS]
    assert management_api.get(one).json()["details"] == (
        f"Cannot find stacking_rules with id {made['id']}"
    )
    assert set(Category.objects.values_list("stacking_rules_type", flat=True)) == {""}


def test_there_is_one_set_of_rules(management_api, path):
    management_api.post(path, {})

    answer = management_api.post(path, {"redeemables_limit": 2})

    assert answer.status_code == 409
    assert answer.json()["key"] == "stacking_rules_exist"
    assert answer.json()["message"] == "Stacking rules exist"
    assert answer.json()["details"] == "Cannot exist more stacking rules for given project"
    assert StackingRules.objects.get().redeemables_limit == 30


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_rules_of_another_project_are_unknown(management_api, path, other_project, method):
    rules = management_api.post(path, {}).json()["id"]
    other = f"/management/v1/projects/{other_project.public_id}/stacking-rules"

    answer = management_api.call(method, f"{other}/{rules}", {"redeemables_limit": 7})

    assert (answer.status_code, answer.json()["key"]) == (404, "not_found")
    assert (answer.json()["resource_id"], answer.json()["resource_type"]) == (
        rules,
        "stacking_rules",
    )
    assert StackingRules.objects.get().redeemables_limit == 30


def test_a_lower_bound_lowers_the_defaults_below_it(management_api, path):
    made = management_api.post(path, {"redeemables_limit": 3}).json()

    assert (made["redeemables_limit"], made["applicable_redeemables_limit"]) == (3, 3)


def test_an_update_does_not_lower_what_it_does_not_name(management_api, path):
    rules = management_api.post(path, {}).json()["id"]

    answer = management_api.put(f"{path}/{rules}", {"redeemables_limit": 3})

    assert answer.json()["details"] == (
        "Property .redeemables_limit must be >= 5, which is applicable_redeemables_limit"
    )


def test_null_takes_a_limit_away_and_leaves_the_others(management_api, path):
    tea = cat()
    body = {
        "applicable_redeemables_per_category_limit": 2,
        "applicable_redeemables_category_limits": {tea: 4},
    }
    rules = management_api.post(path, body).json()["id"]

    changed = management_api.put(
        f"{path}/{rules}",
        {"applicable_redeemables_per_category_limit": None, "redeemables_limit": None},
    ).json()

    assert changed["applicable_redeemables_per_category_limit"] is None
    assert changed["applicable_redeemables_category_limits"] == {tea: 4}
    assert changed["redeemables_limit"] == 30


def test_ours_may_be_higher_than_what_the_published_client_can_read(management_api, path):
    tea = cat()
    body = {
        "redeemables_limit": 100,
        "applicable_redeemables_limit": 90,
        "applicable_redeemables_per_category_limit": 80,
        "applicable_exclusive_redeemables_limit": 70,
        "applicable_exclusive_redeemables_per_category_limit": 60,
        "applicable_redeemables_category_limits": {tea: 50},
    }

    made = management_api.post(path, body).json()

    assert {name: made[name] for name in body} == {
        "redeemables_limit": 30,
        "applicable_redeemables_limit": 30,
        "applicable_redeemables_per_category_limit": 30,
        "applicable_exclusive_redeemables_limit": 5,
        "applicable_exclusive_redeemables_per_category_limit": 5,
        "applicable_redeemables_category_limits": {tea: 10},
    }
    row = StackingRules.objects.get()
    assert {name: getattr(row, name) for name in body} == body


def test_a_category_says_which_type_the_rules_gave_it(api, management_api, path):
    tea = cat()

    management_api.post(path, {"joint_categories": [tea]})

    assert api.get(f"/v1/categories/{tea}").json()["stacking_rules_type"] == "JOINT"


@pytest.mark.parametrize(
    "body",
    [
        lambda tea: {"exclusive_categories": [tea]},
        lambda tea: {"no_effect_skip_categories": [tea]},
        lambda tea: {"initial_amount_mode_categories": [tea]},
        lambda tea: {"applicable_redeemables_category_limits": {tea: 1}},
    ],
)
def test_a_category_that_rules_name_is_deleted_only_together_with_its_name_there(
    api, management_api, path, body
):
    tea = cat()
    made = management_api.post(path, body(tea)).json()

    refused = api.delete(f"/v1/categories/{tea}")

    assert (refused.status_code, refused.json()["key"]) == (400, "resource_in_use")
    assert "remove_from_stacking_rules=true" in refused.json()["details"]
    assert management_api.get(path).json()["data"] == [made]

    deleted = api.delete(f"/v1/categories/{tea}?remove_from_stacking_rules=true")

    assert deleted.status_code == 204
    left = management_api.get(path).json()["data"][0]
    assert {**left, "updated_at": ""} == {
        **DEFAULTS,
        "id": made["id"],
        "created_at": made["created_at"],
        "updated_at": "",
    }
