"""Writes the built-in roles of `settings.WAFA_ROLES` to groups."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.module_loading import import_string


def sync(*, roles: Mapping[str, Sequence[str]] | None = None) -> list[Group]:
    """Make the groups and set exactly their permissions; groups of other names stay as they are."""
    wanted = import_string(settings.WAFA_ROLES) if roles is None else roles
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    groups = []
    with transaction.atomic():
        for name, patterns in wanted.items():
            group, _new = Group.objects.get_or_create(name=name)
            group.permissions.set(
                known[key] for key in known if allowed(permission=key, patterns=patterns)
            )
            groups.append(group)
    return groups


def allowed(*, permission: str, patterns: Sequence[str]) -> bool:
    """Does the last pattern that matches `app.codename` give it?"""
    answer = False
    for pattern in patterns:
        if fnmatchcase(permission, pattern.removeprefix("!")):
            answer = not pattern.startswith("!")
    return answer
