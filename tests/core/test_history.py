"""Who did what, when, with which key and from where; never changed afterwards."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, connection, transaction

from loyalty_project.core import context, tenancy
from loyalty_project.core.models import Currency, MetadataSchema, Project, User
from loyalty_project.core.services import metadata_schemas, projects, roles
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


def history_tables():
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.model_name.startswith("historical")
    )


def fill(cursor, table):
    """A row of defaults and zeros, so that there is something to change."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND is_nullable = 'NO' AND is_identity = 'NO'",
        [table],
    )
    columns = cursor.fetchall()
    names = ", ".join(f'"{name}"' for name, _type in columns)
    values = ", ".join(ZERO.get(kind, "'0'") for _name, kind in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({values})")


ZERO = {
    "boolean": "false",
    "date": "'2026-03-02'",
    "jsonb": "'{}'",
    "timestamp with time zone": "'2026-03-02'",
}


@pytest.mark.django_db
@pytest.mark.requirement(185)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize("table", history_tables())
def test_history_is_append_only_in_the_database_itself(table, statement):
    column = "m2m_history_id" if table.endswith("_permissions") else "history_id"
    with connection.cursor() as cursor:
        fill(cursor, table)
        cursor.execute(f"SELECT count(*) FROM {table}")
        rows = cursor.fetchone()
        refused = pytest.raises(DatabaseError, match=f"{table} is append-only")
        with refused, transaction.atomic():
            cursor.execute(statement.format(table, column, column))
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == rows


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


@pytest.mark.requirement(185)
def test_a_changed_person_leaves_a_version_without_the_password(reference):
    user = UserFactory(is_staff=False)
    user.is_staff = True
    user.save()

    after, before = User.history.filter(id=user.pk)
    assert (before.is_staff, after.is_staff) == (False, True)
    assert {"password", "last_login"}.isdisjoint(vars(after))


def test_signing_in_is_no_version_of_a_person(client, reference):
    user = UserFactory()

    client.force_login(user, backend="loyalty_project.core.access.MembershipBackend")

    user.refresh_from_db()
    assert user.last_login is not None
    assert [row.history_type for row in User.history.filter(id=user.pk)] == ["+"]


@pytest.mark.requirement(185)
def test_a_changed_currency_leaves_both_versions(reference):
    euro = Currency.objects.get(code="EUR")
    euro.display_digits = 0
    euro.save()

    assert [row.display_digits for row in Currency.history.filter(code="EUR")] == [0]


@pytest.mark.requirement(185)
def test_a_role_keeps_what_it_allowed_before(reference):
    see, add = (Permission.objects.get(codename=name) for name in ("view_apikey", "add_apikey"))
    role = Group.objects.create(name="Auditor")
    role.permissions.set([see])
    role.permissions.set([add])

    versions = Group.history.filter(id=role.pk).order_by("history_id")
    allowed = [[held.permission for held in row.permissions.all()] for row in versions]
    assert allowed == [[], [see], [], [add]]


def test_roles_that_stay_as_they_are_leave_no_version(reference):
    roles.sync()
    before = Group.history.count()

    roles.sync()

    assert Group.history.count() == before
