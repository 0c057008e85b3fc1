"""Endpoints of products, SKUs and product collections."""

from django.urls import path

from rewards.api.views.collections import CollectionsView
from rewards.api.views.products import (
    ProductsCsvView,
    ProductSkusView,
    ProductsView,
    SkusCsvView,
    SkusView,
)

_ONE = "products/<raw:product_id>"
_COLLECTION = "product-collections/<raw:collection_id>"

v1 = [
    path("products", ProductsView.as_view({"get": "list", "post": "create"})),
    path("products/importCSV", ProductsCsvView.as_view({"post": "create"})),
    path("products/bulk/async", ProductsView.as_view({"post": "bulk"})),
    path("products/metadata/async", ProductsView.as_view({"post": "metadata"})),
    path(
        _ONE,
        ProductsView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(f"{_ONE}/skus", ProductSkusView.as_view({"get": "list", "post": "create"})),
    path(
        f"{_ONE}/skus/<raw:sku_id>",
        ProductSkusView.as_view({"put": "update", "delete": "destroy"}),
    ),
    path("skus/importCSV", SkusCsvView.as_view({"post": "create"})),
    path("skus/<raw:sku_id>", SkusView.as_view({"get": "retrieve"})),
    path("product-collections", CollectionsView.as_view({"get": "list", "post": "create"})),
    path(
        _COLLECTION,
        CollectionsView.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(f"{_COLLECTION}/products", CollectionsView.as_view({"get": "products"})),
]
client_v1: list[object] = []
