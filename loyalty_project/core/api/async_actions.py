"""`/v1/async-actions`: bulk work that was started and how far it is."""

from typing import Literal, TypedDict

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty_project.core.api import query
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.inputs import moment
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import AsyncAction
from loyalty_project.core.serializers.async_action import (
    AsyncActionBaseJson,
    AsyncActionJson,
    async_action_base_json,
    async_action_json,
)


class AsyncActionListJson(TypedDict):
    """Bulk work, newest first."""

    object: Literal["list"]
    data_ref: Literal["async_actions"]
    async_actions: list[AsyncActionBaseJson]
    has_more: bool


class AsyncActionView(ApiView):
    resource = "async-actions"

    @documented(
        summary="List background tasks",
        response=AsyncActionListJson,
        parameters=[
            OpenApiParameter("limit", int, description="Rows, 10 unless given, 100 at most."),
            OpenApiParameter("end_date", str, description="Only tasks made before this instant."),
        ],
    )
    def list(self, _request: Request) -> Response:
        limit = query.whole(self.query, "limit", default=10, low=1, high=100)
        rows = _published().filter(project=self.project).order_by("-created_at", "-pk")
        end_date = query.text(self.query, "end_date")
        if end_date:
            before = moment(end_date)
            if before is None:
                raise InvalidQuery("Query param 'end_date' must be a date and time in ISO 8601")
            rows = rows.filter(created_at__lt=before)
        found = list(rows[: limit + 1])
        answer: AsyncActionListJson = {
            "object": "list",
            "data_ref": "async_actions",
            "async_actions": [async_action_base_json(action) for action in found[:limit]],
            "has_more": len(found) > limit,
        }
        return Response(answer)

    @documented(summary="Get a background task and its result", response=AsyncActionJson)
    def retrieve(self, _request: Request, action_id: str) -> Response:
        action = _published().filter(project=self.project, public_id=action_id).first()
        if action is None:
            raise NotFound.of("async_action", action_id)
        return Response(async_action_json(action))


def _published() -> QuerySet[AsyncAction]:
    """Without those of types that published clients do not know."""
    found: QuerySet[AsyncAction] = AsyncAction.objects.exclude(type__startswith="WAFA.")
    return found
