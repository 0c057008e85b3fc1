"""The page "What would it have done?": a campaign replayed over the last real orders."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from loyalty_project.core import clock
from loyalty_project.core.admin import display
from loyalty_project.core.admin.actions import error_text
from loyalty_project.core.admin.work import state_of
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import AsyncAction
from redemptions.serializers import reasons
from redemptions.services import replays


class ReplayForm(forms.Form):
    """How far back."""

    campaign: Any = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        label=gettext_lazy("campaign"),
        help_text=gettext_lazy("As it is now: its rules, limits and discounts, without its dates."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("orders"),
        min_value=1,
        max_value=replays.COUNT_MAX,
        initial=10_000,
        help_text=gettext_lazy("So many of the last paid orders, at most 100,000."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Campaign.objects.filter(deleted_at=None).exclude(definition=None, tiers=None)
        field: Any = self.fields["campaign"]
        field.queryset = rows.order_by("name").distinct()


def replay_view(request: HttpRequest) -> HttpResponseBase:
    """The form; sent, it starts a task and goes to its page."""
    _check(request)
    form = ReplayForm(
        request.POST if request.method == "POST" else None,
        initial={"campaign": request.GET.get("campaign")},
    )
    if request.method == "POST" and form.is_valid():
        project: Any = vars(request)["project"]
        data = form.cleaned_data
        try:
            action = replays.start(
                project=project, campaign=data["campaign"], count=data["count"], at=clock.now()
            )
        except LoyaltyError as error:
            form.add_error("campaign", error_text(error))
        else:
            address = reverse("admin:redemptions_redemption_replayed", args=[action.public_id])
            return HttpResponseRedirect(address)
    context = {
        **admin.site.each_context(request),
        "title": _("What would it have done?"),
        "form": form,
    }
    return TemplateResponse(request, "admin/redemptions/replay.html", context)


def replayed_view(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """How far it is, and in the end what came of it."""
    _check(request)
    action = AsyncAction.objects.filter(public_id=public_id, type=replays.TYPE).first()
    if action is None:
        raise Http404
    campaign = Campaign.objects.filter(public_id=action.params["campaign"]).first()
    found = (action.result or {}).get("replay")
    context = {
        **admin.site.each_context(request),
        "title": _("What would it have done?"),
        "campaign": campaign,
        "campaign_url": display.url_of(campaign) if campaign is not None else "",
        "again": reverse("admin:redemptions_redemption_replay")
        + (f"?campaign={campaign.pk}" if campaign is not None else ""),
        "state": state_of(action),
        "state_url": reverse("admin:core_asyncaction_state", args=[action.pk]),
        "told": _told(found) if found is not None else None,
        "failed": bool(action.result) and found is None,
    }
    return TemplateResponse(request, "admin/redemptions/replayed.html", context)


def _check(request: HttpRequest) -> None:
    user = request.user
    if not (
        user.has_perm("campaigns.view_campaign") and user.has_perm("redemptions.view_redemption")
    ):
        raise PermissionDenied


def _told(found: dict[str, Any]) -> dict[str, Any]:
    money = display.money_of
    highest = max((day["cost"] for day in found["days"]), default=0)
    anyway = found["came_anyway"]
    return {
        "figures": [
            (_("Orders"), display.integer(found["orders"])),
            (_("Uses"), display.integer(found["uses"])),
            (_("Discounts"), money(found["cost"])),
            (_("To pay with them"), money(found["revenue"])),
            (_("Customers"), display.integer(found["customers"])),
            (_("Came anyway, at the full price"), display.integer(anyway["uses"])),
            (_("Discounts for those"), money(anyway["cost"])),
        ],
        "days": display.table(
            [_("Day"), _("Uses"), _("Discounts"), ""],
            [
                (day["day"], display.integer(day["uses"]), money(day["cost"]), _bar(day, highest))
                for day in found["days"]
            ],
        ),
        "products": display.table(
            [_("Product"), _("Quantity"), _("Discounts")],
            [
                (row["name"], display.integer(row["quantity"]), money(row["discount"]))
                for row in found["products"]
            ],
        )
        if found["products"]
        else None,
        "refused": display.table(
            [_("Why it would not have applied"), _("Orders")],
            [(_reason(key), display.integer(n)) for key, n in found["refused"].items()],
        )
        if found["refused"]
        else None,
    }


def _bar(day: dict[str, Any], highest: int) -> Any:
    share = 100 * day["cost"] // highest if highest else 0
    return display.meter(share)


def _reason(key: str) -> Any:
    known = reasons.REFUSALS.get(key)
    if known is not None:
        return known.explanation
    return _("It would have taken nothing off.") if key == "no_effect" else key
