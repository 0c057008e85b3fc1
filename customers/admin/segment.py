from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import Count, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers import queries
from customers.admin.customer import SYSTEM
from customers.models import Customer, Segment, SegmentMembership
from customers.services import segment_imports, segments
from loyalty_project.core import clock
from loyalty_project.core.admin import actions, base, csv_export, display
from loyalty_project.core.admin.csv_import import CsvForm
from loyalty_project.core.admin.forms import ProjectForm
from loyalty_project.core.models import AsyncAction

SHOWN = 50
COLUMNS = ["Source_id", "Name", "Email"]


class CustomersField(forms.ModelMultipleChoiceField):
    """Customers by search."""

    def __init__(self, **kwargs: Any) -> None:
        chooser = AutocompleteSelectMultiple(
            SegmentMembership._meta.get_field("customer"), admin.site
        )
        super().__init__(queryset=None, widget=chooser, label=_("customers"), **kwargs)


class SegmentForm(ProjectForm):
    customers = CustomersField(
        required=False, help_text=_("Who is in it from the start; more can be added later.")
    )

    class Meta(ProjectForm.Meta):
        model = Segment
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: dict[str, Any] = self.fields
        if "customers" in shown:
            shown["customers"].queryset = queries.all_customers()


class MembersForm(forms.Form):
    customers = CustomersField(help_text=_("Type beginnings of name, e-mail or source id."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: dict[str, Any] = self.fields
        shown["customers"].queryset = queries.all_customers()


class MembersCsvForm(CsvForm):
    """One column is read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV in UTF-8 with the column Source_id: ids of customers in your shop. Those who are "
            "in the segment stay; nobody is taken out."
        )


@admin.register(Segment)
class SegmentAdmin(base.ProjectAdmin):
    icon = "filter"
    form = SegmentForm
    list_display = [
        "name",
        display.integer_column("member_count", _("Customers")),
        display.when("created_at"),
        display.when("updated_at"),
    ]
    list_filter = ["created_at"]
    search_fields = ["name__istartswith", "public_id__startswith"]
    search_help_text = _("Beginning of the name or of the public id")
    ordering = ["-created_at", "-pk"]
    readonly_fields = [*SYSTEM]
    page_buttons = ["add_customers", "remove_customers", "add_from_csv", "export_customers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        rows: QuerySet[Segment] = super().get_queryset(request)
        return rows.annotate(member_count=Count("memberships"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(_("Segment"), {"fields": ["name", "customers"]})]
        return [
            (_("Segment"), {"fields": ["name"]}),
            (_("In the API"), {"fields": [*SYSTEM]}),
        ]

    def page_figures(self, request: HttpRequest, obj: Segment) -> list[tuple[Any, Any]]:
        return [(_("Customers"), display.integer(getattr(obj, "member_count", 0)))]

    def page_links(self, request: HttpRequest, obj: Segment) -> list[tuple[Any, str]]:
        url = reverse("admin:customers_customer_changelist")
        return [(_("All its customers"), f"{url}?segment={obj.pk}")]

    def page_panels(self, request: HttpRequest, obj: Segment) -> list[tuple[Any, Any]]:
        newest = obj.memberships.select_related("customer").order_by("-pk")[:SHOWN]
        rows = [
            (
                display.link_to(member.customer),
                display.ltr(member.customer.source_id),
                display.ltr(member.customer.email),
                display.when_of(member.created_at),
            )
            for member in newest
        ]
        heads = [_("Name"), _("Source id"), _("E-mail"), _("Since")]
        return [(_("Added last"), display.table(heads, rows) if rows else _("Nobody yet."))]

    def save_model(self, request: Any, obj: Segment, form: Any, change: bool) -> None:
        data, now = form.cleaned_data, clock.now()
        if change:
            segments.rename(project=request.project, segment=obj, name=data["name"], at=now)
            return
        chosen = [customer.public_id for customer in data["customers"]]
        values = {"name": data["name"], "customers": chosen}
        base.become(obj, segments.create(project=request.project, data=values, at=now))

    def delete_model(self, request: Any, obj: Segment) -> None:
        segments.delete(project=request.project, segment=obj, at=clock.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Segment]) -> None:
        for segment in queryset:
            self.delete_model(request, segment)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The lists alone: their customers stay."""
        counts = {Segment._meta.verbose_name_plural: len(objs)}
        return [str(row) for row in objs], counts, set(), []

    @actions.button(_("Add customers"), icon="user-plus", form=MembersForm, primary=True)
    def add_customers(self, request: Any, obj: Segment, data: dict[str, Any]) -> str:
        new = segments.add(
            project=request.project, segment=obj, customers=data["customers"], at=clock.now()
        )
        text = ngettext("%(n)s customer was added.", "%(n)s customers were added.", len(new))
        return text % {"n": len(new)}

    @actions.button(_("Remove customers"), icon="x", form=MembersForm)
    def remove_customers(self, request: Any, obj: Segment, data: dict[str, Any]) -> str:
        gone = segments.remove(
            project=request.project, segment=obj, customers=data["customers"], at=clock.now()
        )
        text = ngettext("%(n)s customer was removed.", "%(n)s customers were removed.", len(gone))
        return text % {"n": len(gone)}

    @actions.button(
        _("Add from a CSV file"), icon="upload", permission="import", form=MembersCsvForm
    )
    def add_from_csv(self, request: Any, obj: Segment, data: dict[str, Any]) -> AsyncAction:
        return segment_imports.start_csv(
            project=request.project, segment=obj, upload=data["file"], at=clock.now()
        )

    @actions.button(_("Export customers"), icon="download", permission="export")
    def export_customers(
        self, request: Any, obj: Segment, data: dict[str, Any]
    ) -> StreamingHttpResponse:
        del request, data
        rows = queries.members_of(segment=obj).order_by("pk").iterator(chunk_size=2_000)
        name = slugify(obj.name) or obj.public_id
        return csv_export.download(f"{name}.csv", COLUMNS, map(_cells, rows))


def _cells(row: Customer) -> list[str]:
    """As the import reads them: it takes an id where a customer has no source id."""
    return [row.source_id or row.public_id, row.name, row.email]
