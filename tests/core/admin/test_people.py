"""Members, roles and users."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from loyalty_project.core import tenancy
from loyalty_project.core.models import Membership, User
from tests.core.admin.conftest import choose, log_in
from tests.factories.platform import MembershipFactory, MetadataSchemaFactory
from tests.factories.user import UserFactory

ADD = "/admin/core/membership/add/"


def invite(http, project, email, role="Marketer"):
    group = Group.objects.get(name=role)
    return http.post(ADD, {"email": email, "group": group.pk, "_project": project.public_id})


def test_invites_a_new_person_by_a_link_that_works_once(staff, project):
    answer = invite(staff("Administrator"), project, "Zeynep@example.com")

    link = re.search(r"http://testserver(/admin/welcome/[^<]+)<", answer.content.decode()).group(1)
    http = Client()
    page = http.get(link, follow=True)
    password = {"new_password1": "a long walk home", "new_password2": "a long walk home"}
    http.post(page.redirect_chain[-1][0], password)
    user = User.objects.get(email="zeynep@example.com")
    assert user.check_password("a long walk home")
    assert not Client().get(link, follow=True).context["validlink"]
    assert Membership.objects.get(user=user).project == project


def test_gives_a_known_person_a_role_without_a_link(staff, project):
    known = UserFactory(email="omid@example.com")

    answer = invite(staff("Administrator"), project, "omid@example.com")

    assert answer.status_code == 302
    assert known.memberships.get().group.name == "Marketer"


def test_marketers_invite_nobody(staff, project):
    assert invite(staff("Marketer"), project, "x@example.com").status_code == 403
    assert not User.objects.filter(email="x@example.com").exists()


@pytest.fixture
def recruiter(staff, project):
    """Somebody whose role allows to give roles, and nothing else."""
    staff("Viewer")
    group = Group.objects.create(name="Recruiter")
    wanted = ["view_membership", "add_membership", "change_membership"]
    group.permissions.set(Permission.objects.filter(codename__in=wanted))
    return staff("Recruiter", username="rosa", email="rosa@example.com")


def change_role(http, project, membership, role):
    form = {"group": Group.objects.get(name=role).pk, "_project": project.public_id}
    return http.post(f"/admin/core/membership/{membership.pk}/change/", form)


def test_nobody_gives_themselves_another_role(recruiter, staff, project):
    own = Membership.objects.get(user__username="rosa")

    by_invitation = invite(recruiter, project, "rosa@example.com", role="Recruiter")
    changed = change_role(recruiter, project, own, "Administrator")

    for answer in (by_invitation, changed):
        assert "You cannot change your own role" in answer.content.decode()
    own.refresh_from_db()
    assert own.group.name == "Recruiter"


def test_nobody_gives_a_role_that_may_do_more_than_theirs(recruiter, project):
    other = MembershipFactory(project=project, group=Group.objects.get(name="Recruiter"))

    invited = invite(recruiter, project, "accomplice@example.com", role="Administrator")
    changed = change_role(recruiter, project, other, "Administrator")

    for answer in (invited, changed):
        assert "Administrator may do more than your own role" in answer.content.decode()
    other.refresh_from_db()
    assert other.group.name == "Recruiter"
    assert not User.objects.filter(email="accomplice@example.com").exists()


def test_a_role_that_may_do_no_more_can_be_given(recruiter, staff, project):
    invite(recruiter, project, "colleague@example.com", role="Recruiter")
    other = MembershipFactory(project=project, group=Group.objects.get(name="Viewer"))
    change_role(staff("Administrator"), project, other, "Marketer")

    assert Membership.objects.get(user__email="colleague@example.com").group.name == "Recruiter"
    other.refresh_from_db()
    assert other.group.name == "Marketer"


def test_shows_members_of_the_project_only(root, project, other_project):
    here = MembershipFactory(project=project)
    there = MembershipFactory(project=other_project)

    body = root.get("/admin/core/membership/").content.decode()

    assert here.user.username in body
    assert there.user.username not in body
    assert root.get(f"/admin/core/membership/{there.pk}/change/").status_code == 302


def test_changes_no_membership_of_another_project(root, project, other_project, staff):
    there = MembershipFactory(project=other_project)
    form = {"group": Group.objects.get(name="Administrator").pk, "_project": project.public_id}

    root.post(f"/admin/core/membership/{there.pk}/change/", form)

    there.refresh_from_db()
    assert there.group.name != "Administrator"


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
