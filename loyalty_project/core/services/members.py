"""People and their roles in projects."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from loyalty_project.core.errors import Invalid, NotFound
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


def assign(*, project: Project, role: str, login: str = "", user_id: str = "") -> Membership:
    """Give a person, named by login or id, a role in the project; a former role is replaced."""
    group = Group.objects.filter(name=PUBLISHED.get(role, role)).first()
    if group is None:
        raise UnknownRole(f"There is no role {role}")
    wanted = Q(username=login) | Q(email__iexact=login) if login else Q(pk=_number(user_id))
    user = User.objects.filter(wanted, is_active=True).order_by("pk").first()
    if user is None:
        raise NotFound.of("user", login or user_id)
    with transaction.atomic():
        membership, _new = Membership.objects.update_or_create(
            user=user, project=project, defaults={"group": group}
        )
    return membership


def invite(*, project: Project, email: str, role: str) -> Invited:
    """Give a role to the person with this address, who is made where nobody has it yet."""
    with transaction.atomic():
        known = User.objects.filter(Q(username=email) | Q(email__iexact=email)).exists()
        if known:
            return Invited(assign(project=project, role=role, login=email), None)
        user = User.objects.create_user(username=email.lower(), email=email.lower(), is_staff=True)
        membership = assign(project=project, role=role, user_id=str(user.pk))
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return Invited(membership, (uid, default_token_generator.make_token(user)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
