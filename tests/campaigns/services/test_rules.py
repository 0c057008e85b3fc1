"""Validation rules: created, checked, changed and deleted."""

import pytest

from campaigns.engine import rules as engine
from campaigns.models import DefinitionVersion, ValidationRule
from campaigns.serializers.validation_rule import rule_json
from campaigns.services import rule_assignments, rules
from loyalty_project.core.errors import Invalid, NotFound
from loyalty_project.core.models import OutboxEvent
from loyalty_project.core.predicates import InvalidCondition
from tests.factories.campaign import CampaignFactory
from tests.factories.validation_rule import RuleAssignmentFactory, ValidationRuleFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
FROM_TEN = {"1": {"name": "order.amount", "conditions": {"$more_than_or_equal": [1000]}}}
FROM_TWENTY = {"1": {"name": "order.amount", "conditions": {"$more_than_or_equal": [2000]}}}
COLLECTION = {"object": "products_collection", "id": "pc_coffee"}
NOTHING_CHOSEN = {"included": [], "excluded": [], "included_all": False}


def create(project, at, **data):
    return rules.create(project=project, data={"name": "From 10", **data}, at=at)


def types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


def test_creates_a_rule(project, at):
    before = project.version

    rule = create(project, at, rules=FROM_TEN, error={"message": "Spend 10 or more."})

    assert rule_json(rule) == {
        "id": rule.public_id,
        "name": "From 10",
        "rules": FROM_TEN,
        "error": {"message": "Spend 10 or more."},
        "applicable_to": NOTHING_CHOSEN,
        "type": "expression",
        "context_type": "global",
        "assignments_count": 0,
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": rule_json(rule)["updated_at"],
        "object": "validation_rules",
    }
    assert rule.public_id.startswith("val_")
    project.refresh_from_db()
    assert project.version == before + 1
    event = OutboxEvent.objects.get()
    assert (event.type, event.subject) == ("business_validation_rule.created", rule.public_id)
    assert event.data == {"rule": rule_json(rule)}


def test_stores_a_document_that_the_engine_reads(project, at):
    bundle = {
        "limit": 2,
        "1": {"name": "order.items.any", "conditions": {"$is": [COLLECTION]}},
    }

    rule = create(project, at, applicable_to={"included": [COLLECTION]}, bundle_rules=bundle)

    assert rule.definition.data == {
        "type": "validation_rule",
        "rules": {},
        "applicable_to": {"included": [COLLECTION], "excluded": [], "included_all": False},
        "bundle_rules": bundle,
    }
    read = engine.read(rule.definition.data, rule_id=rule.public_id)
    assert (read.applicable_to[0].id, read.bundle.limit) == ("pc_coffee", 2)


def test_takes_an_empty_list_for_an_object_as_php_writes_it(project, at):
    assert create(project, at, rules=[]).definition.data["rules"] == {}


def test_takes_a_list_object_of_items(project, at):
    rule = create(project, at, applicable_to={"excluded": {"object": "list", "data": [COLLECTION]}})

    assert rule_json(rule)["applicable_to"]["excluded"] == [COLLECTION]


@pytest.mark.parametrize(
    ("data", "details"),
    [
        ({"name": " "}, "Payload should have required property 'name'"),
        ({"name": "x" * 256}, "Property .name must NOT have more than 255 characters"),
        ({"type": "loose"}, "Property .type must be equal to one of the allowed values"),
        ({"context_type": 5}, "Property .context_type must be equal to one of the allowed values"),
        ({"rules": "1"}, "Property .rules must be object"),
        ({"applicable_to": [1]}, "Property .applicable_to must be object"),
        ({"applicable_to": {"included": 5}}, "applicable_to.included must be an array"),
        ({"error": {"message": 5}}, "Property .error.message must be string"),
        ({"bundle_rules": {"limit": 101, "1": {}}}, "bundle_rules.limit must be between 1 and 100"),
        ({"rules": {**FROM_TEN, "logic": "1 and 2"}}, "logic names rule 2, which does not exist"),
        ({"rules": {"1": {"name": "x", "conditions": {}}}}, "Rule '1' has an unknown name 'x'"),
        (
            {"rules": {"1": {"name": "custom_event.metadata", "conditions": {"$is": [1]}}}},
            "Rule 'custom_event.metadata' must have a 'property'",
        ),
        (
            {
                "rules": {
                    "1": FROM_TEN["1"],
                    "2": {"name": "order.amount", "conditions": {"$is": ["x"]}},
                }
            },
            "Rule '2' (order.amount) $is compares a number with 'x'",
        ),
    ],
)
def test_names_what_is_wrong(project, at, data, details):
    with pytest.raises(Invalid) as refusal:
        create(project, at, **data)

    assert refusal.value.details == details
    assert not ValidationRule.objects.exists()
    assert not DefinitionVersion.objects.exists()


