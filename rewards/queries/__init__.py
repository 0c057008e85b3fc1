"""Reading products and SKUs: by reference, by words, in lists. What is in the bin is not seen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Prefetch, Q, QuerySet

from loyalty_project.core import search, tenancy
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from rewards.models import (
    ALL_PRODUCTS_ID,
    SHIPPING_ID,
    CollectionMember,
    CollectionType,
    Product,
    ProductCollection,
    Sku,
)
from rewards.queries import holding

Row = TypeVar("Row", Product, Sku)
MAX_REFERENCE = 255
SHIPPING_SOURCE_ID = "5h1pp1ng"
SHIPPING_REFERENCES = frozenset({SHIPPING_ID, SHIPPING_SOURCE_ID})


@dataclass(frozen=True, slots=True)
class Items:
    """Products and SKUs by each id and source id that was asked for."""

    products: dict[str, Product]
    skus: dict[str, Sku]

    def rows(self) -> tuple[list[Product], list[Sku]]:
        """Each once; with the products of the SKUs."""
        skus = {row.pk: row for row in self.skus.values()}
        products = {row.pk: row for row in self.products.values()}
        products |= {row.product_id: row.product for row in skus.values()}
        return list(products.values()), list(skus.values())

    def among(self, products: Collection[str], skus: Collection[str]) -> "Items":
        """Those that go by these references."""
        return Items(
            {name: row for name, row in self.products.items() if name in products},
            {name: row for name, row in self.skus.items() if name in skus},
        )


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


def find_items(
    *,
    references: Collection[str],
    skus_among: Collection[str] | None = None,
    collections_in: Project | None = None,
) -> Items:
    """Products and SKUs of order lines, in one query each; SKUs with their product.

    Where `skus_among` is given, no other reference is that of a SKU. With a project the rows know
    its STATIC collections, so that `collections_of` asks no more.
    """
    wanted = {reference for reference in references if reference}
    held = collections_in is not None and holding.has_static(project=collections_in)
    products = products_by_references(references=wanted, held=held)
    for reference in wanted & SHIPPING_REFERENCES:
        products.setdefault(reference, shipping())
    among = wanted if skus_among is None else wanted & set(skus_among)
    return Items(products=products, skus=skus_by_references(references=among, held=held))


def products_by_references(
    *, references: Collection[str], lock: bool = False, held: bool = False
) -> dict[str, Product]:
    """Products by each of their references that is asked for; `held` with STATIC collections."""
    rows: QuerySet[Product] = Product.objects.filter(_named(references), deleted_at=None)
    if held:
        rows = holding.noting_products(rows)
    if lock:
        rows = rows.select_for_update().order_by("pk")
    return _by_reference(rows, references) if references else {}


def skus_by_references(
    *, references: Collection[str], lock: bool = False, held: bool = False
) -> dict[str, Sku]:
    """SKUs by each of their references that is asked for; `held` with STATIC collections."""
    if not references:
        return {}
    rows = all_skus().filter(_named(references))
    if lock:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    return _by_reference(holding.noting_skus(rows) if held else rows, references)


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
    return Q(public_id__among=known) | Q(source_id__among=known)


def _by_reference(rows: Iterable[Row], references: Collection[str]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row.source_id is not None and row.source_id in references:
            found.setdefault(row.source_id, row)
        if row.public_id in references:
            found[row.public_id] = row
    return found
