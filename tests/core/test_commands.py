"""Commands that make projects and keys print one JSON line last."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from loyalty_project.core import tenancy
from loyalty_project.core.models import ApiKey, ManagementKey, Project
from tests.client import ApiClient


def run(name, *arguments):
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().splitlines()


def answer(name, *arguments):
    return json.loads(run(name, *arguments, "--json")[-1])


def test_a_project_and_its_key_open_the_api(reference):
    made = answer("create_project", "--name", "Kaffeerösterei Süd", "--timezone", "Europe/Berlin")
    project = Project.objects.get()
    assert made == {"id": project.public_id, "slug": "kaffeerosterei-sud"}
    key = answer("create_api_key", "--project", made["slug"], "--name", "Shop")
    assert set(key) == {"app_id", "app_token"}
    caller = ApiClient({"X-App-Id": key["app_id"], "X-App-Token": key["app_token"]})
    assert caller.get("/v1/async-actions").status_code == 200


def test_options_reach_the_key(project):
    answer(
        "create_api_key", "--project", "roaster", "--name", "Web", "--client",
        "--origin", "https://shop.example", "--role", "USER", "--scope", "client_validations",
        "--allow-ip", "10.0.0.0/8", "--rate-limit", "50",
    )  # fmt: skip
    with tenancy.scope(project):
        key = ApiKey.objects.get()
    assert key.is_client
    assert key.origins == ["https://shop.example"]
    assert (key.role, key.scopes, key.allowed_ips) == (
        "USER",
        ["client_validations"],
        ["10.0.0.0/8"],
    )
    assert key.rate_limit == 50


def test_a_management_key_opens_the_management_api(reference):
    key = answer("create_management_key")
    headers = {
        "X-Management-Id": key["management_id"],
        "X-Management-Token": key["management_token"],
    }
    assert ApiClient(headers).get("/management/v1/projects").status_code == 200
    assert ManagementKey.objects.count() == 1


def test_people_read_lines(reference):
    lines = run("create_project", "--name", "Tea", "--slug", "tea")
    assert lines[-1] == "slug: tea"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create_project", "--name", "Tea", "--currency", "XXX"], "known ISO 4217 code"),
        (["create_project", "--name", "Tea", "--timezone", "Mars"], "Mars is not a time zone"),
        (["create_project", "--name", "Tea", "--slug", "roaster"], "exists with slug roaster"),
        (["create_api_key", "--project", "nowhere", "--name", "x"], "There is no project nowhere"),
        (
            ["create_api_key", "--project", "roaster", "--name", "x", "--scope", "y"],
            "no resource y",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_makes_nothing(project, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command(*arguments)
    assert Project.objects.count() == 1
    with tenancy.all_projects():
        assert not ApiKey.objects.exists()


def test_built_in_roles_are_written_and_others_left_alone(db):
    own = Group.objects.create(name="Auditor")
    lines = run("sync_roles")
    assert [line.partition(":")[0] for line in lines] == [
        "Administrator",
        "Marketer",
        "Junior marketer",
        "Support agent",
        "Manager",
        "Developer",
        "Viewer",
    ]
    assert not own.permissions.exists()
    assert run("sync_roles") == lines
