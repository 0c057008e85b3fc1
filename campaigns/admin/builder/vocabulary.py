"""The one description of what rules may ask: for the page, for opening drafts, for closing them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from campaigns.admin.builder import operators
from campaigns.admin.builder.facts import (
    ATTRIBUTES,
    FACTS,
    GROUPS,
    OLDER_ATTRIBUTES,
    Editor,
    Fact,
    Group,
    Property,
)
from campaigns.admin.builder.facts_of_orders import ITEMS, LINES, ORDER, PERIODS, USE
from campaigns.engine.rules.names import ATTRIBUTES as KINDS_OF_ATTRIBUTES
from loyalty_project.core.models import MetadataSchema
from loyalty_project.core.predicates import Kind

ALL: dict[str, Fact] = {**FACTS, **ORDER, **ITEMS, **LINES, **USE}
# What an own attribute may hold, where no schema says it.
METADATA_EDITORS = (Editor.TEXT, Editor.NUMBER, Editor.SWITCH, Editor.DAY, Editor.MOMENT)
_OF_SCHEMA = {
    "number": Editor.NUMBER,
    "boolean": Editor.SWITCH,
    "date": Editor.DAY,
    "datetime": Editor.MOMENT,
}
_KINDS = {Kind.DATE: Editor.DAY, Kind.NUMBER: Editor.NUMBER, Kind.BOOLEAN: Editor.SWITCH}


@dataclass(frozen=True, slots=True)
class Named:
    """A fact as a rule names it: `period` is the end of the name, "" for most."""

    name: str
    period: str
    fact: Fact


def find(name: str) -> Named | None:
    """The fact of a rule's name, None for a name that nobody described."""
    if name in ALL:
        return Named(name, "", ALL[name])
    stem, _, last = name.rpartition(".")
    fact = ALL.get(stem)
    if fact is None or not fact.periods or f".{last}" not in PERIODS:
        return None
    return Named(stem, f".{last}", fact)


def editors_of(fact: Fact, given: str) -> tuple[Editor, ...]:
    """How values of a fact may be typed, the first one by default; `given` is its property."""
    if fact.property == Property.METADATA:
        return METADATA_EDITORS
    if fact.property == Property.ATTRIBUTE:
        kind = KINDS_OF_ATTRIBUTES.get(given, Kind.TEXT)
        return (Editor.DAY, Editor.MOMENT) if kind == Kind.DATE else (Editor.TEXT,)
    if fact.editor == Editor.MOMENT:
        return (Editor.MOMENT, Editor.DAY)
    return (fact.editor,)


def names() -> Iterator[str]:
    """Every name that a rule may have, periods included."""
    for name, fact in ALL.items():
        yield from (f"{name}{period}" for period in (PERIODS if fact.periods else ("",)))


def describe() -> dict[str, Any]:
    """The vocabulary as JSON for the page, in the active language and for the open project."""
    schemas = _schemas()
    return {
        "groups": [
            {"label": str(label), "facts": [_fact(name, schemas) for name in _names_of(group)]}
            for group, label in GROUPS.items()
        ],
        "operators": {
            editor.value: [_operator(name, editor) for name in _shown(editor)]
            for editor in operators.OFFERED
        },
        "attributes": [
            {
                "value": name,
                "label": str(label),
                "kind": editors_of(ALL["wafa.customer.attribute"], name)[0].value,
                "older": name in OLDER_ATTRIBUTES,
            }
            for name, label in ATTRIBUTES.items()
        ],
        "periods": [{"value": value, "label": str(label)} for value, label in PERIODS.items()],
    }


def _names_of(group: Group) -> list[str]:
    return [name for name, fact in ALL.items() if fact.group == group]


def _fact(name: str, schemas: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    fact = ALL[name]
    return {
        "name": name,
        "label": str(fact.label),
        "help": str(fact.help),
        "editor": fact.editor.value,
        "property": fact.property.value if fact.property else "",
        "choices": fact.choices,
        "keys": schemas.get(fact.schema, []),
        "periods": fact.periods,
        "lines": fact.lines,
        "older": fact.older,
    }


def _shown(editor: Editor) -> list[str]:
    others = [*operators.LABELS, operators.ANY]
    older = [name for name in others if name not in operators.OFFERED[editor]]
    return [
        *operators.OFFERED[editor],
        *(name for name in older if operators.can_show(name, editor)),
    ]


def _operator(name: str, editor: Editor) -> dict[str, Any]:
    return {
        "name": name,
        "label": str(operators.label(name, editor)),
        "editor": operators.editor_of(name, editor).value,
        "many": operators.takes_many(name, editor),
        "older": name not in operators.OFFERED[editor],
    }


def _schemas() -> dict[str, list[dict[str, Any]]]:
    """The keys that the project's metadata schemas declare, with how they are typed."""
    return {
        schema.related_object: [
            {
                "key": key,
                "kind": _OF_SCHEMA.get(str(definition.get("type")), Editor.TEXT).value,
                "values": [value for value in definition.get("eq") or [] if isinstance(value, str)],
            }
            for key, definition in sorted(schema.properties.items())
            if not definition.get("deleted")
        ]
        for schema in MetadataSchema.objects.all()
    }
