"""Metadata schemas in the admin keep the rules that they keep in the API."""

import json

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import MetadataSchema
from tests.factories.platform import MetadataSchemaFactory
from tests.person import Person

ADD = "/admin/core/metadataschema/add/"
TIER = {"type": "string", "array": False, "optional": True}


@pytest.fixture
def administrator(staff, project):
    return Person(staff("Administrator"), project)


def form(properties, **values):
    return {"related_object": "customer", "properties": json.dumps(properties), **values}


def stored(project):
    with tenancy.scope(project):
        return list(MetadataSchema.objects.order_by("pk"))


def change(schema):
    return f"/admin/core/metadataschema/{schema.pk}/change/"


@pytest.fixture
def schema(project, administrator):
    administrator.post(ADD, form({"tier": TIER}))
    return stored(project)[0]


def test_a_schema_is_made_and_caches_are_told(administrator, project):
    before = project.version

    answer = administrator.post(ADD, form({"tier": {"type": "string"}}, allow_defined_only="on"))

    assert answer.status_code == 302
    [schema] = stored(project)
    assert (schema.related_object, schema.allow_defined_only) == ("customer", True)
    assert schema.properties == {"tier": TIER}
    project.refresh_from_db()
    assert project.version == before + 1


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ({"type": "nonsense"}, "Property .properties.tier.type must be equal to one of"),
        ({"type": "string", "min_length": "x"}, "tier.min_length must be integer"),
        ("string", "needs an object with a type"),
        ({"optional": True}, "needs an object with a type"),
    ],
)
def test_a_wrong_definition_is_shown_and_not_kept(administrator, project, definition, sentence):
    answer = administrator.post(ADD, form({"tier": definition}))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert stored(project) == []


def test_a_resource_has_one_schema(administrator, project, schema):
    answer = administrator.post(ADD, form({}))

    assert answer.status_code == 200
    assert "Duplicated metadata schema exists" in answer.content.decode()
    assert stored(project) == [schema]


def test_a_type_never_changes(administrator, project, schema):
    answer = administrator.post(change(schema), form({"tier": {"type": "number"}}))

    assert "Property .properties.tier.type cannot be changed" in answer.content.decode()
    assert stored(project)[0].properties == {"tier": TIER}


def test_what_is_taken_out_is_marked_as_deleted(administrator, project, schema):
    answer = administrator.post(
        change(schema), form({"age": {"type": "number"}}, related_object="voucher")
    )

    assert answer.status_code == 302
    [kept] = stored(project)
    assert kept.related_object == "customer"
    assert kept.properties == {
        "tier": {**TIER, "deleted": True},
        "age": {"type": "number", "array": False, "optional": True},
    }


def test_a_schema_is_deleted_and_caches_are_told(administrator, project, schema):
    project.refresh_from_db()
    before = project.version

    administrator.post(f"/admin/core/metadataschema/{schema.pk}/delete/", {"post": "yes"})

    assert stored(project) == []
    project.refresh_from_db()
    assert project.version == before + 1


def test_the_schema_of_another_project_is_not_found(administrator, other_project):
    with tenancy.scope(other_project):
        other = MetadataSchemaFactory(project=other_project)

    answer = administrator.post(change(other), form({}))

    assert answer.status_code in {302, 404}
    assert stored(other_project)[0].properties == other.properties
