"""People and their roles in projects."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from loyalty_project.core.errors import Denied, Invalid, NotFound
from loyalty_project.core.models import KeyRole, Membership, Project, User

# The published roles of people, beside which the name of any group is accepted.
PUBLISHED = {
    KeyRole.ADMIN.value: "Administrator",
    KeyRole.USER.value: "Marketer",
    KeyRole.VIEWER.value: "Viewer",
    KeyRole.MERCHANT.value: "Support agent",
}


@dataclass(frozen=True, slots=True)
class Invited:
    """`first_password` is (uid, token) of the page that sets a password, None for known people."""

    membership: Membership
    first_password: tuple[str, str] | None


class UnknownRole(Invalid):
    key = "used_incorrect_role"
    message = "Used incorrect role"


class NotTheirsToGive(Denied):
    """Roles are given and taken by others, and none that may do more than who does so."""


def assign(
    *,
    project: Project,
    role: str,
    login: str = "",
    user_id: str = "",
    giver: User | None = None,
) -> Membership:
    """Give a person, named by login or id, a role in the project; a former role is replaced.

    `giver` is the person who does so, None for keys. Raises NotTheirsToGive.
    """
    group = Group.objects.filter(name=PUBLISHED.get(role, role)).first()
    if group is None:
        raise UnknownRole(f"There is no role {role}")
    wanted = Q(username=login) | Q(email__iexact=login) if login else Q(pk=_number(user_id))
    user = User.objects.filter(wanted, is_active=True).order_by("pk").first()
    if user is None:
        raise NotFound.of("user", login or user_id)
    with transaction.atomic():
        _check(giver=giver, project=project, person=user, group=group)
        membership, _new = Membership.objects.update_or_create(
            user=user, project=project, defaults={"group": group}
        )
    return membership


def change_role(*, membership: Membership, giver: User) -> None:
    """Store the other group that `membership` was given. Raises NotTheirsToGive."""
    with transaction.atomic():
        _check(
            giver=giver,
            project=membership.project,
            person=membership.user,
            group=membership.group,
        )
        membership.save()


def remove(*, membership: Membership, taker: User) -> None:
    """Take the person out of the project. Raises NotTheirsToGive."""
    with transaction.atomic():
        _check(giver=taker, project=membership.project, person=membership.user)
        membership.delete()


def invite(*, project: Project, email: str, role: str, giver: User | None = None) -> Invited:
    """Give a role to the person with this address, who is made where nobody has it yet.

    Raises NotTheirsToGive.
    """
    with transaction.atomic():
        known = User.objects.filter(Q(username=email) | Q(email__iexact=email)).exists()
        if known:
            known_member = assign(project=project, role=role, login=email, giver=giver)
            return Invited(known_member, None)
        user = User.objects.create_user(username=email.lower(), email=email.lower(), is_staff=True)
        membership = assign(project=project, role=role, user_id=str(user.pk), giver=giver)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return Invited(membership, (uid, default_token_generator.make_token(user)))


def _check(
    *, giver: User | None, project: Project, person: User, group: Group | None = None
) -> None:
    """Neither the role that the person has nor the new one may do more than the giver."""
    if giver is None or giver.is_superuser:
        return
    if giver.pk == person.pk:
        raise NotTheirsToGive("You cannot change your own role", extra={"field": "group"})
    memberships = Membership.objects.select_for_update(of=("self",)).select_related("group")
    held = memberships.filter(user=person, project=project).first()
    for role in (held.group if held else None, group):
        if role is not None and not giver.has_perms(_permissions(role)):
            raise NotTheirsToGive(
                f"{role.name} may do more than your own role", extra={"field": "group"}
            )


def _permissions(group: Group) -> list[str]:
    pairs = group.permissions.values_list("content_type__app_label", "codename").order_by()
    return [f"{label}.{codename}" for label, codename in pairs]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
