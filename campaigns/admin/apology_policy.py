"""The page of how much support may give by itself."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.models import ApologyPolicy
from campaigns.services import apology_policies
from loyalty_project.core import access, clock, locks
from loyalty_project.core.admin import display, fields
from loyalty_project.core.admin.confirming import error_text
from loyalty_project.core.errors import LoyaltyError

MONEY = ("max_amount", "daily_amount")


def _of(name: str) -> dict[str, Any]:
    """Label and help of the field of the model."""
    field: Any = ApologyPolicy._meta.get_field(name)
    return {"label": field.verbose_name, "help_text": field.help_text}


class PolicyForm(forms.Form):
    max_amount = fields.MoneyField(required=False, **_of("max_amount"))
    max_percent = fields.PercentField(required=False, **_of("max_percent"))
    max_days = forms.IntegerField(
        min_value=1, max_value=apology_policies.MAX_DAYS, **_of("max_days")
    )
    daily_count = forms.IntegerField(
        required=False, min_value=0, max_value=apology_policies.MAX_COUNT, **_of("daily_count")
    )
    daily_amount = fields.MoneyField(required=False, **_of("daily_amount"))


def policy_view(request: Any) -> HttpResponseBase:
    """Seen by who may see it, saved by who may change it."""
    if request.project is None or not access.can(request.user, "view", ApologyPolicy):
        raise PermissionDenied
    may_change = access.can(request.user, "change", ApologyPolicy)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    policy = apology_policies.of_project(project=request.project)
    initial = {name: getattr(policy, name) for name in PolicyForm.base_fields}
    form = PolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("The bounds of apology coupons are saved."))
        return HttpResponseRedirect(reverse("admin:campaigns_apology_policy"))
    context = {
        **admin.site.each_context(request),
        "title": _("Apology coupons"),
        "says": _("How much a support agent may give a customer without asking anybody."),
        "form": form,
        "media": form.media,
        "figures": [] if may_change else _figures(policy),
    }
    return TemplateResponse(request, "admin/campaigns/settings.html", context)


def _save(request: Any, form: PolicyForm) -> bool:
    try:
        with locks.waiting():
            apology_policies.put(project=request.project, data=form.cleaned_data, at=clock.now())
    except LoyaltyError as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error_text(error))
        return False
    return True


def _figures(policy: ApologyPolicy) -> list[tuple[Any, Any]]:
    """The same for those who only read it."""
    shows: dict[str, Any] = {
        **dict.fromkeys(MONEY, display.money_of),
        "max_percent": display.percent_of,
    }
    return [
        (
            capfirst(str(field.label)),
            shows.get(name, display.integer)(getattr(policy, name)),
        )
        for name, field in PolicyForm.base_fields.items()
    ]
