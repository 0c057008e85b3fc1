"""Roles, users and grants on single objects."""

import pytest
from django.contrib.auth.models import Group, Permission

from loyalty_project.core import tenancy
from loyalty_project.core.models import Membership, User
from tests.core.admin.conftest import choose, log_in
from tests.factories.platform import MetadataSchemaFactory
from tests.factories.user import UserFactory


@pytest.mark.requirement(181)
def test_a_role_made_in_the_admin_opens_exactly_its_pages(root, project):
    wanted = ["view_metadataschema", "view_outboxevent", "view_asyncaction"]
    permissions = Permission.objects.filter(codename__in=wanted)
    form = {
        "name": "auditor",
        "permissions": [permission.pk for permission in permissions],
        "_project": project.public_id,
    }
    root.post("/admin/auth/group/add/", form)
    auditor = choose(log_in(UserFactory(username="auditor")), project)
    Membership.objects.create(
        user=User.objects.get(username="auditor"),
        project=project,
        group=Group.objects.get(name="auditor"),
    )

    found = {
        name: auditor.get(f"/admin/core/{name}/").status_code
        for name in ("metadataschema", "outboxevent", "asyncaction", "apikey", "membership", "job")
    }

    assert found == {
        "metadataschema": 200,
        "outboxevent": 200,
        "asyncaction": 200,
        "apikey": 403,
        "membership": 403,
        "job": 403,
    }


def test_users_and_roles_are_for_superusers(staff):
    http = staff("Administrator")

    assert http.get("/admin/core/user/").status_code == 403
    assert http.get("/admin/auth/group/").status_code == 403


def test_users_are_never_deleted(root, project):
    user = UserFactory()

    root.post(f"/admin/core/user/{user.pk}/delete/", {"_project": project.public_id, "post": "yes"})

    assert User.objects.filter(pk=user.pk).exists()


def test_administrators_change_their_own_project_only(staff, project, other_project):
    http = staff("Administrator")
    page = http.get(f"/admin/core/project/{project.pk}/change/")
    form = {
        "name": "Roaster of Berlin",
        "timezone": "Europe/Berlin",
        "week_start": "6",
        "second_factor": "OPTIONAL",
        "locale": "en",
        "default_code_config": "{}",
        "client_options": "{}",
        "_project": project.public_id,
    }

    http.post(f"/admin/core/project/{project.pk}/change/", form)
    http.post(f"/admin/core/project/{other_project.pk}/change/", form)

    assert page.status_code == 200
    project.refresh_from_db()
    other_project.refresh_from_db()
    assert (project.name, other_project.name) == ("Roaster of Berlin", "Fashion")
    assert (project.week_start, project.prices_include_tax) == (6, False)
    assert (other_project.week_start, other_project.prices_include_tax) == (1, True)
    assert http.get("/admin/core/project/add/").status_code == 403


def test_a_person_without_a_project_is_told_so(reference):
    http = log_in(UserFactory())

    answer = http.get("/admin/")

    assert answer.status_code == 200
    assert "not a member of any project" in answer.content.decode()
    assert http.get("/admin/core/metadataschema/").status_code == 403


def test_a_superuser_without_a_project_makes_the_first(reference):
    http = log_in(UserFactory(is_superuser=True))
    form = {
        "name": "First",
        "slug": "first",
        "currency": "EUR",
        "timezone": "UTC",
        "week_start": "1",
        "second_factor": "OPTIONAL",
        "locale": "en",
        "default_code_config": "{}",
        "client_options": "{}",
    }

    answer = http.post("/admin/core/project/add/", form)

    assert answer.status_code == 302
    assert "First" in http.get("/admin/").content.decode()


def test_shows_an_error_of_the_service_at_the_form(root, project):
    form = {
        "name": "Second",
        "slug": "second",
        "currency": "QQQ",
        "timezone": "UTC",
        "week_start": "1",
        "second_factor": "OPTIONAL",
        "locale": "en",
        "default_code_config": "{}",
        "client_options": "{}",
        "_project": project.public_id,
    }

    answer = root.post("/admin/core/project/add/", form)

    assert "QQQ" in answer.content.decode()
    assert answer.status_code == 200


@pytest.fixture
def granted(project, root):
    """A member without a role, a schema that they may see, and one that they may not."""
    user = UserFactory()
    Membership.objects.create(
        user=user, project=project, group=Group.objects.create(name="Allowed nothing")
    )
    with tenancy.scope(project):
        seen, hidden = MetadataSchemaFactory(), MetadataSchemaFactory()
    grants = f"/admin/core/metadataschema/{seen.pk}/permissions/"
    form = {"permissions": ["view_metadataschema"], "_project": project.public_id}
    root.post(f"{grants}user-manage/{user.pk}/", form)
    return choose(log_in(user), project), seen, hidden


def test_a_grant_opens_one_object(granted):
    http, seen, hidden = granted

    body = http.get("/admin/core/metadataschema/").content.decode()

    assert seen.related_object in body
    assert hidden.related_object not in body
    page = "/admin/core/metadataschema/{}/change/"
    assert http.get(page.format(seen.pk)).status_code == 200
    assert http.get(page.format(hidden.pk)).status_code == 302
    assert http.post(page.format(seen.pk), {}).status_code in {403, 409}


def test_grants_are_given_to_members_only(root, project):
    stranger = UserFactory()
    with tenancy.scope(project):
        row = MetadataSchemaFactory()
    page = f"/admin/core/metadataschema/{row.pk}/permissions/"

    body = root.get(page).content.decode()

    assert stranger.username not in body
    assert root.get(f"{page}user-manage/{stranger.pk}/").status_code == 404
    assert root.get(f"{page}group-manage/1/").status_code == 404


def test_grants_are_not_given_by_everybody_who_may_change(staff, project):
    with tenancy.scope(project):
        row = MetadataSchemaFactory()

    answer = staff("Developer").get(f"/admin/core/metadataschema/{row.pk}/permissions/")

    assert answer.status_code == 403
