from rewards.models.collection import (
    ALL_PRODUCTS_ID,
    CollectionMember,
    CollectionType,
    ProductCollection,
)
from rewards.models.product import SHIPPING_ID, Product, Sku

__all__ = [
    "ALL_PRODUCTS_ID",
    "SHIPPING_ID",
    "CollectionMember",
    "CollectionType",
    "Product",
    "ProductCollection",
    "Sku",
]
