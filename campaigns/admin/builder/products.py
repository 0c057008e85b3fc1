"""Which lines get the discount: the entries of `applicable_to` as rows."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.builder import values
from campaigns.admin.builder.drafts import Problems, listing, mapping, text
from campaigns.admin.builder.facts import Editor, Text
from campaigns.engine.redeemable import Pick, Target

IDENTITY = ("object", "id", "source_id", "product_id", "product_source_id")
NUMBERS = {
    "quantity_limit": Editor.COUNT,
    "aggregated_quantity_limit": Editor.COUNT,
    "amount_limit": Editor.MONEY,
    "aggregated_amount_limit": Editor.MONEY,
    "price": Editor.MONEY,
    "skip_initially": Editor.COUNT,
    "repeat": Editor.COUNT,
    "take": Editor.COUNT,
}
PICKS: dict[str, Text] = {
    Pick.EVERY.value: gettext_lazy("every one"),
    Pick.CHEAPEST.value: gettext_lazy("the cheapest one only"),
    Pick.MOST_EXPENSIVE.value: gettext_lazy("the most expensive one only"),
    Pick.FROM_CHEAPEST.value: gettext_lazy("the cheapest ones first"),
    Pick.FROM_MOST_EXPENSIVE.value: gettext_lazy("the most expensive ones first"),
}
TARGETS: dict[str, Text] = {
    Target.ITEM.value: gettext_lazy("whole lines of the cart"),
    Target.UNIT.value: gettext_lazy("single units"),
}

Draft = dict[str, Any]


def opened(document: Mapping[str, Any]) -> Draft:
    """`{"all", "included", "excluded"}` of a published applicable_to."""
    return {
        "all": document.get("included_all") is True,
        "included": [_open(entry) for entry in _list_of(document.get("included"))],
        "excluded": [_open(entry) for entry in _list_of(document.get("excluded"))],
    }


def closed(draft: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """The published applicable_to of a draft; entries that were not touched as they were."""
    found: dict[str, Any] = {}
    for name in ("included", "excluded"):
        entries = (
            _close(mapping(entry), problems, f"{name}.{place}")
            for place, entry in enumerate(listing(draft.get(name)))
        )
        found[name] = [entry for entry in entries if entry is not None]
    return {**found, "included_all": draft.get("all") is True}


def identity(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What names a product, SKU or collection."""
    return {name: raw[name] for name in IDENTITY if raw.get(name) is not None}


def _list_of(given: Any) -> list[Any]:
    return listing(given.get("data") if isinstance(given, Mapping) else given)


def _open(entry: Mapping[str, Any]) -> Draft:
    try:
        numbers = {name: _open_number(name, entry.get(name)) for name in NUMBERS}
    except values.NotShown:
        return {"kept": True, "item": identity(entry), "source": dict(entry)}
    return {
        "item": identity(entry),
        "effect": entry.get("effect") or Pick.EVERY.value,
        "target": entry.get("target") or Target.ITEM.value,
        "strict": bool(entry.get("strict")),
        "price_formula": entry.get("price_formula") or "",
        **numbers,
        "source": dict(entry),
    }


def _open_number(name: str, raw: Any) -> str:
    return "" if raw is None else str(values.opened(NUMBERS[name], raw))


def _close(entry: Mapping[str, Any], problems: Problems, path: str) -> dict[str, Any] | None:
    source = dict(mapping(entry.get("source")))
    if entry.get("kept"):
        return source or None
    item = identity(mapping(entry.get("item")))
    if not item:
        problems.add(path, "item", ValidationError(_("Choose what it is."), code="required"))
        return None
    same = bool(source) and identity(source) == item
    before = _open(source) if same else _open(item)
    found = {**source} if same else item
    for name, typed in _typed(entry, problems, path).items():
        if entry.get(name) != before.get(name):
            found[name] = typed
    return {name: value for name, value in found.items() if value is not None or name in source}


def _typed(entry: Mapping[str, Any], problems: Problems, path: str) -> dict[str, Any]:
    """The members of an entry as they are published; None for what was left empty."""
    effect, target = text(entry.get("effect")), text(entry.get("target"))
    found: dict[str, Any] = {
        "effect": effect if effect in PICKS else None,
        "target": target if target in TARGETS else None,
        "strict": entry.get("strict") is True or None,
        "price_formula": text(entry.get("price_formula")) or None,
    }
    for name, editor in NUMBERS.items():
        typed = text(entry.get(name))
        try:
            found[name] = values.closed(editor, typed) if typed else None
        except ValidationError as error:
            problems.add(path, name, error)
    return found
