"""The page of what protects the whole project: limits and a margin floor for every incentive."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.bounds import MarginForm, margin_initial, panel, warn
from campaigns.admin.limit_fields import LimitsField
from campaigns.models import MarginFloor
from campaigns.serializers.limit import limits_json
from campaigns.services import safety
from loyalty_project.core import access, clock, locks
from loyalty_project.core.admin import display
from loyalty_project.core.admin.confirming import error_text
from loyalty_project.core.errors import LoyaltyError


class SafetyForm(MarginForm):
    limits = LimitsField(
        label=gettext_lazy("limits"),
        help_text=gettext_lazy("All campaigns and codes together stay within each of them."),
    )
    field_order = ["limits"]

    def body(self) -> dict[str, Any]:
        return {"limits": self.cleaned_data["limits"], "margin_floor": self.margin()}


def safety_view(request: Any) -> HttpResponseBase:
    """Seen by who may see margin floors, saved by who may change them."""
    if request.project is None or not access.can(request.user, "view", MarginFloor):
        raise PermissionDenied
    may_change = access.can(request.user, "change", MarginFloor)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = SafetyForm(request.POST or None, initial=_stored())
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("What protects the project is saved."))
        warn(request, safety.of_project().limits)
        return HttpResponseRedirect(reverse("admin:campaigns_safety"))
    context = {
        **admin.site.each_context(request),
        "title": _("Safety"),
        "says": _(
            "These hold for every campaign, code and promotion of the project, whatever else they "
            "allow."
        ),
        "form": form,
        "media": form.media,
        "figures": [] if may_change else _figures(),
        "panels": panel(safety.of_project().limits),
    }
    return TemplateResponse(request, "admin/campaigns/settings.html", context)


def _save(request: Any, form: SafetyForm) -> bool:
    """Whether it was saved; what the service refuses is shown at the form."""
    try:
        with locks.waiting():
            safety.put(project=request.project, data=form.body(), at=clock.now())
    except LoyaltyError as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error_text(error))
        return False
    return True


def _stored() -> dict[str, Any]:
    found = safety.of_project()
    return {"limits": limits_json(found.limits), **margin_initial(found.margin)}


def _figures() -> list[tuple[Any, Any]]:
    """The same for those who only read it."""
    found = safety.of_project()
    margin = found.margin
    labels = SafetyForm.base_fields
    return [
        (labels["margin_amount"].label, display.money_of(margin.amount if margin else None)),
        (labels["margin_percent"].label, display.percent_of(margin.percent if margin else None)),
        (
            labels["margin_skips"].label,
            display.active_of(margin.skips) if margin else display.EMPTY,
        ),
    ]
