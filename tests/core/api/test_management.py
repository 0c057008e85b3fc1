"""Projects and metadata schemas through `/management/v1`."""

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction, MetadataSchema, Project
from loyalty_project.core.services import roles
from tests.factories.user import UserFactory

PROJECTS = "/management/v1/projects"
NEW = {"name": "Tea", "timezone": "Asia/Tehran", "currency": "IRR", "case_sensitive_codes": False}
REGION = {"type": "string", "array": True, "optional": False, "eq": ["EMEA", "APAC"]}


def test_a_project_is_made_as_published(management_api):
    body = management_api.post(PROJECTS, {**NEW, "cluster_id": "eu1", "dial_code": None}).json()
    project = Project.objects.get(public_id=body["id"])
    assert project.slug == "tea"
    assert body == {
        "id": project.public_id,
        "name": "Tea",
        "description": "",
        "currency": "IRR",
        "timezone": "Asia/Tehran",
        "dial_code": None,
        "week_start": 1,
        "prices_include_tax": True,
        "cluster_id": "eu1",
        "api_version": "v2018-08-01",
        "webhook_version": "v2024-01-01",
        "case_sensitive_codes": False,
        "is_sandbox": False,
        "client_trusted_domains": [],
        "client_redeem_enabled": False,
        "client_publish_enabled": False,
        "client_list_vouchers_enabled": False,
        "client_create_customer_enabled": False,
        "client_loyalty_events_enabled": False,
        "client_set_voucher_expiration_date_enabled": False,
    }
    listed = management_api.get(PROJECTS).json()
    assert listed["data_ref"] == "data"
    assert [row["id"] for row in listed["data"]] == [project.public_id]


@pytest.mark.parametrize(
    ("change", "details"),
    [
        ({"name": None}, "Payload should have required property 'name'"),
        ({"currency": "XXX"}, "Property .currency must be a known ISO 4217 code, not 'XXX'"),
        ({"case_sensitive_codes": "maybe"}, "Property .case_sensitive_codes must be boolean"),
        ({"users": [{"login": "x"}]}, "Property .users[0] should have required property 'role'"),
        ({"client_trusted_domains": [5]}, "Property .client_trusted_domains[0] must be string"),
        (
            {"webhook_version": "v1"},
            "Property .webhook_version must be equal to one of the allowed values: v2024-01-01",
        ),
    ],
)
def test_a_wrong_project_is_not_made(management_api, change, details):
    response = management_api.post(PROJECTS, {**NEW, **change})
    assert response.status_code == 400
    assert response.json()["details"] == details
    assert not Project.objects.exists()


def test_a_time_zone_that_does_not_exist_is_named(management_api):
    response = management_api.post(PROJECTS, {**NEW, "timezone": "Mars/Base"})
    assert response.status_code == 400
    assert response.json()["details"].startswith("Property .timezone is invalid: Mars/Base")


def test_people_join_a_new_project_with_their_roles(management_api):
    roles.sync()
    UserFactory(username="ada")
    users = [{"login": "ada", "role": "ADMIN"}]
    body = management_api.post(PROJECTS, {**NEW, "users": users}).json()
    membership = Project.objects.get(public_id=body["id"]).memberships.get()
    assert membership.user.username == "ada"
    assert membership.group.name == "Administrator"


@pytest.mark.parametrize(
    ("user", "status", "key"),
    [
        ({"login": "nobody", "role": "ADMIN"}, 404, "not_found"),
        ({"login": "ada", "role": "KING"}, 400, "used_incorrect_role"),
        ({"role": "ADMIN"}, 400, "invalid_payload"),
    ],
)
def test_unknown_people_and_roles_stop_the_project(management_api, user, status, key):
    roles.sync()
    UserFactory(username="ada")
    response = management_api.post(PROJECTS, {**NEW, "users": [user]})
    assert response.status_code == status
    assert response.json()["key"] == key
    assert not Project.objects.exists()


def test_an_update_changes_what_is_given(management_api, project):
    path = f"{PROJECTS}/{project.public_id}"
    first = management_api.put(path, {"client_redeem_enabled": True, "name": None})
    assert first.json()["client_redeem_enabled"] is True
    second = management_api.put(path, {"client_publish_enabled": True, "description": "Berlin"})
    assert second.json()["client_redeem_enabled"] is True
    assert second.json()["client_publish_enabled"] is True
    assert second.json()["name"] == "Roaster"
    project.refresh_from_db()
    assert project.version == 3


def test_the_week_and_the_taxes_of_a_project_are_set(management_api, project):
    path = f"{PROJECTS}/{project.public_id}"

    body = management_api.put(path, {"week_start": 6, "prices_include_tax": False}).json()
    refused = management_api.put(path, {"week_start": 7})

    assert (body["week_start"], body["prices_include_tax"]) == (6, False)
    assert refused.json()["details"] == "Property .week_start must be <= 6"
    project.refresh_from_db()
    assert (project.week_start, project.prices_include_tax) == (6, False)


@pytest.mark.parametrize(
    ("config", "details"),
    [
        ({"length": "abc"}, "length must be an integer"),
        ({"length": {}}, "length must be an integer"),
        ({"length": True}, "length must be an integer"),
        ({"length": 1.5}, "length must be an integer"),
        ({"length": 0}, "length must be between 1 and 128"),
        ({"pattern": 5}, "pattern must be a text"),
        ({"charset": []}, "charset must be a text"),
        ({"prefix": "a b"}, "codes must not contain blanks or control characters"),
    ],
)
def test_a_wrong_code_format_is_not_kept(management_api, api, project, config, details):
    path = f"/management/v1/projects/{project.public_id}"

    answer = management_api.put(path, {"default_code_config": config})

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_code_config")
    assert answer.json()["details"] == details
    project.refresh_from_db()
    assert project.default_code_config == {}


