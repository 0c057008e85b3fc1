"""Which collections hold products and SKUs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from loyalty_project.core.models import Project
from loyalty_project.core.predicates import Moment, Predicate
from rewards import snapshots
from rewards.models import (
    ALL_PRODUCTS_ID,
    CollectionMember,
    CollectionType,
    Product,
    ProductCollection,
    Sku,
)


@dataclass(frozen=True, slots=True)
class CollectionsOf:
    """Public ids of the collections that hold each row, by its primary key.

    That of the product Shipping is None until it is stored.
    """

    products: Mapping[int, frozenset[str]]
    skus: Mapping[int, frozenset[str]]


NONE = CollectionsOf({}, {})


@dataclass(frozen=True, slots=True)
class _Known:
    """The collections of a project: whether any is STATIC, and the filters of the others."""

    has_static: bool
    filters: tuple[tuple[str, Predicate], ...]
    name_skus: bool


def has_static(*, project: Project) -> bool:
    """As of the version of the project; no query between two changes."""
    return _known(project.pk, project.version).has_static


def noting_products(rows: QuerySet[Product]) -> QuerySet[Product]:
    """Products that know the STATIC collections that hold them, so that nobody asks again."""
    return rows.annotate(held_by=_holding("pk"))


def noting_skus(rows: QuerySet[Sku]) -> Sequence[Sku]:
    """SKUs of `all_skus()` that know it, and let their products know it."""
    found = list(rows.annotate(held_by=_holding("pk", of="sku"), held_with=_holding("product_id")))
    for sku in found:
        vars(sku.product)["held_by"] = vars(sku)["held_with"]
    return found


def collections_of(
    *, project: Project, products: Iterable[Product], skus: Iterable[Sku], at: datetime
) -> CollectionsOf:
    """The collections of catalog rows; SKUs come with their product.

    A collection with a product holds its SKUs too, one with a filter holds what itself matches.
    One query where there are STATIC collections, none where there are not; one more after each
    change of configuration, and one where a filter names `skus`.
    """
    products, skus = list(products), list(skus)
    known = _known(project.pk, project.version)
    of_products, of_skus = _static(products, skus) if known.has_static else ({}, {})
    parts = _ids_of_skus(products) if known.name_skus else {}
    moment = Moment(at, ZoneInfo(project.timezone))

    def matching_of(facts: Mapping[str, object]) -> set[str]:
        return {public_id for public_id, holds in known.filters if holds(facts, moment)}

    found_products, found_skus = {}, {}
    for product in products:
        facts = snapshots.product_facts(product, sku_ids=parts.get(product.pk, ()))
        held = of_products.get(product.pk, frozenset()) | matching_of(facts)
        found_products[product.pk] = frozenset(held | {ALL_PRODUCTS_ID})
    for sku in skus:
        held = of_products.get(sku.product_id, frozenset()) | of_skus.get(sku.pk, frozenset())
        held |= matching_of(snapshots.sku_facts(sku)) | {ALL_PRODUCTS_ID}
        found_skus[sku.pk] = frozenset(held)
    return CollectionsOf(found_products, found_skus)


@lru_cache(maxsize=1024)
def _known(project_pk: int, _version: int) -> _Known:
    """As of a version of the project, which rises with each change."""
    rows = ProductCollection.objects.filter(project_id=project_pk).order_by("pk")
    found = list(rows.values_list("public_id", "type", "filter"))
    trees = [(public_id, tree) for public_id, kind, tree in found if kind != CollectionType.STATIC]
    return _Known(
        has_static=len(trees) < len(found),
        filters=tuple((public_id, snapshots.predicate(tree or {})) for public_id, tree in trees),
        name_skus=any("skus" in (tree or {}) for _, tree in trees),
    )


def _static(
    products: Sequence[Product], skus: Sequence[Sku]
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Public ids of STATIC collections by product and by SKU, no query where all rows know them."""
    if all("held_by" in vars(row) for row in (*products, *skus) if row.pk is not None):
        return _noted(products, skus)
    wanted = {row.pk for row in products} | {row.product_id for row in skus}
    rows = CollectionMember.objects.filter(
        Q(product__in=wanted) | Q(sku__in=[row.pk for row in skus])
    )
    of_products: dict[int, set[str]] = defaultdict(set)
    of_skus: dict[int, set[str]] = defaultdict(set)
    for public_id, product, sku in rows.values_list("collection__public_id", "product", "sku"):
        if product is not None:
            of_products[product].add(public_id)
        else:
            of_skus[sku].add(public_id)
    return of_products, of_skus


def _noted(
    products: Sequence[Product], skus: Sequence[Sku]
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    of_products = {row.pk: set(vars(row).get("held_by", ())) for row in products}
    of_products |= {row.product_id: set(vars(row)["held_with"]) for row in skus}
    return of_products, {row.pk: set(vars(row)["held_by"]) for row in skus}


def _holding(row: str, *, of: str = "product") -> ArraySubquery:
    members = CollectionMember.objects.filter(**{of: OuterRef(row)})
    return ArraySubquery(members.values("collection__public_id"))


def _ids_of_skus(products: Sequence[Product]) -> dict[int, tuple[str, ...]]:
    """Ids and source ids of the SKUs of each product."""
    rows = Sku.objects.filter(product__in=[row.pk for row in products], deleted_at=None)
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for product, *ids in rows.values_list("product", "public_id", "source_id"):
        found[product] += tuple(filter(None, ids))
    return found
