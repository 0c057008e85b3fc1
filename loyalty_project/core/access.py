"""Who may do what: the role in the active project, then grants on single objects."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from loyalty_project.core import tenancy
from loyalty_project.core.models import Membership


class MembershipBackend(ModelBackend):
    """Permissions come from the role in the project of the open scope, and from nowhere else."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        del user_obj, obj
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        project = tenancy.active_project()
        cache: dict[int | None, set[str]] = user_obj.__dict__.setdefault("_role_permissions", {})
        key = project.pk if project is not None else None
        if key not in cache:
            cache[key] = self._of_role(user_obj, key)
        return cache[key]

    def _of_role(self, user: Any, project_pk: int | None) -> set[str]:
        permissions = Permission.objects.all()
        if not user.is_superuser:
            roles = Membership.objects.filter(user=user, project=project_pk or 0).values("group")
            permissions = permissions.filter(group__in=roles)
        pairs = permissions.values_list("content_type__app_label", "codename").order_by()
        return {f"{label}.{codename}" for label, codename in pairs}

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return obj is None and perm in self.get_group_permissions(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(
            perm.split(".", 1)[0] == app_label for perm in self.get_group_permissions(user_obj)
        )


def can(user: Any, verb: str, model: Any, obj: Any = None) -> bool:
    """May `user` do `verb` (view, add, change, delete, import, export or a custom one) here?

    True by role in the active project, or by a grant on `obj` itself.
    """
    meta = model._meta
    permission = f"{meta.app_label}.{verb}_{meta.model_name}"
    if user.has_perm(permission):
        return True
    return obj is not None and bool(user.has_perm(permission, obj))
