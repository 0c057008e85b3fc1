"""Projects, their members, and what only the installation's owner may touch."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import clock
from loyalty_project.core.admin import base, display
from loyalty_project.core.admin.buttons import button
from loyalty_project.core.models import Currency, Membership, Project, User
from loyalty_project.core.services import members, projects, second_factor

Accounts: Any = UserAdmin
ACCOUNT_TONES = {True: ("good", "circle-check"), False: ("bad", "circle-x")}


@admin.register(Project)
class ProjectPage(base.PlatformAdmin):
    """Superusers make projects; administrators change the one they work in."""

    list_display = ["name", display.text_ltr("slug"), display.text_ltr("currency"), "timezone"]
    search_fields = ["name__istartswith", "slug__startswith"]
    lines_fields = ["client_trusted_domains"]
    metadata_fields = ["client_options", "default_code_config"]
    fieldsets = [
        (_("Basics"), {"fields": ["name", "slug", "description", "is_sandbox"]}),
        (
            _("Money, time and texts"),
            {
                "fields": [
                    "currency",
                    "prices_include_tax",
                    "timezone",
                    "week_start",
                    "locale",
                    "dial_code",
                ]
            },
        ),
        (_("Codes"), {"fields": ["case_sensitive_codes", "default_code_config"]}),
        (_("Signing in"), {"fields": ["second_factor"]}),
        (_("Browsers and apps"), {"fields": ["client_trusted_domains", "client_options"]}),
    ]

    def may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        if request.user.is_superuser:
            return verb != "delete"
        return verb in {"view", "change"} and super(base.PlatformAdmin, self).may(
            request, verb, obj
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        rows = Project.objects.order_by("name")
        if request.user.is_superuser:
            return rows
        project = getattr(request, "project", None)
        return rows.filter(pk=project.pk) if project else rows.none()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        del request
        return ["slug", "currency", "case_sensitive_codes", "is_sandbox"] if obj else []

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        del request
        if change:
            saved = projects.update(project=obj, at=clock.now(), **form.cleaned_data)
        else:
            saved = projects.create(at=clock.now(), **form.cleaned_data)
        base.become(obj, saved)


class InviteForm(forms.ModelForm):
    """An address instead of a list of all users, so that nobody can read who else is here."""

    email = forms.EmailField(
        label=_("E-mail"), help_text=_("They sign in with it. New people get a link from you.")
    )

    class Meta:
        model = Membership
        fields = ["group"]


@admin.register(Membership)
class MembershipPage(base.PlatformAdmin):
    """People of the project in scope."""

    needs_project = True
    list_display = ["user", "group", display.when("created_at")]
    list_select_related = ["user", "group"]
    list_filter = ["group"]
    search_fields = ["user__username__istartswith", "user__email__istartswith"]

    def may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return super(base.PlatformAdmin, self).may(request, verb, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = super().get_queryset(request)
        project = getattr(request, "project", None)
        return rows.filter(project=project) if project else rows.none()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = InviteForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        del request
        return ["email", "group"] if obj is None else ["user", "group"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        del request
        return ["user"] if obj else []

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            members.change_role(membership=obj, giver=request.user)
            return
        data = form.cleaned_data
        invited = members.invite(
            project=request.project,
            email=data["email"],
            role=data["group"].name,
            giver=request.user,
        )
        base.become(obj, invited.membership)
        vars(obj)["first_password"] = invited.first_password

    def delete_model(self, request: Any, obj: Membership) -> None:
        members.remove(membership=obj, taker=request.user)

    def delete_queryset(self, request: Any, queryset: QuerySet[Membership]) -> None:
        for membership in queryset.select_related("user", "project"):
            self.delete_model(request, membership)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponseBase:
        if obj.first_password is None:
            return super().response_add(request, obj, post_url_continue)
        link = reverse("admin:first_password", args=obj.first_password)
        return TemplateResponse(
            request,
            "admin/shown_once.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Invitation"),
                "opts": self.opts,
                "intro": _("Send this link to the new member. It works once, for three days."),
                "secrets": [(_("Link"), request.build_absolute_uri(link))],
                "back": reverse("admin:core_membership_changelist"),
            },
        )


class CurrencyForm(forms.ModelForm):
    class Meta:
        model = Currency
        fields = ["code", "name", "exponent", "display_digits", "effective_from"]
        help_texts = {"name": _("As people call it.")}


@admin.register(Currency)
class CurrencyPage(base.PlatformAdmin):
    form = CurrencyForm
    list_display = ["code", "name", "exponent", "display_digits", "effective_from"]
    search_fields = ["code__istartswith"]
    ordering = ["code", "-effective_from"]


@admin.register(User)
class UserPage(base.PlatformAdmin, Accounts):
    """People. What they may do comes from their memberships, so permissions are not offered."""

    change_form_template = "admin/change_form.html"
    list_display = [
        "username",
        "email",
        display.badge("is_active", ACCOUNT_TONES),
        "is_superuser",
        display.when("last_login"),
        display.when("second_factor_at"),
    ]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["username__istartswith", "email__istartswith"]
    readonly_fields = [display.when("last_login"), display.when("date_joined")]
    filter_horizontal: Sequence[str] = ()
    fieldsets = [
        (_("Sign in"), {"fields": ["username", "email", "is_active"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "language", "calendar", "timezone"]}),
        (_("Installation"), {"fields": ["is_staff", "is_superuser"]}),
    ]
    page_buttons = ["remove_second_factor"]
    help_texts = {
        "username": _("What they sign in with; usually the e-mail address."),
        "email": _("Where messages go."),
        "first_name": _("Shown in histories."),
        "last_name": _("Shown in histories."),
        "password1": _("At least eight characters, not a common word."),
        "usable_password": _("Without one they cannot sign in until you set it."),
    }
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "email", "usable_password", "password1", "password2"]},
        )
    ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        for name, text in self.help_texts.items():
            if name in form.base_fields:
                form.base_fields[name].help_text = text
        return form

    def page_figures(self, request: HttpRequest, obj: Any) -> list[tuple[Any, Any]]:
        del request
        return [(_("Second factor since"), display.when_of(obj.second_factor_at))]

    def page_links(self, request: HttpRequest, obj: Any) -> list[tuple[Any, str]]:
        del request
        return [(_("Set password"), reverse("admin:auth_user_password_change", args=[obj.pk]))]

    @button(
        _("Remove second factor"),
        icon="key-round",
        when=lambda user: user.second_factor_at is not None,
        danger=True,
        confirm=True,
    )
    def remove_second_factor(self, request: HttpRequest, obj: User, data: Any) -> str:
        del request, data
        second_factor.remove(user=obj)
        return gettext("The second factor is off. They sign in with their password alone.")

    def remove_second_factor_effects(self, request: HttpRequest, obj: User) -> list[str]:
        del request, obj
        return [gettext("Make sure that it is really them who ask: their password is then enough.")]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History names them, so people are deactivated."""
        del request, obj
        return False
