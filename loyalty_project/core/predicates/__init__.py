"""Conditions as data, made once into closures over a mapping of facts.

`build` reads {"1": {"name": "age", "conditions": {"$more_than": [17]}}, "2": …, "logic": "1 or 2"};
the predicate is asked with facts and a Moment. Everything that can be wrong with a condition is
refused when it is built: comparing a number with a text, an unknown name or operator, too many
parts. When it is asked nothing is an error: a missing fact makes a condition false.
"""

from collections.abc import Callable, Mapping
from typing import Any

from loyalty_project.core.predicates import filters, logic, operators
from loyalty_project.core.predicates.errors import InvalidCondition
from loyalty_project.core.predicates.logic import All, AnyOf, Leaf, Node, Not
from loyalty_project.core.predicates.operators import Comparison, Moment
from loyalty_project.core.predicates.values import Kind

__all__ = [
    "All",
    "AnyOf",
    "Comparison",
    "InvalidCondition",
    "Kind",
    "Leaf",
    "Moment",
    "Node",
    "Not",
    "Predicate",
    "build",
    "find",
    "numbered",
    "of_filter",
]

Predicate = Callable[[Mapping[str, Any], Moment], bool]

RULES_MAX = 100
_Condition = tuple[str, tuple[Comparison, ...]]
_Subject = tuple[Mapping[str, Any], Moment]


def build(document: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Predicate:
    """The predicate of numbered conditions; `kinds` names the facts that there are.

    A name may be a path into a fact of kind ANY, such as "metadata.address.city". Raises
    InvalidCondition.
    """
    numbers, text = numbered(document, "")
    leaves: dict[str, Node[_Condition]] = {}
    for number, rule in numbers.items():
        where = f"Rule '{number}'"
        name = str(rule.get("name"))
        leaves[number] = Leaf(number, _read(name, rule.get("conditions"), kinds, where))
    if text is not None:
        return _closure(logic.parse(text, leaves, "logic"))
    return _closure(All(tuple(leaves.values())))


def of_filter(document: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Predicate:
    """The predicate of {"junction": "and", "name": {"conditions": {"$is": ["x"]}}, …}.

    Its operators are those of `filters.OPERATORS`. Raises InvalidCondition.
    """
    junction = str(document.get("junction", "and")).lower()
    if junction not in {"and", "or"}:
        raise InvalidCondition("junction", "must be 'and' or 'or'")
    if len(document.keys() - {"junction"}) > RULES_MAX:
        raise InvalidCondition("", f"must not have more than {RULES_MAX} conditions")
    leaves = []
    for name, rule in document.items():
        if name == "junction":
            continue
        conditions = rule.get("conditions") if isinstance(rule, Mapping) else None
        where = f"Filter '{name}'"
        kind = _kind(name, kinds, where)
        found = filters.read(kind, conditions, f"{where} ({name})")
        leaves.append(Leaf(name, (name, found)))
    return _closure(AnyOf(tuple(leaves)) if junction == "or" else All(tuple(leaves)))


def numbered(
    document: Mapping[str, Any], where: str
) -> tuple[dict[str, Mapping[str, Any]], str | None]:
    """The rules of a document by number, and its logic where it has one."""
    if not isinstance(document, Mapping):
        raise InvalidCondition(where, "must be an object of numbered rules")
    rules: dict[str, Mapping[str, Any]] = {}
    for key, rule in document.items():
        if key == "logic":
            continue
        if not key.isascii() or not key.isdigit() or not isinstance(rule, Mapping):
            raise InvalidCondition(f"{where} {key!r}".strip(), "is no numbered rule")
        rules[key] = rule
    if len(rules) > RULES_MAX:
        raise InvalidCondition(where, f"must not have more than {RULES_MAX} rules")
    text = document.get("logic")
    if text is not None and not isinstance(text, str):
        raise InvalidCondition(f"{where} logic".strip(), "must be a text")
    return rules, text if text and text.strip() else None


def find(facts: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none; a key with dots goes first."""
    if not isinstance(facts, Mapping):
        return None
    if path in facts:
        return facts[path]
    first, _, rest = path.partition(".")
    return find(facts.get(first), rest) if rest else None


def _read(name: str, conditions: Any, kinds: Mapping[str, Kind], where: str) -> _Condition:
    kind = _kind(name, kinds, where)
    return name, operators.read(kind, conditions, f"{where} ({name})")


def _kind(name: str, kinds: Mapping[str, Kind], where: str) -> Kind:
    kind = kinds.get(name)
    if kind is None and kinds.get(name.partition(".")[0]) == Kind.ANY:
        kind = Kind.ANY
    if kind is None:
        raise InvalidCondition(where, f"has an unknown name {name!r}")
    return kind


def _closure(tree: Node[_Condition]) -> Predicate:
    holds = logic.compile_tree(tree, _test)
    return lambda facts, moment: holds((facts, moment))


def _test(leaf: Leaf[_Condition]) -> Callable[[_Subject], bool]:
    name, comparisons = leaf.condition

    def test(subject: _Subject) -> bool:
        facts, moment = subject
        fact = find(facts, name)
        return all(comparison.holds(fact, moment) for comparison in comparisons)

    return test
