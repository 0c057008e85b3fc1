"""Products and SKUs as the filters of collections see them, and those filters ready to be asked."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from loyalty_project.core import predicates
from loyalty_project.core.predicates import Kind, Predicate
from rewards.models import Product, Sku

# What a filter may name, and the `metadata.` and `attributes.` of a key.
KINDS: Mapping[str, Kind] = {
    "id": Kind.TEXT,
    "product_id": Kind.TEXT,
    "source_id": Kind.TEXT,
    "name": Kind.TEXT,
    "price": Kind.NUMBER,
    "object": Kind.TEXT,
    "attributes": Kind.ANY,
    "image_url": Kind.TEXT,
    "skus": Kind.TEXT,
    "created_at": Kind.DATE,
    "updated_at": Kind.DATE,
    "metadata": Kind.ANY,
}


def product_facts(product: Product, *, sku_ids: tuple[str, ...] = ()) -> dict[str, Any]:
    """`skus` holds the ids and source ids of its SKUs; prices in minor units; None is not set."""
    return {
        "id": product.public_id,
        "product_id": None,
        "source_id": product.source_id,
        "name": product.name or None,
        "price": product.price,
        "object": "product",
        "attributes": product.attributes or None,
        "image_url": product.image_url or None,
        "skus": sku_ids or None,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
        "metadata": product.metadata,
    }


def sku_facts(sku: Sku) -> dict[str, Any]:
    """A SKU by itself; only its price falls back to that of its product."""
    return {
        "id": sku.public_id,
        "product_id": sku.product.public_id,
        "source_id": sku.source_id,
        "name": sku.sku or None,
        "price": sku.product.price if sku.price is None else sku.price,
        "object": "sku",
        "attributes": sku.attributes or None,
        "image_url": sku.image_url or None,
        "skus": None,
        "created_at": sku.created_at,
        "updated_at": sku.updated_at,
        "metadata": sku.metadata,
    }


def predicate(tree: Mapping[str, Any]) -> Predicate:
    """The filter of a collection, made once per process. Raises predicates.InvalidCondition."""
    return _predicate(json.dumps(tree, sort_keys=True))


@lru_cache(maxsize=4096)
def _predicate(text: str) -> Predicate:
    return predicates.of_filter(json.loads(text), KINDS)
