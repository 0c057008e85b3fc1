"""Declared filters of lists: operators on columns, as the published `filters` trees name them.

    FILTERS = {
        "code": filters.Text("code"),
        "created_at": filters.Date("created_at"),
        "metadata": metadata_filters.Metadata(),
    }

The same trees arrive in query strings and in JSON bodies (exports, segments).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.db.models import Q

from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.api.inputs import moment

MAX_VALUES = 200
_PRESENCE = frozenset({"$has_value", "$is_unknown"})
TEXT_OPERATORS = _PRESENCE | {
    "$in", "$not_in", "$is", "$is_not", "$starts_with", "$ends_with", "$contains", "$not_contain",
}  # fmt: skip
DATE_OPERATORS = _PRESENCE | {"$after", "$before", "$more_than", "$less_than"}
NUMBER_OPERATORS = _PRESENCE | {
    "$in", "$not_in", "$is", "$is_not",
    "$more_than", "$less_than", "$more_than_equal", "$less_than_equal",
}  # fmt: skip
CHOICE_OPERATORS = _PRESENCE | {"$in", "$not_in", "$is", "$is_not"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator of one field. `values` are as sent; `at` is the time of the request."""

    field: str
    operator: str
    values: list[Any]
    at: datetime

    @property
    def value(self) -> Any:
        if len(self.values) != 1:
            raise self.refused("takes one value")
        return self.values[0]

    def refused(self, why: str) -> InvalidQuery:
        return InvalidQuery(f"Filter '{self.field}': {self.operator} {why}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text column; `convert` maps a sent value to a stored one, e.g. a code to its key."""

    column: str
    convert: Callable[[str], Any] = str
    operators: frozenset[str] = TEXT_OPERATORS

    def q(self, condition: Condition) -> Q:
        values = [self.convert(text_of(condition, value)) for value in condition.values]
        match condition.operator:
            case "$in" | "$is":
                return Q(**{f"{self.column}__in": values})
            case "$not_in" | "$is_not":
                return ~Q(**{f"{self.column}__in": values})
            case "$starts_with" | "$ends_with" | "$contains" | "$not_contain":
                return self._like(condition)
        unknown = Q(**{f"{self.column}__isnull": True}) | Q(**{self.column: ""})
        return unknown if condition.operator == "$is_unknown" else ~unknown

    def _like(self, condition: Condition) -> Q:
        lookup = {"$starts_with": "startswith", "$ends_with": "endswith"}
        name = f"{self.column}__{lookup.get(condition.operator, 'contains')}"
        found = Q(**{name: self.convert(text_of(condition, condition.value))})
        return ~found if condition.operator == "$not_contain" else found


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with few values, e.g. a status; `values` maps sent values to stored ones."""

    column: str
    values: Mapping[str, Any]
    operators: frozenset[str] = CHOICE_OPERATORS

    def q(self, condition: Condition) -> Q:
        if condition.operator in _PRESENCE:
            return _presence(self.column, condition)
        known = [self._stored(condition, value) for value in condition.values]
        found = Q(**{f"{self.column}__in": known})
        return ~found if condition.operator in {"$not_in", "$is_not"} else found

    def _stored(self, condition: Condition, value: Any) -> Any:
        name = str(value).lower() if isinstance(value, bool) else str(value)
        if name not in self.values:
            raise condition.refused(f"takes one of {', '.join(self.values)}")
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Date:
    """An instant. `$after` and `$before` take ISO 8601, `$more_than` and `$less_than` days ago."""

    column: str
    operators: frozenset[str] = DATE_OPERATORS

    def q(self, condition: Condition) -> Q:
        match condition.operator:
            case "$after" | "$before":
                found = moment(condition.value)
                if found is None:
                    raise condition.refused("takes a date and time in ISO 8601")
                lookup = "gt" if condition.operator == "$after" else "lt"
                return Q(**{f"{self.column}__{lookup}": found})
            case "$more_than" | "$less_than":
                days = int(number_of(condition, condition.value, high=36_500))
                bound = condition.at - timedelta(days=days)
                lookup = "lt" if condition.operator == "$more_than" else "gt"
                return Q(**{f"{self.column}__{lookup}": bound})
        return _presence(self.column, condition)


@dataclass(frozen=True, slots=True)
class Number:
    """An integer or decimal column."""

    column: str
    operators: frozenset[str] = NUMBER_OPERATORS

    def q(self, condition: Condition) -> Q:
        if condition.operator in _PRESENCE:
            return _presence(self.column, condition)
        lookup = {
            "$more_than": "gt",
            "$less_than": "lt",
            "$more_than_equal": "gte",
            "$less_than_equal": "lte",
        }.get(condition.operator)
        if lookup:
            bound = number_of(condition, condition.value)
            return Q(**{f"{self.column}__{lookup}": bound})
        found = Q(
            **{f"{self.column}__in": [number_of(condition, value) for value in condition.values]}
        )
        return ~found if condition.operator in {"$not_in", "$is_not"} else found


@dataclass(frozen=True, slots=True)
class Custom:
    """What no column says: `build` gets the Condition and answers a Q."""

    build: Callable[[Condition], Q]
    operators: frozenset[str]

    def q(self, condition: Condition) -> Q:
        return self.build(condition)


class Field(Protocol):
    """What a table of filters holds."""

    @property
    def operators(self) -> frozenset[str]: ...

    def q(self, condition: Condition) -> Q: ...


def build(tree: Any, fields: Mapping[str, Any], *, at: datetime) -> Q:
    """The Q of a filter tree. Raises InvalidQuery naming the unknown field or operator."""
    if tree in (None, ""):
        return Q()
    if not isinstance(tree, dict):
        raise InvalidQuery("Query param 'filters' must be an object")
    junction = str(tree.get("junction", "and")).lower()
    if junction not in {"and", "or"}:
        raise InvalidQuery("filters[junction] must be 'and' or 'or'")
    found = Q()
    for name, node in tree.items():
        if name != "junction":
            part = _of_field(name, node, fields, at=at)
            found = found | part if junction == "or" else found & part
    return found


def _of_field(name: str, node: Any, fields: Mapping[str, Any], *, at: datetime) -> Q:
    field: Field | None = fields.get(name)
    if field is None and "." in name:
        field = fields.get(name.partition(".")[0])
        if not getattr(field, "by_key", False):
            field = None
    if field is None:
        raise InvalidQuery(f"Filter '{name[:80]}' is not known; use one of {', '.join(fields)}")
    conditions = node.get("conditions") if isinstance(node, dict) else None
    if not isinstance(conditions, dict) or not conditions:
        raise InvalidQuery(f"Filter '{name}' must have 'conditions'")
    found = Q()
    for operator, values in conditions.items():
        if operator not in field.operators:
            known = ", ".join(sorted(field.operators))
            raise InvalidQuery(f"Filter '{name}': unknown operator {operator!r}; use {known}")
        listed = values if isinstance(values, list) else [values]
        if len(listed) > MAX_VALUES:
            raise InvalidQuery(f"Filter '{name}': {operator} takes at most {MAX_VALUES} values")
        found &= field.q(Condition(name, operator, listed, at))
    return found


def text_of(condition: Condition, value: Any) -> str:
    if isinstance(value, (dict, list)) or value is None:
        raise condition.refused("takes texts")
    return str(value).lower() if isinstance(value, bool) else str(value)


def number_of(condition: Condition, value: Any, *, high: int = 2**63 - 1) -> Decimal | int:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise condition.refused("takes a number") from None
    if not number.is_finite() or abs(number) > high:
        raise condition.refused(f"takes a number up to {high}")
    return int(number) if number == number.to_integral_value() else number


def _presence(column: str, condition: Condition) -> Q:
    return Q(**{f"{column}__isnull": condition.operator == "$is_unknown"})
