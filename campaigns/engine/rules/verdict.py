"""How a tree came to its answer: the conditions that failed, the counters it relied on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from campaigns.engine.counters import Counter, Relied
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
    least, limit = _stretch(condition, subject, negated=negated)
    if least is not None and least <= use.amount:
        least = None
    if limit is None and least is None:
        return Verdict(holds=True)
    return Verdict(holds=True, relied=(Relied(use.counter, use.amount, limit, least),))


def _stretch(
    condition: Condition, subject: Subject, *, negated: bool
) -> tuple[int | None, int | None]:
    """From where to where the number of a condition that holds may go; None for any number.

    Gaps count: of 2, 3 and 5 one who saw 2 relies on 2 and 3.
    """
    fact = values.number(condition.read(subject))
    if fact is None:
        return None, None

    def holds(number: int) -> bool:
        found = all(each.holds(number, subject.context) for each in condition.comparisons)
        return found is not negated

    turns = sorted(_turns(condition.comparisons))
    below = (turn for turn in reversed(turns) if turn <= fact and not holds(turn - 1))
    above = (turn - 1 for turn in turns if turn > fact and not holds(turn))
    return next(below, None), next(above, None)


def _turns(comparisons: Sequence[Comparison]) -> set[int]:
    """The whole numbers at which the answer can be another than just below them."""
    required = (values.number(value) for each in comparisons for value in each.required)
    known = [number for number in required if number is not None]
    return {_ceiling(number) for number in known} | {_floor(number) + 1 for number in known}


def _all(verdicts: list[Verdict]) -> Verdict:
    if all(verdict.holds for verdict in verdicts):
        return Verdict(holds=True, relied=merged(one for each in verdicts for one in each.relied))
    return Verdict(holds=False, failed=tuple(leaf for each in verdicts for leaf in each.failed))


def _any(verdicts: list[Verdict]) -> Verdict:
    holding = [verdict for verdict in verdicts if verdict.holds]
    if holding:
        return min(holding, key=lambda verdict: len(verdict.relied))
    return Verdict(holds=False, failed=tuple(leaf for each in verdicts for leaf in each.failed))


def merged(found: Iterable[Relied]) -> tuple[Relied, ...]:
    """Each counter once, with the bounds that hold for all."""
    kept: dict[Counter, Relied] = {}
    for one in found:
        known = kept.get(one.counter, one)
        limits = [each for each in (known.limit, one.limit) if each is not None]
        leasts = [each for each in (known.least, one.least) if each is not None]
        kept[one.counter] = replace(
            one, limit=min(limits, default=None), least=max(leasts, default=None)
        )
    return tuple(kept.values())


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
        return _floor(number)
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
        return _floor(number) + 1
    if operator in {"$more_than_or_equal", "$greater_than_or_equal", "$is"}:
        return _ceiling(number)
    return None


def _floor(number: int | Decimal) -> int:
    return int(Decimal(number).to_integral_value(ROUND_FLOOR))


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
