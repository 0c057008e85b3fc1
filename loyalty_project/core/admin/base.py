"""The bases of every admin. Apps declare; what must hold everywhere is decided here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst
from import_export.admin import ImportExportModelAdmin
from import_export.formats import base_formats
from import_export.forms import ImportForm, SelectableFieldsExportForm

from loyalty_project.core.admin import display, exporting, lists
from loyalty_project.core.admin.buttons import PageButtons
from loyalty_project.core.admin.forms import FormAdmin
from loyalty_project.core.admin.grants import GrantPages
from loyalty_project.core.admin.history import HistoryPages

Exchange: Any = ImportExportModelAdmin
FORMATS = (base_formats.CSV, base_formats.JSON)


class _FirstFormat:
    """Offers the first format instead of a blank line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = vars(self)["fields"]
        fields["format"].choices = [pair for pair in fields["format"].choices if pair[0] != ""]
        fields["format"].initial = fields["format"].choices[0][0]


class FileExportForm(_FirstFormat, SelectableFieldsExportForm):
    """Which columns, in which format."""


class FileImportForm(_FirstFormat, ImportForm):
    """Which file, in which format."""


class Page(PageButtons, FormAdmin):
    """Lists and pages in our frame."""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    paginator = lists.CappedPaginator
    empty_value_display = display.EMPTY
    save_on_top = False
    view_on_site = False
    change_form_template = "admin/change_form.html"
    icon = "circle"

    def __init__(self, model: Any, admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self._label_columns()

    def _label_columns(self) -> None:
        """A column without a label of its own is called what its field is called."""
        names = {item.name: item for item in self.opts.get_fields()}
        for column in (*self.list_display, *self.readonly_fields):
            if callable(column) and not getattr(column, "labelled", True):
                item = names.get(column.path)
                if item is not None and hasattr(item, "verbose_name"):
                    vars(column)["short_description"] = capfirst(item.verbose_name)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        del request, kwargs
        return lists.PageOfRows

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        return lists.safe_filters(self.model, super().get_list_filter(request))

    def prepare_rows(self, rows: Iterable[Any]) -> None:
        """Read for all rows of one page of a list what their cells say."""
        del rows

    def page_status(self, request: HttpRequest, obj: Any) -> Any:
        """A badge beside the title."""
        del request, obj

    def page_figures(self, request: HttpRequest, obj: Any) -> list[tuple[Any, Any]]:
        """Key figures in the head, as label and value."""
        del request, obj
        return []

    def page_notice(self, request: HttpRequest, obj: Any) -> Any:
        """What needs attention, as safe HTML before everything else."""
        del request, obj

    def page_links(self, request: HttpRequest, obj: Any) -> list[tuple[Any, str]]:
        """Links in the head, as label and address."""
        del request, obj
        return []

    def page_panels(self, request: HttpRequest, obj: Any) -> list[tuple[Any, Any]]:
        """What follows the form, as heading and safe HTML."""
        del request, obj
        return []

    def page_head(self, request: HttpRequest, obj: Any) -> Mapping[str, Any]:
        return {
            "page_status": self.page_status(request, obj),
            "page_figures": self.page_figures(request, obj),
            "page_notice": self.page_notice(request, obj),
            "page_links": self.page_links(request, obj),
            "page_panels": self.page_panels(request, obj),
            "page_buttons": self.get_page_buttons(request, obj),
        }

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context.update(self.page_head(request, obj))
        return super().render_change_form(request, context, **kwargs)


class PlatformAdmin(HistoryPages, Page):
    """Models of the installation: for superusers, unless the subclass says who else."""

    needs_project = False

    def may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return request.user.is_superuser and super().may(request, verb, obj)

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        context["has_history"] = self.has_history()
        return super().render_change_form(request, context, **kwargs)


class ProjectAdmin(Page, HistoryPages, GrantPages, exporting.StreamedExport, Exchange):
    """Configuration and profiles of a project."""

    importable = True
    formats = FORMATS
    export_form_class = FileExportForm
    import_form_class = FileImportForm
    resource_classes: Sequence[Any] = ()
    skip_admin_log = True
    import_export_change_list_template = None
    include_object_permissions_urls = True
    change_form_template = "admin/change_form.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        offered = self.importable and bool(self.resource_classes)
        return offered and super().has_import_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.resource_classes) and super().has_export_permission(request)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.project = request.project
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["has_history"] = self.has_history()
        context["has_grants"] = obj is not None and self.has_grant_permission(request, obj)
        return super().render_change_form(request, context, **kwargs)


class ReadOnlyAdmin(ProjectAdmin):
    """Records of fact: seen and exported, never edited; buttons may act on them by a service."""

    importable = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False


def become(obj: Any, saved: Any) -> None:
    """Let the instance that the form made be the row that the service wrote."""
    vars(obj).update(vars(saved))
