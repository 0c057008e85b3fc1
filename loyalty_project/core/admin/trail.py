"""Audit rows as people read them, for the history of one object and for the whole project."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey, Max, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from loyalty_project.core import tenancy
from loyalty_project.core.admin import display, moments
from loyalty_project.core.models import ApiKey, Project

VERBS: dict[str, tuple[str | Promise, str, str]] = {
    "+": (_("Created"), "good", "plus"),
    "~": (_("Changed"), "info", "pencil"),
    "-": (_("Deleted"), "bad", "trash-2"),
}
MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit row. `url` is the object's page, empty once it is deleted."""

    at: datetime
    verb: Any
    kind: str
    label: str
    url: str
    version_url: str
    who: str
    key: str
    ip: str
    request_id: str
    changes: list[Change] = field(default_factory=list)


def audited_models() -> list[type[models.Model]]:
    """Every model with history, in the order of the apps."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    ]


def history_of(model: Any) -> Any:
    """The history model of `model`."""
    return getattr(model, model._meta.simple_history_manager_attribute).model


def rows_of(model: Any, project: Project | None) -> QuerySet[Any]:
    """The history of a model in the open scope; of platform models, what concerns `project`."""
    history = history_of(model)
    rows: QuerySet[Any] = history._base_manager.select_related("history_user")
    if "project" in {item.name for item in history._meta.get_fields()}:
        return rows.filter(project_id=project.pk) if project is not None else rows.none()
    if model is Project and project is not None:
        return rows.filter(id=project.pk)
    return rows


def entries(rows: Sequence[Any]) -> list[Entry]:
    """Entries of rows of one history model, each compared with the version before it."""
    if not rows:
        return []
    before = _previous(rows)
    keys = _key_names(rows)
    return [_entry(row, before.get(row.history_id), keys) for row in rows]


def _previous(rows: Sequence[Any]) -> dict[int, Any]:
    """The version before each row, by the row's id, in one query."""
    history = type(rows[0])
    pk = rows[0].instance_type._meta.pk.attname
    older = (
        history._base_manager.filter(**{pk: OuterRef(pk)}, history_id__lt=OuterRef("history_id"))
        .order_by()
        .values(pk)
        .annotate(newest=Max("history_id"))
        .values("newest")
    )
    chosen = history._base_manager.filter(history_id__in=[row.history_id for row in rows])
    pairs = dict(chosen.annotate(before=Subquery(older)).values_list("history_id", "before"))
    found = history._base_manager.in_bulk([value for value in pairs.values() if value])
    return {key: found[value] for key, value in pairs.items() if value in found}


def _key_names(rows: Sequence[Any]) -> dict[int, str]:
    wanted = {row.api_key_pk for row in rows if getattr(row, "api_key_pk", None)}
    if not wanted or tenancy.active_project() is None:
        return {}
    return dict(ApiKey.objects.filter(pk__in=wanted).values_list("pk", "name"))


def as_object(row: Any) -> Any:
    """The object of a version. simple-history's own property reads excluded fields, row by row."""
    model = row.instance_type
    return model(**{item.attname: getattr(row, item.attname) for item in row.tracked_fields})


def _entry(row: Any, before: Any, keys: dict[int, str]) -> Entry:
    word, tone, icon = VERBS[row.history_type]
    model = row.instance_type
    key_pk = getattr(row, "api_key_pk", None)
    obj, live = as_object(row), row.history_type != "-"
    url = display.url_of(obj)
    return Entry(
        at=row.history_date,
        verb=display.badge_of("", {"": (tone, icon)}, word),
        kind=str(capfirst(model._meta.verbose_name)),
        label=_label(obj),
        url=url if live else "",
        version_url=f"{url.removesuffix('change/')}history/{row.history_id}/" if url else "",
        who=str(row.history_user) if row.history_user_id else "",
        key=keys.get(key_pk, f"#{key_pk}") if key_pk else "",
        ip=getattr(row, "ip", "") or "",
        request_id=getattr(row, "request_id", ""),
        changes=changes(row, before) if row.history_type == "~" else [],
    )


def _label(obj: Any) -> str:
    """The object's own name; a relation that is gone since must not break the page."""
    try:
        return str(obj)
    except models.ObjectDoesNotExist:
        return f"#{obj.pk}"


def _fields(row: Any) -> list[Any]:
    return [item for item in row.tracked_fields if item.name not in {"project", "updated_at"}]


def changes(row: Any, before: Any) -> list[Change]:
    """Each field that differs between two versions, as text."""
    if before is None:
        return []
    return [
        Change(str(capfirst(item.verbose_name)), _text(item, before), _text(item, row))
        for item in _fields(row)
        if getattr(before, item.attname) != getattr(row, item.attname)
    ] + _moves(row, before)


def _moves(row: Any, before: Any) -> list[Change]:
    """Of each set of relations, what went before and what came after."""
    made = []
    for item in _sets(row):
        old, new = _related(item, before), _related(item, row)
        if old != new:
            label = str(capfirst(item.verbose_name))
            made.append(Change(label, _names(item, old - new), _names(item, new - old)))
    return made


def _sets(row: Any) -> list[Any]:
    return [item for item in row.instance_type._meta.many_to_many if hasattr(row, item.name)]


def _related(item: Any, row: Any) -> set[int]:
    rows = getattr(type(row), item.name).model._base_manager.filter(history_id=row.history_id)
    return set(rows.values_list(f"{item.m2m_reverse_field_name()}_id", flat=True))


def _names(item: Any, pks: set[int]) -> str:
    found = item.related_model._base_manager.select_related().in_bulk(pks)
    return ", ".join(str(found.get(pk, f"#{pk}")) for pk in sorted(pks)) or "–"


def values_of(row: Any) -> list[tuple[str, str]]:
    """Every field of a version as label and text."""
    return [(str(capfirst(item.verbose_name)), _text(item, row)) for item in _fields(row)] + [
        (str(capfirst(item.verbose_name)), _names(item, _related(item, row))) for item in _sets(row)
    ]


def _text(item: Any, row: Any) -> str:
    value = getattr(row, item.attname)
    if value is None or value == "":
        return "–"
    if isinstance(item, ForeignKey):
        related = item.related_model._default_manager.filter(pk=value).first()
        return str(related) if related is not None else f"#{value}"
    if item.choices:
        return str(dict(item.flatchoices).get(value, value))
    text = _plain(value)
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return moments.exact(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
