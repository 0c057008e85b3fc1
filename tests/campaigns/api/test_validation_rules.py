"""`/v1/validation-rules` over HTTP."""

import pytest
import voucherify

from campaigns.models import RuleAssignment, ValidationRule
from tests.factories.campaign import CampaignFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
RAIN = {
    "1": {
        "name": "order.metadata",
        "property": "weather",
        "conditions": {"$is": ["rain"]},
        "rules": {},
        "error": {"message": "Only when it rains."},
    },
    "logic": "1",
}
NOTHING_CHOSEN = {"excluded": [], "included": [], "included_all": False}


@pytest.mark.requirement(51)
def test_creates_changes_and_deletes(api, set_clock, at):
    set_clock(at)
    body = {"name": "Rain", "rules": RAIN, "type": "advanced", "error": {"message": "Not today."}}
    made = api.post("/v1/validation-rules", body).json()
    voucherify.ValidationRulesCreateResponseBody.model_validate(made)
    assert made == {
        "id": ValidationRule.objects.get().public_id,
        "name": "Rain",
        "rules": RAIN,
        "applicable_to": NOTHING_CHOSEN,
        "error": {"message": "Not today."},
        "type": "advanced",
        "context_type": "global",
        "assignments_count": 0,
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": made["updated_at"],
        "object": "validation_rules",
    }
    path = f"/v1/validation-rules/{made['id']}"

    changed = api.put(
        path, {"error": None, "bundle_rules": None, "context_type": "campaign.promotion"}
    )

    expected = {**made, "context_type": "campaign.promotion", "bundle_rules": {}}
    del expected["error"]
    assert changed.json() == {**expected, "updated_at": changed.json()["updated_at"]}
    assert api.get(path).json() == changed.json()
    listed = api.get("/v1/validation-rules").json()
    voucherify.ValidationRulesListResponseBody.model_validate(listed)
    assert listed == {"object": "list", "data_ref": "data", "data": [changed.json()], "total": 1}
    assert api.delete(path).status_code == 204
    gone = api.get(path).json()
    assert gone["details"] == f"Cannot find validation_rules with id {made['id']}"
    assert (gone["code"], gone["resource_type"]) == (404, "validation_rules")


@pytest.mark.parametrize(
    ("body", "key", "details"),
    [
        ({}, "invalid_payload", "Payload should have required property 'name'"),
        ({"name": "A", "rules": 5}, "invalid_payload", "Property .rules must be object"),
        (
            {"name": "A", "type": "odd"},
            "invalid_payload",
            (
                "Property .type must be equal to one of the allowed values:"
                " expression, basic, advanced, complex"
            ),
        ),
        (
            {"name": "A", "rules": {"7": {"name": "order.metadata", "conditions": {"$is": [1]}}}},
            "invalid_validation_rules",
            "Rule 'order.metadata' must have a 'property'",
        ),
        (
            {
                "name": "A",
                "rules": {"7": {"name": "order.amount", "conditions": {"$is": ["much"]}}},
            },
            "invalid_validation_rules",
            "Rule '7' (order.amount) $is compares a number with 'much'",
        ),
    ],
)
def test_names_what_is_wrong(api, body, key, details):
    rule = ValidationRuleFactory()
    calls = [
        api.post("/v1/validation-rules", body),
        api.put(f"/v1/validation-rules/{rule.public_id}", body) if body else None,
    ]

    for answer in filter(None, calls):
        found = answer.json()
        assert (answer.status_code, found["key"], found["details"]) == (400, key, details)
    assert ValidationRule.objects.get().name == "From 10"


def test_refuses_a_context_that_the_published_clients_cannot_read(api):
    answer = api.post("/v1/validation-rules", {"name": "A", "context_type": "campaign"})

    assert answer.json()["details"].startswith(
        "Property .context_type must be equal to one of the allowed values: campaign.discount"
    )


def test_takes_what_nobody_knows_yet_and_says_so(api):
    rules = {"1": {"name": "customer.segment", "conditions": {"$is": ["seg_later"]}}}
    made = api.post("/v1/validation-rules", {"name": "A", "rules": rules}).json()
    path = f"/v1/validation-rules/{made['id']}"

    assert made["warnings"] == ["Cannot find segment with id seg_later"]
    assert "warnings" not in api.get(path).json()
    assert api.put(path, {"name": "B"}).json()["warnings"] == made["warnings"]
    assert "warnings" not in api.put(path, {"rules": {}}).json()


