"""Who did what, when, with which key and from where; never changed afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from loyalty_project.core import context, tenancy
from loyalty_project.core.models import MetadataSchema, Project
from loyalty_project.core.services import metadata_schemas, projects
from tests.factories.user import UserFactory

PATH = "/management/v1/projects/{}/metadata-schemas"


@pytest.mark.requirement(185)
def test_a_change_by_api_says_who_when_what_and_from_where(management_api, project, at, set_clock):
    path = PATH.format(project.public_id)
    made = management_api.post(path, {"related_object": "order", "properties": {}})
    schema_path = f"{path}/{made.json()['id']}"
    changed = management_api.put(schema_path, {"properties": {}, "allow_defined_only": True})
    management_api.delete(schema_path)
    with tenancy.scope(project):
        created, updated, deleted = MetadataSchema.history.order_by("history_id")
    assert [row.history_type for row in (created, updated, deleted)] == ["+", "~", "-"]
    assert (created.allow_defined_only, updated.allow_defined_only) == (False, True)
    assert updated.request_id == changed["X-Request-Id"]
    assert updated.ip == "127.0.0.1"
    assert updated.credential.startswith("Terraform (…")
    assert updated.history_user is None
    assert created.history_date < updated.history_date


@pytest.mark.requirement(185)
def test_a_change_by_a_person_names_the_person(in_project):
    user = UserFactory()
    with context.acting(user=user, ip="203.0.113.7", request_id="v-1"):
        metadata_schemas.create(project=in_project, related_object="order", properties={})
    row = MetadataSchema.history.get()
    assert row.history_user == user
    assert (row.ip, row.request_id, row.credential) == ("203.0.113.7", "v-1", "")


@pytest.mark.requirement(185)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_historicalproject SET name = 'other'",
        "DELETE FROM core_historicalproject",
        "UPDATE core_historicalmetadataschema SET related_object = 'x'",
        "DELETE FROM core_historicalmetadataschema",
    ],
)
def test_history_is_append_only_in_the_database_itself(in_project, statement):
    metadata_schemas.create(project=in_project, related_object="order", properties={})
    refused = pytest.raises(DatabaseError, match="is append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Project.history.count() == 1
    assert MetadataSchema.history.count() == 1


def test_history_may_be_erased_by_who_says_so(project):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL wafa.erase = 'on'")
        cursor.execute("DELETE FROM core_historicalproject")
        cursor.execute("SET LOCAL wafa.erase = 'off'")
    assert not Project.history.exists()


def test_history_of_another_project_is_not_seen(project, other_project):
    with tenancy.scope(other_project):
        metadata_schemas.create(project=other_project, related_object="order", properties={})
    with tenancy.scope(project):
        assert not MetadataSchema.history.exists()
    with pytest.raises(tenancy.NoProject):
        MetadataSchema.history.exists()


def test_a_configuration_change_bumps_the_version_of_its_project(in_project, at):
    before = in_project.version
    metadata_schemas.create(project=in_project, related_object="order", properties={})
    projects.update(project=in_project, name="New", at=at)
    in_project.refresh_from_db()
    assert in_project.version == before + 2
