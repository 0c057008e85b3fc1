"""Validation rules: published documents, read once into closures that are asked at every use.

rule = rules.read(document, rule_id="val_…")       refuses what could never be evaluated
redeemable = rules.assign(redeemable, (rule, …))   all assigned rules must hold
rules.needs(redeemable, context)                   the facts that the loader must bring
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.engine.context import Context
from campaigns.engine.counters import Counter
from campaigns.engine.history import Past
from campaigns.engine.redeemable import Redeemable, Rule
from campaigns.engine.rules import bundle_document, counted, entries, lengths
from campaigns.engine.rules.conditions import Condition
from campaigns.engine.rules.document import Reader, Schema
from loyalty_project.core.predicates import InvalidCondition, Kind, Leaf, logic

__all__ = ["InvalidCondition", "Kind", "Needs", "assign", "conditions", "needs", "read"]


@dataclass(frozen=True, slots=True)
class Needs:
    """What rules ask for beyond the request: keys of Context.counters and Context.past."""

    counters: frozenset[Counter] = frozenset()
    past: frozenset[Past] = frozenset()


def read(document: Mapping[str, Any], *, rule_id: str, schema: Schema | None = None) -> Rule:
    """Read a published validation rule.

    `schema(name, property)` gives the kind of a metadata property where it is declared; without it
    `kinds` of the document does, `{"customer.metadata": {"tier": "text"}}`. It is given where the
    rule is going to be saved: windows of more than a century are refused then. Raises
    InvalidCondition, whose key and details are those of the published error.
    """
    reader = Reader(schema or _kept(document.get("kinds") or {}))
    tree = reader.tree(document.get("rules") or {}, "", inside=False, depth=1)
    if schema is not None:
        lengths.check(document.get("rules") or {})
    error = document.get("error")
    message = error.get("message") if isinstance(error, Mapping) else None
    applicable = document.get("applicable_to")
    applicable = applicable if isinstance(applicable, Mapping) else {}
    used = [leaf.condition for leaf in logic.leaves(tree)]
    return Rule(
        id=rule_id,
        name=str(document.get("name") or ""),
        tree=tree,
        holds=logic.compile_tree(tree, lambda leaf: leaf.condition.holds),
        message=message if isinstance(message, str) and message else None,
        looks_after=any(condition.looks_after for condition in used),
        counts=any(condition.use is not None for condition in used),
        applicable_to=(
            *entries.read(applicable.get("included"), "applicable_to.included"),
            *reader.discountable,
        ),
        inapplicable_to=entries.read(applicable.get("excluded"), "applicable_to.excluded"),
        included_all=applicable.get("included_all") is True,
        bundle=bundle_document.read(document.get("bundle_rules")),
    )


def _kept(kinds: Mapping[str, Mapping[str, str]]) -> Schema:
    def schema(name: str, given: str) -> Kind | None:
        found = kinds.get(name, {}).get(given)
        return None if found is None else Kind(found)

    return schema


def assign(redeemable: Redeemable, rules: Sequence[Rule]) -> Redeemable:
    """A redeemable with its rules, and with the lines and the bundle that they choose."""
    return replace(
        redeemable,
        rules=(*redeemable.rules, *rules),
        applicable_to=(
            *redeemable.applicable_to,
            *(entry for rule in rules for entry in rule.applicable_to),
        ),
        inapplicable_to=(
            *redeemable.inapplicable_to,
            *(entry for rule in rules for entry in rule.inapplicable_to),
        ),
        included_all=redeemable.included_all or any(rule.included_all for rule in rules),
        bundle=redeemable.bundle
        or next((rule.bundle for rule in rules if rule.bundle is not None), None),
    )


def conditions(redeemable: Redeemable) -> Iterator[Leaf[Condition]]:
    """The conditions of all rules of a redeemable."""
    for rule in redeemable.rules:
        yield from logic.leaves(rule.tree)


def needs(redeemable: Redeemable, context: Context) -> Needs:
    """What the rules of a redeemable ask for; those of limits are in limits.counters."""
    counters: set[Counter] = set()
    past: set[Past] = set()
    for leaf in conditions(redeemable):
        condition = leaf.condition
        if condition.past is not None:
            past.add(condition.past(redeemable))
        if condition.name in counted.COUNTED:
            kept = counted.COUNTED[condition.name]
            for found in (
                counted.counter(kept, redeemable, context),
                counted.companion(kept, redeemable, context),
            ):
                if found is not None:
                    counters.add(found)
    return Needs(frozenset(counters), frozenset(past))
