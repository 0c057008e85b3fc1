from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import clock
from loyalty_project.core.admin import base, display
from loyalty_project.core.admin.forms import ProjectForm
from rewards import queries
from rewards.admin import conditions
from rewards.admin.filter_field import FilterField, FilterWidget, Typed
from rewards.admin.product import SYSTEM
from rewards.models import CollectionMember, CollectionType, Product, ProductCollection, Sku
from rewards.services import collections, contents

TONES = {
    CollectionType.STATIC: ("quiet", "list"),
    CollectionType.AUTO_UPDATE: ("info", "filter"),
}
MATCHES = "admin/rewards/matches.html"
SHOWN = 20
# So many chosen rows one page can still show as a choice; beyond that the API changes them.
CHOSEN_MAX = 300
CHOICES = ["products", "skus"]
TOO_MUCH = {
    CollectionType.STATIC: _(
        "It holds more than this page can show as a choice. Change its products over the API."
    ),
    CollectionType.AUTO_UPDATE: _(
        "Its filter was made over the API and says more than rows can. Change it there."
    ),
}


def _chooser(name: str) -> AutocompleteSelectMultiple:
    return AutocompleteSelectMultiple(CollectionMember._meta.get_field(name), admin.site)


def edited(collection: ProductCollection) -> Sequence[str]:
    """Fields of the form that can show what is stored; what others hold is left alone."""
    if collection.type == CollectionType.STATIC:
        return CHOICES if getattr(collection, "member_count", 0) <= CHOSEN_MAX else []
    return ["filter"] if conditions.rows_of(collection.filter or {}) is not None else []


