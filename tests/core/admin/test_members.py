"""Members: who is invited, and who gives or takes which role."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from loyalty_project.core.models import Membership, User
from tests.factories.platform import MembershipFactory
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
    wanted = [f"{verb}_membership" for verb in ("view", "add", "change", "delete")]
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


@pytest.fixture
def chief(recruiter, project):
    """A member who may do more than the recruiter."""
    return MembershipFactory(project=project, group=Group.objects.get(name="Administrator"))


def test_nobody_demotes_somebody_who_may_do_more(recruiter, project, chief):
    changed = change_role(recruiter, project, chief, "Recruiter")
    invited = invite(recruiter, project, chief.user.email, role="Recruiter")

    for answer in (changed, invited):
        assert "Administrator may do more than your own role" in answer.content.decode()
    chief.refresh_from_db()
    assert chief.group.name == "Administrator"


def test_nobody_removes_somebody_who_may_do_more_or_themselves(recruiter, project, chief):
    own = Membership.objects.get(user__username="rosa")
    page = "/admin/core/membership/{}/delete/"
    form = {"_project": project.public_id, "post": "yes"}
    several = {"action": "delete_selected", "_selected_action": [chief.pk], **form}

    one = recruiter.post(page.format(chief.pk), form, follow=True)
    many = recruiter.post("/admin/core/membership/", several, follow=True)
    themselves = recruiter.post(page.format(own.pk), form, follow=True)

    for answer in (one, many):
        assert "Administrator may do more than your own role" in answer.content.decode()
    assert "You cannot change your own role" in themselves.content.decode()
    assert {own, chief} <= set(Membership.objects.all())


def test_an_administrator_removes_a_member(staff, project):
    member = MembershipFactory(project=project, group=Group.objects.get_or_create(name="Viewer")[0])
    form = {"_project": project.public_id, "post": "yes"}

    staff("Administrator").post(f"/admin/core/membership/{member.pk}/delete/", form)

    assert not Membership.objects.filter(pk=member.pk).exists()


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
