"""The audit log: one list over all histories of a project."""

import pytest
from django.contrib.auth.models import Group, Permission

from loyalty_project.core import context, tenancy
from loyalty_project.core.models import Currency, User
from tests.factories.platform import ApiKeyFactory, MetadataSchemaFactory
from tests.factories.user import member

LOG = "/admin/audit/"


@pytest.fixture
def changes(in_project):
    """Two objects of two kinds, by two people."""
    ada = member(project=in_project, role="Administrator", username="ada")
    ben = member(project=in_project, role="Administrator", username="ben")
    with context.acting(user=ada):
        MetadataSchemaFactory(related_object="shelf-one")
    with context.acting(user=ben):
        ApiKeyFactory(name="till-two").delete()
    return ada, ben


@pytest.fixture(autouse=True)
def _with_roles(staff):
    """Roles exist before people get them."""


@pytest.mark.requirement(185)
def test_lists_every_kind_of_object_newest_first(root, changes):
    entries = root.get(LOG).context["entries"]

    found = [(entry.kind, entry.label, entry.who) for entry in entries[:3]]
    assert found == [
        ("API key", "till-two", "ben"),
        ("API key", "till-two", "ben"),
        ("Metadata schema", "shelf-one", "ada"),
    ]


def filtered(http, **wanted):
    return [entry.label for entry in http.get(LOG, wanted).context["entries"]]


def test_filters_by_person(root, changes):
    ada, _ben = changes

    assert filtered(root, person=ada.pk) == ["shelf-one"]


def test_filters_by_kind_of_object(root, changes):
    assert filtered(root, kind="core.apikey") == ["till-two", "till-two"]


def test_filters_by_act(root, changes):
    assert filtered(root, verb="-") == ["till-two"]


def test_filters_by_day(root, changes):
    assert filtered(root, until="2020-01-01") == []
    since = {"since": "2020-01-01", "kind": "core.metadataschema"}
    assert len(filtered(root, **since)) == 1
    assert len(filtered(root, **since, until="9999-12-31")) == 1


def test_hides_what_another_project_did(root, other_project):
    with tenancy.scope(other_project):
        MetadataSchemaFactory(related_object="secret-plan")

    assert "secret-plan" not in root.get(LOG).content.decode()


def test_shows_only_kinds_that_the_role_may_see(staff, changes):
    http = staff("Viewer")

    body = http.get(LOG).content.decode()

    assert "till-two" not in body


def test_is_closed_without_a_role(nobody):
    assert nobody.get(LOG).status_code == 403


def test_cannot_be_written(root, project):
    root.post(LOG, {"_project": project.public_id, "verb": "-"})

    assert root.get(LOG).status_code == 200


def test_asks_as_many_questions_for_many_rows(root, in_project, django_assert_max_num_queries):
    for _ in range(30):
        MetadataSchemaFactory()

    with django_assert_max_num_queries(42):
        root.get(LOG)


@pytest.fixture
def auditor():
    """A role that saw keys and now sees members."""
    role = Group.objects.create(name="Auditor")
    role.permissions.set(Permission.objects.filter(codename="view_apikey"))
    role.permissions.set(Permission.objects.filter(codename="view_membership"))
    return role


@pytest.mark.requirement(185)
def test_shows_what_a_role_lost_and_got(root, auditor):
    entries = root.get(LOG, {"kind": "auth.group"}).context["entries"]
    page = root.get(f"/admin/auth/group/{auditor.pk}/history/").context["entries"]

    assert [entry.label for entry in entries[:4]] == ["Auditor"] * 4
    for found in (entries[:4], page):
        changes = [(change.before, change.after) for entry in found for change in entry.changes]
        assert changes == [
            ("–", "Platform | member | Can view member"),
            ("Platform | API key | Can view API key", "–"),
            ("–", "Platform | API key | Can view API key"),
        ]


@pytest.mark.requirement(185)
def test_shows_what_changed_of_people_and_currencies(root, reference):
    user = User.objects.get(is_superuser=True)
    user.first_name = "Ada"
    user.save()
    euro = Currency.objects.get(code="EUR")
    euro.save()
    euro.name = "Euros"
    euro.save()

    for kind, label, row, change in (
        ("core.user", "First name", user, ("–", "Ada")),
        ("core.currency", "Name", euro, ("Euro", "Euros")),
    ):
        address = f"/admin/{kind.replace('.', '/')}/{row.pk}/history/"
        for entry in (
            root.get(LOG, {"kind": kind}).context["entries"][0],
            root.get(address).context["entries"][0],
        ):
            found = [(item.label, item.before, item.after) for item in entry.changes]
            assert found == [(label, *change)]


def test_hides_people_and_roles_from_members(staff, auditor):
    http = staff("Administrator")

    kinds = {entry.kind for entry in http.get(LOG).context["entries"]}

    assert "Role" not in kinds
    assert "User" not in kinds
