"""Endpoints for many rows at once, which a job writes."""

from collections.abc import Callable

from rest_framework.serializers import Serializer

from loyalty_project.core.api import inputs
from loyalty_project.core.api.documentation import View, documented
from loyalty_project.core.serializers.async_action import StartedJson


class MetadataOfManyInput(inputs.Input):
    """The same metadata for many, by their source ids."""

    source_ids = inputs.ListOf(child=inputs.Text(max_length=255), max_length=100_000)
    metadata = inputs.Metadata()


def documented_work(
    *,
    summary: str,
    request: type[Serializer] | Serializer | None = None,
    status: int = 202,
    media_type: str = "application/json",
) -> Callable[[View], View]:
    """As `documented`, for a method that answers with `self.started`."""
    return documented(
        summary=summary,
        request=request,
        response=StartedJson,
        status=status,
        media_type=media_type,
    )
