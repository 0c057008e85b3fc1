"""Lists over big tables: bounded counts, members instead of all users."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from loyalty_project.core import tenancy
from loyalty_project.core.models import User

COUNT_CAP = 10_000


def is_pk(text: str) -> bool:
    """May this part of a path be the primary key of a row?"""
    return text.isascii() and text.isdecimal() and len(text) < 20


def members() -> QuerySet[User]:
    """The people of the open scope's project, for pickers and filters."""
    project = tenancy.active_project()
    rows = User.objects.filter(is_active=True).order_by("username")
    return rows.filter(memberships__project=project) if project else rows.none()


class CappedPaginator(Paginator):
    """Counts up to 10,000 rows: neither the count nor the last page may read a whole table."""

    @cached_property
    def counted(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: COUNT_CAP + 1].count()

    @property
    def capped(self) -> bool:
        return self.counted > COUNT_CAP

    @cached_property
    def count(self) -> int:
        return min(self.counted, COUNT_CAP)


class MemberFilter(admin.RelatedFieldListFilter):
    """A foreign key to users offers the members of the project, not every user there is."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[Any, Any]]:
        del field, request, model_admin
        return [(member.pk, str(member)) for member in members()]


def safe_filters(model: Any, filters: Sequence[Any]) -> list[Any]:
    """`filters` with foreign keys to users replaced by MemberFilter."""

    def safe(item: Any) -> Any:
        if not isinstance(item, str) or "__" in item:
            return item
        field = model._meta.get_field(item)
        is_person = isinstance(field, ForeignKey) and field.related_model is User
        return (item, MemberFilter) if is_person else item

    return [safe(item) for item in filters]


class PageOfRows(ChangeList):
    """Knows which filters are set, for the chips above the table."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        page: Any = self.model_admin
        page.prepare_rows(self.result_list)

    @property
    def chips(self) -> list[dict[str, Any]]:
        """`{title, value, choices}` per filter; `value` is empty while it is off."""
        made = []
        for spec in self.filter_specs:
            choices = list(spec.choices(self))
            chosen = [choice for choice in choices[1:] if choice.get("selected")]
            value = ", ".join(str(choice["display"]) for choice in chosen)
            made.append(
                {
                    "title": spec.title,
                    "value": value,
                    "choices": choices,
                    "off": choices[0]["query_string"] if choices else "",
                }
            )
        return made
