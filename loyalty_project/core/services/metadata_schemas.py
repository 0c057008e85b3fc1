"""Metadata schemas of a project: at most one per resource."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from loyalty_project.core import metadata
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import MetadataSchema, Project
from loyalty_project.core.services import projects

MAX_DEFINITIONS = 100
_FLAGS = ("array", "optional", "deleted")
_LENGTHS = ("min_length", "max_length", "exact_length")
_BOUNDS = ("lt", "lte", "gt", "gte")
_LISTS = ("eq", "ne")
_MEMBERS = {"type", "object_type", *_FLAGS, *_LENGTHS, *_BOUNDS, *_LISTS}


class SchemaExists(Conflict):
    message = "Duplicated resource found"


def find(*, project: Project, public_id: str) -> MetadataSchema:
    schema: MetadataSchema | None = MetadataSchema.objects.filter(
        project=project, public_id=public_id
    ).first()
    if schema is None:
        raise NotFound.of("metadata_schema", public_id)
    return schema


def create(
    *,
    project: Project,
    related_object: str,
    properties: Mapping[str, Mapping[str, Any]],
    allow_defined_only: bool = False,
) -> MetadataSchema:
    """Raises Invalid naming the wrong definition, or SchemaExists."""
    definitions = {name: _definition(name, raw) for name, raw in properties.items()}
    _check_size(definitions)
    try:
        with transaction.atomic():
            schema: MetadataSchema = MetadataSchema.objects.create(
                project=project,
                related_object=related_object,
                properties=definitions,
                allow_defined_only=allow_defined_only,
            )
            projects.bump_version(project=project)
    except IntegrityError as error:
        raise SchemaExists(
            f"Duplicated metadata schema exists with related_object {related_object}",
            resource_id=related_object,
            resource_type="metadata schema",
        ) from error
    return schema


def update(
    *,
    project: Project,
    schema: MetadataSchema,
    properties: Mapping[str, Mapping[str, Any]] | None = None,
    allow_defined_only: bool | None = None,
) -> MetadataSchema:
    """Replace the definitions that are given; the others stay. A type never changes."""
    with transaction.atomic():
        locked: MetadataSchema = MetadataSchema.objects.select_for_update().get(
            project=project, pk=schema.pk
        )
        merged = dict(locked.properties)
        for name, raw in (properties or {}).items():
            wanted = _definition(name, raw)
            known = merged.get(name)
            if known is not None and known["type"] != wanted["type"]:
                raise Invalid(f"Property .properties.{name}.type cannot be changed")
            merged[name] = wanted
        _check_size(merged)
        locked.properties = merged
        if allow_defined_only is not None:
            locked.allow_defined_only = allow_defined_only
        locked.save()
        projects.bump_version(project=project)
    return locked


def delete(*, project: Project, schema: MetadataSchema) -> None:
    with transaction.atomic():
        schema.delete()
        projects.bump_version(project=project)


def _check_size(definitions: Mapping[str, Any]) -> None:
    if len(definitions) > MAX_DEFINITIONS:
        raise Invalid(f"Property .properties must NOT have more than {MAX_DEFINITIONS} definitions")


def _definition(name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A definition with its published members only. Raises Invalid naming the wrong one."""
    path = f".properties.{name}"
    if not isinstance(raw, Mapping):
        raise Invalid(f"Property {path} must be object")
    given = {key: value for key, value in raw.items() if key in _MEMBERS and value is not None}
    kind = given.get("type")
    if kind not in metadata.TYPES:
        allowed = ", ".join(metadata.TYPES)
        raise Invalid(f"Property {path}.type must be equal to one of the allowed values: {allowed}")
    for key in ("optional", "array"):
        if key not in given:
            raise Invalid(f"Property {path} should have required property '{key}'")
    for key, value in given.items():
        _check_member(f"{path}.{key}", key, value, kind=kind)
    return given


def _check_member(path: str, key: str, value: Any, *, kind: str) -> None:
    if key in _FLAGS and not isinstance(value, bool):
        raise Invalid(f"Property {path} must be boolean")
    if key in _LENGTHS:
        _only_for(path, kind, "string")
        if not _is_whole(value):
            raise Invalid(f"Property {path} must be integer")
    if key in _BOUNDS:
        _only_for(path, kind, "number")
        if not _is_number(value):
            raise Invalid(f"Property {path} must be number")
    if key in _LISTS:
        _check_list(path, value, kind=kind)
    if key == "object_type" and not isinstance(value, str):
        raise Invalid(f"Property {path} must be string")


def _check_list(path: str, values: Any, *, kind: str) -> None:
    _only_for(path, kind, "string", "number")
    if not isinstance(values, list):
        raise Invalid(f"Property {path} must be array")
    for index, value in enumerate(values):
        if kind == "number" and not _is_number(value):
            raise Invalid(f"Property {path}.{index} must be number")
        if kind == "string" and not isinstance(value, str):
            raise Invalid(f"Property {path}.{index} must be string")


def _only_for(path: str, kind: str, *kinds: str) -> None:
    if kind not in kinds:
        raise Invalid(f"Property {path} is only for the types {', '.join(kinds)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
