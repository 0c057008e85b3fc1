"""What must be bought together: the published bundle_rules as rows."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.admin.builder import products, values
from campaigns.admin.builder.drafts import Problems, listing, mapping, text
from campaigns.admin.builder.facts import Editor
from campaigns.engine.rules.bundle_document import NAME, QUANTITY

OPTIONS = ("limit", "scale_discount", "logic")

Draft = dict[str, Any]


def opened(document: Mapping[str, Any] | None) -> Draft:
    """`{"components": [{"item", "quantity"}], "limit", "scales"}`; kept where rows lack a place."""
    document = document or {}
    numbered = {key: value for key, value in document.items() if key not in OPTIONS}
    kept = {"kept": True, "source": dict(document)}
    if _logic(document) not in {"", " and ".join(numbered)}:
        return kept
    try:
        components = [_open(rule, number) for number, rule in numbered.items()]
        limit = values.opened(Editor.COUNT, document.get("limit", 1))
    except values.NotShown:
        return kept
    scales = document.get("scale_discount") is not False
    return {
        "components": components,
        "limit": limit,
        "scales": scales,
        "source": dict(document),
    }


def closed(draft: Mapping[str, Any], problems: Problems) -> dict[str, Any] | None:
    """The published bundle_rules of a draft, None for none; as stored where nothing was touched."""
    source = dict(mapping(draft.get("source")))
    if draft.get("kept") or (source and _essence(draft) == _essence(opened(source))):
        return source or None
    numbered: dict[str, Any] = {}
    for place, component in enumerate(map(mapping, listing(draft.get("components")))):
        rule = _close(component, problems, f"components.{place}")
        if rule is not None:
            numbered[str(len(numbered) + 1)] = rule
    if not numbered:
        return None
    found: dict[str, Any] = {**numbered, "logic": " and ".join(numbered)}
    try:
        found["limit"] = values.closed(Editor.COUNT, draft.get("limit") or "1")
    except ValidationError as error:
        problems.add("", "limit", error)
    if draft.get("scales") is False:
        found["scale_discount"] = False
    return found


def _logic(document: Mapping[str, Any]) -> str:
    return " ".join(str(document.get("logic") or "").split())


def _open(rule: Any, number: str) -> Draft:
    """Raises NotShown for what is more than a product with a quantity."""
    named = _only(mapping(rule).get("conditions"))
    inner = mapping(mapping(rule).get("rules"))
    asked = [mapping(part) for key, part in inner.items() if key != "logic"]
    if mapping(rule).get("name") != NAME or not isinstance(named, Mapping) or len(asked) > 1:
        raise values.NotShown
    quantity: Any = 1
    for part in asked:
        if part.get("name") != QUANTITY:
            raise values.NotShown
        quantity = _only(part.get("conditions"))
    return {
        "item": products.identity(named),
        "quantity": values.opened(Editor.COUNT, quantity),
        "number": number,
    }


def _only(conditions: Any) -> Any:
    given = listing(mapping(conditions).get("$is"))
    if len(given) != 1 or set(mapping(conditions)) != {"$is"}:
        raise values.NotShown
    return given[0]


def _close(component: Mapping[str, Any], problems: Problems, path: str) -> dict[str, Any] | None:
    item = products.identity(mapping(component.get("item")))
    if not item:
        problems.add(path, "item", ValidationError(_("Choose what it is."), code="required"))
        return None
    try:
        quantity = values.closed(Editor.COUNT, text(component.get("quantity")) or "1")
    except ValidationError as error:
        problems.add(path, "quantity", error)
        return None
    inner = {"1": {"name": QUANTITY, "conditions": {"$is": [quantity]}}, "logic": "1"}
    return {"name": NAME, "conditions": {"$is": [item]}, "rules": inner}


def _essence(draft: Mapping[str, Any]) -> Any:
    components = [
        (mapping(part).get("item"), mapping(part).get("quantity"))
        for part in listing(draft.get("components"))
    ]
    return components, draft.get("limit"), draft.get("scales")
