"""Product collections on the wire."""

from typing import Any, Literal, NotRequired, TypedDict

from loyalty_project.core import wire
from rewards.models import CollectionMember, CollectionType, Product, ProductCollection, Sku
from rewards.serializers.product import ProductJson, SkuJson, product_json, sku_json


class MemberJson(TypedDict):
    """A product or SKU of a STATIC collection; `product_id` at SKUs."""

    id: str
    product_id: NotRequired[str]
    object: Literal["product", "sku"]


class CollectionJson(TypedDict):
    """`products` of a STATIC collection, `filter` of an AUTO_UPDATE one."""

    id: str
    name: str
    type: str
    filter: NotRequired[dict[str, Any]]
    products: NotRequired[list[MemberJson]]
    created_at: str
    updated_at: str
    object: Literal["products_collection"]


class SkuWithProductJson(SkuJson):
    """A SKU in the list of what a collection holds."""

    product: ProductJson


def collection_json(collection: ProductCollection) -> CollectionJson:
    """A collection of `queries.all_collections`, with its members."""
    body: CollectionJson = {
        "id": collection.public_id,
        "name": collection.name,
        "type": collection.type,
        "created_at": wire.instant(collection.created_at),
        "updated_at": wire.instant(collection.updated_at),
        "object": "products_collection",
    }
    if collection.type == CollectionType.STATIC:
        body["products"] = [_member_json(member) for member in collection.members.all()]
    else:
        body["filter"] = collection.filter or {}
    return body


def held_json(row: Product | Sku) -> dict[str, Any]:
    """A product without its SKUs, or a SKU with its product.

    One published client reads attributes in this list as names, which those of SKUs are not; so
    empty ones are null.
    """
    if isinstance(row, Product):
        return {**product_json(row)}
    body = {**sku_json(row), "product": product_json(row.product)}
    return {**body, "attributes": row.attributes or None}


def _member_json(member: CollectionMember) -> MemberJson:
    sku = member.sku
    if sku is not None:
        return {"id": sku.public_id, "product_id": sku.product.public_id, "object": "sku"}
    return {"id": member.product.public_id if member.product else "", "object": "product"}