def test_says_it_as_published_when_a_rule_is_wrong(api):
    body = {"name": "A", "rules": {"1": {"name": "order.amount", "conditions": {"$sum": [1]}}}}

    answer = api.post("/v1/validation-rules", body)

    assert answer.json()["message"] == "Invalid Validation Rule Definition"


def test_lists_in_the_order_and_the_range_that_are_asked_for(api, at):
    for day, name in enumerate(["B", "C", "A"], start=1):
        ValidationRuleFactory(name=name, created_at=at.replace(day=day))

    def names(**params):
        return [rule["name"] for rule in api.get("/v1/validation-rules", params).json()["data"]]

    assert names() == ["A", "C", "B"]
    assert names(order="name") == ["A", "B", "C"]
    assert names(order="-name", limit=1, page=2) == ["B"]
    assert names(start_date="2026-03-02") == ["A", "C"]
    assert names(end_date="2026-03-02T12:00:00Z") == ["C", "B"]
    assert names(**{"filters[name][conditions][$is]": "C"}) == ["C"]
    assert names(**{"filters[type][conditions][$is]": "basic"}) == []
    assert api.get("/v1/validation-rules", {"start_date": "soon"}).status_code == 400
    assert api.get("/v1/validation-rules", {"order": "type"}).status_code == 400


def test_assigns_and_lifts(api):
    rule, campaign, voucher = ValidationRuleFactory(), CampaignFactory(), VoucherFactory()
    path = f"/v1/validation-rules/{rule.public_id}/assignments"
    one = api.post(
        path, {"related_object_type": "campaign", "related_object_id": campaign.public_id}
    )
    two = api.post(path, {"related_object_id": voucher.public_id})

    assert one.json() == {
        "id": one.json()["id"],
        "rule_id": rule.public_id,
        "related_object_id": campaign.public_id,
        "related_object_type": "campaign",
        "created_at": one.json()["created_at"],
        "object": "validation_rules_assignment",
    }
    voucherify.ValidationRulesAssignmentsCreateResponseBody.model_validate(one.json())
    listed = {"object": "list", "data_ref": "data", "data": [two.json(), one.json()], "total": 2}
    assert api.get(path).json() == listed
    assert api.get("/v1/validation-rules-assignments").json() == listed
    assert api.get("/v1/validation-rules").json()["data"][0]["assignments_count"] == 2
    own = api.get(f"/v1/vouchers/{voucher.code}").json()["validation_rules_assignments"]
    assert own["data"] == [two.json()]
    of_campaign = api.get(f"/v1/campaigns/{campaign.public_id}").json()
    assert of_campaign["validation_rules_assignments"]["data"] == [one.json()]

    assert api.delete(f"{path}/{one.json()['id']}").status_code == 204
    assert api.get(path).json()["data"] == [two.json()]
    gone = api.delete(f"{path}/{one.json()['id']}")
    assert (gone.status_code, gone.json()["resource_type"]) == (404, "validation_rules_assignment")


def test_assigns_by_the_name_of_the_type(api):
    rule = ValidationRuleFactory()
    path = f"/v1/validation-rules/{rule.public_id}/assignments"
    CampaignFactory(name="Autumn")
    VoucherFactory(code="TEN")

    assert api.post(path, {"campaign": "Autumn"}).json()["related_object_type"] == "campaign"
    assert api.post(path, {"voucher": "TEN"}).json()["related_object_type"] == "voucher"
    assert api.post(path, {"promotion_tier": "promo_x"}).status_code == 404
    nothing = api.post(path, {"related_object_type": "campaign"})
    assert nothing.json()["details"] == (
        "Payload should have required property 'related_object_id'"
    )
    later = {"related_object_type": "distribution", "related_object_id": "distr_x"}
    assert "distributions are not supported yet" in api.post(path, later).json()["details"]


def test_refuses_an_assignment_twice_unless_forced(api):
    assignment = RuleAssignmentFactory(voucher=VoucherFactory())
    path = f"/v1/validation-rules/{assignment.rule.public_id}/assignments"
    body = {"voucher": assignment.voucher.code}

    twice = api.post(path, body)

    assert (twice.status_code, twice.json()["key"]) == (409, "duplicate_found")
    assert twice.json()["resource_id"] == assignment.public_id
    forced = api.post(f"{path}?force=true", body)
    assert forced.json()["id"] != assignment.public_id
    assert RuleAssignment.objects.get().public_id == forced.json()["id"]


