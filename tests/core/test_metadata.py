"""Metadata schemas are enforced as published."""

import pytest

from loyalty_project.core import metadata
from loyalty_project.core.models import MetadataSchema


def definition(kind, **rules):
    return {"type": kind, "array": False, "optional": True, **rules}


@pytest.fixture
def schema(in_project):
    def make(resource="customer", *, only=False, **properties):
        return MetadataSchema.objects.create(
            related_object=resource, properties=properties, allow_defined_only=only
        )

    return make


def failure(project, values):
    with pytest.raises(metadata.MetadataValidationFailed) as refused:
        metadata.check(project=project, resource="customer", values=values)
    assert refused.value.status == 400
    assert refused.value.key == "metadata_validation_failed"
    assert refused.value.message == "Metadata validation failed"
    return refused.value.details


def test_without_a_schema_anything_goes(in_project):
    metadata.check(project=in_project, resource="customer", values={"any": [1, {"x": None}]})


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (definition("string"), "x", 5),
        (definition("string"), "", ["x"]),
        (definition("number"), 5, "5"),
        (definition("number"), -0.5, True),
        (definition("boolean"), False, "false"),
        (definition("date"), "2026-02-28", "2026-02-30"),
        (definition("date"), "2026-02-28", "28.2.2026"),
        (definition("datetime"), "2026-02-28T10:00:00Z", "2026-02-28"),
        (definition("image_url"), "https://example.com/a.png", "a.png"),
        (definition("object"), {"a": 1}, "a"),
        (definition("geopoint"), {"lat": 52.5, "lng": 13.4}, {"lat": 91, "lng": 0}),
        (definition("string", min_length=2), "ab", "a"),
        (definition("string", max_length=2), "ab", "abc"),
        (definition("string", exact_length=2), "ab", "abc"),
        (definition("string", eq=["L1", "L2"]), "L1", "L3"),
        (definition("number", ne=[0]), 1, 0),
        (definition("number", lt=10), 9, 10),
        (definition("number", lte=10), 10, 10.5),
        (definition("number", gt=10), 11, 10),
        (definition("number", gte=10), 10, 9),
        (definition("string", array=True), ["a", "b"], "a"),
        (definition("number", array=True), [], [1, "2"]),
    ],
)
def test_each_rule(schema, in_project, rule, good, bad):
    schema(field=rule)
    metadata.check(project=in_project, resource="customer", values={"field": good})
    metadata.check(project=in_project, resource="customer", values={"field": None, "other": 1})
    assert failure(in_project, {"field": bad}).startswith("field: must ")


def test_the_sentence_is_the_published_one(schema, in_project):
    schema(location_id=definition("string", array=True, eq=["L1", "L2", "L3"]))
    assert failure(in_project, {"location_id": "L1"}) == (
        "location_id: must be an array, and every element: must be a string, "
        "must be equal to one of L1,L2,L3 (actual value is 'L1')"
    )


def test_what_is_required_must_be_there(schema, in_project):
    schema(tier=definition("string") | {"optional": False})
    assert failure(in_project, {}) == "tier: is required"
    assert failure(in_project, {"tier": None}) == "tier: is required"


def test_only_defined_attributes_where_the_schema_says_so(schema, in_project):
    schema(only=True, tier=definition("string"), old=definition("string", deleted=True))
    metadata.check(project=in_project, resource="customer", values={"tier": "gold"})
    assert failure(in_project, {"color": "red"}) == "color: is not defined in the schema"
    assert failure(in_project, {"old": "x"}) == "old: is not defined in the schema"


def test_a_nested_object_is_checked_one_level_deep(schema, in_project):
    schema("shoe", size=definition("number"), box=definition("object", object_type="box"))
    schema("box", color=definition("string"))
    schema(shoe=definition("object", object_type="shoe"))
    schema_free = {"shoe": {"size": 42, "box": {"color": 5}}}
    metadata.check(project=in_project, resource="customer", values=schema_free)
    assert failure(in_project, {"shoe": {"size": "big"}}) == (
        "shoe.size: must be a number (actual value is 'big')"
    )


def test_an_update_merges_by_key_and_null_removes():
    current = {"tier": "gold", "age": 30}
    assert metadata.merged(current, {"age": None, "city": "Berlin"}) == {
        "tier": "gold",
        "city": "Berlin",
    }
    assert metadata.merged(current, None) == current
