"""Roles: groups of permissions, as a table of objects and acts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core.admin import base

# Only superusers touch what these apps own, whatever a role says.
NOT_FOR_ROLES = ("admin", "auth", "contenttypes", "guardian", "sessions")
VERBS = {
    "view": gettext_lazy("See"),
    "add": gettext_lazy("Add"),
    "change": gettext_lazy("Change"),
    "delete": gettext_lazy("Delete"),
    "import": gettext_lazy("Import"),
    "export": gettext_lazy("Export"),
}


class Matrix(forms.CheckboxSelectMultiple):
    """One row per kind of object, one column per act; acts of its own follow in the last column."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del attrs, renderer
        chosen = {str(pk) for pk in value or []}
        rows: dict[Any, dict[str, Permission]] = {}
        for permission in getattr(self.choices, "queryset", ()):
            rows.setdefault(permission.content_type, {})[permission.codename] = permission
        heads = format_html_join(
            "", '<th scope="col">{}</th>', ((verb,) for verb in VERBS.values())
        )
        body = format_html_join(
            "", "{}", ((_row(name, kind, held, chosen),) for kind, held in rows.items())
        )
        return format_html(
            '<div class="scroll"><table class="data matrix"><thead><tr><th scope="col">{}</th>{}'
            '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table></div>',
            _("Object"),
            heads,
            _("More"),
            body,
        )


def _box(name: str, permission: Permission | None, label: Any, chosen: set[str]) -> SafeString:
    if permission is None:
        return SafeString("")
    checked = " checked" if str(permission.pk) in chosen else ""
    return format_html(
        '<input type="checkbox" name="{}" value="{}" aria-label="{}"{}>',
        name,
        str(permission.pk),
        label,
        checked,
    )


def _row(name: str, kind: Any, held: dict[str, Permission], chosen: set[str]) -> SafeString:
    label = capfirst(kind.name)
    rest = dict(held)
    boxes = [
        _box(name, rest.pop(f"{verb}_{kind.model}", None), f"{label}: {word}", chosen)
        for verb, word in VERBS.items()
    ]
    more = [
        format_html("<label>{} {}</label>", _box(name, extra, extra.name, chosen), extra.name)
        for extra in rest.values()
    ]
    cells = format_html_join("", "<td>{}</td>", ((box,) for box in boxes))
    last = format_html_join("", "{}", ((text,) for text in more))
    return format_html('<tr><th scope="row">{}</th>{}<td>{}</td></tr>', label, cells, last)


class RoleForm(forms.ModelForm):
    permissions = forms.ModelMultipleChoiceField(
        Permission.objects.none(),
        required=False,
        label=gettext_lazy("Permissions"),
        help_text=gettext_lazy("What members with this role may see and do."),
        widget=Matrix,
    )

    class Meta:
        model = Group
        fields = ["name", "permissions"]
        help_texts = {"name": gettext_lazy("For example Auditor.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("permissions")
        if field is not None:
            rows = Permission.objects.select_related("content_type")
            rows = rows.exclude(content_type__app_label__in=NOT_FOR_ROLES)
            rows = rows.exclude(content_type__model__startswith="historical")
            field.queryset = rows.order_by("content_type__app_label", "content_type__model", "id")


class RolePage(base.PlatformAdmin):
    """Roles can be added without code; the built-in ones are rewritten by `sync_roles`."""

    form = RoleForm
    list_display = ["name"]
    search_fields = ["name__istartswith"]
    ordering = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)


vars(Group._meta).update(
    verbose_name=gettext_lazy("role"), verbose_name_plural=gettext_lazy("roles")
)
admin.site.unregister(Group)
admin.site.register(Group, RolePage)
