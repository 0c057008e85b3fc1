"""Roles are given and taken by others, and none that may do more than who does so."""

import pytest
from django.contrib.auth.models import Group, Permission

from loyalty_project.core.models import Membership
from loyalty_project.core.services import members
from tests.factories.platform import MembershipFactory
from tests.factories.user import UserFactory


def role(name, *codenames):
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    return group


@pytest.fixture
def clerk(in_project):
    group = role("Clerk", "view_membership", "change_membership", "delete_membership")
    return MembershipFactory(project=in_project, group=group).user


@pytest.fixture
def boss(in_project):
    return MembershipFactory(project=in_project, group=role("Boss", "delete_project"))


def test_a_stronger_role_is_neither_replaced_nor_taken(in_project, clerk, boss):
    changed = Membership.objects.get(pk=boss.pk)
    changed.group = Group.objects.get(name="Clerk")

    for act in (
        lambda: members.assign(
            project=in_project, role="Clerk", login=boss.user.username, giver=clerk
        ),
        lambda: members.change_role(membership=changed, giver=clerk),
        lambda: members.remove(membership=boss, taker=clerk),
    ):
        with pytest.raises(members.NotTheirsToGive, match="Boss may do more than your own role"):
            act()

    boss.refresh_from_db()
    assert boss.group.name == "Boss"


def test_a_role_of_another_project_does_not_count(in_project, other_project, clerk, boss):
    here = MembershipFactory(
        project=in_project, user=MembershipFactory(project=other_project, group=boss.group).user
    )

    members.remove(membership=here, taker=clerk)

    assert not Membership.objects.filter(pk=here.pk).exists()


def test_superusers_take_any_role(in_project, boss):
    members.remove(membership=boss, taker=UserFactory(is_superuser=True))

    assert not Membership.objects.filter(pk=boss.pk).exists()
