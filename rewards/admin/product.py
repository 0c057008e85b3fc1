from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import access, clock
from loyalty_project.core.admin import base, csv_import, display, fields
from loyalty_project.core.models import Project
from rewards import queries
from rewards.admin.resources import ProductResource
from rewards.models import SHIPPING_ID, Product, Sku
from rewards.services import imports, products

SYSTEM = (
    display.code("public_id", _("Public id")),
    display.when("created_at", _("Created")),
    display.when("updated_at", _("Changed")),
)
AMOUNTS = ["price", "cost"]
AMOUNTS_IN_FILES = _(
    "Prices and costs are in major units of the project's currency, such as 12.50."
)
STOCK_IN_FILES = _(
    "A column Stock holds the units that are left to give away; an empty cell is not counted."
)
Inline: Any = admin.TabularInline


class SkuInline(Inline):
    """SKUs on the page of their product; attributes and metadata are on the SKU's own page."""

    model = Sku
    fields = ["sku", "source_id", "price", "cost", "stock", "currency"]
    extra = 0
    show_change_link = True
    verbose_name_plural = _("SKUs")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        rows: QuerySet[Sku] = super().get_queryset(request)
        return rows.filter(deleted_at=None).order_by("pk")

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name not in AMOUNTS:
            return super().formfield_for_dbfield(db_field, request, **as_it_was(db_field, kwargs))
        label = capfirst(db_field.verbose_name)
        return fields.MoneyField(label=label, required=False, help_text=db_field.help_text)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "view", Sku)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "add", Sku)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "change", Sku)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.can(request.user, "delete", Sku)


@admin.register(Product)
class ProductAdmin(csv_import.CsvImport, base.ProjectAdmin):
    icon = "package"
    list_display = [
        "__str__",
        display.text_ltr("source_id"),
        display.money("price"),
        display.integer_column("stock"),
        display.integer_column("sku_count", _("SKUs")),
        display.when("updated_at"),
    ]
    list_filter = ["created_at"]
    search_fields = ["search_name"]
    search_help_text = _("Beginnings of name or source id")
    ordering = ["-created_at", "-pk"]
    money_fields = AMOUNTS
    lines_fields = ["attributes"]
    fieldsets = [
        (_("Product"), {"fields": ["name", *AMOUNTS, "stock", "attributes", "image_url"]}),
        (_("In your shop"), {"fields": ["source_id", *SYSTEM]}),
        (_("Own attributes"), {"fields": ["metadata"]}),
    ]
    readonly_fields = [*SYSTEM]
    inlines = [SkuInline]
    resource_classes = [ProductResource]
    import_service = staticmethod(imports.start_products_csv)
    import_notes = [
        _(
            "Columns: Name (required), Source_id, Price, Cost, Attributes, Image_url. Any other "
            "column becomes an attribute of your own."
        ),
        AMOUNTS_IN_FILES,
        STOCK_IN_FILES,
        _(
            "Rows are matched by source id: a known product is overwritten where the file "
            "has a column, others are added. The same file again changes nothing."
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows: QuerySet[Product] = super().get_queryset(request)
        live = Count("skus", filter=Q(skus__deleted_at=None))
        return rows.filter(deleted_at=None).annotate(sku_count=live)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        return super().formfield_for_dbfield(db_field, request, **as_it_was(db_field, kwargs))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        return queries.matching(queryset, search_term), False

    def search_hint(self, obj: Product) -> str:
        return obj.source_id or ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_shipping = obj is not None and obj.public_id == SHIPPING_ID
        return not is_shipping and super().has_delete_permission(request, obj)

    def save_model(self, request: Any, obj: Product, form: Any, change: bool) -> None:
        data = wire(form)
        if change:
            saved = products.update(project=request.project, reference=obj.public_id, data=data)
        else:
            saved = products.create(project=request.project, data=data, at=clock.now())
        base.become(obj, saved)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Each row of the SKUs that was touched goes through its service."""
        formset.save(commit=False)
        for sku in formset.deleted_objects:
            products.delete_sku(
                product=form.instance, reference=sku.public_id, force=False, at=clock.now()
            )
        for row in formset.forms:
            if row.has_changed() and row not in formset.deleted_forms:
                save_sku(request.project, form.instance, row)

    def delete_model(self, request: Any, obj: Product) -> None:
        products.delete(reference=obj.public_id, force=False, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Product]) -> None:
        for product in queryset:
            self.delete_model(request, product)


def as_it_was(db_field: Any, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """A stock is sent along as it was when the form was opened: redemptions count it down."""
    return {**kwargs, "show_hidden_initial": True} if db_field.name == "stock" else dict(kwargs)


def wire(form: Any) -> dict[str, Any]:
    """The form as the services read it; an attribute that was taken out is null.

    A stock is set only where the person wrote another number.
    """
    given = dict(form.cleaned_data)
    if "stock" not in form.changed_data:
        given.pop("stock", None)
    if "metadata" in given:
        gone = set(form.initial.get("metadata") or {}) - set(given["metadata"])
        given["metadata"] |= dict.fromkeys(gone)
    return given


def save_sku(project: Project, product: Product, form: Any) -> Sku:
    """Write one form of a SKU by its service."""
    data = {
        name: value for name, value in wire(form).items() if name not in {"id", "product", "DELETE"}
    }
    if form.instance.pk is None:
        return products.create_sku(project=project, product=product, data=data, at=clock.now())
    return products.update_sku(
        project=project, product=product, reference=form.instance.public_id, data=data
    )
