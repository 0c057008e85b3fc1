from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.admin.filters import LastOrderFilter, OrdersFilter, SegmentFilter
from customers.admin.resources import CustomerResource
from customers.models import Customer
from customers.services import customers, erasure, imports, profile
from loyalty_project.core import clock, money
from loyalty_project.core.admin import actions, base, csv_import, display
from loyalty_project.core.models import OutboxEvent

ADDRESS = {column: wire for wire, column in profile.ADDRESS.items()}
SYSTEM = (
    display.code("public_id", _("Public id")),
    display.when("created_at", _("Created")),
    display.when("updated_at", _("Changed")),
)
SOURCE_ID = display.code("source_id", _("Source id"))
SHOP = _("In your shop")
LEFT_TO_RIGHT = frozenset({"email", "phone", "postal_code", "source_id"})
RECENT = 10
# Apps above add what they offer on the page of a customer: functions to buttons and to panels.
BUTTONS: list[Callable[[HttpRequest, Customer], list[dict[str, Any]]]] = []
PANELS: list[Callable[[HttpRequest, Customer], list[tuple[Any, Any]]]] = []


@admin.register(Customer)
class CustomerAdmin(csv_import.CsvImport, base.ProjectAdmin):
    icon = "users"
    list_display = [
        "__str__",
        display.text_ltr("source_id"),
        display.text_ltr("email"),
        display.integer_column("orders_count", _("Orders")),
        display.money("orders_amount", _("Spent")),
        display.when("last_order_at", _("Last order")),
    ]
    list_filter = [OrdersFilter, LastOrderFilter, SegmentFilter, "created_at"]
    search_fields = ["search_name"]
    search_help_text = _("Beginnings of name, e-mail, phone or source id")
    ordering = ["-created_at", "-pk"]
    fieldsets = [
        (_("Person"), {"fields": ["name", "email", "phone", "birth_on", "description"]}),
        (
            _("Address"),
            {
                "fields": [
                    "address_line_1",
                    "address_line_2",
                    "postal_code",
                    "city",
                    "state",
                    "country",
                ]
            },
        ),
        (SHOP, {"fields": ["source_id", *SYSTEM]}),
        (_("Own attributes"), {"fields": ["metadata"]}),
    ]
    resource_classes = [CustomerResource]
    import_service = staticmethod(imports.start_csv)
    import_notes = [
        _(
            "Columns: Source_id, Name, Email, Phone, Birthdate, Description, Address_line_1, "
            "Address_line_2, Postal_code, City, State, Country. Any other column becomes an "
            "attribute of your own."
        ),
        _(
            "Rows are matched by source id: a known customer is overwritten where the file "
            "has a column, others are added. The same file again changes nothing."
        ),
    ]
    page_buttons = ["erase"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows: QuerySet[Customer] = super().get_queryset(request)
        return rows.filter(anonymized_at=None).annotate(
            orders_count=F("summary__orders_count"),
            orders_amount=F("summary__orders_amount"),
            last_order_at=F("summary__last_order_at"),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        return queries.matching(queryset, search_term), False

    def search_hint(self, obj: Customer) -> str:
        return obj.email or obj.source_id or ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*SYSTEM, SOURCE_ID] if obj is not None and obj.source_id else [*SYSTEM]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A source id that is set is shown, with a copy button, instead of asked for."""
        if obj is None or not obj.source_id:
            return self.fieldsets
        shown = {"fields": [SOURCE_ID, *SYSTEM]}
        return [(name, shown if name == SHOP else spec) for name, spec in self.fieldsets]

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in LEFT_TO_RIGHT:
            field.widget.attrs["dir"] = "ltr"
        return field

    def page_figures(self, request: HttpRequest, obj: Customer) -> list[tuple[Any, Any]]:
        summary = queries.summary_of(obj)
        count, amount = summary.orders_count, summary.orders_amount
        average = money.share(amount, 1, count) if count > 0 else None
        return [
            (_("Orders"), display.integer(count)),
            (_("Spent"), display.money_of(amount)),
            (_("Average order"), display.money_of(average)),
            (_("Last order"), display.when_of(summary.last_order_at)),
            (_("Redemptions"), display.integer(summary.redemptions_succeeded)),
            (_("Rolled back"), display.integer(summary.rollbacks_succeeded)),
        ]

    def page_panels(self, request: HttpRequest, obj: Customer) -> list[tuple[Any, Any]]:
        events = OutboxEvent.objects.filter(about=obj.public_id).order_by("-pk")[:RECENT]
        rows = [(display.when_of(event.occurred_at), display.ltr(event.type)) for event in events]
        panel = display.table([_("When"), _("What")], rows) if rows else _("Nothing yet.")
        groups = queries.segments().filter(memberships__customer=obj).order_by("name")
        links = format_html_join(", ", "{}", ((display.link_to(row),) for row in groups))
        return [
            *(each for more in PANELS for each in more(request, obj)),
            (_("Segments"), links or _("In none.")),
            (_("What happened last"), panel),
        ]

    def get_page_buttons(self, request: HttpRequest, obj: Customer) -> list[dict[str, Any]]:
        offered = [each for more in BUTTONS for each in more(request, obj)]
        return [*offered, *super().get_page_buttons(request, obj)]

    def save_model(self, request: Any, obj: Customer, form: Any, change: bool) -> None:
        data = _wire(form)
        if change:
            saved = customers.update(
                project=request.project, reference=obj.public_id, data=data, at=clock.now()
            )
        else:
            saved = customers.create(project=request.project, data=data, at=clock.now())
        base.become(obj, saved)

    def delete_model(self, request: Any, obj: Customer) -> None:
        erasure.delete(project=request.project, reference=obj.public_id, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Customer]) -> None:
        for customer in queryset:
            self.delete_model(request, customer)

    @actions.button(
        _("Forget for good"), icon="trash-2", permission="delete", danger=True, confirm=True
    )
    def erase(self, request: Any, obj: Customer, data: dict[str, Any]) -> HttpResponseRedirect:
        del data
        erasure.erase(project=request.project, reference=obj.public_id, at=clock.now())
        self.message_user(request, gettext("The customer is forgotten."))
        return HttpResponseRedirect(reverse("admin:customers_customer_changelist"))

    def erase_effects(self, request: HttpRequest, obj: Customer) -> list[str]:
        events = OutboxEvent.objects.filter(about=obj.public_id).count()
        versions = obj.history.count()
        return [
            gettext(
                "Name, addresses, phone and own attributes are removed and cannot be restored."
            ),
            ngettext(
                "%(n)s event about this customer is removed.",
                "%(n)s events about this customer are removed.",
                events,
            )
            % {"n": events},
            ngettext(
                "%(n)s version in the history is removed.",
                "%(n)s versions in the history are removed.",
                versions,
            )
            % {"n": versions},
            gettext("Orders and redemptions stay, under the public id only."),
        ]


def _wire(form: Any) -> dict[str, Any]:
    """The form as the service reads customers; an attribute that was taken out is null."""
    given = dict(form.cleaned_data)
    address = {wire: given.pop(column) for column, wire in ADDRESS.items() if column in given}
    if "birth_on" in given:
        given["birthdate"] = given.pop("birth_on")
    if "metadata" in given:
        gone = set(form.initial.get("metadata") or {}) - set(given["metadata"])
        given["metadata"] |= dict.fromkeys(gone)
    return {**given, "address": address} if address else given
