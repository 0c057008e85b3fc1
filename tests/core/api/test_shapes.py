"""Response types become JSON schemas."""

from typing import Any, Literal, NotRequired, TypedDict

import pytest

from loyalty_project.core.api import shapes


@pytest.fixture(autouse=True)
def _no_other_shapes(monkeypatch):
    monkeypatch.setattr(shapes, "_components", {})


class LeafJson(TypedDict):
    name: str


class TreeJson(TypedDict):
    """A tree."""

    id: int
    kind: Literal["oak", "elm"]
    leaf: LeafJson | None
    leaves: list[LeafJson]
    note: NotRequired[str | None]
    extra: dict[str, Any]
    size: int | float


def test_a_typed_dict_becomes_a_component():
    assert shapes.of(TreeJson) == {"$ref": "#/components/schemas/Tree"}
    found = shapes.components()
    leaf = {"$ref": "#/components/schemas/Leaf"}
    assert found["Tree"] == {
        "type": "object",
        "description": "A tree.",
        "required": ["id", "kind", "leaf", "leaves", "extra", "size"],
        "properties": {
            "id": {"type": "integer"},
            "kind": {"type": "string", "enum": ["oak", "elm"]},
            "leaf": {"allOf": [leaf], "nullable": True},
            "leaves": {"type": "array", "items": leaf},
            "note": {"type": "string", "nullable": True},
            "extra": {"type": "object", "additionalProperties": {}},
            "size": {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        },
    }
    assert found["Leaf"]["properties"] == {"name": {"type": "string"}}


def test_two_shapes_of_one_name_are_a_mistake():
    shapes.of(LeafJson)

    def elsewhere():
        class LeafJson(TypedDict):
            id: int

        return LeafJson

    with pytest.raises(shapes.UnknownShape, match="two shapes are called Leaf"):
        shapes.of(elsewhere())


def test_a_type_without_a_schema_is_a_mistake():
    with pytest.raises(shapes.UnknownShape):
        shapes.of(set[str])
