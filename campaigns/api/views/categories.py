"""`/v1/categories`."""

from typing import Literal, TypedDict

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries
from campaigns.api.inputs.category import CategoryInput
from campaigns.models import Category
from campaigns.serializers.category import CategoryJson, category_json
from campaigns.services import categories
from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import complete
from loyalty_project.core.api.views import ApiView

REMOVE = OpenApiParameter(
    "remove_from_stacking_rules", bool, description="Also where stacking rules name the category."
)


class CategoriesJson(TypedDict):
    """All categories; there are no pages."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[CategoryJson]
    total: int


class CategoriesView(ApiView):
    resource = "categories"

    @documented(summary="List categories", response=CategoriesJson)
    def list(self, _request: Request) -> Response:
        found = [category_json(row) for row in Category.objects.order_by("-created_at", "-pk")]
        return Response(complete(found))

    @documented(summary="Create a category", request=CategoryInput, response=CategoryJson)
    def create(self, _request: Request) -> Response:
        category = categories.create(
            project=self.project, data=self.parse(CategoryInput), at=self.at
        )
        return Response(category_json(category))

    @documented(summary="Get a category", response=CategoryJson)
    def retrieve(self, _request: Request, category_id: str) -> Response:
        return Response(category_json(queries.get_category(reference=category_id)))

    @documented(summary="Update a category", request=CategoryInput, response=CategoryJson)
    def update(self, _request: Request, category_id: str) -> Response:
        category = categories.update(
            project=self.project,
            category=queries.get_category(reference=category_id),
            data=self.parse(CategoryInput),
            at=self.at,
        )
        return Response(category_json(category))

    @documented(summary="Delete a category", status=204, parameters=[REMOVE])
    def destroy(self, _request: Request, category_id: str) -> Response:
        categories.delete(
            project=self.project,
            category=queries.get_category(reference=category_id),
            at=self.at,
            remove_from_stacking_rules=query.flag(self.query, REMOVE.name),
        )
        return Response(status=204)
