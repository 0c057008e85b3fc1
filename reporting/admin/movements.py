"""Movements of money on gift cards, and the page that sums them up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from import_export import fields

from campaigns.admin import gifts
from loyalty_project.core.admin import base, display, resources
from reporting.admin.gift_cards import gift_cards_view
from rewards.models import LedgerEntry


class MovementResource(resources.ProjectResource):
    """Amounts in minor units."""

    code = fields.Field(attribute="account__voucher__code", column_name="code", readonly=True)

    class Meta(resources.ProjectResource.Meta):
        model = LedgerEntry
        fields = [
            "public_id",
            "code",
            "kind",
            "amount",
            "balance_after",
            "reason",
            "source_id",
            "channel",
            "created_at",
        ]


@admin.display(description=_("By"))
def who(entry: LedgerEntry) -> Any:
    return gifts.who(entry)


@admin.display(description=_("What for"))
def what_for(entry: LedgerEntry) -> Any:
    return gifts.what_for(entry)


@admin.display(description=_("Card"))
def card(entry: LedgerEntry) -> Any:
    voucher = getattr(entry.account, "voucher", None)
    return display.code_link(voucher, voucher.code) if voucher is not None else display.EMPTY


@admin.register(LedgerEntry)
class LedgerEntryAdmin(base.ReadOnlyAdmin):
    icon = "coins"
    resource_classes = [MovementResource]
    list_display = [
        display.code("public_id", _("Movement")),
        card,
        display.badge("kind", gifts.TONES),
        display.money("amount"),
        display.money("balance_after", _("Balance")),
        what_for,
        display.when("created_at"),
    ]
    list_select_related = ["account__voucher"]
    list_filter = ["kind", "created_at"]
    search_fields = ["public_id__startswith"]
    search_help_text = _("The beginning of an id.")
    ordering = ["-pk"]
    fields = [
        display.code("public_id"),
        card,
        display.badge("kind", gifts.TONES),
        display.money("amount"),
        display.money("balance_after", _("Balance")),
        what_for,
        display.text_ltr("source_id"),
        display.link("reverses", _("Undoes")),
        who,
        display.json_column("details", _("Details")),
        display.when("created_at"),
    ]
    readonly_fields = fields

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """One card's, which its page links to; a filter would list every card."""
        return lookup == "account__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return super().get_queryset(request).select_related("account__voucher", "user")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(gift_cards_view)
        return [path("report/", view, name="reporting_gift_cards"), *super().get_urls()]