class CollectionForm(ProjectForm):
    """Chosen products and SKUs, or the rows of a filter."""

    products: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label=_("products"),
        widget=_chooser("product"),
        help_text=_("Each brings all its SKUs, also those that are added later."),
    )
    skus: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label=_("SKUs"),
        widget=_chooser("sku"),
        help_text=_("Single SKUs whose product is not in the collection."),
    )
    filter = FilterField(
        required=False,
        label=_("filter"),
        help_text=_(
            "Products and SKUs come and go by themselves. What lacks an attribute matches “is not "
            "set” alone. Several values are separated by commas."
        ),
    )

    class Meta(ProjectForm.Meta):
        model = ProductCollection
        fields = ["name", "type"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in {*CHOICES, "filter"} - set(edited(self.instance)):
                self.fields.pop(name, None)
        rows = {"products": Product.objects.filter(deleted_at=None), "skus": queries.all_skus()}
        shown: dict[str, Any] = self.fields
        for name in rows.keys() & shown.keys():
            shown[name].queryset = rows[name]
        if "filter" in shown:
            shown["filter"].widget.preview_url = reverse("admin:rewards_productcollection_preview")
        if self.instance.pk:
            self._read(self.instance)

    def _read(self, collection: ProductCollection) -> None:
        if "products" in self.fields:
            members = queries.live_members().filter(collection=collection)
            self.initial["products"] = [row.product_id for row in members if row.product_id]
            self.initial["skus"] = [row.sku_id for row in members if row.sku_id]
        if "filter" in self.fields and collection.filter:
            rows = conditions.rows_of(collection.filter) or ()
            junction = str(collection.filter.get("junction", "and")).lower()
            self.initial["filter"] = Typed(junction, tuple(rows))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data.pop("filter", None)
        if self.kind() != CollectionType.STATIC and isinstance(typed, Typed):
            try:
                self.cleaned_data["filter"] = conditions.tree_of(typed.junction, typed.rows)
            except conditions.Wrong as error:
                self.add_error("filter", str(error))
        return cleaned

    def kind(self) -> str:
        return self.instance.type if self.instance.pk else self.cleaned_data.get("type", "")

    def body(self) -> dict[str, Any]:
        """The published body of a new collection, or of its change."""
        data = self.cleaned_data
        body: dict[str, Any] = {name: data[name] for name in ("name", "type") if name in data}
        if self.kind() != CollectionType.STATIC:
            return {**body, "filter": data["filter"]} if "filter" in data else body
        chosen = [("product", row) for row in data.get("products") or ()]
        chosen += [("sku", row) for row in data.get("skus") or ()]
        listed = [{"id": row.public_id, "object": noun} for noun, row in chosen]
        return {**body, "products": listed} if "products" in data else body


@admin.display(description=_("What it holds"))
def holds(collection: ProductCollection) -> str:
    if collection.type != CollectionType.STATIC:
        return conditions.sentence(collection.filter or {})
    count = getattr(collection, "member_count", 0)
    return ngettext("%(n)s chosen", "%(n)s chosen", count) % {"n": count}


@admin.register(ProductCollection)
class CollectionAdmin(base.ProjectAdmin):
    icon = "layers"
    form = CollectionForm
    list_display = [
        "name",
        display.badge("type", TONES),
        holds,
        display.when("updated_at"),
    ]
    list_filter = ["type", "created_at"]
    search_fields = ["name__istartswith", "public_id__startswith"]
    search_help_text = _("Beginning of the name or of the public id")
    ordering = ["-created_at", "-pk"]
    radio_fields = {"type": admin.VERTICAL}
    readonly_fields = [*SYSTEM]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductCollection]:
        rows: QuerySet[ProductCollection] = super().get_queryset(request)
        live = Q(members__product__deleted_at=None, members__sku__deleted_at=None)
        return rows.annotate(member_count=Count("members", filter=live))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [
                (_("Basics"), {"fields": ["name", "type"]}),
                (_("Products"), {"fields": [*CHOICES, "filter"]}),
            ]
        system = (_("In the API"), {"fields": [*SYSTEM]})
        basics = (_("Basics"), {"fields": ["name", "type"]})
        if not self.has_change_permission(request, obj):
            return [basics, system]
        names = edited(obj)
        note = {} if names else {"description": TOO_MUCH[obj.type]}
        return [basics, (_("Products"), {"fields": names, **note}), system]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*SYSTEM, "type"] if obj else [*SYSTEM]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", view, name="rewards_productcollection_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: Any) -> HttpResponseBase:
        """What the rows of the form find, as a piece of the page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = FilterWidget().value_from_datadict(request.POST, {}, "filter")
        try:
            tree = conditions.tree_of(typed.junction, typed.rows)
        except conditions.Wrong as error:
            found: dict[str, Any] = {"problem": str(error)}
        else:
            now = clock.now()
            found = summary(contents.matching(project=request.project, tree=tree, at=now))
        return TemplateResponse(request, MATCHES, found)

    def page_status(self, request: HttpRequest, obj: ProductCollection) -> Any:
        return display.badge_of(obj.type, TONES, obj.get_type_display())

    def page_panels(self, request: Any, obj: ProductCollection) -> list[tuple[Any, Any]]:
        entries = contents.held(project=request.project, collection=obj, at=clock.now())
        return [(_("What it holds now"), render_to_string(MATCHES, summary(entries)))]

    def page_figures(self, request: HttpRequest, obj: ProductCollection) -> list[tuple[Any, Any]]:
        return [(_("What it holds"), holds(obj))]

    def save_model(self, request: Any, obj: ProductCollection, form: Any, change: bool) -> None:
        values = {"project": request.project, "data": form.body(), "at": clock.now()}
        if change:
            collections.update(collection=obj, **values)
        else:
            base.become(obj, collections.create(**values))

    def delete_model(self, request: Any, obj: ProductCollection) -> None:
        collections.delete(project=request.project, collection=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[ProductCollection]) -> None:
        for collection in queryset:
            self.delete_model(request, collection)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The lists alone: their products stay."""
        counts = {ProductCollection._meta.verbose_name_plural: len(objs)}
        return [str(row) for row in objs], counts, set(), []


def _number(count: int) -> str:
    return number_format(count, 0, force_grouping=True)


def summary(entries: Sequence[contents.Entry]) -> dict[str, Any]:
    """How many there are and the first of them, for the template of matches."""
    products = sum(not entry.is_sku for entry in entries)
    skus = len(entries) - products
    shown = contents.load(entries=entries[:SHOWN])
    rows = [
        (
            display.link_to(row),
            _("SKU") if isinstance(row, Sku) else _("product"),
            display.ltr(row.source_id),
            display.money_of(_price_of(row)),
        )
        for row in shown
    ]
    heads = [_("Name"), _("Kind"), _("Source id"), _("Price")]
    return {
        "summary": gettext("Products: %(products)s · SKUs: %(skus)s")
        % {"products": _number(products), "skus": _number(skus)},
        "table": display.table(heads, rows) if rows else "",
        "more": gettext("The first %(n)s are shown.") % {"n": SHOWN}
        if len(entries) > SHOWN
        else "",
    }


def _price_of(row: Product | Sku) -> int | None:
    """A SKU without a price has that of its product."""
    return row.product.price if isinstance(row, Sku) and row.price is None else row.price
