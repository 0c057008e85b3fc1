from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty_project.core.admin import base, csv_import, display
from redemptions.admin import facts
from redemptions.admin.resources import OrderResource
from redemptions.models import Order, OrderStatus
from redemptions.services import order_imports

TONES = {
    OrderStatus.CREATED: ("info", "clock"),
    OrderStatus.PAID: ("good", "circle-check"),
    OrderStatus.FULFILLED: ("good", "check"),
    OrderStatus.CANCELED: ("quiet", "circle-x"),
}


@admin.register(Order)
class OrderAdmin(csv_import.CsvImport, base.ReadOnlyAdmin):
    icon = "shopping-bag"
    importable = True
    import_service = staticmethod(order_imports.start_csv)
    import_notes = [
        _(
            "Columns: Source_id (required), Status, Created_at, Customer, Amount, Discount_amount, "
            "Item_product, Item_sku, Item_quantity, Item_price, Item_amount, "
            "Item_discount_amount. Any other column becomes an attribute of your own."
        ),
        _(
            "Each row is one line of an order; the rows of an order follow one another, and all "
            "but the first may leave its own columns empty. Without lines, Amount is its value."
        ),
        _(
            "Customers, products and SKUs are named by their ids in your shop. A customer that is "
            "not known yet is added."
        ),
        _("Amounts are in major units of the project's currency, such as 12.50."),
        _(
            "Rows are matched by source id: a known order is overwritten where the file has a "
            "column, others are added with their dates. Nobody is notified and no points or "
            "rewards are given. The same file again changes nothing."
        ),
    ]
    resource_classes = [OrderResource]
    list_display = [
        "__str__",
        display.badge("status", TONES),
        display.link("customer"),
        display.money("amount"),
        display.money("total_discount_amount", _("Discount")),
        display.money("total_amount"),
        display.when("created_at"),
    ]
    list_select_related = ["customer"]
    list_filter = ["status", "created_at"]
    search_fields = ["public_id__startswith", "source_id"]
    search_help_text = _("An order number of your shop, or the beginning of an id.")
    ordering = ["-created_at", "-pk"]
    fields = [
        display.code("public_id"),
        display.text_ltr("source_id"),
        display.link("customer"),
        display.link("referrer"),
        display.money("initial_amount"),
        display.money("amount"),
        display.money("discount_amount"),
        display.money("items_discount_amount"),
        display.money("credits_amount"),
        display.money("total_amount"),
        display.money("tax_base", _("Tax is due on")),
        display.metadata("metadata"),
        display.when("created_at"),
        display.when("updated_at"),
        display.when("paid_at"),
    ]
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """By what an index serves: the whole number of the shop, or the beginning of our id."""
        del request
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.startswith("ord_"):
            return queryset.filter(public_id__startswith=term), False
        return queryset.filter(Q(source_id=term) | Q(customer__source_id=term)), False

    def search_hint(self, obj: Order) -> str:
        return obj.get_status_display()

    def page_status(self, request: HttpRequest, obj: Order) -> Any:
        del request
        return display.badge_of(obj.status, TONES, obj.get_status_display())

    def page_figures(self, request: HttpRequest, obj: Order) -> list[tuple[Any, Any]]:
        del request
        return [
            (gettext("Value"), display.money_of(obj.amount)),
            (gettext("Discount"), display.money_of(obj.total_discount_amount)),
            (gettext("To pay"), display.money_of(obj.total_amount)),
            (gettext("Customer"), display.link_to(obj.customer) if obj.customer else display.EMPTY),
        ]

    def page_panels(self, request: HttpRequest, obj: Order) -> list[tuple[Any, Any]]:
        del request
        used = obj.redemptions.select_related("voucher", "promotion_tier").order_by("pk")
        return [
            (gettext("Items"), facts.items_table(obj.items.all())),
            (gettext("Redemptions"), facts.redemptions_table(used)),
        ]
