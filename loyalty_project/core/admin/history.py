"""History pages: who, with which key, from where, and each field before and after."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from loyalty_project.core.admin import lists, trail

PER_PAGE = 50


Versioned: Any = SimpleHistoryAdmin


class HistoryPages(Versioned):
    """Both pages read through the scope; nothing can be reverted or edited here."""

    def has_history(self) -> bool:
        return hasattr(self.model._meta, "simple_history_manager_attribute")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        pk = unquote(object_id)
        if not self.has_history() or not lists.is_pk(pk):
            raise Http404
        rows = trail.rows_of(self.model, getattr(request, "project", None))
        rows = rows.filter(**{self.opts.pk.attname: pk}).order_by("-history_date", "-history_id")
        obj = self.get_object(request, pk)
        if obj is None:
            newest = rows.first()
            if newest is None or not self.has_view_permission(request):
                raise Http404
            obj = trail.as_object(newest)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "object": obj,
            "original": obj,
            "page_obj": page,
            "entries": trail.entries(list(page)),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """One version as it was. The library would save a posted form here, even for viewers."""
        pk = unquote(object_id)
        if not self.has_history() or not (lists.is_pk(pk) and lists.is_pk(version_id)):
            raise Http404
        if request.method != "GET":
            raise PermissionDenied
        rows = trail.rows_of(self.model, getattr(request, "project", None))
        row = rows.filter(**{self.opts.pk.attname: pk, "history_id": version_id}).first()
        if row is None:
            raise Http404
        obj = trail.as_object(row)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("As it was"),
            "opts": self.opts,
            "original": obj,
            "entry": trail.entries([row])[0],
            "values": trail.values_of(row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history_version.html", context)
