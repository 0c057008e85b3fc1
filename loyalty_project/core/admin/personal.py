"""Pages about the person: the chosen project, and how the screens look to them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from loyalty_project.core import active_project
from loyalty_project.core.models import User
from loyalty_project.core.models.project import check_timezone


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "language", "calendar", "timezone"]
        help_texts = {
            "first_name": _("Shown in histories."),
            "last_name": _("Shown in histories."),
        }

    def clean_timezone(self) -> str:
        value: str = self.cleaned_data["timezone"]
        if value:
            check_timezone(value)
        return value


@require_POST
def switch_project_view(request: HttpRequest) -> HttpResponseBase:
    if not active_project.choose(request, request.POST.get("project", "")):
        raise PermissionDenied
    return HttpResponseRedirect(reverse("admin:index"))


def preferences_view(request: HttpRequest) -> HttpResponseBase:
    """The whole form; the language menu of the frame posts `language` and `next` alone."""
    user: Any = request.user
    if request.method == "POST" and "next" in request.POST:
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES):
            user.language = language
            user.save(update_fields=["language"])
        return _with_language(HttpResponseRedirect(back(request)), user.language)
    form = PreferencesForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Your preferences are saved."))
        return _with_language(HttpResponseRedirect(reverse("admin:preferences")), user.language)
    context = {
        **admin.site.each_context(request),
        "title": _("Your preferences"),
        "form": form,
        "verb": _("Save"),
        "personal": True,
    }
    return TemplateResponse(request, "admin/preferences.html", context)


def back(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is here; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse("admin:index")


def _with_language(response: HttpResponseRedirect, language: str) -> HttpResponseRedirect:
    """Remember it for the login page, which does not know the person yet."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
