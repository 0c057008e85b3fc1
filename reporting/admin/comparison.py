"""The page "Compare": two to four campaigns side by side, on the screen and as a CSV file."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.campaign import CampaignAdmin
from campaigns.models import Campaign, PoolType
from loyalty_project.core import access, clock, money, tenancy
from loyalty_project.core.admin import csv_export, currency, display, fields
from redemptions.models import Redemption
from reporting.reports import comparison
from reporting.reports.campaign_summary import Period

FEWEST, MOST = 2, 4
DAYS = 30
ROUTE = "campaigns_campaign_compare"
Row = tuple[str, Callable[[comparison.Arm], int | None], str]


class CompareForm(forms.Form):
    """Which campaigns, from when to when."""

    campaign: Any = forms.ModelMultipleChoiceField(
        queryset=Campaign.objects.none(),
        label=gettext_lazy("campaigns"),
        help_text=gettext_lazy("Two to four. The first one is what the others are measured by."),
    )
    first = fields.DayField(
        label=gettext_lazy("from"),
        required=False,
        help_text=gettext_lazy("The first day, on the clock of the project. Empty: the beginning."),
    )
    last = fields.DayField(
        label=gettext_lazy("to"),
        required=False,
        help_text=gettext_lazy("The last day, which still counts. Empty: today."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.queryset = Campaign.objects.filter(deleted_at__isnull=True).order_by("name", "pk")
        field.widget.attrs["size"] = 8

    def clean_campaign(self) -> list[int]:
        """Keys in the sequence in which the address names them."""
        found = {row.pk for row in self.cleaned_data["campaign"]}
        if not FEWEST <= len(found) <= MOST:
            raise ValidationError(_("Choose two to four campaigns."), code="number")
        data: Any = self.data
        asked = (int(key) for key in data.getlist("campaign"))
        return [key for key in dict.fromkeys(asked) if key in found]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        if first and last and last < first:
            self.add_error("last", _("It must not be before the first day."))
        return cleaned


def compare_view(request: HttpRequest) -> HttpResponseBase:
    """All of it stands in the address; `format=csv` gives the file."""
    project = tenancy.active_project()
    may = (access.can(request.user, "view", model) for model in (Campaign, Redemption))
    if project is None or not all(may):
        raise PermissionDenied
    query = request.GET.copy()
    sent = "first" in query
    if not sent:
        today = clock.now().astimezone(ZoneInfo(project.timezone)).date()
        query["first"] = (today - timedelta(days=DAYS - 1)).isoformat()
        query["last"] = today.isoformat()
    chosen = query.getlist("campaign")
    initial = {"campaign": chosen, "first": query["first"], "last": query.get("last")}
    form = CompareForm(query if sent or len(chosen) > 1 else None, initial=initial)
    arms: list[comparison.Arm] = []
    if form.is_valid():
        data = form.cleaned_data
        period = Period(data["first"], data["last"])
        arms = comparison.arms(project=project, campaigns=data["campaign"], period=period)
        if query.get("format") == "csv":
            return _file(arms)
    query["format"] = "csv"
    context = {
        **admin.site.each_context(request),
        "title": _("Compare campaigns"),
        "form": form,
        "arms": arms,
        "rows": [_line(row, arms) for row in _rows()] if arms else [],
        "file": f"?{query.urlencode()}",
        "list": reverse("admin:campaigns_campaign_changelist"),
    }
    return TemplateResponse(request, "admin/reporting/compare.html", context)


@admin.action(description=gettext_lazy("Compare"))
def compare(owner: Any, request: HttpRequest, queryset: QuerySet[Campaign]) -> Any:
    """From the list to the page; a public code comes first, as what the others are measured by."""
    rows = list(queryset.order_by("name", "pk")[: MOST + 1])
    keys = [row.pk for row in sorted(rows, key=lambda row: row.type != PoolType.STANDALONE)]
    if not FEWEST <= len(keys) <= MOST:
        owner.message_user(request, _("Choose two to four campaigns."), messages.WARNING)
        return None
    address = reverse(f"admin:{ROUTE}")
    return HttpResponseRedirect(f"{address}?{urlencode([('campaign', key) for key in keys])}")


def _rows() -> list[Row]:
    """Label, figure and kind."""
    return [
        (_("Uses"), lambda arm: arm.uses, "number"),
        (_("Customers"), lambda arm: arm.customers, "number"),
        (_("Orders"), lambda arm: arm.orders, "number"),
        (_("Value of the orders"), lambda arm: arm.order_amount, "money"),
        (_("Discount given"), lambda arm: arm.discount, "money"),
        (_("Average basket"), lambda arm: arm.basket, "money"),
        (_("New customers"), lambda arm: arm.new_share, "share"),
        (_("Issued codes that were redeemed"), lambda arm: arm.redemption_rate, "share"),
    ]


def _line(row: Row, arms: list[comparison.Arm]) -> dict[str, Any]:
    label, value, kind = row
    base = value(arms[0])
    cells = [
        {
            "value": _shown(value(arm), kind),
            "change": None if place == 0 else _change(comparison.difference(value(arm), base)),
        }
        for place, arm in enumerate(arms)
    ]
    return {"label": label, "cells": cells}


def _shown(value: int | None, kind: str) -> Any:
    """Shares to a tenth of a percent."""
    if kind == "money":
        return display.money_of(value)
    if kind == "share":
        return display.percent_of(None if value is None else money.share(value, 1, 1000) * 1000)
    return display.integer(value)


def _change(percent: float | None) -> Any:
    """With its sign; None where there is no difference to tell."""
    if percent is None:
        return None
    text = number_format(abs(round(percent, 1)), 1)
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return format_html('<bdi dir="ltr" class="num">{}{} %</bdi>', sign, text)


def _file(arms: list[comparison.Arm]) -> HttpResponseBase:
    """A line per figure; amounts in major units, shares and differences in percent."""
    header = [_("Figure"), str(arms[0].campaign)]
    for arm in arms[1:]:
        header += [str(arm.campaign), _("Difference in %")]
    return csv_export.download(
        "campaigns-compared.csv", header, [_cells(row, arms) for row in _rows()]
    )


def _cells(row: Row, arms: list[comparison.Arm]) -> list[str]:
    label, value, kind = row
    base = value(arms[0])
    cells = [label, _plain(base, kind)]
    for arm in arms[1:]:
        change = comparison.difference(value(arm), base)
        cells += [_plain(value(arm), kind), "" if change is None else f"{change:.1f}"]
    return cells


def _plain(value: int | None, kind: str) -> str:
    if value is None:
        return ""
    if kind == "money":
        return f"{money.to_major(value, currency.current().exponent):f}"
    return f"{Decimal(value).scaleb(-4):.1f}" if kind == "share" else str(value)


CampaignAdmin.more_pages.append(("compare/", compare_view, ROUTE))
CampaignAdmin.actions = [compare]
