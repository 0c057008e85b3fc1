"""Metadata schemas: which attributes a resource may have, and of which kind.

A definition is `{"type", "array", "optional", "object_type", "min_length", "max_length",
"exact_length", "eq", "ne", "lt", "lte", "gt", "gte", "deleted"}`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import MetadataSchema, Project
from loyalty_project.core.versioned import Kept

TYPES = ("string", "number", "boolean", "date", "datetime", "image_url", "object", "geopoint")
Definition = Mapping[str, Any]
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}", re.ASCII)


class MetadataValidationFailed(Invalid):
    key = "metadata_validation_failed"
    message = "Metadata validation failed"


def check(*, project: Project, resource: str, values: Mapping[str, Any]) -> None:
    """Refuse metadata that the project's schema of `resource` does not allow.

    Raises MetadataValidationFailed naming the first wrong attribute and its value.
    """
    check_against(schema_of(project=project, resource=resource), values, project=project)


def schema_of(*, project: Project, resource: str) -> MetadataSchema | None:
    """The schema of a resource, as of the version of the project."""
    return _schemas.of(project).get(resource)


def _load(project: Project) -> Mapping[str, MetadataSchema]:
    rows = MetadataSchema.objects.filter(project=project)
    return {row.related_object: row for row in rows}


_schemas = Kept(_load)


def check_against(
    schema: MetadataSchema | None, values: Mapping[str, Any], *, project: Project
) -> None:
    """As `check`, with the schema at hand."""
    if schema is not None:
        _check(schema, values, project=project, path="", nested=True)


def of_texts(schema: MetadataSchema | None, cells: Mapping[str, str]) -> dict[str, Any]:
    """Metadata from cells of a CSV file: numbers, flags and lists where the schema says so.

    A cell that cannot be read stays a text, which `check_against` then refuses.
    """
    definitions = schema.properties if schema is not None else {}
    return {name: _of_text(definitions.get(name, {}), text) for name, text in cells.items()}


def _of_text(definition: Definition, text: str) -> Any:
    if definition.get("array"):
        return [_of_cell(definition["type"], part.strip()) for part in text.split(",")]
    return _of_cell(definition.get("type", "string"), text)


def _of_cell(kind: str, text: str) -> Any:
    if kind == "boolean" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "number" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "number" and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def merged(current: Mapping[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Metadata after an update: keys are merged, a null value removes its key."""
    found = {**current, **(changes or {})}
    return {key: value for key, value in found.items() if value is not None}


def _check(
    schema: MetadataSchema,
    values: Mapping[str, Any],
    *,
    project: Project,
    path: str,
    nested: bool,
) -> None:
    definitions = {
        name: definition
        for name, definition in schema.properties.items()
        if not definition.get("deleted")
    }
    if schema.allow_defined_only:
        for name in values:
            if name not in definitions:
                raise MetadataValidationFailed(f"{path}{name}: is not defined in the schema")
    for name, definition in definitions.items():
        value = values.get(name)
        if value is None:
            if not definition.get("optional", True):
                raise MetadataValidationFailed(f"{path}{name}: is required")
            continue
        _check_value(f"{path}{name}", definition, value)
        if definition["type"] == "object" and nested:
            _check_nested(f"{path}{name}", definition, value, project=project)


def _check_value(path: str, definition: Definition, value: Any) -> None:
    clauses = list(_clauses(definition))
    rules = ", ".join(text for text, _holds in clauses)
    if definition.get("array"):
        is_good = isinstance(value, list) and all(
            holds(item) for item in value for _text, holds in clauses
        )
        rules = f"must be an array, and every element: {rules}"
    else:
        is_good = all(holds(value) for _text, holds in clauses)
    if not is_good:
        raise MetadataValidationFailed(f"{path}: {rules} (actual value is {_shown(value)})")


def _check_nested(path: str, definition: Definition, value: Any, *, project: Project) -> None:
    schema = schema_of(project=project, resource=definition.get("object_type") or "")
    if schema is None:
        return
    for item in value if isinstance(value, list) else [value]:
        _check(schema, item, project=project, path=f"{path}.", nested=False)


def _clauses(definition: Definition) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """Each rule of a definition as the published text and its test."""
    kind = definition["type"]
    yield _KINDS[kind]
    if (low := definition.get("min_length")) is not None:
        yield f"must have a length of at least {low}", lambda value: len(value) >= low
    if (high := definition.get("max_length")) is not None:
        yield f"must have a length of at most {high}", lambda value: len(value) <= high
    if (exact := definition.get("exact_length")) is not None:
        yield f"must have a length of {exact}", lambda value: len(value) == exact
    if allowed := definition.get("eq"):
        yield f"must be equal to one of {_joined(allowed)}", lambda value: value in allowed
    if refused := definition.get("ne"):
        yield f"must not be equal to any of {_joined(refused)}", lambda value: value not in refused
    yield from _bounds(definition)


def _bounds(definition: Definition) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    if (bound := definition.get("lt")) is not None:
        yield f"must be less than {bound}", lambda value: value < bound
    if (most := definition.get("lte")) is not None:
        yield f"must be less than or equal to {most}", lambda value: value <= most
    if (above := definition.get("gt")) is not None:
        yield f"must be greater than {above}", lambda value: value > above
    if (least := definition.get("gte")) is not None:
        yield f"must be greater than or equal to {least}", lambda value: value >= least


def _joined(values: Any) -> str:
    return ",".join(str(value) for value in values)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _parses(value: Any, parse: Callable[[str], Any]) -> bool:
    try:
        return isinstance(value, str) and parse(value) is not None
    except ValueError:
        return False


def _parse_instant(text: str) -> Any:
    return parse_datetime(text) if "T" in text else None


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _is_geopoint(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_number(value.get("lat"))
        and _is_number(value.get("lng"))
        and -90 <= value["lat"] <= 90
        and -180 <= value["lng"] <= 180
    )


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("must be a string", lambda value: isinstance(value, str)),
    "number": ("must be a number", _is_number),
    "boolean": ("must be a boolean", lambda value: isinstance(value, bool)),
    "date": ("must be a date (YYYY-MM-DD)", lambda value: _parses(value, parse_date)),
    "datetime": (
        "must be a date and time (ISO 8601)",
        lambda value: _parses(value, _parse_instant),
    ),
    "image_url": ("must be a URL", _is_url),
    "object": ("must be an object", lambda value: isinstance(value, dict)),
    "geopoint": ("must be a geopoint with lat and lng", _is_geopoint),
}
