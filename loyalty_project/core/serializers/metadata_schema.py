from typing import Any, Literal, TypedDict

from loyalty_project.core import wire
from loyalty_project.core.models import MetadataSchema

_V1_NAMES = {
    "object_type": "objectType",
    "min_length": "minLength",
    "max_length": "maxLength",
    "exact_length": "exactLength",
}


class MetadataSchemaJson(TypedDict):
    """Types and bounds of the metadata of one resource."""

    id: str
    related_object: str
    properties: dict[str, dict[str, Any]]
    allow_defined_only: bool | None
    created_at: str
    updated_at: str | None
    object: Literal["metadata_schema"]


def metadata_schema_json(schema: MetadataSchema) -> MetadataSchemaJson:
    """As the management API writes it."""
    return _json(schema, {name: _full(raw) for name, raw in schema.properties.items()})


def metadata_schema_v1_json(schema: MetadataSchema) -> MetadataSchemaJson:
    """As `/v1` writes it: members in camel case, an older form that clients still read."""
    renamed = {
        name: {_V1_NAMES.get(key, key): value for key, value in _full(raw).items()}
        for name, raw in schema.properties.items()
    }
    return _json(schema, renamed)


def _full(raw: dict[str, Any]) -> dict[str, Any]:
    return {"object_type": None, **raw}


def _json(schema: MetadataSchema, properties: dict[str, dict[str, Any]]) -> MetadataSchemaJson:
    return {
        "id": schema.public_id,
        "related_object": schema.related_object,
        "properties": properties,
        "allow_defined_only": schema.allow_defined_only,
        "created_at": wire.instant(schema.created_at),
        "updated_at": wire.instant(schema.updated_at),
        "object": "metadata_schema",
    }
