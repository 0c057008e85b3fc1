"""How codes of one request go together, from the stacking rules to the answer of the API."""

from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.category import CategoryFactory

TEN_PERCENT = {"type": "PERCENT", "percent_off": 10}
FIVE_OFF = {"type": "AMOUNT", "amount_off": 500}
CODES = ("COMMON", "OTHER", "NEVER", "ALWAYS")
FORBIDDEN = ({"COMMON", "NEVER"}, {"OTHER", "NEVER"})


@pytest.fixture
def rules(management_api, project):
    """`rules(redeemables_sorting_rule=…)`: the stacking rules of the project, made or changed."""
    path = f"/management/v1/projects/{project.public_id}/stacking-rules"

    def put(**body):
        known = management_api.get(path).json()["data"][0].get("id")
        call = management_api.put if known else management_api.post
        answer = call(f"{path}/{known}" if known else path, body)
        assert answer.status_code == 200, answer.content.decode()

    return put


@pytest.fixture
def validated(api):
    """`validated("A", "B", amount=10000)`: the answer to a validation."""

    def validate(*names, amount=10000):
        redeemables = [{"object": "voucher", "id": name} for name in names]
        body = {"redeemables": redeemables, "order": {"amount": amount}}
        return api.post("/v1/validations", body).json()

    return validate


@pytest.fixture
def groups(code, in_project, rules):
    """A code in each of four categories: two ordinary ones, an exclusive and a joint one."""
    categories = {name: CategoryFactory(name=name, project=in_project) for name in CODES}
    for name, category in categories.items():
        code(name, TEN_PERCENT, category=category)
    rules(
        exclusive_categories=[categories["NEVER"].public_id],
        joint_categories=[categories["ALWAYS"].public_id],
    )
    return categories


def applied(answer):
    return [entry["id"] for entry in answer["redeemables"]]


def skipped(answer):
    return {
        entry["id"]: entry["result"]["details"]["key"]
        for entry in answer.get("skipped_redeemables", [])
    }


@pytest.mark.requirement(248)
def test_no_request_gets_a_forbidden_pair(groups, validated):
    for size in (1, 2, 3, 4):
        for names in permutations(CODES, size):
            answer = validated(*names)

            found = set(applied(answer))
            assert answer["valid"]
            assert not [pair for pair in FORBIDDEN if pair <= found], names
            assert found | set(skipped(answer)) == set(names)
            if "NEVER" in names:
                assert found == {"NEVER", "ALWAYS"} & set(names)
            else:
                assert found == set(names)


@pytest.mark.requirement(250)
@pytest.mark.parametrize("names", [("GENERAL15", "LOYALTY20"), ("LOYALTY20", "GENERAL15")])
def test_fifteen_percent_for_all_never_meet_twenty_for_members(
    code, in_project, rules, validated, redeemed, names
):
    general = CategoryFactory(name="General", project=in_project)
    loyalty = CategoryFactory(name="Loyalty", project=in_project)
    code("GENERAL15", {"type": "PERCENT", "percent_off": 15}, category=general)
    code("LOYALTY20", {"type": "PERCENT", "percent_off": 20}, category=loyalty)
    rules(exclusive_categories=[loyalty.public_id])

    answer = validated(*names)
    done = redeemed(*names, amount=10000)

    assert applied(answer) == ["LOYALTY20"]
    assert answer["order"]["total_amount"] == 8000
    assert skipped(answer) == {"GENERAL15": "exclusion_rules_not_met"}
    assert [row["voucher"]["code"] for row in done["redemptions"]] == ["LOYALTY20"]
    assert done["order"]["total_amount"] == 8000
    assert validated("GENERAL15")["order"]["total_amount"] == 8500


@pytest.mark.requirement(251)
@pytest.mark.parametrize("names", list(permutations(["FIRST", "SECOND", "THIRD"])), ids="-".join)
def test_the_hierarchy_decides_the_sequence_whatever_was_asked(
    code, in_project, rules, validated, names
):
    discounts = {"FIRST": FIVE_OFF, "SECOND": TEN_PERCENT, "THIRD": FIVE_OFF}
    for hierarchy, (name, discount) in enumerate(discounts.items(), start=1):
        category = CategoryFactory(name=name, hierarchy=hierarchy, project=in_project)
        code(name, discount, category=category)
    rules(redeemables_sorting_rule="CATEGORY_HIERARCHY")

    answer = validated(*names)

    assert applied(answer) == ["FIRST", "SECOND", "THIRD"]
    totals = [entry["order"]["total_amount"] for entry in answer["redeemables"]]
    assert totals == [9500, 8550, 8050]


