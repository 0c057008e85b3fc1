"""How a tree came to its answer: the conditions that failed, the counters it relied on."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from campaigns.engine.counters import Relied
from campaigns.engine.rules.conditions import Condition, Found, Subject
from loyalty_project.core.predicates import All, Comparison, Leaf, Node, Not, values


@dataclass(frozen=True, slots=True)
class Verdict:
    """`failed` are the leaves that stood in the way, `relied` the counters that made it true."""

    holds: bool
    failed: tuple[Leaf[Condition], ...] = ()
    relied: tuple[Relied, ...] = ()


def judge(node: Node[Condition], subject: Subject, *, negated: bool = False) -> Verdict:
    """The answer of a tree with its grounds.

    Where any of several would do, the one that relies on the fewest counters is relied on.
    """
    if isinstance(node, Leaf):
        return _judge_leaf(node, subject, negated=negated)
    if isinstance(node, Not):
        return judge(node.part, subject, negated=not negated)
    verdicts = [judge(part, subject, negated=negated) for part in node.parts]
    if isinstance(node, All) is not negated:
        return _all(verdicts)
    return _any(verdicts)


def found(node: Node[Condition], subject: Subject) -> Iterator[Found]:
    """Every condition of a tree with the fact that it saw, from left to right."""
    if isinstance(node, Leaf):
        condition = node.condition
        yield Found(node.number, condition, condition.holds(subject), condition.read(subject))
    elif isinstance(node, Not):
        yield from found(node.part, subject)
    else:
        for part in node.parts:
            yield from found(part, subject)


def _judge_leaf(leaf: Leaf[Condition], subject: Subject, *, negated: bool) -> Verdict:
    condition = leaf.condition
    holds = condition.holds(subject) is not negated
    if not holds:
        return Verdict(holds=False, failed=(leaf,))
    use = condition.use(subject) if condition.use is not None else None
    if use is None:
        return Verdict(holds=True)
    limit = _limit(condition, subject, negated=negated)
    if limit is None:
        return Verdict(holds=True)
    return Verdict(holds=True, relied=(Relied(use.counter, use.amount, limit),))


def _limit(condition: Condition, subject: Subject, *, negated: bool) -> int | None:
    """How far the counter of a condition that holds may go, None for any number."""
    if not negated:
        bounds = [highest(each) for each in condition.comparisons]
        return min((bound for bound in bounds if bound is not None), default=None)
    # A negated conjunction holds as long as one of the parts that fail now still fails.
    fact = condition.read(subject)
    failing = [c for c in condition.comparisons if not c.holds(fact, subject.context)]
    bounds = [highest(each, negated=True) for each in failing]
    limits = [bound for bound in bounds if bound is not None]
    return max(limits, default=None) if len(limits) == len(bounds) else None


def _all(verdicts: list[Verdict]) -> Verdict:
    if all(verdict.holds for verdict in verdicts):
        return Verdict(holds=True, relied=_merged(verdicts))
    return Verdict(holds=False, failed=tuple(leaf for each in verdicts for leaf in each.failed))


def _any(verdicts: list[Verdict]) -> Verdict:
    holding = [verdict for verdict in verdicts if verdict.holds]
    if holding:
        return min(holding, key=lambda verdict: len(verdict.relied))
    return Verdict(holds=False, failed=tuple(leaf for each in verdicts for leaf in each.failed))


def _merged(verdicts: list[Verdict]) -> tuple[Relied, ...]:
    """Each counter once, with its lowest limit."""
    merged: dict[Any, Relied] = {}
    for relied in (each for verdict in verdicts for each in verdict.relied):
        known = merged.get(relied.counter)
        if known is None or relied.limit < known.limit:
            merged[relied.counter] = relied
    return tuple(merged.values())


def highest(comparison: Comparison, *, negated: bool = False) -> int | None:
    """The highest whole number for which a comparison holds, None where there is none."""
    numbers = [values.number(value) for value in comparison.required]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return None
    number = max(known)
    operator = comparison.operator
    if negated:
        operator = _OPPOSITE.get(operator, "")
    if operator == "$less_than":
        return _ceiling(number) - 1
    if operator == "$less_than_or_equal" or operator in _LISTED:
        return int(Decimal(number).to_integral_value(ROUND_FLOOR))
    return None


def lowest(comparison: Comparison, *, negated: bool = False) -> int | None:
    """The lowest whole number for which a comparison holds, None where there is none."""
    number = values.number(comparison.required[0]) if comparison.required else None
    if number is None:
        return None
    operator = comparison.operator
    if negated:
        operator = _OPPOSITE.get(operator, "")
    if operator in {"$more_than", "$greater_than"}:
        return int(Decimal(number).to_integral_value(ROUND_FLOOR)) + 1
    if operator in {"$more_than_or_equal", "$greater_than_or_equal", "$is"}:
        return _ceiling(number)
    return None


def _ceiling(number: int | Decimal) -> int:
    return int(Decimal(number).to_integral_value(ROUND_CEILING))


_LISTED = frozenset({"$is", "$in", "$from", "$not_differ"})
_OPPOSITE = {
    "$less_than": "$more_than_or_equal",
    "$less_than_or_equal": "$more_than",
    "$more_than": "$less_than_or_equal",
    "$greater_than": "$less_than_or_equal",
    "$more_than_or_equal": "$less_than",
    "$greater_than_or_equal": "$less_than",
    "$is_not": "$is",
    "$not_in": "$in",
    "$not_intersect": "$from",
}
