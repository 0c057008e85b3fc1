"""Lists of redemptions and rollbacks together, newest first: two tables, one page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import django_filters
from django.db.models import CharField, F, Q, QuerySet, Value
from drf_spectacular.utils import OpenApiParameter

from campaigns import queries as campaign_queries
from loyalty_project.core.api import filters, listing, query
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.listing import Listing, ProjectFilterSet
from redemptions import queries
from redemptions.models import Redemption, RedemptionRollback, Result
from redemptions.serializers.redemption import RedemptionJson, RollbackJson, entry_json

MAX_PAGE = 99
ORDER = ("created_at", "id", "voucher_code", "tracking_id", "customer_id")
RESULTS = {value: value for value in Result.values}
ROLLBACK_PARAMETERS = [
    OpenApiParameter("reason", str, description="Why it is taken back."),
    OpenApiParameter("tracking_id", str, description="Who takes it back."),
]


class RedemptionParams(ProjectFilterSet):
    """Plain parameters of redemptions."""

    result = django_filters.MultipleChoiceFilter(
        choices=Result.choices, help_text="SUCCESS or FAILURE; may be repeated."
    )
    campaign = django_filters.CharFilter(
        field_name="campaign__name", help_text="Name of the campaign."
    )
    customer = django_filters.CharFilter(method="of_customer", help_text="Id or source id.")

    def of_customer(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(customer__public_id=value) | Q(customer__source_id=value))


class RollbackParams(RedemptionParams):
    """The same of rollbacks."""

    campaign = django_filters.CharFilter(field_name="redemption__campaign__name")


def _fields(prefix: str, kind: str) -> dict[str, filters.Field]:
    """The published filters; `prefix` leads from the record to the redemption."""

    def only(condition: filters.Condition) -> Q:
        wanted = {str(value) for value in condition.values}
        negative = condition.operator in {"$is_not", "$not_in"}
        return Q() if (kind in wanted) != negative else Q(pk__in=())

    return {
        "voucher_code": filters.Text(f"{prefix}voucher__code_key", convert=_code_key),
        "related_object_id": filters.Text(f"{prefix}voucher__public_id"),
        "related_object_parent_id": filters.Text(f"{prefix}campaign__public_id"),
        "parent_redemption_id": filters.Text(f"{prefix}parent__public_id"),
        "failure_code": filters.Text("failure_code"),
        "result": filters.Choice("result", RESULTS),
        "object": filters.Custom(only, frozenset({"$is", "$is_not", "$in", "$not_in"})),
        "customer_id": filters.Text("customer__public_id"),
        "campaign_name": filters.Text(f"{prefix}campaign__name"),
        "user_login": filters.Custom(
            lambda condition: Q(channel_type="USER", channel_id__in=condition.values),
            frozenset({"$is", "$in"}),
        ),
    }


def _code_key(value: str) -> str:
    return campaign_queries.code_key(value)


REDEMPTIONS = Listing(
    ref="redemptions",
    item=RedemptionJson | RollbackJson,
    to_json=entry_json,
    order=ORDER,
    dates=("created_at",),
    params=RedemptionParams,
    filters=_fields("", "redemption"),
    max_page=MAX_PAGE,
)
_ROLLBACKS = replace(
    REDEMPTIONS, params=RollbackParams, filters=_fields("redemption__", "redemption_rollback")
)


def answer(tree: query.Tree, *, at: datetime) -> dict[str, Any]:
    """The published envelope of /v1/redemptions for one page."""
    page = _page(
        listing.narrowed(REDEMPTIONS, Redemption.objects.all(), tree, at=at),
        listing.narrowed(_ROLLBACKS, RedemptionRollback.objects.all(), tree, at=at),
        tree,
        "redemptions",
    )
    return {"object": "list", "data_ref": "redemptions", **page}


def of_voucher(code: str, tree: query.Tree, *, at: datetime) -> dict[str, Any]:
    """The published envelope of a code's redemptions and rollbacks. Raises NotFound."""
    del at
    voucher = campaign_queries.get_voucher(reference=code)
    page = _page(
        Redemption.objects.filter(voucher=voucher),
        RedemptionRollback.objects.filter(redemption__voucher=voucher),
        tree,
        "redemption_entries",
    )
    return {
        "object": "list",
        "data_ref": "redemption_entries",
        "url": f"/v1/vouchers/{quote(voucher.code, safe='')}/redemptions?page=1&limit=10",
        "quantity": voucher.redemption_limit,
        "redeemed_quantity": campaign_queries.redeemed_of(voucher),
        **page,
    }


def _sort_column(name: str, date: str, prefix: str) -> str:
    return {
        "created_at": date,
        "id": "public_id",
        "voucher_code": f"{prefix}code",
        "tracking_id": "tracking_id",
        "customer_id": "customer__public_id",
    }[name]


def _page(
    redemptions: QuerySet[Redemption],
    rollbacks: QuerySet[RedemptionRollback],
    tree: query.Tree,
    ref: str,
) -> dict[str, Any]:
    """Reads no more of each table than the page can need, so that their indexes do."""
    name, sign = _order(tree)
    limit = query.whole(tree, "limit", default=listing.DEFAULT_LIMIT, low=1, high=listing.MAX_LIMIT)
    end = limit * query.whole(tree, "page", default=1, low=1, high=MAX_PAGE)
    parts = (
        (redemptions, "redemption", _sort_column(name, "redeemed_at", "")),
        (rollbacks, "rollback", _sort_column(name, "rolled_back_at", "redemption__")),
    )
    first, second = (
        rows.annotate(kind=Value(kind, CharField()), sort=F(column))
        .order_by(f"{sign}{column}", f"{sign}pk")
        .values_list("kind", "pk", "sort")[:end]
        for rows, kind, column in parts
    )
    rows: Any = first.union(second, all=True).order_by(f"{sign}sort", f"{sign}kind", f"{sign}pk")
    window = [(kind, key) for kind, key, _sort in rows[end - limit : end]]
    found = _records(window)
    return {
        ref: [entry_json(found[place]) for place in window],
        "total": redemptions.count() + rollbacks.count(),
    }


def _order(tree: query.Tree) -> tuple[str, str]:
    """The sort key and its sign."""
    wanted = query.text(tree, "order") or "-created_at"
    name = wanted.removeprefix("-")
    if name not in ORDER:
        allowed = ", ".join(f"{key}, -{key}" for key in ORDER)
        raise InvalidQuery(f"Query param 'order' must be one of {allowed}")
    return name, "-" if wanted.startswith("-") else ""


def _records(
    window: list[tuple[str, int]],
) -> Mapping[tuple[str, int], Redemption | RedemptionRollback]:
    keys: dict[str, list[int]] = {"redemption": [], "rollback": []}
    for kind, key in window:
        keys[kind].append(key)
    found: dict[tuple[str, int], Redemption | RedemptionRollback] = {}
    if keys["redemption"]:
        rows = queries.redemptions().filter(pk__in=keys["redemption"])
        found |= {("redemption", row.pk): row for row in rows}
    if keys["rollback"]:
        rollbacks = queries.rollbacks().filter(pk__in=keys["rollback"])
        found |= {("rollback", row.pk): row for row in rollbacks}
    return found
