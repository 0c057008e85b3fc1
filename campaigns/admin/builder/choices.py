"""What is offered while somebody types, and the names of what was chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from customers.models import Segment
from loyalty_project.core import access
from loyalty_project.core.models import ApiKey
from rewards import queries
from rewards.models import ALL_PRODUCTS_ID, Product, ProductCollection, Sku

HITS = 20
TERM_MAX = 100

Hit = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Source:
    """`found` narrows rows to a term, `reference` is the column that rules hold."""

    model: Any
    rows: Callable[[], QuerySet[Any]]
    found: Callable[[QuerySet[Any], str], QuerySet[Any]]
    reference: str = "public_id"
    names_entries: str = ""


def _named(rows: QuerySet[Any], term: str) -> QuerySet[Any]:
    return rows.filter(name__icontains=term) if term else rows


def _skus(rows: QuerySet[Any], term: str) -> QuerySet[Any]:
    by_sku = Q(sku__icontains=term) | Q(source_id__istartswith=term)
    return rows.filter(by_sku | Q(product__name__icontains=term)) if term else rows


_SOURCES = {
    "segment": _Source(Segment, Segment.objects.all, _named),
    "campaign": _Source(Campaign, lambda: Campaign.objects.filter(deleted_at=None), _named),
    "api_key": _Source(
        ApiKey, lambda: ApiKey.objects.filter(revoked_at=None), _named, reference="app_id"
    ),
    "products_collection": _Source(
        ProductCollection,
        ProductCollection.objects.all,
        _named,
        names_entries="products_collection",
    ),
    "product": _Source(
        Product,
        lambda: Product.objects.filter(deleted_at=None),
        lambda rows, term: queries.matching(rows, term) if term else rows,
        names_entries="product",
    ),
    "sku": _Source(Sku, queries.all_skus, _skus, names_entries="sku"),
}
# What is searched at once for each kind of choice.
KINDS = {
    "segment": ("segment",),
    "campaign": ("campaign",),
    "api_key": ("api_key",),
    "products": ("products_collection", "product", "sku"),
    "goods": ("product", "sku"),
}


def find(*, user: Any, kind: str, term: str) -> list[Hit]:
    """`{"value", "label", "hint"}` of what a person may see and may mean, the newest first.

    `value` is what a rule holds: an id, or the published object of a product.
    """
    term = term.replace("\x00", "").strip()[:TERM_MAX]
    hits: list[Hit] = []
    for name in KINDS.get(kind, ()):
        source = _SOURCES[name]
        if name == "products_collection":
            hits += _everything(term)
        if access.can(user, "view", source.model):
            rows = source.found(source.rows(), term).order_by("-created_at", "-pk")
            hits += [_hit(source, row) for row in rows[: HITS - len(hits)]]
    return hits[:HITS]


def names(references: Iterable[str]) -> dict[str, str]:
    """The names of ids and source ids that a rule holds; what the project does not have is left."""
    wanted = {each for each in references if each and len(each) <= queries.MAX_REFERENCE}
    found = {ALL_PRODUCTS_ID: _("All products")} if ALL_PRODUCTS_ID in wanted else {}
    if not wanted:
        return found
    for source in _SOURCES.values():
        has_source_id = source.names_entries in {"product", "sku"}
        known = Q(**{f"{source.reference}__in": wanted})
        rows = source.rows().filter(known | Q(source_id__in=wanted) if has_source_id else known)
        for row in rows:
            found[getattr(row, source.reference)] = _label(row)
            if has_source_id and row.source_id in wanted:
                found.setdefault(row.source_id, _label(row))
    return found


def references_in(value: Any) -> set[str]:
    """Every text in a document or draft that may be an id."""
    if isinstance(value, str):
        return {part for part in value.split(";") if part}
    if isinstance(value, dict):
        return {each for part in value.values() for each in references_in(part)}
    if isinstance(value, list):
        return {each for part in value for each in references_in(part)}
    return set()


def _everything(term: str) -> list[Hit]:
    label = _("All products")
    if term and term.lower() not in label.lower():
        return []
    value = {"object": "products_collection", "id": ALL_PRODUCTS_ID}
    return [{"value": value, "label": label, "hint": _("Collection")}]


def _hit(source: _Source, row: Any) -> Hit:
    reference = getattr(row, source.reference)
    kind = source.names_entries
    value: Any = {"object": kind, "id": reference} if kind else reference
    hints = {"product": _("Product"), "sku": _("SKU"), "products_collection": _("Collection")}
    own = getattr(row, "source_id", None)
    hint = " · ".join(part for part in (hints.get(kind, ""), own or "") if part)
    return {"value": value, "label": _label(row), "hint": hint}


def _label(row: Any) -> str:
    return f"{row.product} · {row}" if isinstance(row, Sku) else str(row)
