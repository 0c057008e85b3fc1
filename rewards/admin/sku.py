from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import clock
from loyalty_project.core.admin import base, csv_import, display
from rewards.admin.product import (
    AMOUNTS,
    AMOUNTS_IN_FILES,
    STOCK_IN_FILES,
    SYSTEM,
    as_it_was,
    save_sku,
)
from rewards.admin.resources import SkuResource
from rewards.models import Sku
from rewards.services import imports, products


@admin.register(Sku)
class SkuAdmin(csv_import.CsvImport, base.ProjectAdmin):
    icon = "tag"
    list_display = [
        "__str__",
        display.link("product"),
        display.text_ltr("source_id"),
        display.money("price"),
        display.integer_column("stock"),
        display.when("updated_at"),
    ]
    list_filter = ["created_at"]
    list_select_related = ["product"]
    search_fields = ["source_id__startswith", "product__source_id__startswith"]
    search_help_text = _("Beginning of the source id of the SKU or of its product")
    ordering = ["-created_at", "-pk"]
    autocomplete_fields = ["product"]
    money_fields = AMOUNTS
    metadata_fields = ["metadata", "attributes"]
    fieldsets = [
        (_("SKU"), {"fields": ["product", "sku", *AMOUNTS, "stock", "currency", "image_url"]}),
        (_("Attributes"), {"fields": ["attributes"]}),
        (_("In your shop"), {"fields": ["source_id", *SYSTEM]}),
        (_("Own attributes"), {"fields": ["metadata"]}),
    ]
    resource_classes = [SkuResource]
    import_service = staticmethod(imports.start_skus_csv)
    import_notes = [
        _(
            "Columns: Product_id and Source_id (required), Sku, Price, Cost, Currency, "
            "Attributes (JSON), Image_url. Any other column becomes an attribute of your own."
        ),
        AMOUNTS_IN_FILES,
        STOCK_IN_FILES,
        _("Import the products first: Product_id is the id or source id of one."),
    ]

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        return super().formfield_for_dbfield(db_field, request, **as_it_was(db_field, kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        rows: QuerySet[Sku] = super().get_queryset(request)
        return rows.filter(deleted_at=None, product__deleted_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*SYSTEM] if obj is None else [*SYSTEM, "product"]

    def save_model(self, request: Any, obj: Sku, form: Any, change: bool) -> None:
        base.become(obj, save_sku(request.project, obj.product, form))

    def delete_model(self, request: Any, obj: Sku) -> None:
        products.delete_sku(
            product=obj.product, reference=obj.public_id, force=False, at=clock.now()
        )

    def delete_queryset(self, request: Any, queryset: QuerySet[Sku]) -> None:
        for sku in queryset.select_related("product"):
            self.delete_model(request, sku)
