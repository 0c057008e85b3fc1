"""The admin site: one project per request, our frame, and the pages that belong to no model.

It lies beside the package `admin`, because that package registers with it while it is imported.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import active_project, login

View = Callable[..., HttpResponseBase]
# Pages about the person, not about the data of a project.
PERSONAL = frozenset(
    {
        "logout",
        "password_change",
        "password_change_done",
        "preferences",
        "second_factor",
        "second_step",
        "switch_project",
    }
)


class WafaSite(AdminSite):
    site_header = site_title = "Wafa"
    index_title = _("Dashboard")
    site_url = None
    login_form = login.LoginForm
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
        }

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(_in_the_project_of_its_form(view), cacheable)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        from loyalty_project.core.admin import dashboard

        context = {
            **self.each_context(request),
            "title": self.index_title,
            "cards": dashboard.cards(request),
            "tasks": dashboard.open_tasks(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Navigation goes by job, so a page per Django app would only repeat a part of it."""
        del request, app_label, extra_context
        return HttpResponseRedirect(reverse("admin:index"))

    def get_urls(self) -> list[Any]:
        from loyalty_project.core.admin import audit, personal, search, second_factor, status

        own = [
            ("audit/", audit.audit_view, "audit"),
            ("status/", status.status_view, "status"),
            ("search/", search.search_view, "search"),
            ("project/", personal.switch_project_view, "switch_project"),
            ("preferences/", personal.preferences_view, "preferences"),
            ("second-factor/", second_factor.second_factor_view, "second_factor"),
            ("second-step/", second_factor.second_step_view, "second_step"),
        ]
        first_password = PasswordResetConfirmView.as_view(
            template_name="admin/first_password.html",
            success_url=reverse_lazy("admin:login"),
            extra_context={"site_title": self.site_title, "site_header": self.site_header},
        )
        return [
            path("welcome/<uidb64>/<token>/", first_password, name="first_password"),
            *(path(route, self.admin_view(view), name=name) for route, view, name in own),
            *super().get_urls(),
        ]


def _in_the_project_of_its_form(view: View) -> View:
    """Refuse a form that does not say which project it was made in, or says another.

    The scope was opened from the form's `_project`, so a tab writes where it was opened, whatever
    was chosen in another tab since; that project then becomes the chosen one.
    """

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        personal = match is not None and match.url_name in PERSONAL
        project = getattr(request, "project", None)
        if request.method == "POST" and project is not None and not personal:
            if request.POST.get("_project") != project.public_id:
                return TemplateResponse(request, "admin/stale_form.html", status=409)
            active_project.choose(request, project.public_id)
        return view(request, *args, **kwargs)

    return checked
