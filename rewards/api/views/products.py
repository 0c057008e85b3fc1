"""`/v1/products` and `/v1/skus`."""

import django_filters
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing, ProjectFilterSet
from loyalty_project.core.api.many import documented_work
from loyalty_project.core.api.uploads import CsvInput, uploaded
from loyalty_project.core.api.views import ApiView
from rewards import queries
from rewards.api.inputs.product import (
    ProductInput,
    ProductMetadataInput,
    ProductRowInput,
    ProductUpdateInput,
    SkuInput,
    SkuUpdateInput,
)
from rewards.serializers.product import (
    ProductJson,
    SkuJson,
    product_json,
    product_with_skus_json,
    sku_json,
)
from rewards.services import imports, products

FORCE = OpenApiParameter("force", bool, description="Delete for good instead of into the bin.")
HIDE = OpenApiParameter("hide", str, enum=["sku"], description="Leave the SKUs out.")


class CreatedParams(ProjectFilterSet):
    start_date = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte", help_text="Made at or after this instant."
    )
    end_date = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lte", help_text="Made until this instant."
    )


PRODUCTS = Listing(
    ref="products",
    item=ProductJson,
    to_json=product_with_skus_json,
    params=CreatedParams,
    dates=("created_at", "updated_at"),
)
SKUS = Listing(
    ref="skus",
    item=SkuJson,
    to_json=sku_json,
    params=CreatedParams,
    dates=("created_at", "updated_at"),
)


class ProductsView(ApiView):
    resource = "products"

    @documented(summary="List products with their SKUs", listing=PRODUCTS)
    def list(self, _request: Request) -> Response:
        return self.listed(PRODUCTS, queries.all_products())

    @documented(summary="Create or update a product", request=ProductInput, response=ProductJson)
    def create(self, _request: Request) -> Response:
        data = self.parse(ProductInput)
        product = products.upsert(project=self.project, data=data, at=self.at)
        return Response(product_json(product))

    @documented(summary="Get a product by id or source id", response=ProductJson, parameters=[HIDE])
    def retrieve(self, _request: Request, product_id: str) -> Response:
        product = queries.get(reference=product_id)
        hidden = query.text(self.query, "hide") == "sku"
        return Response(product_json(product) if hidden else product_with_skus_json(product))

    @documented(summary="Update a product", request=ProductUpdateInput, response=ProductJson)
    def update(self, _request: Request, product_id: str) -> Response:
        data = self.parse(ProductUpdateInput, partial=True)
        product = products.update(project=self.project, reference=product_id, data=data)
        return Response(product_json(product))

    @documented(summary="Delete a product and its SKUs", status=204, parameters=[FORCE])
    def destroy(self, _request: Request, product_id: str) -> Response:
        products.delete(reference=product_id, force=_is_forced(self), at=self.at)
        return Response(status=204)

    @documented_work(
        summary="Update many products",
        request=ProductRowInput(many=True),
    )
    def bulk(self, request: Request) -> Response:
        action = imports.start_bulk(project=self.project, rows=request.data, at=self.at)
        return self.started(action)

    @documented_work(
        summary="Update the metadata of many products",
        request=ProductMetadataInput,
    )
    def metadata(self, _request: Request) -> Response:
        data = self.parse(ProductMetadataInput)
        action = imports.start_metadata(
            project=self.project, source_ids=data["source_ids"], values=data["metadata"], at=self.at
        )
        return self.started(action)


class ProductSkusView(ApiView):
    resource = "products"

    @documented(summary="List the SKUs of a product", listing=SKUS)
    def list(self, _request: Request, product_id: str) -> Response:
        product = queries.get(reference=product_id)
        return self.listed(SKUS, queries.all_skus().filter(product_id=product.pk))

    @documented(summary="Create or update a SKU", request=SkuInput, response=SkuJson)
    def create(self, _request: Request, product_id: str) -> Response:
        sku = products.upsert_sku(
            project=self.project,
            product=queries.get(reference=product_id),
            data=self.parse(SkuInput),
            at=self.at,
        )
        return Response(sku_json(sku))

    @documented(summary="Update a SKU", request=SkuUpdateInput, response=SkuJson)
    def update(self, _request: Request, product_id: str, sku_id: str) -> Response:
        sku = products.update_sku(
            project=self.project,
            product=queries.get(reference=product_id),
            reference=sku_id,
            data=self.parse(SkuUpdateInput, partial=True),
        )
        return Response(sku_json(sku))

    @documented(summary="Delete a SKU", status=204, parameters=[FORCE])
    def destroy(self, _request: Request, product_id: str, sku_id: str) -> Response:
        products.delete_sku(
            product=queries.get(reference=product_id),
            reference=sku_id,
            force=_is_forced(self),
            at=self.at,
        )
        return Response(status=204)


class SkusView(ApiView):
    resource = "skus"

    @documented(summary="Get a SKU by id or source id", response=SkuJson)
    def retrieve(self, _request: Request, sku_id: str) -> Response:
        return Response(sku_json(queries.get_sku(reference=sku_id)))


class ProductsCsvView(ApiView):
    resource = "products"
    parser_classes = (MultiPartParser,)

    @documented_work(
        summary="Import products from a CSV file; prices and costs in major units (12.50)",
        request=CsvInput,
        media_type="multipart/form-data",
        status=200,
    )
    def create(self, request: Request) -> Response:
        action = imports.start_products_csv(
            project=self.project, upload=uploaded(request), at=self.at
        )
        return self.started(action, status=200)


class SkusCsvView(ApiView):
    resource = "skus"
    parser_classes = (MultiPartParser,)

    @documented_work(
        summary="Import SKUs from a CSV file; prices and costs in major units (12.50)",
        request=CsvInput,
        media_type="multipart/form-data",
        status=200,
    )
    def create(self, request: Request) -> Response:
        action = imports.start_skus_csv(project=self.project, upload=uploaded(request), at=self.at)
        return self.started(action, status=200)


def _is_forced(view: ApiView) -> bool:
    return query.flag(view.query, "force")
