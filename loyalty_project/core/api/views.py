"""Bases of all views: parse, call one service, serialize. Everything else happens here."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property, partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import register_converter
from django.views import defaults
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from loyalty_project.core import clock, tenancy
from loyalty_project.core.api import errors, idempotency, listing, query
from loyalty_project.core.api.converters import RawSegment
from loyalty_project.core.api.inputs import Input
from loyalty_project.core.api.requests import ApiRequest
from loyalty_project.core.errors import Invalid
from loyalty_project.core.middleware import is_api
from loyalty_project.core.models import AsyncAction, Project
from loyalty_project.core.serializers.async_action import started_json
from loyalty_project.core.services import projects

register_converter(RawSegment, "raw")

MAX_ITEMS = 1000
Handler = Callable[..., Response]


class AlwaysFirst(BaseContentNegotiation):
    """Answers JSON whatever the Accept header says, as the published API does."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        del request, format_suffix
        first = next(iter(renderers))
        return first, first.media_type


class ApiView(ViewSet):
    """A resource. Name the `resource` that scopes and permissions go by.

    `viewer_may` and `merchant_may` are actions beside reading that these roles may call, `any_role`
    those of client keys whatever their role, `writes_by_get` those that write although their method
    reads. `secrets` are members of answers that must not be kept for an Idempotency-Key;
    `keeps_answers` is False where the whole answer is one. `self.at` is the instant of the request.
    """

    resource: ClassVar[str | None] = None
    viewer_may: ClassVar[frozenset[str]] = frozenset()
    merchant_may: ClassVar[frozenset[str]] = frozenset()
    any_role: ClassVar[frozenset[str]] = frozenset()
    writes_by_get: ClassVar[frozenset[str]] = frozenset()
    secrets: ClassVar[frozenset[str]] = frozenset()
    keeps_answers: ClassVar[bool] = True
    content_negotiation_class = AlwaysFirst
    request: ApiRequest
    at: datetime

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ApiRequest:
        super().initialize_request(request, *args, **kwargs)  # sets `self.action`
        call = ApiRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )
        call.project = getattr(request, "project", None)
        return call

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.at = clock.now()
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        if handler is not None:
            setattr(self, method, partial(self.answer, handler))

    def answer(self, handler: Handler, request: Request, **kwargs: Any) -> Response:
        """Run the handler, once per Idempotency-Key."""
        if not self.keeps_answers:
            return handler(request, **kwargs)
        found = self.request.project
        return idempotency.once(
            request,
            project_pk=found.pk if found else None,
            at=self.at,
            run=lambda: handler(request, **kwargs),
            writes=request.method not in SAFE_METHODS or self.action in self.writes_by_get,
            secrets=self.secrets,
        )

    @property
    def project(self) -> Project:
        """The tenant. Raises NoProject below `/management/v1/projects`, where there is none."""
        if self.request.project is None:
            raise tenancy.NoProject
        return self.request.project

    @cached_property
    def query(self) -> query.Tree:
        """The query string as a tree of texts and lists."""
        return query.parse(self.request.META.get("QUERY_STRING", ""))

    def parse(self, shape: type[Input], *, partial: bool = False) -> dict[str, Any]:
        """The body as `shape` understands it; `partial` for updates. Raises the published 400."""
        return self.checked(shape, self.request.data, partial=partial)

    def parse_many(self, shape: type[Input], *, limit: int = MAX_ITEMS) -> list[dict[str, Any]]:
        """The body as a list of `shape`."""
        data = self.request.data
        if not isinstance(data, list):
            raise Invalid("Payload must be array")
        if len(data) > limit:
            raise Invalid(f"Payload must NOT have more than {limit} items")
        serializer = shape(data=data, many=True)
        serializer.is_valid(raise_exception=True)
        return list(serializer.validated_data)

    def checked(self, shape: type[Input], data: Any, *, partial: bool = False) -> dict[str, Any]:
        """`data` from anywhere, e.g. the query of a GET, as `shape` understands it."""
        if isinstance(data, QueryDict):
            data = data.dict()
            if any("\x00" in str(value) for value in data.values()):
                raise Invalid("Payload must not contain NUL")
        serializer = shape(data=data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def listed(self, spec: listing.Listing, rows: QuerySet[Any]) -> Response:
        """One page of `rows` in the published envelope."""
        return Response(listing.answer(spec, rows, self.query, at=self.at))

    def started(self, action: AsyncAction, *, status: int = 202) -> Response:
        """The work that a job does, to be watched by its id."""
        return Response(started_json(action), status=status)


class ProjectManagementView(ApiView):
    """A view below `/management/v1/projects/<raw:project_id>`: the URL opens the scope.

    `outlives_project` keeps answers to Idempotency-Keys beside the project, not in it.
    """

    outlives_project: ClassVar[bool] = False

    def answer(self, handler: Handler, request: Request, **kwargs: Any) -> Response:
        project_id, answer = kwargs.pop("project_id"), super().answer
        if self.outlives_project:
            return answer(partial(self._inside, project_id, handler), request, **kwargs)
        return self._inside(project_id, partial(answer, handler), request, **kwargs)

    def _inside(
        self, project_id: str, handler: Handler, request: Request, **kwargs: Any
    ) -> Response:
        found = projects.find(public_id=project_id)
        self.request.project = found
        with tenancy.scope(found):
            return handler(request, **kwargs)


class UnknownRouteView(ApiView):
    """Answers the published 404 to each path that no endpoint has."""

    @extend_schema(exclude=True)
    def refuse(self, request: Request, **kwargs: Any) -> Response:
        del kwargs
        raise errors.UnknownRoute(f"Cannot {request.method} {request.path_info}")


unknown_route = UnknownRouteView.as_view(
    dict.fromkeys(("get", "post", "put", "patch", "delete"), "refuse")
)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: the published body where the API failed outside of any view."""
    if not is_api(request):
        return defaults.server_error(request)
    error = sys.exc_info()[1]
    known = errors.recognized(error) if isinstance(error, Exception) else errors.InternalError()
    return HttpResponse(
        json.dumps(errors.body(known)),
        status=known.status,
        headers=errors.headers(known),
        content_type="application/json",
    )
