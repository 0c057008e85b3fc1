"""Reading products and SKUs: by reference, by words, in lists. What is in the bin is not seen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Prefetch, Q, QuerySet

from loyalty_project.core import search, tenancy
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from loyalty_project.core.predicates import Moment, Predicate
from rewards import snapshots
from rewards.models import (
    ALL_PRODUCTS_ID,
    SHIPPING_ID,
    CollectionMember,
    CollectionType,
    Product,
    ProductCollection,
    Sku,
)

Row = TypeVar("Row", Product, Sku)
MAX_REFERENCE = 255
SHIPPING_SOURCE_ID = "5h1pp1ng"
SHIPPING_REFERENCES = frozenset({SHIPPING_ID, SHIPPING_SOURCE_ID})


@dataclass(frozen=True, slots=True)
class Items:
    """Products and SKUs by each id and source id that was asked for."""

    products: dict[str, Product]
    skus: dict[str, Sku]


@dataclass(frozen=True, slots=True)
class CollectionsOf:
    """Public ids of the collections that hold each row, by its primary key.

    That of the product Shipping is None until it is stored.
    """

    products: Mapping[int, frozenset[str]]
    skus: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Known:
    """The collections of a project: whether any is STATIC, and the filters of the others."""

    has_static: bool
    filters: tuple[tuple[str, Predicate], ...]
    name_skus: bool


def all_products() -> QuerySet[Product]:
    """Products with their SKUs (`product.skus.all()`), in two queries."""
    skus = Sku.objects.filter(deleted_at=None).order_by("pk")
    return Product.objects.filter(deleted_at=None).prefetch_related(Prefetch("skus", skus))


def all_skus() -> QuerySet[Sku]:
    return Sku.objects.filter(deleted_at=None, product__deleted_at=None).select_related("product")


def find(*, reference: str) -> Product | None:
    """By public id, else by source id. Each project has the product Shipping."""
    found = products_by_references(references={reference}).get(reference)
    return shipping() if found is None and reference in SHIPPING_REFERENCES else found


def get(*, reference: str) -> Product:
    """As `find`; raises NotFound."""
    product = find(reference=reference)
    if product is None:
        raise NotFound.of("product", reference)
    return product


def find_sku(*, reference: str) -> Sku | None:
    """By public id, else by source id."""
    return skus_by_references(references={reference}).get(reference)


def get_sku(*, reference: str, product: Product | None = None) -> Sku:
    """As `find_sku`, of `product` where it is given; raises NotFound."""
    sku = find_sku(reference=reference)
    if sku is None or (product is not None and sku.product_id != product.pk):
        raise NotFound.of("sku", reference)
    return sku


def find_items(*, references: Collection[str], skus_among: Collection[str] | None = None) -> Items:
    """Products and SKUs of order lines, in one query each; SKUs with their product.

    Where `skus_among` is given, no other reference is that of a SKU.
    """
    wanted = {reference for reference in references if reference}
    products = products_by_references(references=wanted)
    for reference in wanted & SHIPPING_REFERENCES:
        products.setdefault(reference, shipping())
    among = wanted if skus_among is None else wanted & set(skus_among)
    return Items(products=products, skus=skus_by_references(references=among))


def products_by_references(
    *, references: Collection[str], lock: bool = False
) -> dict[str, Product]:
    """Products by each of their references that is asked for."""
    rows = Product.objects.filter(_named(references), deleted_at=None)
    if lock:
        rows = rows.select_for_update().order_by("pk")
    return _by_reference(rows, references) if references else {}


def skus_by_references(*, references: Collection[str], lock: bool = False) -> dict[str, Sku]:
    """SKUs by each of their references that is asked for."""
    rows = all_skus().filter(_named(references))
    if lock:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    return _by_reference(rows, references) if references else {}


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


def live_members() -> QuerySet[CollectionMember]:
    """Members of STATIC collections with their rows, in the order in which they were added."""
    product, sku = Q(product__deleted_at=None), Q(sku__deleted_at=None)
    rows = CollectionMember.objects.filter(product & sku, sku__product__deleted_at=None)
    return rows.select_related("product", "sku__product").order_by("pk")


def all_collections() -> QuerySet[ProductCollection]:
    """Collections with their members (`collection.members.all()`), in two queries."""
    return ProductCollection.objects.prefetch_related(Prefetch("members", live_members()))


def get_collection(*, reference: str) -> ProductCollection:
    """By public id; each project has that of all products. Raises NotFound."""
    if reference == ALL_PRODUCTS_ID:
        return collection_of_all()
    found = all_collections().filter(public_id=reference).first()
    if found is None:
        raise NotFound(
            f"Cannot find products_collection with id {reference}",
            resource_id=reference,
            resource_type="products_collection",
        )
    return found


def collection_of_all() -> ProductCollection:
    """The collection of all products, which is never stored."""
    project = tenancy.current_project()
    return ProductCollection(
        project=project,
        public_id=ALL_PRODUCTS_ID,
        name="All Products",
        type=CollectionType.AUTO_UPDATE,
        filter={"junction": "and"},
        created_at=project.created_at,
        updated_at=project.created_at,
    )


def shipping() -> Product:
    """The product Shipping, which is only stored once somebody changes it."""
    project = tenancy.current_project()
    return Product(
        project=project,
        public_id=SHIPPING_ID,
        source_id=SHIPPING_SOURCE_ID,
        name="Shipping",
        created_at=project.created_at,
        updated_at=project.created_at,
    )


def matching(products: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Those in which every word of `text` begins a word of the name or source id."""
    query = search.prefix_query(text)
    if not query:
        return products.none() if text.strip() else products
    vector = SearchVector("search_name", config="simple")
    return products.annotate(words=vector).filter(
        words=SearchQuery(query, config="simple", search_type="raw")
    )


def _named(references: Collection[str]) -> Q:
    known = [reference for reference in references if len(reference) <= MAX_REFERENCE]
    return Q(public_id__in=known) | Q(source_id__in=known)


def _by_reference(rows: Iterable[Row], references: Collection[str]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row.source_id is not None and row.source_id in references:
            found.setdefault(row.source_id, row)
        if row.public_id in references:
            found[row.public_id] = row
    return found


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
    """Public ids of STATIC collections by product and by SKU."""
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


def _ids_of_skus(products: Sequence[Product]) -> dict[int, tuple[str, ...]]:
    """Ids and source ids of the SKUs of each product."""
    rows = Sku.objects.filter(product__in=[row.pk for row in products], deleted_at=None)
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for product, *ids in rows.values_list("product", "public_id", "source_id"):
        found[product] += tuple(filter(None, ids))
    return found
