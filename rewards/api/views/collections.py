"""`/v1/product-collections`."""

from datetime import datetime, timedelta
from typing import Literal, TypedDict

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api import inputs, query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.listing import DEFAULT_LIMIT, MAX_LIMIT, Listing
from loyalty_project.core.api.views import ApiView
from rewards import queries
from rewards.api.inputs.collection import CollectionInput, CollectionUpdateInput
from rewards.serializers.collection import (
    CollectionJson,
    SkuWithProductJson,
    collection_json,
    held_json,
)
from rewards.serializers.product import ProductJson
from rewards.services import collections, contents

# The published sort keys; four of them name what no collection has.
ORDER = ("created_at", "updated_at", "type", "code", "campaign", "category")
MAX_PAGE = 100
COLLECTIONS = Listing(
    ref="data",
    item=CollectionJson,
    to_json=collection_json,
    order=ORDER,
    columns={"code": "public_id", "campaign": "created_at", "category": "created_at"},
    max_page=MAX_PAGE,
)


class HeldJson(TypedDict):
    """A page of what a collection holds: products without SKUs, and SKUs with their product."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[ProductJson | SkuWithProductJson]
    total: int


class CollectionsView(ApiView):
    resource = "product-collections"

    @documented(summary="List product collections", listing=COLLECTIONS)
    def list(self, _request: Request) -> Response:
        return self.listed(COLLECTIONS, queries.all_collections())

    @documented(
        summary="Create a product collection", request=CollectionInput, response=CollectionJson
    )
    def create(self, _request: Request) -> Response:
        collection = collections.create(
            project=self.project, data=self.parse(CollectionInput), at=self.at
        )
        return Response(collection_json(queries.get_collection(reference=collection.public_id)))

    @documented(summary="Get a product collection", response=CollectionJson)
    def retrieve(self, _request: Request, collection_id: str) -> Response:
        return Response(collection_json(queries.get_collection(reference=collection_id)))

    @documented(
        summary="Rename a product collection, or replace its filter or its products",
        request=CollectionUpdateInput,
        response=CollectionJson,
    )
    def update(self, _request: Request, collection_id: str) -> Response:
        collections.update(
            project=self.project,
            collection=queries.get_collection(reference=collection_id),
            data=self.parse(CollectionUpdateInput, partial=True),
            at=self.at,
        )
        return Response(collection_json(queries.get_collection(reference=collection_id)))

    @documented(summary="Delete a product collection", status=204)
    def destroy(self, _request: Request, collection_id: str) -> Response:
        collection = queries.get_collection(reference=collection_id)
        collections.delete(project=self.project, collection=collection, at=self.at)
        return Response(status=204)

    @documented(
        summary="List the products and SKUs in a collection",
        response=HeldJson,
        parameters=[
            OpenApiParameter("limit", int, description="Rows per page."),
            OpenApiParameter("page", int, description="The number of the page, from 1."),
            OpenApiParameter(
                "order", str, enum=[sign + key for key in ORDER for sign in ("", "-")]
            ),
            OpenApiParameter("starting_after", str, description="Rows after this `created_at`."),
        ],
    )
    def products(self, _request: Request, collection_id: str) -> Response:
        collection = queries.get_collection(reference=collection_id)
        found = contents.held(project=self.project, collection=collection, at=self.at)
        page = contents.load(entries=_page(found, self.query))
        return Response(
            {
                "object": "list",
                "data_ref": "data",
                "data": [held_json(row) for row in page],
                "total": len(found),
            }
        )


def _page(found: list[contents.Entry], tree: query.Tree) -> list[contents.Entry]:
    """The page that is asked for. Raises InvalidQuery."""
    limit = query.whole(tree, "limit", default=DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
    page = query.whole(tree, "page", default=1, low=1, high=MAX_PAGE)
    wanted = query.text(tree, "order") or "-created_at"
    name = wanted.removeprefix("-")
    if name not in ORDER:
        raise InvalidQuery(f"Query param 'order' must be one of {', '.join(ORDER)}, or -…")
    downwards = wanted.startswith("-")
    column = "updated_at" if name == "updated_at" else "created_at"
    rows = sorted(
        found, key=lambda row: (getattr(row, column), row.is_sku, row.pk), reverse=downwards
    )
    after = query.text(tree, "starting_after")
    if after:
        rows = [row for row in rows if _is_after(row, after, downwards=downwards)]
    start = (page - 1) * limit
    return rows[start : start + limit]


def _is_after(row: contents.Entry, bound: str, *, downwards: bool) -> bool:
    """Exclusive to the millisecond, because that is all of an instant that clients see."""
    at: datetime | None = inputs.moment(bound)
    if at is None:
        raise InvalidQuery("Query param 'starting_after' must be a date and time in ISO 8601")
    if downwards:
        return row.created_at < at
    return row.created_at >= at + timedelta(milliseconds=1)
