"""What the roles of people allow, by permission."""

import pytest
from django.contrib.auth.models import Group, Permission

from loyalty_project.core import access, tenancy
from loyalty_project.core.models import ApiKey, AsyncAction, Membership, MetadataSchema, User
from loyalty_project.core.services import roles
from tests.factories.user import UserFactory, member


@pytest.mark.parametrize(
    ("patterns", "given"),
    [
        (("*.*",), True),
        (("customers.view_*",), True),
        (("customers.change_*",), False),
        (("*.*", "!customers.*"), False),
        (("*.*", "!customers.*", "customers.view_customer"), True),
        ((), False),
    ],
)
def test_the_last_pattern_that_matches_decides(patterns, given):
    assert roles.allowed(permission="customers.view_customer", patterns=patterns) is given


@pytest.fixture
def may(project):
    """`may("Viewer", "core.add_user")`."""
    roles.sync()

    def ask(role, permission):
        user = member(project=project, role=role)
        with tenancy.scope(project):
            return user.has_perm(permission)

    return ask


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("core.view_asyncaction", "AMJSOVD"),
        ("core.add_apikey", "AD"),
        ("core.view_apikey", "AOD"),
        ("core.change_metadataschema", "AD"),
        ("core.change_project", "A"),
        ("core.add_membership", "A"),
        ("core.add_project", ""),
        ("core.delete_project", ""),
        ("core.add_user", ""),
        ("core.change_user", ""),
        ("auth.change_group", ""),
        ("core.add_managementkey", ""),
        ("core.view_managementkey", ""),
        ("customers.view_customer", "AMJSOVD"),
        ("customers.export_customer", "AMO"),
        ("customers.import_customer", "AM"),
        ("customers.delete_customer", "AM"),
        ("customers.change_customer", "AMJS"),
        ("campaigns.add_campaign", "AMJ"),
        ("campaigns.delete_campaign", "AM"),
        ("campaigns.import_campaign", "AM"),
    ],
)
def test_a_built_in_role_allows(may, permission, allowed):
    letters = {
        "A": "Administrator",
        "M": "Marketer",
        "J": "Junior marketer",
        "S": "Support agent",
        "O": "Manager",
        "V": "Viewer",
        "D": "Developer",
    }
    app, codename = permission.split(".")
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()
    assert {key for key, role in letters.items() if may(role, permission)} == set(allowed)


def test_a_superuser_may_all_and_a_person_who_left_nothing(project):
    roles.sync()
    root = UserFactory(is_superuser=True)
    left = member(project=project, role="Administrator", is_active=False)
    with tenancy.scope(project):
        assert root.has_perm("core.add_user")
        assert not left.has_perm("core.view_asyncaction")


def test_a_role_counts_in_its_project_only(project, other_project):
    roles.sync()
    user = member(project=project, role="Administrator")
    with tenancy.scope(project):
        assert user.has_perm("core.add_apikey")
    with tenancy.scope(other_project):
        assert not user.has_perm("core.add_apikey")
    assert not user.has_perm("core.add_apikey")


def test_groups_of_django_itself_give_nothing(in_project):
    roles.sync()
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Administrator"))
    user.user_permissions.add(Permission.objects.get(codename="add_apikey"))
    assert not User.objects.get(pk=user.pk).has_perm("core.add_apikey")


@pytest.mark.requirement(181)
def test_a_role_of_ones_own_allows_what_was_ticked_and_no_more(in_project):
    auditor = Group.objects.create(name="Auditor")
    for codename in ("view_apikey", "view_asyncaction", "view_metadataschema"):
        auditor.permissions.add(Permission.objects.get(codename=codename))
    user = UserFactory()
    Membership.objects.create(user=user, project=in_project, group=auditor)
    for model in (ApiKey, AsyncAction, MetadataSchema):
        assert access.can(user, "view", model)
        assert not access.can(user, "change", model)
    assert not access.can(user, "view", Membership)
    given = {
        permission.codename
        for permission in Permission.objects.select_related("content_type")
        if user.has_perm(f"{permission.content_type.app_label}.{permission.codename}")
    }
    assert given == {"view_apikey", "view_asyncaction", "view_metadataschema"}