def test_lists_assignments_of_a_rule_or_an_object(api):
    first, second = ValidationRuleFactory(), ValidationRuleFactory()
    campaign = CampaignFactory()
    made = [
        RuleAssignmentFactory(rule=first, campaign=campaign),
        RuleAssignmentFactory(rule=second, campaign=campaign),
        RuleAssignmentFactory(rule=second, voucher=VoucherFactory()),
    ]

    def found(**params):
        listed = api.get("/v1/validation-rules-assignments", {"order": "created_at", **params})
        return [made_.public_id in {row["id"] for row in listed.json()["data"]} for made_ in made]

    assert found() == [True, True, True]
    assert found(rule=second.public_id) == [False, True, True]
    assert found(related_object_id=campaign.public_id) == [True, True, False]
    assert found(related_object_id=made[2].voucher.public_id) == [False, False, True]
    assert api.get("/v1/validation-rules-assignments", {"order": "name"}).status_code == 400


def test_says_what_keeps_a_rule(api):
    assignment = RuleAssignmentFactory(campaign=CampaignFactory())

    answer = api.delete(f"/v1/validation-rules/{assignment.rule.public_id}?force=true")

    assert (answer.status_code, answer.json()["key"]) == (400, "resource_in_use")
    assert answer.json()["related_object_ids"] == [assignment.campaign.public_id]
    assert ValidationRule.objects.exists()


def test_makes_campaigns_and_codes_with_a_rule(api):
    rule = ValidationRuleFactory()
    code = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}
    named = {"validation_rules": [rule.public_id]}

    campaign = api.post("/v1/campaigns", {"name": "Autumn", "voucher": code, **named})
    voucher = api.post("/v1/vouchers/TEN", {**code, **named})

    for answer in (campaign, voucher):
        assigned = answer.json()["validation_rules_assignments"]
        assert [row["rule_id"] for row in assigned["data"]] == [rule.public_id]
    lifted = api.put("/v1/vouchers/TEN", {"validation_rules": []})
    assert lifted.json()["validation_rules_assignments"]["total"] == 0
    two = api.put("/v1/vouchers/TEN", {"validation_rules": [rule.public_id, "val_x"]})
    assert two.json()["details"] == "Property .validation_rules must NOT have more than 1 items"
    unknown = api.put("/v1/vouchers/TEN", {"validation_rules": ["val_x"]})
    assert (unknown.status_code, unknown.json()["resource_id"]) == (404, "val_x")


@pytest.mark.parametrize(
    "path",
    ["/v1/validation-rules", "/v1/validation-rules-assignments", "/v1/campaigns", "/v1/vouchers"],
)
def test_lists_in_the_same_number_of_queries_whatever_the_number(
    path, api, django_assert_num_queries, django_assert_max_num_queries
):
    def more(count):
        for _ in range(count):
            RuleAssignmentFactory(campaign=CampaignFactory())
            RuleAssignmentFactory(voucher=VoucherFactory(campaign=CampaignFactory()))

    more(1)
    api.get(path)
    with django_assert_max_num_queries(9) as few:
        api.get(path)
    more(3)

    with django_assert_num_queries(len(few.captured_queries)):
        listed = api.get(path).json()
    assert len(listed[listed["data_ref"]]) >= 4


@pytest.mark.requirement(174)
def test_hides_rules_of_other_projects(other_api):
    assignment = RuleAssignmentFactory(voucher=VoucherFactory())
    path = f"/v1/validation-rules/{assignment.rule.public_id}"

    assert other_api.get(path).status_code == 404
    assert other_api.put(path, {"name": "Mine"}).status_code == 404
    assert other_api.delete(path).status_code == 404
    assert other_api.get(f"{path}/assignments").status_code == 404
    assert other_api.delete(f"{path}/assignments/{assignment.public_id}").status_code == 404
    assert other_api.get("/v1/validation-rules").json()["total"] == 0
    assert other_api.get("/v1/validation-rules-assignments").json()["total"] == 0
    code = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}
    named = {"validation_rules": [assignment.rule.public_id]}
    assert other_api.post("/v1/vouchers/TEN", {**code, **named}).status_code == 404
