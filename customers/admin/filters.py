"""Chips above the list of customers."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers import queries
from loyalty_project.core import clock
from loyalty_project.core.admin.lists import is_pk

# The page of a segment that is not among them links to its customers.
OFFERED = 100


class OrdersFilter(admin.SimpleListFilter):
    title = _("orders")
    parameter_name = "orders"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("None")), ("one", _("One")), ("more", _("Two or more"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = {
            "none": Q(summary__isnull=True) | Q(summary__orders_count=0),
            "one": Q(summary__orders_count=1),
            "more": Q(summary__orders_count__gt=1),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class SegmentFilter(admin.SimpleListFilter):
    title = _("segment")
    parameter_name = "segment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(row.pk), row.name) for row in queries.segments().order_by("name")[:OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(segment_memberships__segment=value) if is_pk(value) else queryset


class LastOrderFilter(admin.SimpleListFilter):
    title = _("last order")
    parameter_name = "last_order"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("30", _("In the last 30 days")),
            ("90", _("In the last 90 days")),
            ("-90", _("More than 90 days ago")),
            ("-365", _("More than a year ago")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {value for value, _label in self.lookup_choices}:
            return queryset
        days = int(self.value() or 0)
        bound = clock.now() - timedelta(days=abs(days))
        side = "gte" if days > 0 else "lt"
        return queryset.filter(**{f"summary__last_order_at__{side}": bound})
