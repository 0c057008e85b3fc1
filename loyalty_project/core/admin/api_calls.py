"""The log of API calls: found by key, outcome, route, request and time; never edited."""

from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import api_calls, clock
from loyalty_project.core.admin import base, display, moments
from loyalty_project.core.middleware import API_PREFIXES
from loyalty_project.core.models import ApiCall, ApiKey

LOOKED_AT = 1000
FAMILIES = {
    2: ("good", "circle-check"),
    4: ("warn", "triangle-alert"),
    5: ("bad", "circle-x"),
}


def status_of(call: ApiCall) -> SafeString:
    return display.badge_of(call.status // 100, FAMILIES, display.ltr(str(call.status)))


def key_of(call: ApiCall) -> SafeString:
    if call.api_key is not None:
        return display.link_to(call.api_key)
    return display.words(_("Management key {name}").format(name=call.management_key))


@cache
def known_routes() -> tuple[str, ...]:
    """Every route of the API, as calls name it."""
    found = {api_calls.named(route) for route in _routes(get_resolver().url_patterns, "")}
    return tuple(sorted(route for route in found if route.startswith(API_PREFIXES)))


def _routes(patterns: Any, before: str) -> list[str]:
    made = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            made.append(route)
        elif f"/{route}".startswith(API_PREFIXES):
            made.extend(_routes(pattern.url_patterns, route))
    return made


class _Filter(admin.SimpleListFilter):
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiCall]) -> QuerySet[ApiCall]:
        del request
        value = self.value()
        known = {str(choice) for choice, _label in self.lookup_choices}
        return self.narrowed(queryset, str(value)) if value in known else queryset

    def narrowed(self, calls: QuerySet[ApiCall], value: str) -> QuerySet[ApiCall]:
        raise NotImplementedError


class KeyFilter(_Filter):
    title = gettext_lazy("key")
    parameter_name = "key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        keys = ApiKey.objects.order_by("name", "pk")
        named = [(str(key.pk), f"{key.name} (…{key.secret_hint})") for key in keys]
        return [*named, ("management", _("Management keys"))]

    def narrowed(self, calls: QuerySet[ApiCall], value: str) -> QuerySet[ApiCall]:
        if value == "management":
            return calls.filter(management_key__isnull=False)
        return calls.filter(api_key_id=int(value))


class StatusFilter(_Filter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return [
            ("2", _("Answered (2xx)")),
            ("4", _("Refused (4xx)")),
            ("429", _("Too many calls (429)")),
            ("5", _("Our fault (5xx)")),
        ]

    def narrowed(self, calls: QuerySet[ApiCall], value: str) -> QuerySet[ApiCall]:
        if value == "429":
            return calls.filter(status=429)
        first = int(value) * 100
        return calls.filter(status__gte=first, status__lt=first + 100)


class RouteFilter(_Filter):
    """Offers what was called last; the search finds every route by a part of it."""

    title = gettext_lazy("route")
    parameter_name = "route"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del model_admin
        newest = ApiCall.objects.order_by("-created_at", "-pk").values_list("route", flat=True)
        found = {*newest[:LOOKED_AT], request.GET.get("route", "")} & {*known_routes()}
        return [(route, display.ltr(route)) for route in sorted(found)]

    def narrowed(self, calls: QuerySet[ApiCall], value: str) -> QuerySet[ApiCall]:
        return calls.filter(route=value)


class TimeFilter(_Filter):
    title = gettext_lazy("time")
    parameter_name = "minutes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        del request, model_admin
        return [
            ("15", _("In the last 15 minutes")),
            ("60", _("In the last hour")),
            ("1440", _("In the last 24 hours")),
            ("10080", _("In the last 7 days")),
        ]

    def narrowed(self, calls: QuerySet[ApiCall], value: str) -> QuerySet[ApiCall]:
        return calls.filter(created_at__gte=clock.now() - timedelta(minutes=int(value)))


@admin.register(ApiCall)
class ApiCallPage(base.ReadOnlyAdmin):
    icon = "file-text"
    list_display = [
        "call",
        "outcome",
        "error_key",
        "key",
        "duration",
        display.text_ltr("ip"),
        display.when("created_at", gettext_lazy("When")),
    ]
    list_select_related = ["api_key", "management_key"]
    list_filter = [KeyFilter, StatusFilter, RouteFilter, TimeFilter]
    search_fields = ["request_id"]
    search_help_text = gettext_lazy("Request id, or a part of the route")
    ordering = ["-created_at", "-pk"]
    fields = [
        "call",
        "key",
        "error_key",
        "duration",
        display.code("request_id"),
        display.text_ltr("ip"),
        "came_in",
    ]
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ApiCall], search_term: str
    ) -> tuple[QuerySet[ApiCall], bool]:
        """By equality alone, so that an index answers: routes are known without looking."""
        del request
        wanted = search_term.strip()
        if not wanted:
            return queryset, False
        if wanted.startswith("v-"):
            return queryset.filter(request_id=wanted), False
        routes = [route for route in known_routes() if wanted.lower() in route.lower()]
        return queryset.filter(route__in=routes), False

    def get_sortable_by(self, request: HttpRequest) -> list[str]:
        """By nothing but time, which has an index."""
        del request
        return []

    @admin.display(description=gettext_lazy("Call"))
    def call(self, obj: ApiCall) -> Any:
        return display.ltr(f"{obj.method} {obj.route or _('no such route')}", "whole")

    @admin.display(description=gettext_lazy("Status"))
    def outcome(self, obj: ApiCall) -> Any:
        return status_of(obj)

    @admin.display(description=gettext_lazy("Error"))
    def error_key(self, obj: ApiCall) -> Any:
        return display.ltr(obj.error)

    @admin.display(description=gettext_lazy("Key"))
    def key(self, obj: ApiCall) -> Any:
        return key_of(obj)

    @admin.display(description=gettext_lazy("Took"))
    def duration(self, obj: ApiCall) -> Any:
        return display.ltr(f"{obj.milliseconds:,} ms", "num")

    @admin.display(description=gettext_lazy("When"))
    def came_in(self, obj: ApiCall) -> Any:
        """To the second, as logs of others are compared with it."""
        local = timezone.localtime(obj.created_at)
        return f"{moments.day(obj.created_at)} {local:%H:%M:%S} {local.tzname()}"

    def page_status(self, request: HttpRequest, obj: ApiCall) -> Any:
        del request
        return status_of(obj)
