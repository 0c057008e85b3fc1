"""History pages: who, from where, before and after; nothing can be written there."""

import pytest
from django.db import DatabaseError, transaction

from loyalty_project.core import context, tenancy
from loyalty_project.core.models import MetadataSchema
from tests.factories.api_key import server_headers
from tests.factories.platform import ApiKeyFactory, MetadataSchemaFactory


@pytest.fixture
def schema(in_project):
    with context.acting(ip="203.0.113.7", request_id="v-first"):
        row = MetadataSchemaFactory(related_object="customer")
        row.allow_defined_only = True
        row.save()
    return row


def page(schema, tail=""):
    return f"/admin/core/metadataschema/{schema.pk}/history/{tail}"


@pytest.mark.requirement(185)
def test_shows_who_what_when_and_from_where(root, schema):
    body = root.get(page(schema)).content.decode()

    assert "203.0.113.7" in body
    assert "v-first" in body
    assert "<del><bdi>no</bdi></del>" in body
    assert "<ins><bdi>yes</bdi></ins>" in body


@pytest.mark.requirement(185)
def test_writes_down_what_a_person_changes(root, schema, project):
    form = {"properties": "{}", "_project": project.public_id}

    root.post(f"/admin/core/metadataschema/{schema.pk}/change/", form)

    newest = MetadataSchema.history.first()
    assert newest.allow_defined_only is False
    assert newest.history_user.username.startswith("person")
    assert newest.ip == "127.0.0.1"
    assert newest.request_id.startswith("v-")
    body = root.get(page(schema)).content.decode()
    assert "<del><bdi>yes</bdi></del>" in body
    assert "<ins><bdi>no</bdi></ins>" in body


def test_names_the_key_that_changed_it(root, in_project):
    key = ApiKeyFactory(name="Warehouse")
    with context.acting(api_key=key):
        row = MetadataSchemaFactory()

    assert "API key Warehouse" in root.get(page(row)).content.decode()


def test_shows_one_version_as_it_was(root, schema):
    oldest = MetadataSchema.history.last()

    body = root.get(page(schema, f"{oldest.pk}/")).content.decode()

    assert "customer" in body
    assert "<form" not in body.split("<main")[1]


def test_reverts_nothing(root, schema, project):
    oldest = MetadataSchema.history.last()

    answer = root.post(page(schema, f"{oldest.pk}/"), {"_project": project.public_id})

    assert answer.status_code == 403
    schema.refresh_from_db()
    assert schema.allow_defined_only is True


def test_keeps_the_history_of_what_was_deleted(root, schema):
    pk = schema.pk
    schema.delete()
    schema.pk = pk

    body = root.get(page(schema)).content.decode()

    assert "Deleted" in body


def test_hides_the_history_of_another_project(root, other_project):
    with tenancy.scope(other_project):
        row = MetadataSchemaFactory(related_object="secret plan")
        version = MetadataSchema.history.first()

    assert root.get(page(row)).status_code == 404
    assert root.get(page(row, f"{version.pk}/")).status_code == 404


@pytest.mark.requirement(185)
@pytest.mark.parametrize("statement", ["UPDATE {} SET ip = NULL", "DELETE FROM {}"])
def test_cannot_be_rewritten_in_the_database(schema, statement):
    table = MetadataSchema.history.model._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic():
        MetadataSchema.history.model._base_manager.raw(statement.format(table))._fetch_all()

    assert MetadataSchema.history.count() == 2


def test_does_not_show_the_secret_of_a_key(root, project, in_project):
    server_headers(project)
    key_page = "/admin/core/apikey/"
    body = root.get(key_page).content.decode()

    assert "secret_hash" not in body
