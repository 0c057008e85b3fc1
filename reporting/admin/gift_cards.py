"""The page of gift cards in money."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from loyalty_project.core import access, clock
from loyalty_project.core.admin import csv_export, display, fields
from reporting.reports import gift_cards
from reporting.reports.campaign_summary import Period
from reporting.reports.gift_cards import Totals
from rewards.models import LedgerEntry


class PeriodForm(forms.Form):
    """Days of the project's clock, both included; empty is open."""

    since = fields.DayField(required=False, label=gettext_lazy("From"))
    until = fields.DayField(required=False, label=gettext_lazy("To"))


def gift_cards_view(request: Any) -> HttpResponseBase:
    """For who may see movements of money; as CSV for who may export them."""
    if request.project is None or not access.can(request.user, "view", LedgerEntry):
        raise PermissionDenied
    may_export = access.can(request.user, "export", LedgerEntry)
    form = PeriodForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    period = Period(wanted.get("since"), wanted.get("until"))
    rows = gift_cards.by_campaign(project=request.project, period=period)
    if request.GET.get("format") == "csv":
        if not may_export:
            raise PermissionDenied
        return _csv(rows)
    found = gift_cards.totals(project=request.project, period=period)
    query = request.GET.copy()
    query["format"] = "csv"
    context = {
        **admin.site.each_context(request),
        "title": _("Gift cards in money"),
        "form": form,
        "filtered": any(wanted.values()),
        "figures": _figures(found),
        "table": _table(rows) if rows else "",
        "export": f"?{query.urlencode()}" if may_export else "",
    }
    return TemplateResponse(request, "admin/reporting/gift_cards.html", context)


def _figures(found: Totals) -> list[tuple[Any, Any, Any]]:
    """Label, value, and how it is counted."""
    return [
        (_("Cards sold"), display.integer(found.cards), _("Issued in this time.")),
        (_("Sold"), display.money_of(found.sold), _("What those cards held at first.")),
        (
            _("Paid with cards"),
            display.money_of(found.spent),
            _("What cards paid in this time, less what was given back."),
        ),
        (_("Paid out"), display.money_of(found.paid_out), _("Given back in cash.")),
        (
            _("Outstanding"),
            display.money_of(found.outstanding),
            _("What is still on all cards at the end of this time: you owe it."),
        ),
    ]


def _heads() -> list[str]:
    return [
        _("Campaign"),
        _("Cards sold"),
        _("Sold"),
        _("Changed by hand"),
        _("Paid with cards"),
        _("Paid out"),
        _("Outstanding"),
    ]


def _table(rows: Sequence[gift_cards.Row]) -> Any:
    return display.table(
        _heads(),
        [
            (
                _campaign(row),
                display.integer(row.totals.cards),
                *(display.money_of(amount) for amount in _amounts(row.totals)),
            )
            for row in rows
        ],
    )


def _campaign(row: gift_cards.Row) -> Any:
    if row.key is None:
        return _("Cards of their own")
    return display.link_to(Campaign(pk=row.key), format_html("<bdi>{}</bdi>", row.name))


def _amounts(found: Totals) -> tuple[int, ...]:
    return found.sold, found.changed, found.spent, found.paid_out, found.outstanding


def _csv(rows: Sequence[gift_cards.Row]) -> StreamingHttpResponse:
    """Amounts in minor units."""
    header = ["campaign", "cards", "sold", "changed", "spent", "paid_out", "outstanding"]
    lines = [(row.name, row.totals.cards, *_amounts(row.totals)) for row in rows]
    name = f"gift-cards-{clock.now().date().isoformat()}.csv"
    return csv_export.download(name, header, iter(lines))
