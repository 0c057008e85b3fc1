"""Products and SKUs on the wire. Amounts in minor units; what is not set is null.

`cost` and `stock` are members of ours: they are left out where they are not set.
"""

from typing import Any, NotRequired, TypedDict

from loyalty_project.core import wire
from rewards.models import Product, Sku


class SkuJson(TypedDict):
    """`price` is the SKU's own; null where that of the product counts."""

    id: str
    source_id: str | None
    product_id: str
    sku: str | None
    price: int | None
    cost: NotRequired[int]
    stock: NotRequired[int]
    currency: str | None
    attributes: dict[str, Any]
    image_url: str | None
    metadata: dict[str, Any]
    created_at: str
    updated_at: str
    object: str


class SkusJson(TypedDict):
    object: str
    data_ref: str
    data: list[SkuJson]
    total: int


class ProductJson(TypedDict):
    id: str
    source_id: str | None
    name: str | None
    price: int | None
    cost: NotRequired[int]
    stock: NotRequired[int]
    attributes: list[str]
    metadata: dict[str, Any]
    image_url: str | None
    created_at: str
    updated_at: str
    object: str
    skus: NotRequired[SkusJson]


def product_json(product: Product) -> ProductJson:
    """A product without its SKUs."""
    body: ProductJson = {
        "id": product.public_id,
        "source_id": product.source_id,
        "name": product.name or None,
        "price": product.price,
        "attributes": product.attributes,
        "metadata": product.metadata,
        "image_url": product.image_url or None,
        "created_at": wire.instant(product.created_at),
        "updated_at": wire.instant(product.updated_at),
        "object": "product",
    }
    if product.cost is not None:
        body["cost"] = product.cost
    if product.stock is not None:
        body["stock"] = product.stock
    return body


def product_with_skus_json(product: Product) -> ProductJson:
    """A product of `queries.all_products`, with its SKUs."""
    skus = [sku_json(sku, product=product) for sku in product.skus.all()] if product.pk else []
    listed: SkusJson = {"object": "list", "data_ref": "data", "data": skus, "total": len(skus)}
    return {**product_json(product), "skus": listed}


def sku_json(sku: Sku, *, product: Product | None = None) -> SkuJson:
    """A SKU; `product` saves a query where the SKU was read without it."""
    body: SkuJson = {
        "id": sku.public_id,
        "source_id": sku.source_id,
        "product_id": (product or sku.product).public_id,
        "sku": sku.sku or None,
        "price": sku.price,
        "currency": sku.currency or None,
        "attributes": sku.attributes,
        "image_url": sku.image_url or None,
        "metadata": sku.metadata,
        "created_at": wire.instant(sku.created_at),
        "updated_at": wire.instant(sku.updated_at),
        "object": "sku",
    }
    if sku.cost is not None:
        body["cost"] = sku.cost
    if sku.stock is not None:
        body["stock"] = sku.stock
    return body
