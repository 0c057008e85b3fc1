"""Signing in with a second factor: who needs one, and what a password alone opens."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from loyalty_project.core.middleware import is_api
from loyalty_project.core.models import SecondFactor

SESSION_KEY = "second_factor"
# What a password alone opens where a second factor is still to be given, or to be set up.
BEFORE_GIVEN = frozenset({"second_step", "logout", "set_language"})
BEFORE_SET_UP = BEFORE_GIVEN | {
    "second_factor", "password_change", "password_change_done", "preferences", "switch_project",
}  # fmt: skip
PRIVILEGES = (
    "core.change_membership", "core.change_apikey", "core.change_project",
    "core.change_webhookendpoint",
)  # fmt: skip


def given(request: Any) -> bool:
    """Has the second factor of this person been given in this session?

    A factor that was set up anew asks for itself again everywhere.
    """
    since = request.user.second_factor_at
    return since is None or request.session.get(SESSION_KEY) == since.isoformat()


def note_given(request: Any) -> None:
    """Remember it in a session under a new key, as after a password."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = request.user.second_factor_at.isoformat()


def needed(request: Any) -> bool:
    """Does the project in which this person works let them in with a second factor only?"""
    project, user = getattr(request, "project", None), request.user
    if project is None or project.second_factor == SecondFactor.OPTIONAL:
        return False
    if project.second_factor == SecondFactor.EVERYONE or user.is_superuser:
        return True
    return any(user.has_perm(permission) for permission in PRIVILEGES)


class SecondFactorMiddleware:
    """Leads people to the second step, or to setting one up, whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, *_view: Any) -> HttpResponseBase | None:
        if is_api(request) or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name
        if not given(request):
            if name in BEFORE_GIVEN:
                return None
            wanted = request.get_full_path() if request.method == "GET" else ""
            query = f"?next={quote(wanted)}" if wanted else ""
            return HttpResponseRedirect(f"{reverse('admin:second_step')}{query}")
        if name in BEFORE_SET_UP or request.user.second_factor_at or not needed(request):
            return None
        return HttpResponseRedirect(reverse("admin:second_factor"))
