"""What a collection holds, over the whole catalog: the same filters as are asked of an order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from loyalty_project.core.models import Project
from loyalty_project.core.predicates import Moment
from rewards import queries, snapshots
from rewards.models import CollectionType, Product, ProductCollection, Sku

_CHUNK = 2000
# Of the product of a SKU; its id and price are asked for.
_UNASKED = ("name", "source_id", "attributes", "metadata", "image_url", "search_name")


@dataclass(frozen=True, slots=True)
class Entry:
    """A product or SKU, by its primary key, with what lists are sorted by."""

    created_at: datetime
    updated_at: datetime
    pk: int
    is_sku: bool


def held(*, project: Project, collection: ProductCollection, at: datetime) -> list[Entry]:
    """Everything in a collection; the SKUs of its products are not listed beside them."""
    if collection.type != CollectionType.STATIC:
        return matching(project=project, tree=collection.filter or {}, at=at)
    rows = queries.live_members().filter(collection=collection)
    return [_entry(member.product or member.sku) for member in rows]


def matching(*, project: Project, tree: Mapping[str, Any], at: datetime) -> list[Entry]:
    """Every product and SKU that a filter finds. Raises predicates.InvalidCondition."""
    holds = snapshots.predicate(tree)
    moment = Moment(at, ZoneInfo(project.timezone))
    parts = _ids_of_skus() if "skus" in tree else {}
    return [_entry(row) for row, facts in _catalog(parts) if holds(facts, moment)]


def load(*, entries: Sequence[Entry]) -> list[Product | Sku]:
    """The rows of some entries, in their order, in two queries; SKUs with their product."""
    products = Product.objects.in_bulk([entry.pk for entry in entries if not entry.is_sku])
    skus = queries.all_skus().in_bulk([entry.pk for entry in entries if entry.is_sku])
    found = [(skus if entry.is_sku else products).get(entry.pk) for entry in entries]
    return [row for row in found if row is not None]


def _catalog(
    parts: Mapping[int, tuple[str, ...]],
) -> Iterator[tuple[Product | Sku, dict[str, Any]]]:
    products = Product.objects.filter(deleted_at=None).defer("search_name")
    for product in products.iterator(chunk_size=_CHUNK):
        yield product, snapshots.product_facts(product, sku_ids=parts.get(product.pk, ()))
    skus = queries.all_skus().defer(*(f"product__{name}" for name in _UNASKED))
    for sku in skus.iterator(chunk_size=_CHUNK):
        yield sku, snapshots.sku_facts(sku)


def _ids_of_skus() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for product, *ids in queries.all_skus().values_list("product", "public_id", "source_id"):
        found[product] += tuple(filter(None, ids))
    return found


def _entry(row: Any) -> Entry:
    return Entry(row.created_at, row.updated_at, row.pk, isinstance(row, Sku))
