"""Keys of machines: the secret is shown once, on the answer to the form that made it."""

import ipaddress
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, display, fields
from loyalty_project.core.models import ApiKey, ManagementKey
from loyalty_project.core.services import api_keys

STATES = {
    "LIVE": ("good", "circle-check"),
    "REVOKED": ("bad", "circle-x"),
    "EXPIRED": ("warn", "clock"),
}


def is_live(key: Any) -> bool:
    return key.revoked_at is None


def state_of(key: Any) -> Any:
    expires = getattr(key, "expires_at", None)
    if key.revoked_at is not None:
        return display.badge_of("REVOKED", STATES, _("Revoked"))
    if expires is not None and expires <= clock.now():
        return display.badge_of("EXPIRED", STATES, _("Expired"))
    return display.badge_of("LIVE", STATES, _("Works"))


class ApiKeyForm(forms.ModelForm):
    scopes = fields.MultipleField(
        choices=(),
        label=gettext_lazy("Resources"),
        help_text=gettext_lazy("Only these resources; none ticked allows all."),
    )

    class Meta:
        model = ApiKey
        fields = ["name", "is_client", "role", "scopes", "allowed_ips", "origins"]
        fields += ["rate_limit", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scopes" in self.fields:
            scopes: Any = self.fields["scopes"]
            scopes.choices = [(name, name) for name in import_string(settings.WAFA_API_RESOURCES)]

    def clean_allowed_ips(self) -> list[str]:
        networks: list[str] = self.cleaned_data["allowed_ips"]
        for network in networks:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError as error:
                message = _("%(value)s is neither an address nor a network.")
                raise ValidationError(message, params={"value": network}) from error
        return networks


@admin.register(ApiKey)
class ApiKeyPage(base.ProjectAdmin):
    form = ApiKeyForm
    list_display = [
        "name",
        "state",
        "role",
        display.active("is_client"),
        display.code("app_id"),
        display.when("last_used_at"),
    ]
    list_filter = ["role", "is_client"]
    search_fields = ["name__istartswith", "app_id__startswith"]
    lines_fields = ["allowed_ips", "origins"]
    page_buttons = ["rotate", "revoke"]
    fieldsets = [
        (gettext_lazy("Key"), {"fields": ["name", "role", "is_client", "expires_at"]}),
        (gettext_lazy("Reach"), {"fields": ["scopes", "allowed_ips", "origins", "rate_limit"]}),
    ]

    @admin.display(description=gettext_lazy("State"))
    def state(self, obj: ApiKey) -> Any:
        return state_of(obj)

    def page_status(self, request: HttpRequest, obj: ApiKey) -> Any:
        return state_of(obj)

    def page_figures(self, request: HttpRequest, obj: ApiKey) -> list[tuple[Any, Any]]:
        return [
            (_("Application id"), display.code_of(obj.app_id)),
            (_("Secret ends in"), display.ltr(obj.secret_hint)),
            (_("Last used"), display.when_of(obj.last_used_at)),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Histories name the key, so it is revoked."""
        del request, obj
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        del request
        return ["is_client"] if obj else []

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        issued = api_keys.create(project=request.project, **form.cleaned_data)
        base.become(obj, issued.key)
        vars(obj)["shown_secret"] = issued.secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        del post_url_continue
        return self._shown(request, obj, obj.shown_secret)

    def _shown(self, request: HttpRequest, key: ApiKey, secret: str) -> TemplateResponse:
        names = ("X-Client-Application-Id", "X-Client-Token")
        id_name, token_name = names if key.is_client else ("X-App-Id", "X-App-Token")
        return shown_once(self, request, key, [(id_name, key.app_id), (token_name, secret)])

    @actions.button(
        gettext_lazy("New secret"), icon="refresh-cw", confirm=True, danger=True, when=is_live
    )
    def rotate(self, request: Any, obj: ApiKey, data: dict[str, Any]) -> TemplateResponse:
        del data
        issued = api_keys.regenerate(project=request.project, key=obj)
        return self._shown(request, issued.key, issued.secret)

    def rotate_effects(self, request: HttpRequest, obj: ApiKey) -> list[str]:
        del request, obj
        return [_("The present secret stops working at once. The new one is shown once.")]

    @actions.button(gettext_lazy("Revoke"), icon="ban", confirm=True, danger=True, when=is_live)
    def revoke(self, request: Any, obj: ApiKey, data: dict[str, Any]) -> str:
        del data
        api_keys.revoke(project=request.project, key=obj, at=clock.now())
        return _("The key is revoked.")

    def revoke_effects(self, request: HttpRequest, obj: ApiKey) -> list[str]:
        tokens = obj.tokens.filter(expires_at__gt=clock.now()).count()
        says = [_("Calls with this key get 401 at once. This cannot be undone.")]
        if tokens:
            ends = ngettext("%(n)s open token ends.", "%(n)s open tokens end.", tokens)
            says.append(ends % {"n": tokens})
        return says


def shown_once(
    page: Any,
    request: HttpRequest,
    key: Any,
    secrets: Sequence[tuple[str, str]],
    *,
    intro: str = "",
) -> TemplateResponse:
    """The page with a secret that no other page has; `intro` where it is not kept as a hash."""
    by_hash = _("Copy the secret now. It is stored as a hash and cannot be shown again.")
    context = {
        **page.admin_site.each_context(request),
        "title": str(key),
        "opts": page.opts,
        "intro": intro or by_hash,
        "secrets": secrets,
        "back": display.url_of(key),
    }
    response = TemplateResponse(request, "admin/shown_once.html", context)
    response["Cache-Control"] = "no-store"
    return response


@admin.register(ManagementKey)
class ManagementKeyPage(base.PlatformAdmin):
    list_display = ["name", "state", display.code("management_id"), display.when("created_at")]
    search_fields = ["name__istartswith"]
    fields = ["name"]
    page_buttons = ["revoke"]

    @admin.display(description=gettext_lazy("State"))
    def state(self, obj: ManagementKey) -> Any:
        return state_of(obj)

    def page_status(self, request: HttpRequest, obj: ManagementKey) -> Any:
        return state_of(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Histories name the key, so it is revoked."""
        del request, obj
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        issued = api_keys.create_management(name=form.cleaned_data["name"])
        base.become(obj, issued.key)
        vars(obj)["shown_secret"] = issued.secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        del post_url_continue
        secrets = [("X-Management-Id", obj.management_id), ("X-Management-Token", obj.shown_secret)]
        return shown_once(self, request, obj, secrets)

    @actions.button(gettext_lazy("Revoke"), icon="ban", confirm=True, danger=True, when=is_live)
    def revoke(self, request: Any, obj: ManagementKey, data: dict[str, Any]) -> str:
        del request, data
        api_keys.revoke_management(key=obj, at=clock.now())
        return _("The key is revoked.")

    def revoke_effects(self, request: HttpRequest, obj: ManagementKey) -> list[str]:
        del request, obj
        return [_("Calls with this key get 401 at once. This cannot be undone.")]