def test_the_case_of_codes_is_fixed_for_good(management_api, project):
    path = f"{PROJECTS}/{project.public_id}"
    assert management_api.put(path, {"case_sensitive_codes": False}).status_code == 200
    project.refresh_from_db()
    assert project.case_sensitive_codes is True


def test_an_unknown_project_is_not_found(management_api):
    for method in ("GET", "PUT", "DELETE"):
        response = management_api.call(method, f"{PROJECTS}/proj_none")
        assert response.status_code == 404
        assert response.json()["details"] == "Cannot find project with id proj_none"


@pytest.mark.django_db(transaction=True)
def test_a_deleted_project_takes_its_rows_and_only_its_own(
    management_api, api, project, other_project
):
    for owner in (project, other_project):
        with tenancy.scope(owner):
            AsyncAction.objects.create(type="VOUCHERS.IMPORT")
            MetadataSchema.objects.create(related_object="order")
    response = management_api.delete(f"{PROJECTS}/{project.public_id}")
    assert response.status_code == 204
    assert api.get("/v1/async-actions").status_code == 401
    with tenancy.all_projects():
        assert [row.project_id for row in AsyncAction.objects.all()] == [other_project.pk]
        assert MetadataSchema.history.count() == 1
    deleted = Project.history.filter(id=project.pk).latest()
    assert deleted.history_type == "-"
    assert deleted.credential.startswith("Terraform (…")


def schema_path(project, schema_id=""):
    path = f"{PROJECTS}/{project.public_id}/metadata-schemas"
    return f"{path}/{schema_id}" if schema_id else path


def test_a_metadata_schema_is_made_read_changed_and_deleted(management_api, api, project):
    new = {"related_object": "reward", "properties": {"region": REGION}}
    made = management_api.post(schema_path(project), new).json()
    assert made["id"].startswith("ms_")
    assert made["object"] == "metadata_schema"
    assert made["allow_defined_only"] is False
    assert made["properties"] == {"region": {"object_type": None, **REGION}}
    listed = management_api.get(schema_path(project)).json()
    assert listed["total"] == 1
    path = schema_path(project, made["id"])
    size = {"type": "number", "array": False, "optional": True, "lt": 9.5}
    changed = management_api.put(path, {"properties": {"size": size}, "allow_defined_only": True})
    assert set(changed.json()["properties"]) == {"region", "size"}
    assert changed.json()["allow_defined_only"] is True
    assert management_api.get(path).json() == changed.json()
    old_form = api.get("/v1/metadata-schemas/reward").json()
    assert old_form["properties"]["size"] == {"objectType": None, **size}
    assert management_api.delete(path).status_code == 204
    assert management_api.get(path).status_code == 404
    assert api.get("/v1/metadata-schemas").json() == {
        "object": "list",
        "data_ref": "schemas",
        "schemas": [],
        "total": 0,
    }


@pytest.mark.parametrize(
    ("definition", "details"),
    [
        ("text", "Property .properties.size must be object"),
        ({"type": "color", "array": False, "optional": True}, None),
        ({"type": "number", "optional": True}, "Property .properties.size should have required"),
        (
            {"type": "number", "array": False, "optional": True, "eq": ["x"]},
            "Property .properties.size.eq.0 must be number",
        ),
        (
            {"type": "number", "array": False, "optional": True, "max_length": 3},
            "Property .properties.size.max_length is only for the types string",
        ),
        (
            {"type": "string", "array": 1, "optional": True},
            "Property .properties.size.array must be boolean",
        ),
    ],
)
def test_a_wrong_definition_is_named(management_api, project, definition, details):
    new = {"related_object": "reward", "properties": {"size": definition}}
    response = management_api.post(schema_path(project), new)
    assert response.status_code == 400
    assert response.json()["key"] == "invalid_payload"
    assert response.json()["details"].startswith(details or "Property .properties.size.type must")
    with tenancy.all_projects():
        assert not MetadataSchema.objects.exists()


def test_a_type_never_changes(management_api, project):
    new = {"related_object": "reward", "properties": {"region": REGION}}
    made = management_api.post(schema_path(project), new).json()
    other = {"region": {"type": "number", "array": False, "optional": True}}
    response = management_api.put(schema_path(project, made["id"]), {"properties": other})
    assert response.json()["details"] == "Property .properties.region.type cannot be changed"


def test_a_resource_has_one_schema(management_api, project, other_project):
    new = {"related_object": "customer", "properties": {}}
    assert management_api.post(schema_path(project), new).status_code == 200
    again = management_api.post(schema_path(project), new)
    assert again.status_code == 409
    assert again.json()["key"] == "duplicate_found"
    assert again.json()["message"] == "Duplicated resource found"
    assert (
        again.json()["details"] == "Duplicated metadata schema exists with related_object customer"
    )
    assert management_api.post(schema_path(other_project), new).status_code == 200


def test_the_schema_of_another_project_is_not_found(management_api, project, other_project):
    with tenancy.scope(other_project):
        schema = MetadataSchema.objects.create(related_object="order")
    path = schema_path(project, schema.public_id)
    for method in ("GET", "DELETE"):
        assert management_api.call(method, path).status_code == 404
    assert management_api.put(path, {"properties": {}}).status_code == 404
    with tenancy.all_projects():
        assert MetadataSchema.objects.count() == 1
