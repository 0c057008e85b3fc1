"""Reading products and SKUs: by reference, by words, in lists. What is in the bin is not seen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Prefetch, Q, QuerySet

from loyalty_project.core import search, tenancy
from loyalty_project.core.errors import NotFound
from rewards.models import SHIPPING_ID, Product, Sku

Row = TypeVar("Row", Product, Sku)
MAX_REFERENCE = 255
SHIPPING_SOURCE_ID = "5h1pp1ng"
SHIPPING_REFERENCES = frozenset({SHIPPING_ID, SHIPPING_SOURCE_ID})


@dataclass(frozen=True, slots=True)
class Items:
    """Products and SKUs by each id and source id that was asked for."""

    products: dict[str, Product]
    skus: dict[str, Sku]


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


def find_items(*, references: Collection[str]) -> Items:
    """Products and SKUs of order lines, in one query each; SKUs with their product."""
    wanted = {reference for reference in references if reference}
    products = products_by_references(references=wanted)
    for reference in wanted & SHIPPING_REFERENCES:
        products.setdefault(reference, shipping())
    return Items(products=products, skus=skus_by_references(references=wanted))


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
