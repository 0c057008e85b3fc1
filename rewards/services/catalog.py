"""From the wire to the columns of products and SKUs; nothing is saved here."""

from collections.abc import Mapping
from typing import Any, cast

from django.db import models

from loyalty_project.core import metadata, reading, search
from loyalty_project.core.models import MetadataSchema, Project
from rewards.models import Product, Sku

Values = dict[str, Any]


def read_product(*, data: Mapping[str, Any]) -> Values:
    """The columns that a product as on the wire sets. Raises reading.WrongMember."""
    values = _read_common(data, Product)
    if "name" in data:
        values["name"] = _text(data["name"], "name", Product)
    if "attributes" in data:
        values["attributes"] = reading.texts(data["attributes"], "attributes")
    return values


def read_sku(*, data: Mapping[str, Any]) -> Values:
    """The columns that a SKU as on the wire sets. Raises reading.WrongMember."""
    values = _read_common(data, Sku)
    for name in ("sku", "currency"):
        if name in data:
            values[name] = _text(data[name], name, Sku)
    if "attributes" in data:
        values["attributes"] = reading.mapping(data["attributes"], "attributes")
    return values


def _read_common(data: Mapping[str, Any], model: type[Product | Sku]) -> Values:
    values: Values = {}
    if data.get("source_id"):
        values["source_id"] = _text(data["source_id"], "source_id", model)
    if "image_url" in data:
        values["image_url"] = _text(data["image_url"], "image_url", model)
    for name in ("price", "cost", "stock"):
        if name in data:
            values[name] = reading.amount(data[name], name)
    if data.get("metadata") is not None:
        values["metadata"] = reading.mapping(data["metadata"], "metadata")
    return values


def apply(*, row: Product | Sku, values: Values) -> list[str]:
    """Set the columns, merging metadata per key; the names of those that changed."""
    changed = []
    for name, value in values.items():
        old = getattr(row, name)
        new = metadata.merged(old, value) if name == "metadata" else value
        if new != old:
            setattr(row, name, new)
            changed.append(name)
    if changed and isinstance(row, Product):
        row.search_name = search.words(row.name, row.source_id)
        changed.append("search_name")
    return changed


def schema(*, project: Project) -> MetadataSchema | None:
    """The metadata schema of products, which SKUs share."""
    return metadata.schema_of(project=project, resource="product")


def check_metadata(*, known: MetadataSchema | None, row: Product | Sku, values: Values) -> None:
    """Check what the metadata of `row` will be. Raises metadata.MetadataValidationFailed."""
    given = values.get("metadata", {})
    if known is not None and (given or row.pk is None):
        merged = metadata.merged(row.metadata, given)
        metadata.check_against(known, merged, project=row.project)


def _text(value: Any, name: str, model: type[Product | Sku]) -> str:
    field = cast("models.Field[Any, Any]", model._meta.get_field(name))
    return reading.text(value, name, longest=field.max_length)
