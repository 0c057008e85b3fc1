"""Lists: what may be filtered, sorted and paged is declared once, for the answer and its docs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict

from loyalty_project.core.api import query
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.filters import build
from loyalty_project.core.api.inputs import moment

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


class ProjectFilterSet(django_filters.FilterSet):
    """Plain query parameters. Declare each filter; `Meta.model` would look at rows of no scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list endpoint.

    `ref` is the published `data_ref`, `item` the TypedDict of one row, `to_json` makes it. `order`
    lists the published sort keys, `columns` those that are not called like the column, `dates`
    the instants that take `?created_at[before|after]=`. `prepare` reads for a whole page what
    `to_json` would read row by row. `cursor` "created_at" adds `starting_after`
    beside pages; "id" replaces pages by `starting_after_id`.
    """

    ref: str
    item: Any
    to_json: Callable[[Any], Any]
    prepare: Callable[[Sequence[Any]], None] | None = None
    order: tuple[str, ...] = ("created_at", "updated_at")
    columns: Mapping[str, str] = field(default_factory=dict)
    params: type[ProjectFilterSet] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    max_page: int = 100
    max_limit: int = MAX_LIMIT
    cursor: Literal["created_at", "id"] | None = None


def answer(
    listing: Listing, rows: QuerySet[Any], tree: query.Tree, *, at: datetime
) -> dict[str, Any]:
    """The published envelope for one page. Raises InvalidQuery naming the wrong parameter."""
    found = narrowed(listing, rows, tree, at=at)
    limit = query.whole(tree, "limit", default=DEFAULT_LIMIT, low=1, high=listing.max_limit)
    if listing.cursor == "id":
        return _after_id(listing, found, tree, limit)
    if listing.cursor == "created_at" and tree.get("starting_after"):
        return _after_instant(listing, found, tree, limit)
    page = query.whole(tree, "page", default=1, low=1, high=listing.max_page)
    start = (page - 1) * limit
    window = ordered(listing, found, tree)[start : start + limit]
    return _envelope(listing, window, total=found.count())


def complete(items: Sequence[Any]) -> dict[str, Any]:
    """The published envelope of a list without pages."""
    return {"object": "list", "data_ref": "data", "data": items, "total": len(items)}


def narrowed(
    listing: Listing, rows: QuerySet[Any], tree: query.Tree, *, at: datetime
) -> QuerySet[Any]:
    """The rows that plain parameters, dates and `filters` leave; also for counts and exports."""
    condition = build(tree.get("filters"), listing.filters, at=at)
    for name in listing.dates:
        condition &= _between(name, tree.get(name))
    rows = rows.filter(condition)
    return _by_params(listing.params, rows, tree) if listing.params else rows


def ordered(listing: Listing, rows: QuerySet[Any], tree: query.Tree) -> QuerySet[Any]:
    """Newest first unless `order` says otherwise; the key breaks ties."""
    wanted = query.text(tree, "order") or f"-{listing.order[0]}"
    name, sign = wanted.removeprefix("-"), "-" if wanted.startswith("-") else ""
    if name not in listing.order:
        allowed = ", ".join(f"{key}, -{key}" for key in listing.order)
        raise InvalidQuery(f"Query param 'order' must be one of {allowed}")
    column = "pk" if name == "id" else listing.columns.get(name, name)
    return rows.order_by(f"{sign}{column}", f"{sign}pk")


def _by_params(
    params: type[ProjectFilterSet], rows: QuerySet[Any], tree: query.Tree
) -> QuerySet[Any]:
    data = QueryDict(mutable=True)
    for name, value in tree.items():
        if isinstance(value, str):
            data[name] = value
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            data.setlist(name, value)
    filter_set = params(data=data, queryset=rows)
    if not filter_set.is_valid():
        name, errors = next(iter(filter_set.errors.items()))
        raise InvalidQuery(f"Query param '{name}': {errors[0]}")
    return filter_set.qs


def _between(name: str, bounds: Any) -> Q:
    """`{"before": …, "after": …}`, both exclusive."""
    if bounds in (None, ""):
        return Q()
    if not isinstance(bounds, dict) or not set(bounds) <= {"before", "after"}:
        raise InvalidQuery(f"Query param '{name}' takes [before] and [after]")
    found = Q()
    for bound, lookup in (("before", "lt"), ("after", "gt")):
        if bound in bounds:
            found &= Q(**{f"{name}__{lookup}": _moment(f"{name}[{bound}]", bounds[bound])})
    return found


def _moment(name: str, value: Any) -> datetime:
    found = moment(value)
    if found is None:
        raise InvalidQuery(f"Query param '{name}' must be a date and time in ISO 8601")
    return found


def _after_instant(
    listing: Listing, rows: QuerySet[Any], tree: query.Tree, limit: int
) -> dict[str, Any]:
    """Exclusive to the millisecond, because that is all of an instant that clients see."""
    bound = _moment("starting_after", tree["starting_after"])
    if (query.text(tree, "order") or "-").startswith("-"):
        rows, order = rows.filter(created_at__lt=bound), ("-created_at", "-pk")
    else:
        next_millisecond = bound + timedelta(milliseconds=1)
        rows, order = rows.filter(created_at__gte=next_millisecond), ("created_at", "pk")
    found = list(rows.order_by(*order)[: limit + 1])
    return _envelope(listing, found[:limit], total=rows.count(), has_more=len(found) > limit)


def _after_id(
    listing: Listing, rows: QuerySet[Any], tree: query.Tree, limit: int
) -> dict[str, Any]:
    descending = (query.text(tree, "order") or "-").startswith("-")
    total = rows.count()
    last = query.text(tree, "starting_after_id")
    window = rows
    if last:
        start = rows.filter(public_id=last).values_list("pk", flat=True).first()
        if start is None:
            raise InvalidQuery(f"Query param 'starting_after_id': no such object {last[:80]!r}")
        window = rows.filter(pk__lt=start) if descending else rows.filter(pk__gt=start)
    found = list(window.order_by("-pk" if descending else "pk")[: limit + 1])
    has_more = len(found) > limit
    answered = _envelope(listing, found[:limit], total=total, has_more=has_more)
    if has_more:
        answered["more_starting_after"] = found[limit - 1].public_id
    return answered


def _envelope(listing: Listing, rows: Any, *, total: int, **more: Any) -> dict[str, Any]:
    rows = list(rows)
    if listing.prepare is not None:
        listing.prepare(rows)
    items = [listing.to_json(row) for row in rows]
    return {"object": "list", "data_ref": listing.ref, listing.ref: items, "total": total, **more}
