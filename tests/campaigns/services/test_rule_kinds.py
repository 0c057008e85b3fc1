"""What rules compare metadata with: declared kinds are checked, the others are free."""

import pytest

from campaigns.engine import rules as engine
from campaigns.services import rules
from loyalty_project.core.predicates import InvalidCondition
from loyalty_project.core.services import metadata_schemas

pytestmark = pytest.mark.usefixtures("in_project")


def create(project, at, **data):
    return rules.create(project=project, data={"name": "Gold", **data}, at=at)


def metadata_rule(value, *, name="customer.metadata", given="tier", operator="$is"):
    return {"1": {"name": name, "property": given, "conditions": {operator: [value]}}}


def declare(project, resource="customer", **properties):
    properties = {
        name: {"array": False, "optional": True, **declared}
        for name, declared in properties.items()
    }
    metadata_schemas.create(project=project, related_object=resource, properties=properties)


@pytest.mark.requirement(51)
@pytest.mark.parametrize(
    ("declared", "value", "compared"),
    [
        ("number", "gold", "a number with 'gold'"),
        ("string", 5, "a text with '5'"),
        ("boolean", "true", "a switch with 'true'"),
        ("date", "gold", "a date with 'gold'"),
        ("image_url", 5, "a text with '5'"),
    ],
)
def test_refuses_to_compare_metadata_with_another_kind(project, at, declared, value, compared):
    declare(project, tier={"type": declared})

    with pytest.raises(InvalidCondition) as refusal:
        create(project, at, rules=metadata_rule(value))

    assert refusal.value.key == "invalid_validation_rules"
    assert refusal.value.details == f"Rule '1' (customer.metadata) $is compares {compared}"


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("customer.metadata", "customer"),
        ("order.metadata", "order"),
        ("redemption.metadata", "redemption"),
        ("order.items.metadata_any", "order_item"),
        ("product.metadata", "product"),
        ("sku.metadata", "product"),
    ],
)
def test_reads_the_schema_of_each_resource(project, at, name, resource):
    declare(project, resource, size={"type": "number"})

    with pytest.raises(InvalidCondition, match="compares a number with 'xl'"):
        create(project, at, rules=metadata_rule("xl", name=name, given="size"))


def test_reads_the_schema_of_an_object_inside(project, at):
    declare(project, "address", floor={"type": "number"}, old={"type": "number", "deleted": True})
    declare(project, home={"type": "object", "object_type": "address"})

    with pytest.raises(InvalidCondition, match="compares a number with 'third'"):
        create(project, at, rules=metadata_rule("third", given="home.floor"))

    for free in ("home.old", "home.other", "other.floor", "home.floor.floor"):
        create(project, at, rules=metadata_rule("third", given=free))


@pytest.mark.requirement(51)
def test_takes_any_kind_for_metadata_that_nobody_declared(project, at):
    declare(project, tier={"type": "number", "deleted": True}, place={"type": "geopoint"})

    for value in ("gold", 5, True):
        rule = create(project, at, rules=metadata_rule(value))
        assert "kinds" not in rule.definition.data
    create(project, at, rules=metadata_rule("rain", name="order.metadata", given="weather"))


def test_means_the_same_when_metadata_is_declared_otherwise_later(project, at):
    rule = create(project, at, rules=metadata_rule("gold"))
    declare(project, tier={"type": "number"}, born={"type": "date"})
    dated = create(project, at, rules=metadata_rule("2026-03-01", given="born", operator="$after"))

    assert engine.read(rule.definition.data, rule_id="val_x").name == ""
    assert dated.definition.data["kinds"] == {"customer.metadata": {"born": "date"}}
    with pytest.raises(InvalidCondition):
        rules.update(project=project, rule=rule, data={"error": {"message": "No."}}, at=at)
    rules.update(project=project, rule=rule, data={"name": "Gold"}, at=at)
