"""The published bundle_rules of a rule."""

from collections.abc import Mapping
from typing import Any

from campaigns.engine.redeemable import Bundle, Component
from campaigns.engine.rules.items import OBJECTS
from loyalty_project.core import predicates
from loyalty_project.core.predicates import InvalidCondition, logic

LIMIT_MAX = 100
NAME = "order.items.any"
QUANTITY = "order.items.aggregated_quantity"


def read(document: object) -> Bundle | None:
    """None where there is no bundle; raises InvalidCondition, which names the rule.

    All components are needed, so that "and" is all that its logic may say. `scale_discount` of
    false gives the discount once, however many bundles there are.
    """
    if not document:
        return None
    if not isinstance(document, Mapping):
        raise InvalidCondition("bundle_rules", "must be an object of numbered rules")
    options = {"limit", "scale_discount"}
    numbered = {key: value for key, value in document.items() if key not in options}
    rules, text = predicates.numbered(numbered, "bundle_rules")
    if not rules:
        raise InvalidCondition("bundle_rules", "must have rules")
    if text is not None:
        nodes = {number: predicates.Leaf(number, number) for number in rules}
        tree = logic.parse(text, dict(nodes), "bundle_rules logic")
        if " or " in f" {text.lower()} " or "not" in text.lower():
            raise InvalidCondition("bundle_rules logic", "must join rules by 'and'")
        rules = {leaf.number: rules[leaf.number] for leaf in logic.leaves(tree)}
    limit = document.get("limit")
    limit = 1 if limit is None else limit
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LIMIT_MAX:
        raise InvalidCondition("bundle_rules.limit", f"must be between 1 and {LIMIT_MAX}")
    return Bundle(
        tuple(_component(rule, f"bundle_rules.{number}") for number, rule in rules.items()),
        limit,
        scales=document.get("scale_discount") is not False,
    )


def _component(rule: Mapping[str, Any], where: str) -> Component:
    if rule.get("name") != NAME:
        raise InvalidCondition(where, f"must have the name {NAME!r}")
    named = _only(rule.get("conditions"), where)
    if not isinstance(named, Mapping) or str(named.get("object")) not in OBJECTS:
        raise InvalidCondition(where, "must name a product, sku or products_collection")
    identifier = named.get("id") or named.get("source_id")
    if not isinstance(identifier, str):
        raise InvalidCondition(where, "must have an id")
    inner, _ = predicates.numbered(rule.get("rules") or {}, where)
    quantity: object = 1
    for part in inner.values():
        if part.get("name") != QUANTITY:
            raise InvalidCondition(where, f"may only have a rule {QUANTITY!r}")
        quantity = _only(part.get("conditions"), where)
    if isinstance(quantity, float) and quantity.is_integer():
        quantity = int(quantity)
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
        raise InvalidCondition(where, "must have a quantity of 1 or more")
    return Component(str(named["object"]), identifier, quantity)


def _only(conditions: object, where: str) -> object:
    given = conditions.get("$is") if isinstance(conditions, Mapping) else None
    if not isinstance(given, list | tuple) or len(given) != 1:
        raise InvalidCondition(where, "must have one value after $is")
    return given[0]
