"""Every name and operator of the engine has words, and each pair on offer makes a rule."""

import pytest
from django.utils import translation

from campaigns.admin.builder import closing, opening, operators, vocabulary
from campaigns.admin.builder.drafts import Problems
from campaigns.admin.builder.facts import ATTRIBUTES, Editor, Property
from campaigns.engine import rules
from campaigns.engine.rules import counted, items
from campaigns.engine.rules import names as engine
from loyalty_project.core.predicates import operators as engine_operators
from tests.factories.platform import MetadataSchemaFactory

TYPED = {
    Editor.TEXT: ["London"],
    Editor.NUMBER: ["12.5"],
    Editor.MONEY: ["100.00"],
    Editor.PERCENT: ["10"],
    Editor.SWITCH: ["true"],
    Editor.DAY: ["2026-03-01"],
    Editor.MOMENT: ["2026-03-01T09:30:00"],
    Editor.CHOICE: ["seg_1"],
    Editor.PRODUCTS: [{"object": "product", "id": "prod_1"}],
    Editor.WEEKDAYS: ["1", "5"],
    Editor.HOURS: [{"from": "14:00", "until": "16:00", "days": ["1"]}],
    Editor.SPAN: [{"from": "2026-03-01T00:00:00", "until": "2026-03-02T00:00:00"}],
    Editor.COUNT: ["30"],
    Editor.NOTHING: [],
}
PROPERTIES = {Property.METADATA: ["tier"], Property.ATTRIBUTE: list(ATTRIBUTES)}


def row(name, editor, operator, given=""):
    named = vocabulary.find(name)
    return {
        "fact": named.name,
        "period": named.period,
        "property": given,
        "window": {"span": "last", "number": "6", "unit": "M", "campaign": "camp_1"},
        "kind": editor.value,
        "operator": operator,
        "values": TYPED[operators.editor_of(operator, editor)],
        "message": "",
        "inner": None,
    }


def offered():
    """Each name with each way to type its value and each operator on offer."""
    for name in vocabulary.names():
        fact = vocabulary.find(name).fact
        for given in PROPERTIES.get(fact.property, [""]):
            for editor in vocabulary.editors_of(fact, given):
                for operator in operators.offered(editor):
                    yield name, given, editor, operator


def test_every_name_of_the_engine_is_described():
    known = {
        *engine.NAMES, *items.LINES, *items.CHOOSING, *items.ALONE, *counted.COUNTED,
        *counted.PAST, *items.DISCOUNTABLE, items.MATCH_ALL,
    }  # fmt: skip

    assert set(vocabulary.names()) == known
    assert set(ATTRIBUTES) == set(engine.ATTRIBUTES)


def test_every_operator_of_the_engine_has_words():
    assert set(operators.LABELS) == set(engine_operators.OPERATORS)


def test_what_is_on_offer_is_accepted_and_opens_as_the_same_row(in_project):
    kept = []
    for name, given, editor, operator in offered():
        typed = row(name, editor, operator, given)
        if operator == operators.ANY:
            typed["inner"] = {"parts": [row("order.items.price", Editor.MONEY, "$more_than")]}
        inside = vocabulary.find(name).fact.lines
        around = {**row("order.items.any", Editor.PRODUCTS, ""), "inner": {"parts": [typed]}}
        problems = Problems()
        document = closing.level({"parts": [around if inside else typed]}, problems)
        assert problems.found == [], (name, operator)
        rules.read({"rules": document}, rule_id="val_1")

        (opened,) = opening.level(document)["parts"]
        shown = opened["inner"]["parts"][0] if inside else opened
        if shown.get("kept"):
            kept.append((name, operator))
            continue
        assert shown["operator"] == operator
        assert shown["values"] == typed["values"], (name, operator)

    assert kept == []


def test_offers_the_keys_of_the_schemas_with_their_kinds(in_project):
    MetadataSchemaFactory(
        related_object="customer",
        properties={
            "tier": {"type": "string", "eq": ["gold", "silver"]},
            "age": {"type": "number"},
            "since": {"type": "date"},
            "gone": {"type": "number", "deleted": True},
        },
    )

    groups = vocabulary.describe()["groups"]

    facts = {fact["name"]: fact for group in groups for fact in group["facts"]}
    assert facts["customer.metadata"]["keys"] == [
        {"key": "age", "kind": "number", "values": []},
        {"key": "since", "kind": "day", "values": []},
        {"key": "tier", "kind": "text", "values": ["gold", "silver"]},
    ]
    assert facts["order.metadata"]["keys"] == []


def test_offers_no_keys_of_another_project(in_project, other_project):
    MetadataSchemaFactory(
        project=other_project, related_object="customer", properties={"secret": {"type": "string"}}
    )

    assert "secret" not in str(vocabulary.describe())


@pytest.mark.parametrize("language", ["fa", "ar", "tr"])
def test_speaks_the_language_of_the_person(in_project, language):
    english = vocabulary.describe()["groups"][0]["label"]
    with translation.override(language):
        assert vocabulary.describe()["groups"][0]["label"] != english
