"""Published filter trees: {"junction": "and", "name": {"conditions": {"$is": ["x"]}}, …}."""

from collections.abc import Mapping
from typing import Any

from loyalty_project.core.predicates import operators
from loyalty_project.core.predicates.errors import InvalidCondition
from loyalty_project.core.predicates.operators import Comparison
from loyalty_project.core.predicates.values import Here, Kind

# Operators of filters, by what the same is called in rules.
OPERATORS: Mapping[str, str] = {
    "$is": "$is",
    "$is_not": "$is_not",
    "$in": "$in",
    "$not_in": "$not_in",
    "$contains": "$contains",
    "$not_contain": "$contains",
    "$starts_with": "$starts_with",
    "$ends_with": "$ends_with",
    "$more_than": "$more_than",
    "$more_than_equal": "$more_than_or_equal",
    "$less_than": "$less_than",
    "$less_than_equal": "$less_than_or_equal",
    "$after": "$after",
    "$before": "$before",
    "$more_than_ago": "$more_than_ago",
    "$less_than_ago": "$less_than_ago",
    "$is_days_ago": "$is_days_ago",
    "$more_than_future": "$more_than_future",
    "$less_than_future": "$less_than_future",
    "$is_days_in_future": "$is_days_in_future",
    "$count": "$count",
    "$count_more": "$count_more",
    "$count_less": "$count_less",
    "$has_value": "$has_value",
    "$is_unknown": "$is_unknown",
}
# Of dates these two count days when a number follows.
_DAYS = {"$more_than": "$more_than_ago", "$less_than": "$less_than_ago"}


def names(kind: Kind) -> list[str]:
    """The operators that a fact of a kind can be filtered by, for forms."""
    known = set(operators.names(kind))
    return [name for name, same in OPERATORS.items() if same in known]


def read(kind: Kind, conditions: Any, where: str) -> tuple[Comparison, ...]:
    """The comparisons of one field, all of which must hold; a single value may stand alone.

    Raises InvalidCondition.
    """
    if not isinstance(conditions, Mapping) or not conditions:
        raise InvalidCondition(where, "must have conditions")
    return tuple(_read(kind, str(name), given, where) for name, given in conditions.items())


def _read(kind: Kind, name: str, given: Any, where: str) -> Comparison:
    if name not in OPERATORS:
        known = ", ".join(OPERATORS)
        raise InvalidCondition(where, f"has an unknown condition {name[:40]!r}; use one of {known}")
    listed = given if isinstance(given, list | tuple) else [given]
    same = OPERATORS[name]
    if kind == Kind.DATE and not any(isinstance(value, str) for value in listed):
        same = _DAYS.get(name, same)
    (found,) = operators.read(kind, {same: listed}, where)
    if name != "$not_contain":
        return found

    def holds(fact: object, moment: Here) -> bool:
        return fact is not None and not found.holds(fact, moment)

    return Comparison(name, found.required, kind, holds)
