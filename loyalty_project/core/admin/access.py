"""Every permission of an admin page, asked of `core.access`; lists show what may be seen."""

from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from guardian.models import UserObjectPermission
from guardian.shortcuts import get_objects_for_user

from loyalty_project.core import access


def granted_types(request: HttpRequest) -> set[int]:
    """Content types of which the person was given single objects; one query per request."""
    found: set[int] | None = request.__dict__.get("_granted_types")
    if found is None:
        user: Any = request.user
        rows = UserObjectPermission.objects.filter(user=user)
        found = set(rows.values_list("content_type_id", flat=True).distinct())
        request.__dict__["_granted_types"] = found
    return found


# The stubs know neither callables in `fields` nor what the admins of other packages override.
StockAdmin: Any = admin.ModelAdmin


class RoleAdmin(StockAdmin):
    """Asks the role in the active project, then grants on the object; nothing without a project."""

    needs_project = True

    def may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        if self.needs_project and getattr(request, "project", None) is None:
            return False
        return access.can(request.user, verb, self.model, obj)

    def may_act(self, request: HttpRequest, permission: str, obj: Any = None) -> bool:
        """May the person press a button or run an action that asks for `permission`?"""
        return self.may(request, permission, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Django's actions without those that the role does not allow."""
        actions = super().get_actions(request)
        return {
            name: entry
            for name, entry in actions.items()
            if self.may_act(request, getattr(entry[0], "asks_for", "view"))
        }

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No patterns, which the database may refuse or take long for, and no NUL."""
        if "\x00" in str(value) or {"regex", "iregex"} & set(lookup.split("__")):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def has_grants(self, request: HttpRequest) -> bool:
        kind = ContentType.objects.get_for_model(self.model)
        return kind.pk in granted_types(request) and self.get_queryset(request).exists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if self.may(request, "view", obj) or self.may(request, "change", obj):
            return True
        return obj is None and self._in_project(request) and self.has_grants(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "import")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "export")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """All rows of the scope for a role that may see them, else the granted ones."""
        rows = super().get_queryset(request)
        if self.may(request, "view") or self.may(request, "change"):
            return rows
        verbs = [f"{verb}_{self.opts.model_name}" for verb in ("view", "change")]
        return get_objects_for_user(
            request.user,
            verbs,
            klass=rows,
            use_groups=False,
            any_perm=True,
            accept_global_perms=False,
        )

    def _in_project(self, request: HttpRequest) -> bool:
        return not self.needs_project or getattr(request, "project", None) is not None
