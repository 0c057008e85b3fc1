"""The published applicable_to of a rule: which lines get the discount, and with which limits."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine.operands import ITEM_OPERANDS
from campaigns.engine.redeemable import ApplicableTo, Pick, Target
from campaigns.engine.rules.items import OBJECTS
from loyalty_project.core import formulas
from loyalty_project.core.predicates import InvalidCondition

ENTRIES_MAX = 500
_NUMBERS = {
    "price": 0,
    "quantity_limit": 1,
    "aggregated_quantity_limit": 1,
    "amount_limit": 0,
    "aggregated_amount_limit": 0,
    "repeat": 1,
    "skip_initially": 0,
    "take": 1,
}


def read(document: object, name: str) -> tuple[ApplicableTo, ...]:
    """The list under `name`; raises InvalidCondition, which names the entry and its field."""
    if document is None:
        return ()
    if isinstance(document, Mapping):
        document = document.get("data", ())
    if not isinstance(document, list | tuple):
        raise InvalidCondition(name, "must be an array")
    if len(document) > ENTRIES_MAX:
        raise InvalidCondition(name, f"must not have more than {ENTRIES_MAX} entries")
    return tuple(_entry(each, f"{name}[{place}]") for place, each in enumerate(document))


def _entry(document: object, where: str) -> ApplicableTo:
    if not isinstance(document, Mapping) or str(document.get("object")) not in OBJECTS:
        raise InvalidCondition(where, "must name a product, sku or products_collection")
    identifier, source_id = document.get("id"), document.get("source_id")
    if not isinstance(identifier or source_id, str):
        raise InvalidCondition(where, "must have an id")
    numbers = {
        name: _number(document[name], least, f"{where}.{name}")
        for name, least in _NUMBERS.items()
        if document.get(name) is not None
    }
    return ApplicableTo(
        object=document["object"],
        id=str(identifier or source_id),
        source_id=source_id,
        product_id=document.get("product_id"),
        product_source_id=document.get("product_source_id"),
        effect=_choice(Pick, document.get("effect") or Pick.EVERY, f"{where}.effect"),
        target=_choice(Target, document.get("target") or Target.ITEM, f"{where}.target"),
        strict=bool(document.get("strict")),
        price_formula=_formula(document.get("price_formula"), f"{where}.price_formula"),
        **numbers,
    )


def _number(value: object, least: int, where: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidCondition(where, f"must be an integer, {least} or more")
    return value


def _choice(kind: Any, value: object, where: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidCondition(where, "should be one of the allowed values") from None


def _formula(text: object, where: str) -> formulas.Formula | None:
    if text is None:
        return None
    try:
        return formulas.build(str(text), ITEM_OPERANDS)
    except formulas.InvalidFormula as error:
        raise InvalidCondition(where, str(error.details), error) from None
