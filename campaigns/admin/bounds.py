"""The part of a campaign's page about what keeps it within bounds."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaigns.admin import costs
from campaigns.admin.limit_fields import LimitsField
from campaigns.admin.limit_words import exceeded, limits_table
from campaigns.models import Campaign, CampaignType, Limit, MarginFloor
from campaigns.serializers.limit import limits_json
from campaigns.services import margin_floors
from loyalty_project.core import money
from loyalty_project.core.admin import display, fields

LIMITS = ["limits", "budget", "margin_amount", "margin_percent", "margin_skips"]
# They pay and take nothing off, so that no margin holds them and they cost nothing.
CARDS = {CampaignType.GIFT_VOUCHERS}
LIMITS_OF_CARDS = ["limits", "budget"]
REACH = ["holiday_calendar", "holiday_mode", "rollout_percent", "listed"]


class MarginForm(forms.Form):
    """What must stay above the cost of a product."""

    margin_amount = fields.MoneyField(
        label=_("margin per unit"),
        required=False,
        help_text=_("What must stay above the cost of each unit. Empty: nothing."),
    )
    margin_percent = fields.PercentField(
        label=_("margin in percent"),
        required=False,
        help_text=_("What must stay above the cost, in percent of it. Empty: nothing."),
    )
    margin_skips = forms.BooleanField(
        label=_("leave a product without room out"),
        required=False,
        help_text=_("On: it gets no discount. Off: it gets what fits."),
    )

    def margin(self) -> dict[str, Any] | None:
        """The document of a margin floor; None where nothing must stay."""
        data = self.cleaned_data
        amount, percent = data.get("margin_amount"), data.get("margin_percent")
        if not amount and not percent:
            return None
        return {
            "amount": amount or 0,
            "percent": money.to_percent(percent or 0),
            "skips": data.get("margin_skips", False),
        }


class BoundsForm(MarginForm, forms.ModelForm):
    """Limits, margin floor and rollout; budget and holidays are fields of the model."""

    limits = LimitsField(
        label=_("limits"),
        offers_codes=True,
        help_text=_("A limit without a number is left out. The number itself is still allowed."),
    )
    rollout_percent = forms.IntegerField(
        label=_("rollout"),
        required=False,
        min_value=0,
        max_value=100,
        initial=100,
        widget=fields.UnitInput("%", attrs={"data-range": "0 100"}),
        help_text=_("Percent of customers who can use it; the same ones stay in as it grows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "holiday_mode" in self.fields:
            self.fields["holiday_mode"].required = False

    def read_bounds(self, campaign: Campaign) -> None:
        self.initial["limits"] = limits_json(campaign.limits.all())
        self.initial.update(margin_initial(margin_floors.of(campaign=campaign)))

    def bounds(self) -> dict[str, Any]:
        """The members of the body."""
        data = self.cleaned_data
        budget, calendar = data.get("budget"), data.get("holiday_calendar")
        holidays = None
        if calendar is not None:
            holidays = {"calendar_id": calendar.public_id, "mode": data.get("holiday_mode")}
        return {
            "limits": data.get("limits") or [],
            "budget_id": budget.public_id if budget is not None else None,
            "margin_floor": self.margin(),
            "holidays": holidays,
            "rollout_percent": data.get("rollout_percent"),
            "listed": data.get("listed", True),
        }


def margin_initial(margin: MarginFloor | None) -> dict[str, Any]:
    if margin is None:
        return {}
    return {
        "margin_amount": margin.amount or None,
        "margin_percent": margin.percent or None,
        "margin_skips": margin.skips,
    }


class BoundsPage:
    """What the page of a campaign shows of its bounds; a mix-in of its admin."""

    model: Any
    admin_site: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.cost_view)
        own: Any = super()
        return [path("cost/", view, name="campaigns_campaign_cost"), *own.get_urls()]

    def cost_view(self, request: HttpRequest) -> HttpResponse:
        """What the campaign of a form, saved or not, can cost at most."""
        page: Any = self
        known = "id" in request.GET
        obj = page.get_object(request, request.GET["id"]) if known else None
        if request.method != "POST" or (known and obj is None):
            return JsonResponse({}, status=404)
        may = (
            page.has_change_permission(request, obj) if known else page.has_add_permission(request)
        )
        if not may:
            return JsonResponse({}, status=403)
        form = page.get_form(request, obj, change=obj is not None)(request.POST, instance=obj)
        is_card = request.POST.get("campaign_type", obj and obj.campaign_type) in CARDS
        return JsonResponse({"text": "" if is_card else costs.text(costs.of_form(form))})

    def page_panels(self, request: HttpRequest, obj: Campaign) -> list[tuple[Any, Any]]:
        own: Any = super()
        return [*own.page_panels(request, obj), *panel(obj.limits.all())]

    def limits(self, obj: Campaign) -> Any:
        """For those who only read: below is what is used as well."""
        return display.integer(obj.limits.count())

    def margin_amount(self, obj: Campaign) -> Any:
        margin = margin_floors.of(campaign=obj)
        return display.money_of(margin.amount if margin is not None else None)

    def margin_percent(self, obj: Campaign) -> Any:
        margin = margin_floors.of(campaign=obj)
        return display.percent_of(margin.percent if margin is not None else None)

    def margin_skips(self, obj: Campaign) -> Any:
        margin = margin_floors.of(campaign=obj)
        return display.EMPTY if margin is None else display.active_of(margin.skips)


def warn(request: HttpRequest, limits: Iterable[Limit]) -> None:
    """Say which limits are below what is used already; nothing more is given then."""
    for sentence in exceeded(limits):
        messages.warning(request, sentence)


def panel(limits: Iterable[Limit]) -> list[tuple[Any, Any]]:
    """What is used of limits and left, below the form."""
    found = list(limits)
    return [(_("Limits: used and left"), limits_table(found))] if found else []


def among(fieldsets: Sequence[Any], campaign: Campaign | None) -> list[Any]:
    """The sections of a campaign's page with those of its bounds, before the last one."""
    is_card = campaign is not None and campaign.campaign_type in CARDS
    own = [
        (
            _("Limits and budget"),
            {"fields": LIMITS_OF_CARDS if is_card else LIMITS, "description": _cost_line(campaign)},
        ),
        (_("Holidays and rollout"), {"fields": REACH}),
    ]
    return [*fieldsets[:-1], *own, fieldsets[-1]]


def _cost_line(campaign: Campaign | None) -> SafeString:
    """What it can cost at most; static/wafa/limits.js asks again as one types."""
    url = reverse("admin:campaigns_campaign_cost")
    if campaign is None or not campaign.pk:
        return format_html('<output data-cost="{}"></output>', url)
    said = "" if campaign.campaign_type in CARDS else costs.text(costs.of_campaign(campaign))
    return format_html('<output data-cost="{}?id={}">{}</output>', url, str(campaign.pk), said)