@pytest.mark.requirement(40)
def test_changes_what_is_given_and_keeps_the_version_before(project, at):
    rule = create(project, at, rules=FROM_TEN, error={"message": "Spend 10 or more."})
    before = rule.definition

    changed = rules.update(
        project=project, rule=rule, data={"rules": FROM_TWENTY, "error": None}, at=at
    )

    assert rule_json(changed)["rules"] == FROM_TWENTY
    assert "error" not in rule_json(changed)
    assert rule_json(changed)["name"] == "From 10"
    assert DefinitionVersion.objects.get(pk=before.pk).data["rules"] == FROM_TEN
    assert changed.definition.pk != before.pk
    assert types() == ["business_validation_rule.created", "business_validation_rule.updated"]


def test_empties_bundles_that_are_removed(project, at):
    bundle = {"1": {"name": "order.items.any", "conditions": {"$is": [COLLECTION]}}}
    rule = create(project, at, bundle_rules=bundle)

    changed = rules.update(project=project, rule=rule, data={"bundle_rules": None}, at=at)

    assert rule_json(changed)["bundle_rules"] == {}


def test_makes_no_version_of_another_name(project, at):
    rule = create(project, at, rules=FROM_TEN)
    campaign = CampaignFactory()
    rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)
    campaign.refresh_from_db()
    version = campaign.version

    changed = rules.update(
        project=project,
        rule=rule,
        data={"name": "Ten", "context_type": "campaign.promotion"},
        at=at,
    )

    campaign.refresh_from_db()
    assert (changed.name, changed.context_type) == ("Ten", "campaign.promotion")
    assert (campaign.version, DefinitionVersion.objects.count()) == (version, 2)


def test_leaves_a_rule_as_it_is_when_the_change_is_wrong(project, at):
    rule = create(project, at, rules=FROM_TEN)

    with pytest.raises(InvalidCondition):
        rules.update(project=project, rule=rule, data={"name": "X", "rules": {"1": {}}}, at=at)

    stored = ValidationRule.objects.get()
    assert (stored.name, stored.definition.data["rules"]) == ("From 10", FROM_TEN)


@pytest.mark.requirement(40)
def test_has_all_that_it_restricts_read_again(project, at):
    rule = ValidationRuleFactory()
    campaign, around = CampaignFactory(), CampaignFactory()
    own, inside, other = VoucherFactory(), VoucherFactory(campaign=around), VoucherFactory()
    for target in ({"campaign": campaign}, {"voucher": own}, {"voucher": inside}):
        RuleAssignmentFactory(rule=rule, **target)

    rules.update(project=project, rule=rule, data={"rules": FROM_TWENTY}, at=at)

    def changed(row):
        before = row.updated_at, getattr(row, "version", None)
        row.refresh_from_db()
        return before != (row.updated_at, getattr(row, "version", None))

    assert [changed(row) for row in (campaign, around, own, other)] == [True, True, True, False]


def test_deletes_a_rule_that_restricts_nothing(project, at):
    rule = create(project, at)

    rules.delete(project=project, rule=rule, at=at)

    assert not ValidationRule.objects.exists()
    assert types()[-1] == "business_validation_rule.deleted"
    assert OutboxEvent.objects.last().data["deleted_at"] == "2026-03-02T12:00:00.000Z"
    with pytest.raises(NotFound):
        rules.update(project=project, rule=ValidationRule(pk=rule.pk or 1), data={}, at=at)


def test_names_what_keeps_a_rule_from_being_deleted(project, at):
    rule = create(project, at)
    campaign, voucher = CampaignFactory(), VoucherFactory()
    rule_assignments.assign(project=project, rule=rule, to=campaign, at=at)
    rule_assignments.assign(project=project, rule=rule, to=voucher, at=at)

    with pytest.raises(rules.RuleInUse) as refusal:
        rules.delete(project=project, rule=rule, at=at)

    assert refusal.value.key == "resource_in_use"
    assert refusal.value.details == (
        f"Validation rule From 10 is assigned to campaign {campaign.public_id},"
        f" voucher {voucher.public_id}: remove its assignments first"
    )
    assert refusal.value.extra == {"related_object_ids": [campaign.public_id, voucher.public_id]}
    assert ValidationRule.objects.get() == rule
