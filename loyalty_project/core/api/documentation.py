"""What a view method takes and answers, for the OpenAPI document."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.serializers import Serializer

from loyalty_project.core.api.listing import DEFAULT_LIMIT, Listing
from loyalty_project.core.api.schema import ERROR_REF, ERRORS
from loyalty_project.core.api.shapes import Schema, of

View = TypeVar("View", bound=Callable[..., Any])


def _list_schema(listing: Listing) -> Schema:
    properties: Schema = {
        "object": {"type": "string", "enum": ["list"]},
        "data_ref": {"type": "string", "enum": [listing.ref]},
        listing.ref: {"type": "array", "items": of(listing.item)},
        "total": {"type": "integer"},
    }
    if listing.cursor:
        properties["has_more"] = {"type": "boolean"}
    if listing.cursor == "id":
        properties["more_starting_after"] = {"type": "string"}
    required = ["object", "data_ref", listing.ref, "total"]
    return {"type": "object", "required": required, "properties": properties}


def documented(
    *,
    summary: str,
    request: type[Serializer] | Serializer | Schema | None = None,
    response: Any = None,
    status: int = 200,
    listing: Listing | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    errors: Sequence[int] = (),
    media_type: str = "application/json",
    deprecated: bool = False,
) -> Callable[[View], View]:
    """Describe a view method: the Input that it parses and the type that it answers.

    `response` is a TypedDict, `list[…]`, `dict` or None (no body); `listing` is for lists.
    `errors` names statuses beyond those that every operation has.
    """
    schema = _list_schema(listing) if listing else of(response) if response is not None else None
    answers: dict[Any, Any] = {status: OpenApiResponse(schema, description="Done")}
    for code in errors:
        text = ERRORS.get(str(code), "Refused")
        answers[code] = OpenApiResponse(dict(ERROR_REF), description=text)
    return extend_schema(
        summary=summary,
        request={media_type: request} if request is not None else None,
        responses=answers,
        parameters=[*parameters, *(list_parameters(listing) if listing else [])],
        deprecated=deprecated,
    )


def list_parameters(listing: Listing) -> list[OpenApiParameter]:
    """Paging, order, plain parameters, dates and `filters`."""
    found = [_whole("limit", f"Rows per page, {DEFAULT_LIMIT} unless given.", listing.max_limit)]
    if listing.cursor == "id":
        found.append(_text("starting_after_id", "The last id of the page before."))
    else:
        found.append(_whole("page", "The number of the page, from 1.", listing.max_page))
    if listing.cursor == "created_at":
        found.append(_text("starting_after", "Rows after this `created_at`, exclusive."))
    sort_keys = [sign + key for key in listing.order for sign in ("", "-")]
    found.append(OpenApiParameter("order", str, enum=sort_keys, description="`-` sorts downwards."))
    for name, plain in (listing.params.base_filters if listing.params else {}).items():
        found.append(_text(name, str(plain.extra.get("help_text", ""))))
    for name in listing.dates:
        found.append(_text(f"{name}[before]", "Exclusive, ISO 8601."))
        found.append(_text(f"{name}[after]", "Exclusive, ISO 8601."))
    if listing.filters:
        found.append(_filters(listing))
    return found


def _filters(listing: Listing) -> OpenApiParameter:
    lines = [
        f"`{name}`: {', '.join(sorted(filter_.operators))}"
        for name, filter_ in listing.filters.items()
    ]
    text = "`filters[field][conditions][$operator][0]=value`, joined by `filters[junction]`. "
    schema = {"type": "object", "additionalProperties": {}}
    return OpenApiParameter(
        "filters", schema, style="deepObject", explode=True, description=text + "; ".join(lines)
    )


def _text(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=description)


def _whole(name: str, description: str, high: int) -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 1, "maximum": high}
    return OpenApiParameter(name, schema, description=description)
