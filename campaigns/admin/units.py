"""Products that are given for nothing, as rows, and the published discount that they make."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns import sentences
from campaigns.admin.builder import values
from campaigns.admin.builder.drafts import Problem, Problems, listing, mapping, text
from campaigns.admin.builder.facts import Editor
from campaigns.admin.discount_words import UNIT_EFFECTS
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.engine.effects.unit import (
    ADD_MANY_ITEMS,
    ADD_MISSING_ITEMS,
    ADD_NEW_ITEMS,
    ADD_SAME_ITEMS,
)
from rewards.models import SHIPPING_ID

TOGETHER = (ADD_MISSING_ITEMS, ADD_NEW_ITEMS)
_KINDS = {"sku_": "sku", "pc_": "products_collection"}

Draft = dict[str, Any]


def is_shipping(document: Mapping[str, Any]) -> bool:
    """Whether a discount is what people call free shipping."""
    plain = document.get("effect") in {None, ADD_MISSING_ITEMS}
    one = document.get("unit_off") in {None, 1} and not document.get("unit_off_formula")
    return plain and one and document.get("unit_type") == SHIPPING_ID and "units" not in document


def shipping() -> dict[str, Any]:
    return {
        "type": "UNIT",
        "unit_off": 1,
        "unit_type": SHIPPING_ID,
        "effect": ADD_MISSING_ITEMS,
    }


def opened(document: Mapping[str, Any]) -> Draft:
    """`{"units": [{"item", "quantity", "effect", "formula"}]}`."""
    given = document.get("units") or [document]
    return {"units": [_open(mapping(unit)) for unit in given]}


def closed(draft: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """The published discount of a draft."""
    rows = [mapping(row) for row in listing(draft.get("units"))]
    if not rows:
        message = ValidationError(_("Choose what is given."), code="required")
        problems.add("", "item", message)
    units = [_close(row, problems, f"units.{place}") for place, row in enumerate(rows)]
    if len(units) == 1:
        return {"type": "UNIT", **units[0]}
    for place, unit in enumerate(units):
        if unit.get("effect") not in TOGETHER:
            message = ValidationError(_("This goes by itself only."), code="invalid")
            problems.add(f"units.{place}", "effect", message)
    return {"type": "UNIT", "effect": ADD_MANY_ITEMS, "units": units}


def place(problems: Problems, error: InvalidDiscount) -> None:
    """Put what the engine says beside the row that it means."""
    row = error.field.partition("units[")[2].partition("]")[0] or "0"
    name = "formula" if error.field.endswith("formula") else "item"
    problems.found.append(Problem(f"units.{row}", name, sentences.problem(error)))


def _open(unit: Mapping[str, Any]) -> Draft:
    kind = str(unit.get("unit_type") or "")
    count = unit.get("unit_off")
    return {
        "item": {"object": _object_of(kind), "id": kind} if kind else {},
        "quantity": "1" if count is None else f"{count:g}",
        "effect": unit.get("effect") or ADD_MISSING_ITEMS,
        "formula": unit.get("unit_off_formula") or "",
    }


def _object_of(identifier: str) -> str:
    found = (kind for prefix, kind in _KINDS.items() if identifier.startswith(prefix))
    return next(found, "product")


def _close(row: Mapping[str, Any], problems: Problems, path: str) -> dict[str, Any]:
    effect = text(row.get("effect"))
    effect = effect if effect in UNIT_EFFECTS else ADD_MISSING_ITEMS
    item = text(mapping(row.get("item")).get("id"))
    found: dict[str, Any] = {"effect": effect, "unit_off": 1}
    if item:
        found["unit_type"] = item
    elif effect != ADD_SAME_ITEMS:
        problems.add(path, "item", ValidationError(_("Choose what is given."), code="required"))
    try:
        found["unit_off"] = values.closed(Editor.COUNT, text(row.get("quantity")) or "1")
    except ValidationError as error:
        problems.add(path, "quantity", error)
    if formula := text(row.get("formula")):
        found["unit_off_formula"] = formula
    return found
