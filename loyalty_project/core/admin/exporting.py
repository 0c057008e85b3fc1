"""The export pages of lists: files are sent row by row while they are read."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from import_export.formats import base_formats

from loyalty_project.core import tenancy
from loyalty_project.core.admin import csv_export, lists

# So many rows are in memory at once.
BLOCK = 500


class StreamedExport:
    """In front of the library's export, which would hold the whole file in memory."""

    # What spreadsheets write, and what we write for them, begins with a byte order mark.
    from_encoding = "utf-8-sig"
    has_export_permission: Any
    choose_export_resource_class: Any
    get_export_resource_kwargs: Any
    get_export_resource_fields_from_form: Any
    get_export_filename: Any
    get_queryset: Any

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[Any]:
        """Those of the chosen rows that are there; never the keys of a whole table."""
        chosen = [pk for pk in request.POST.getlist("export_items") if lists.is_pk(pk)]
        return list(self.get_queryset(request).filter(pk__in=chosen).values_list("pk", flat=True))

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: Any, export_form: Any = None
    ) -> HttpResponseBase:
        if not self.has_export_permission(request):
            raise PermissionDenied
        made = self.choose_export_resource_class(export_form, request)
        resource = made(**self.get_export_resource_kwargs(request))
        fields = self.get_export_resource_fields_from_form(export_form)
        name = self.get_export_filename(request, queryset, file_format)
        header = resource.get_export_headers(selected_fields=fields)
        rows = _rows(resource, _joined(resource, queryset), fields)
        if isinstance(file_format, base_formats.CSV):
            return csv_export.attachment(name, csv_export.lines(header, rows), csv_export.CSV)
        return csv_export.attachment(name, _objects(header, rows), "application/json")


def _objects(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    mark = "["
    for row in rows:
        yield mark + json.dumps(dict(zip(header, row, strict=True)), cls=DjangoJSONEncoder)
        mark = ",\n"
    yield "[]" if mark == "[" else "]"


def _joined(resource: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """With the rows that the columns refer to, so that no row of the file costs a query."""
    attributes = [field.attribute or "" for field in resource.fields.values()]
    paths = {attribute.rpartition("__")[0] for attribute in attributes} - {""}
    return queryset.select_related(*paths) if paths else queryset


def _rows(resource: Any, queryset: Any, fields: Any) -> Iterator[list[Any]]:
    """The scope of the request is closed when the file is sent: each block opens it again."""
    project = tenancy.current_project()
    instances = resource.iter_queryset(resource.filter_export(queryset))

    def blocks() -> Iterator[list[list[Any]]]:
        while True:
            with tenancy.scope(project):
                block = [
                    resource.export_resource(instance, selected_fields=fields)
                    for instance in islice(instances, BLOCK)
                ]
            if not block:
                return
            yield block

    return (row for block in blocks() for row in block)
