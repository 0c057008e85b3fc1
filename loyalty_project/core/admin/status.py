"""How the installation is, for those who may see its jobs; nothing here is of a tenant."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from loyalty_project.core import access, checkup
from loyalty_project.core.admin import display
from loyalty_project.core.models import Job

TONES = {True: ("good", "circle-check"), False: ("bad", "circle-x")}


@never_cache
def status_view(request: HttpRequest) -> TemplateResponse:
    """The checks of `manage.py doctor` as a page."""
    if not access.can(request.user, "view", Job):
        raise PermissionDenied
    found = checkup.examine()
    context = {
        **admin.site.each_context(request),
        "title": _("Status"),
        "all_well": all(one.well for one in found),
        "checks": display.table(
            [_("Part"), _("State"), _("Seen")],
            [_row(one) for one in found],
        ),
    }
    return TemplateResponse(request, "admin/status.html", context)


def _row(one: checkup.Finding) -> tuple[Any, ...]:
    word = _("Well") if one.well else _("Needs attention")
    badge = display.badge_of(one.well, TONES, word)
    # Versions and paths are not words of the person's language.
    seen = display.ltr(one.detail) if one.detail.isascii() else one.detail
    if not one.well:
        seen = format_html('{}<p class="next">{}</p>', seen, one.advice)
    return one.label, badge, seen
