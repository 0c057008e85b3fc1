"""From the document of a rule to a draft: groups of rows, as the page shows and sends them.

A group is `{"join": "and" | "or", "not", "parts"}`; that of numbered rules keeps `logic`, their
text as it is stored, and `unused`, the rules that it does not name. A row is `{"fact", "period",
"property", "window", "kind", "operator", "values", "message", "inner", "not", "number", "source"}`,
where `source` is the rule as stored. What a row cannot show is `{"kept": true, "not", "number",
"source"}`.
"""

from collections.abc import Mapping
from typing import Any

from campaigns.admin.builder import operators, values, vocabulary
from campaigns.admin.builder.drafts import mapping
from campaigns.admin.builder.facts import Editor, Fact, Property
from campaigns.admin.builder.windows import open_window
from loyalty_project.core.predicates import All, AnyOf, InvalidCondition, Leaf, Node, Not, logic

DEEPEST_GROUP = 6

Draft = dict[str, Any]


def level(document: Mapping[str, Any]) -> Draft:
    """The draft of numbered rules with their logic."""
    rules = {number: rule for number, rule in document.items() if number != "logic"}
    text = document.get("logic")
    tree = tree_of(rules, text) if all(isinstance(r, Mapping) for r in rules.values()) else None
    if tree is None or _depth(tree) > DEEPEST_GROUP:
        return {"kept": True, "source": dict(document)}
    group = _group(tree, rules)
    if "parts" not in group or group.get("not"):
        group = {"join": "and", "not": False, "parts": [group]}
    used = {leaf.number for leaf in logic.leaves(tree)}
    unused = [_leaf(number, rule) for number, rule in rules.items() if number not in used]
    return {**group, "unused": unused} | ({"logic": text} if rules else {})


def tree_of(rules: Mapping[str, Any], text: Any) -> Node[None] | None:
    """How numbered rules are joined; None where nobody can say."""
    leaves: dict[str, Node[None]] = {number: Leaf(number, None) for number in rules}
    if not isinstance(text, str) or not text.strip():
        return All(tuple(leaves.values()))
    try:
        return logic.parse(text, leaves, "logic")
    except InvalidCondition:
        return None


def _group(node: Node[None], rules: Mapping[str, Any], *, negated: bool = False) -> Draft:
    if isinstance(node, Leaf):
        return {**_leaf(node.number, rules[node.number]), "not": negated}
    if isinstance(node, Not):
        if negated:
            return {"join": "and", "not": True, "parts": [_group(node, rules)]}
        return _group(node.part, rules, negated=True)
    parts = [_group(part, rules) for part in node.parts]
    return {"join": "or" if isinstance(node, AnyOf) else "and", "not": negated, "parts": parts}


def _depth(node: Node[None]) -> int:
    if isinstance(node, Leaf):
        return 0
    if isinstance(node, Not):
        return 1 + _depth(node.part)
    return 1 + max((_depth(part) for part in node.parts), default=0)


def _leaf(number: str, rule: Mapping[str, Any]) -> Draft:
    try:
        shown = row(rule)
    except values.NotShown:
        shown = {"kept": True}
    return {**shown, "not": False, "number": number, "source": dict(rule)}


def row(rule: Mapping[str, Any]) -> Draft:
    """Raises NotShown for what rows have no place for."""
    named = vocabulary.find(str(rule.get("name")))
    if named is None:
        raise values.NotShown
    given = rule.get("property")
    given = given if isinstance(given, str) else ""
    nested = mapping(rule.get("rules"))
    return {
        "fact": named.name,
        "period": named.period,
        **_property(named.fact, given),
        **_asked(named.fact, given, mapping(rule.get("conditions"))),
        "message": _message(rule),
        "inner": level(nested) if nested else None,
    }


def _property(fact: Fact, given: str) -> Draft:
    if fact.property == Property.WINDOW:
        return {"property": "", "window": open_window(given)}
    return {"property": given if fact.property else "", "window": None}


def _asked(fact: Fact, given: str, conditions: Mapping[str, Any]) -> Draft:
    """The operator with its values, in the first editor that can show them."""
    if not conditions and fact.editor == Editor.PRODUCTS:
        return {"operator": operators.ANY, "values": [], "kind": fact.editor.value}
    if len(conditions) != 1:
        raise values.NotShown
    ((name, raw),) = conditions.items()
    for editor in vocabulary.editors_of(fact, given):
        try:
            shown = _values(editor, name, raw)
        except values.NotShown:
            continue
        return {"operator": name, "values": shown, "kind": editor.value}
    raise values.NotShown


def _values(kind: Editor, name: str, raw: Any) -> list[Any]:
    if not operators.can_show(name, kind) or not isinstance(raw, list):
        raise values.NotShown
    editor = operators.editor_of(name, kind)
    if editor == Editor.NOTHING:
        if raw not in ([], [True]):
            raise values.NotShown
        return []
    if not raw or (len(raw) > 1 and not _shows_many(name, kind, editor)):
        raise values.NotShown
    return [values.opened(editor, value) for value in raw]


def _shows_many(name: str, kind: Editor, editor: Editor) -> bool:
    return operators.takes_many(name, kind) or editor == Editor.WEEKDAYS


def _message(rule: Mapping[str, Any]) -> str:
    message = mapping(rule.get("error")).get("message")
    return message if isinstance(message, str) else ""
