"""What runs in the background, and what happened: seen, never edited."""

from itertools import chain
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import clock
from loyalty_project.core.admin import base, csv_export, display
from loyalty_project.core.models import AsyncAction, AsyncActionStatus, Job, OutboxEvent

ACTION_TONES = {
    AsyncActionStatus.ENQUEUED: ("quiet", "clock"),
    AsyncActionStatus.IN_PROGRESS: ("info", "loader"),
    AsyncActionStatus.DONE: ("good", "circle-check"),
    AsyncActionStatus.FAILED: ("bad", "circle-x"),
}
REPORT = ("line", "column", "reason", "id")
JOB_TONES = {
    "QUEUED": ("quiet", "clock"),
    "RUNNING": ("info", "loader"),
    "DONE": ("good", "circle-check"),
    "FAILED": ("bad", "circle-x"),
}


def state_of(action: AsyncAction) -> dict[str, Any]:
    """What the progress page polls."""
    finished = action.status in {AsyncActionStatus.DONE, AsyncActionStatus.FAILED}
    done = action.done + action.failed
    numbers = {"done": done, "total": action.total, "failed": action.failed}
    return {
        **numbers,
        "percent": action.progress,
        "finished": finished,
        "text": _("%(done)s of %(total)s") % {name: f"{n:,}" for name, n in numbers.items()},
        "rate": _rate(action, done),
        "status": str(display.badge_of(action.status, ACTION_TONES, action.get_status_display())),
    }


def _rate(action: AsyncAction, done: int) -> str:
    """Units per second and what is left, once there is something to judge by."""
    if action.started_at is None or not done:
        return ""
    end = action.finished_at or clock.now()
    seconds = max(1.0, (end - action.started_at).total_seconds())
    per_second = done / seconds
    if action.finished_at is not None:
        return _("%(rate)s per second, %(seconds)s seconds in all") % {
            "rate": f"{per_second:,.0f}",
            "seconds": f"{seconds:,.0f}",
        }
    left = (action.total - done) / per_second if per_second else 0
    return _("%(rate)s per second, about %(seconds)s seconds left") % {
        "rate": f"{per_second:,.0f}",
        "seconds": f"{max(0, left):,.0f}",
    }


def _refused(failure: dict[str, Any]) -> list[Any]:
    who = failure.get("source_id") or failure.get("code") or ""
    return [failure["line"], failure["column"], failure["reason"], who]


@admin.register(AsyncAction)
class AsyncActionPage(base.ReadOnlyAdmin):
    change_form_template = "admin/progress.html"
    list_display = [
        "type",
        display.badge("status", ACTION_TONES),
        display.integer_column("done"),
        display.integer_column("total"),
        display.integer_column("failed"),
        "user",
        display.when("created_at"),
    ]
    list_select_related = ["user"]
    list_filter = ["status", "type", "user"]
    search_fields = ["public_id__startswith", "subject__startswith"]
    fields = [
        display.code("public_id"),
        display.text_ltr("subject"),
        "user",
        display.when("created_at"),
        display.when("started_at"),
        display.when("finished_at"),
        display.metadata("params"),
    ]
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        state = self.admin_site.admin_view(self.state_view)
        report = self.admin_site.admin_view(self.report_view)
        return [
            path("<int:pk>/state/", state, name="core_asyncaction_state"),
            path("<int:pk>/report/", report, name="core_asyncaction_report"),
            *super().get_urls(),
        ]

    def report_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """All rows that were refused, as CSV: where, which column, why."""
        action = self.get_object(request, str(pk))
        if action is None or not self.has_view_permission(request, action):
            raise Http404
        refused = action.refused.order_by("pk").values_list("failures", flat=True)
        rows = chain.from_iterable(refused.iterator(chunk_size=10))
        return csv_export.download(f"{action.public_id}-report.csv", REPORT, map(_refused, rows))

    def state_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        action = self.get_object(request, str(pk))
        if action is None or not self.has_view_permission(request, action):
            raise Http404
        return JsonResponse(state_of(action))

    def page_status(self, request: HttpRequest, obj: AsyncAction) -> Any:
        return display.badge_of(obj.status, ACTION_TONES, obj.get_status_display())

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:
        action: AsyncAction = kwargs["obj"]
        failed = (action.result or {}).get("failed", [])
        context["state"] = state_of(action)
        context["state_url"] = reverse("admin:core_asyncaction_state", args=[action.pk])
        context["report"] = action.result
        if action.failed:
            context["report_url"] = reverse("admin:core_asyncaction_report", args=[action.pk])
        context["failures"] = [display.metadata_of(failure) for failure in failed[:100]]
        return super().render_change_form(request, context, **kwargs)


@admin.register(Job)
class JobPage(base.ReadOnlyAdmin):
    list_display = [
        "name",
        display.badge("status", JOB_TONES),
        "attempts",
        display.when("run_at"),
        display.when("finished_at"),
    ]
    list_filter = ["status", "name"]
    search_fields = ["name__startswith"]
    fields = [
        display.badge("status", JOB_TONES),
        "attempts",
        display.when("run_at"),
        display.when("leased_until"),
        display.when("finished_at"),
        display.metadata("params"),
        display.json_column("error", gettext_lazy("Error")),
    ]
    readonly_fields = fields


@admin.register(OutboxEvent)
class OutboxEventPage(base.ReadOnlyAdmin):
    list_display = [
        "type",
        display.text_ltr("subject"),
        "channel",
        display.when("occurred_at"),
        display.when("dispatched_at"),
    ]
    list_filter = ["channel"]
    search_fields = ["subject__startswith", "type__startswith"]
    fields = [
        "type",
        display.code("public_id"),
        display.text_ltr("subject"),
        display.text_ltr("group_id"),
        "channel",
        display.when("occurred_at"),
        display.when("dispatched_at"),
        display.json_column("data", gettext_lazy("Data")),
    ]
    readonly_fields = fields