@pytest.mark.requirement(252)
def test_the_sequence_is_what_the_rules_say(api, code, in_project, rules, validated):
    tea = CategoryFactory(name="Tea", hierarchy=1, project=in_project)
    coffee = CategoryFactory(name="Coffee", hierarchy=2, project=in_project)
    code("TEN", TEN_PERCENT, category=tea)
    code("FIVE", FIVE_OFF, category=coffee)

    assert validated("TEN", "FIVE")["order"]["total_amount"] == 8500
    assert validated("FIVE", "TEN")["order"]["total_amount"] == 8550

    rules(redeemables_sorting_rule="CATEGORY_HIERARCHY")
    assert validated("TEN", "FIVE")["order"]["total_amount"] == 8500
    assert validated("FIVE", "TEN")["order"]["total_amount"] == 8500

    api.put(f"/v1/categories/{coffee.public_id}", {"name": "Coffee", "hierarchy": 0})
    assert validated("TEN", "FIVE")["order"]["total_amount"] == 8550

    rules(discount_calculation_mode="INITIAL_AMOUNT")
    assert validated("TEN", "FIVE")["order"]["total_amount"] == 8500

    rules(exclusive_categories=[tea.public_id])
    answer = validated("FIVE", "TEN")
    assert (applied(answer), answer["order"]["total_amount"]) == (["TEN"], 9000)


@pytest.mark.requirement(253)
@pytest.mark.parametrize(
    ("change", "kept", "reason"),
    [
        (
            {"applicable_redeemables_limit": 1},
            ["COMMON"],
            "applicable_redeemables_limit_exceeded",
        ),
        (
            {"applicable_redeemables_per_category_limit": 1},
            ["COMMON", "OTHER"],
            "applicable_redeemables_per_category_limit_exceeded",
        ),
        (
            {"redeemables_no_effect_rule": "SKIP"},
            ["COMMON", "SAME", "OTHER"],
            "no_effect",
        ),
    ],
)
def test_says_of_each_code_that_is_left_out_why(
    code, groups, rules, validated, change, kept, reason
):
    code("SAME", TEN_PERCENT, category=groups["COMMON"])
    code("NOTHING", {"type": "FIXED", "fixed_amount": 10000}, category=groups["OTHER"])
    rules(**change)
    names = ["NOTHING", "COMMON", "SAME", "OTHER"]
    if reason != "no_effect":
        names.remove("NOTHING")

    answer = validated(*names)

    assert applied(answer) == kept
    assert set(skipped(answer)) == set(names) - set(kept)
    assert set(skipped(answer).values()) == {reason}


@pytest.mark.requirement(253)
def test_says_which_of_two_exclusive_ones_is_too_many(code, groups, validated):
    code("NEVER2", TEN_PERCENT, category=groups["NEVER"])

    answer = validated("NEVER", "NEVER2", "COMMON")

    assert applied(answer) == ["NEVER"]
    assert skipped(answer) == {
        "NEVER2": "applicable_exclusive_redeemables_limit_exceeded",
        "COMMON": "exclusion_rules_not_met",
    }


def test_more_than_the_rules_accept_are_refused(code, groups, rules, api):
    rules(redeemables_limit=1, applicable_redeemables_limit=1)
    redeemables = [{"object": "voucher", "id": name} for name in ("COMMON", "OTHER")]

    answer = api.post("/v1/validations", {"redeemables": redeemables, "order": {"amount": 1000}})

    assert (answer.status_code, answer.json()["details"]) == (
        400,
        "Property .redeemables must NOT have more than 1 items",
    )


def test_the_rules_cost_a_request_no_query(groups, validated):
    validated("COMMON")
    with CaptureQueriesContext(connection) as captured:
        validated("COMMON")

    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) <= 8
    assert not [text for text in asked if "campaigns_stackingrules" in text]


def test_the_validation_says_by_which_rules(groups, rules, validated):
    rules(redeemables_rollback_order_mode="WITHOUT_ORDER")

    found = validated("COMMON")["stacking_rules"]

    assert found["exclusive_categories"] == [groups["NEVER"].public_id]
    assert found["joint_categories"] == [groups["ALWAYS"].public_id]
    assert found["redeemables_rollback_order_mode"] == "WITHOUT_ORDER"
