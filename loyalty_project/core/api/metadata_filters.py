"""Filters on the keys of a JSON column, sent as `metadata.tier`."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)

from loyalty_project.core.api import filters
from loyalty_project.core.api.filters import Condition

_ORDER = {
    "$more_than": GreaterThan,
    "$more_than_equal": GreaterThanOrEqual,
    "$less_than": LessThan,
    "$less_than_equal": LessThanOrEqual,
}
_LIKE = {"$starts_with": StartsWith, "$ends_with": EndsWith, "$contains": Contains}
_NUMBER = re.compile(r"-?\d{1,19}(\.\d{0,17})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Any key of the column. `$is gold` also finds a list that holds `gold`."""

    by_key: ClassVar[bool] = True
    column: str = "metadata"
    operators: frozenset[str] = frozenset(
        filters.TEXT_OPERATORS | filters.NUMBER_OPERATORS | {"$after", "$before"}
    )

    def q(self, condition: Condition) -> Q:
        key = condition.field.partition(".")[2]
        operator = condition.operator
        if operator in {"$has_value", "$is_unknown"}:
            known = self._has(key) & ~self._holds({key: None})
            return known if operator == "$has_value" else ~known
        if operator in _ORDER:
            return self._compared(key, condition)
        if operator in {"$after", "$before"}:
            return self._dated(key, condition)
        if operator in {"$in", "$is", "$not_in", "$is_not"}:
            found = self._equal(key, condition)
            return ~found if operator in {"$not_in", "$is_not"} else found
        text = filters.text_of(condition, condition.value)
        value = Coalesce(self._text(key), Value(""), output_field=TextField())
        like = Q(_LIKE.get(operator, Contains)(value, text))
        return ~like if operator == "$not_contain" else like

    def _text(self, key: str) -> Func:
        return self._member(key, "jsonb_extract_path_text", TextField())

    def _member(self, key: str, function: str, kind: Any) -> Func:
        """By its name also where that is a number, which the operator takes for a position."""
        return Func(F(self.column), Value(key), function=function, output_field=kind)

    def _has(self, key: str) -> Q:
        return Q(**{f"{self.column}__has_key": key})

    def _holds(self, value: dict[str, Any]) -> Q:
        return Q(**{f"{self.column}__contains": value})

    def _equal(self, key: str, condition: Condition) -> Q:
        """A value of the query string is a text; in the column it may be a number or a flag."""
        found = Q(pk__in=[])
        for value in condition.values:
            for form in _forms(filters.text_of(condition, value)):
                found |= self._holds({key: form}) | self._holds({key: [form]})
        return found

    def _compared(self, key: str, condition: Condition) -> Q:
        number = filters.number_of(condition, condition.value)
        bound = Value(number if isinstance(number, int) else float(number), JSONField())
        value = self._member(key, "jsonb_extract_path", JSONField())
        kind = Func(value, function="jsonb_typeof", output_field=TextField())
        return Q(Exact(kind, Value("number"))) & Q(_ORDER[condition.operator](value, bound))

    def _dated(self, key: str, condition: Condition) -> Q:
        """Dates are texts in ISO 8601, which sort as they follow each other."""
        text = Value(filters.text_of(condition, condition.value))
        compare = GreaterThan if condition.operator == "$after" else LessThan
        return Q(compare(self._text(key), text))


def _forms(text: str) -> list[Any]:
    if text in {"true", "false"}:
        return [text, text == "true"]
    if _NUMBER.fullmatch(text):
        return [text, float(text) if "." in text else int(text)]
    return [text]
