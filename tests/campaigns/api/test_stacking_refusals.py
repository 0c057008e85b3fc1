"""Stacking rules that are not kept, and which member is named."""

import pytest

from campaigns.models import Category, StackingRules
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")


@pytest.fixture
def path(project):
    return f"/management/v1/projects/{project.public_id}/stacking-rules"


def cat():
    return CategoryFactory().public_id


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"redeemables_limit": 0}, "Property .redeemables_limit must be >= 1"),
        ({"redeemables_limit": 101}, "Property .redeemables_limit must be <= 100"),
        ({"redeemables_limit": "x"}, "Property .redeemables_limit must be integer"),
        (
            {"applicable_redeemables_limit": 31},
            "Property .applicable_redeemables_limit must be <= 30, which is redeemables_limit",
        ),
        (
            {"applicable_redeemables_per_category_limit": 6},
            (
                "Property .applicable_redeemables_per_category_limit must be <= 5,"
                " which is applicable_redeemables_limit"
            ),
        ),
        (
            {"applicable_exclusive_redeemables_per_category_limit": 2},
            (
                "Property .applicable_exclusive_redeemables_per_category_limit must be <= 1,"
                " which is applicable_exclusive_redeemables_limit"
            ),
        ),
        (
            {"joint_categories": ["cat_none"]},
            "Property .joint_categories names no category: cat_none",
        ),
        ({"joint_categories": "cat_none"}, "Property .joint_categories must be array"),
        (
            {"no_effect_skip_categories": ["cat_none"]},
            "Property .no_effect_skip_categories names no category: cat_none",
        ),
        (
            {"applicable_redeemables_category_limits": {"cat_none": 1}},
            "Property .applicable_redeemables_category_limits names no category: cat_none",
        ),
        (
            {"applicable_redeemables_category_limits": [1]},
            "Property .applicable_redeemables_category_limits must be object",
        ),
        (
            {"redeemables_sorting_rule": "RANDOM"},
            (
                "Property .redeemables_sorting_rule must be equal to one of the allowed values:"
                " REQUESTED_ORDER, CATEGORY_HIERARCHY"
            ),
        ),
    ],
)
def test_names_what_is_wrong_and_keeps_nothing(management_api, path, project, body, details):
    answer = management_api.post(path, body)

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_payload")
    assert answer.json()["details"] == details
    assert not StackingRules.objects.exists()
    project.refresh_from_db()
    assert project.version == 1


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (0, "must be >= 1"),
        (101, "must be <= 100"),
        (True, "must be integer"),
        (None, "must be integer"),
    ],
)
def test_names_the_category_whose_limit_is_wrong(management_api, path, value, why):
    tea = cat()

    answer = management_api.post(path, {"applicable_redeemables_category_limits": {tea: value}})

    assert answer.json()["details"] == (
        f"Property .applicable_redeemables_category_limits.{tea} {why}"
    )


def test_takes_no_category_of_another_project(management_api, path, other_project):
    other = f"/management/v1/projects/{other_project.public_id}/stacking-rules"
    tea = cat()

    answer = management_api.post(other, {"exclusive_categories": [tea]})

    assert answer.json()["details"] == f"Property .exclusive_categories names no category: {tea}"
    assert Category.objects.get().stacking_rules_type == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("exclusive_categories", "joint_categories"),
        ("no_effect_skip_categories", "no_effect_redeem_anyway_categories"),
        ("initial_amount_mode_categories", "discounted_amount_mode_categories"),
    ],
)
def test_opposite_lists_do_not_overlap(management_api, path, one, other):
    tea = cat()
    rules = management_api.post(path, {one: [tea]}).json()["id"]

    answer = management_api.put(f"{path}/{rules}", {other: [tea]})

    assert answer.json()["details"] == f"Property .{other} overlaps .{one}: {tea}"
    assert management_api.get(path).json()["data"][0][other] == []
