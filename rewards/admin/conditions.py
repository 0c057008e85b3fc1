"""The filter of a collection as rows of attribute, comparison and value, and as a sentence."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import reduce
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty_project.core import metadata, money, tenancy
from loyalty_project.core.admin import currency, fields, moments
from loyalty_project.core.errors import Invalid
from loyalty_project.core.predicates.values import read_date

Text = str | Promise
Tree = Mapping[str, Any]

# What may be compared, by the name that the form sends; `.` in the wire name takes the key.
ATTRIBUTES: Mapping[str, tuple[str, Text]] = {
    "name": ("name", gettext_lazy("Name")),
    "price": ("price", gettext_lazy("Price")),
    "own": ("metadata.", gettext_lazy("Own attribute")),
    "of_sku": ("attributes.", gettext_lazy("Attribute of a SKU")),
    "source_id": ("source_id", gettext_lazy("Source id")),
    "id": ("id", gettext_lazy("Public id")),
    "product_id": ("product_id", gettext_lazy("Public id of the SKU's product")),
    "object": ("object", gettext_lazy("Kind: product or sku")),
    "attributes": ("attributes", gettext_lazy("Names of attributes")),
    "skus": ("skus", gettext_lazy("SKUs of a product")),
    "image_url": ("image_url", gettext_lazy("Image")),
    "created_at": ("created_at", gettext_lazy("Created")),
    "updated_at": ("updated_at", gettext_lazy("Changed")),
}
# `…` is where the value stands in a sentence.
OPERATORS: Mapping[str, Text] = {
    "$is": gettext_lazy("is …"),
    "$is_not": gettext_lazy("is not …"),
    "$in": gettext_lazy("is one of …"),
    "$not_in": gettext_lazy("is none of …"),
    "$contains": gettext_lazy("contains …"),
    "$not_contain": gettext_lazy("does not contain …"),
    "$starts_with": gettext_lazy("starts with …"),
    "$ends_with": gettext_lazy("ends with …"),
    "$more_than": gettext_lazy("is more than …"),
    "$more_than_equal": gettext_lazy("is at least …"),
    "$less_than": gettext_lazy("is less than …"),
    "$less_than_equal": gettext_lazy("is at most …"),
    "$after": gettext_lazy("is after …"),
    "$before": gettext_lazy("is before …"),
    "$more_than_ago": gettext_lazy("is more than … days ago"),
    "$less_than_ago": gettext_lazy("is less than … days ago"),
    "$is_days_ago": gettext_lazy("is … days ago"),
    "$more_than_future": gettext_lazy("is more than … days ahead"),
    "$less_than_future": gettext_lazy("is less than … days ahead"),
    "$is_days_in_future": gettext_lazy("is … days ahead"),
    "$count": gettext_lazy("has exactly … entries"),
    "$count_more": gettext_lazy("has more than … entries"),
    "$count_less": gettext_lazy("has fewer than … entries"),
    "$has_value": gettext_lazy("is set"),
    "$is_unknown": gettext_lazy("is not set"),
}
_PRESENCE = ("$has_value", "$is_unknown")
_LISTS = ("$in", "$not_in")
_DAYS = ("$after", "$before")
_COUNTS = ("$count", "$count_more", "$count_less")
_AGO = ("$more_than_ago", "$less_than_ago", "$is_days_ago")
_AHEAD = ("$more_than_future", "$less_than_future", "$is_days_in_future")
_SORTED = ("$more_than", "$more_than_equal", "$less_than", "$less_than_equal")
_SAME = ("$is", "$is_not", *_LISTS)
_LIKE = ("$contains", "$not_contain", "$starts_with", "$ends_with")
_TEXT = (*_SAME, *_LIKE, *_PRESENCE)
OFFERED: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(ATTRIBUTES, _TEXT),
    "price": (*_SAME, *_SORTED, *_PRESENCE),
    "own": (*_SAME, *_LIKE, *_SORTED, *_DAYS, *_AGO, *_AHEAD, *_COUNTS, *_PRESENCE),
    "of_sku": (*_SAME, *_LIKE, *_SORTED, *_PRESENCE),
    "attributes": ("$contains", "$not_contain", *_COUNTS, *_PRESENCE),
    "skus": (*_LISTS, *_COUNTS, *_PRESENCE),
    "object": ("$is", "$is_not"),
    "created_at": (*_DAYS, *_AGO),
    "updated_at": (*_DAYS, *_AGO),
}
KEYED = frozenset(name for name, (wire, _label) in ATTRIBUTES.items() if wire.endswith("."))
# The same in other published words.
_MANY = {"$is": "$in", "$is_not": "$not_in"}
_OF_DATES = {"$more_than": "$more_than_ago", "$less_than": "$less_than_ago"}
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form, as typed."""

    attribute: str = ""
    key: str = ""
    operator: str = ""
    value: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.attribute or self.key or self.value)

    @property
    def name(self) -> str:
        """The attribute by its published name."""
        wire = ATTRIBUTES[self.attribute][0]
        return f"{wire}{self.key}" if self.attribute in KEYED else wire


class Wrong(ValueError):
    """What is wrong with a row, in a sentence."""


def tree_of(junction: str, rows: Iterable[Row]) -> dict[str, Any]:
    """The published filter. Raises Wrong, which names the row by its number."""
    tree: dict[str, Any] = {"junction": "or" if junction == "or" else "and"}
    for number, row in enumerate(rows, start=1):
        if row.is_blank:
            continue
        try:
            _add(tree, row)
        except Wrong as error:
            text = _("Row %(number)s: %(problem)s")
            raise Wrong(text % {"number": number, "problem": error}) from error
    if len(tree) == 1:
        raise Wrong(_("Fill in at least one row."))
    return tree


def rows_of(tree: Tree) -> list[Row] | None:
    """The rows of a filter; None for one that rows cannot show, which the API may have made."""
    found = []
    for name, node in tree.items():
        if name == "junction":
            continue
        attribute, key = _named(name)
        for operator, given in (node.get("conditions") or {}).items():
            values = given if isinstance(given, list) else [given]
            row = _row(attribute, key, operator, values)
            if row is None:
                return None
            found.append(row)
    return found


def sentence(tree: Tree) -> str:
    """The filter in words, such as `Price is less than 10.00 EUR and roast is dark`."""
    parts = []
    for name, node in tree.items():
        if name == "junction":
            continue
        attribute, key = _named(name)
        label = key or str(ATTRIBUTES.get(attribute, ("", name))[1])
        for operator, given in (node.get("conditions") or {}).items():
            values = given if isinstance(given, list) else [given]
            said = ", ".join(_told(attribute, value) for value in values)
            comparison = str(OPERATORS.get(operator, f"{operator} …")).replace("…", said)
            parts.append(f"{label} {comparison}")
    either = str(tree.get("junction", "and")).lower() == "or"
    joint = _("%(first)s or %(last)s") if either else _("%(first)s and %(last)s")
    return reduce(lambda first, last: joint % {"first": first, "last": last}, parts or [""])


def _add(tree: dict[str, Any], row: Row) -> None:
    if row.attribute not in ATTRIBUTES:
        raise Wrong(_("choose an attribute."))
    if row.attribute in KEYED and not row.key:
        raise Wrong(_("say which attribute."))
    if row.operator not in OFFERED[row.attribute]:
        raise Wrong(_("choose how to compare."))
    conditions = tree.setdefault(row.name, {"conditions": {}})["conditions"]
    if row.operator in conditions:
        raise Wrong(_("it compares in the same way as a row above; put the values into one row."))
    if conditions and tree["junction"] == "or":
        raise Wrong(_("where one row is enough, each attribute may stand in one row only."))
    conditions[row.operator] = _values(row)


def _values(row: Row) -> list[Any]:
    if row.operator in _PRESENCE:
        return [True]
    if not row.value:
        raise Wrong(_("enter a value."))
    if row.operator in _LISTS:
        cells = next(csv.reader([row.value], skipinitialspace=True), [])
        return [_value(row, cell.strip()) for cell in cells if cell.strip()]
    return [_value(row, row.value)]


def _value(row: Row, text: str) -> Any:
    if row.operator in {*_COUNTS, *_AGO, *_AHEAD}:
        number = fields.ascii_digits(text)
        if not _WHOLE.fullmatch(number):
            raise Wrong(_("enter a whole number."))
        return int(number)
    if row.operator in _DAYS:
        return _day(text)
    if row.attribute == "price":
        return _amount(text)
    if row.attribute == "object" and text not in {"product", "sku"}:
        raise Wrong(_("enter product or sku."))
    if row.attribute not in KEYED or row.operator in _LIKE:
        return text
    found = _guessed(row, text)
    if row.operator in _SORTED and isinstance(found, str | bool):
        raise Wrong(_("enter a number."))
    return found


def _amount(text: str) -> int:
    try:
        return money.to_minor(fields.plain_number(text), currency.current().exponent)
    except Invalid as error:
        raise Wrong(_("enter an amount such as 12.50.")) from error


def _day(text: str) -> str:
    digits = fields.ascii_digits(text)
    try:
        found = read_date(moments.from_jalali(digits) if moments.is_jalali() else digits)
    except ValueError:
        found = None
    if found is None:
        raise Wrong(_("enter a day as year-month-day."))
    return found.isoformat()


def _guessed(row: Row, text: str) -> Any:
    """What the schema of products says that the attribute is; else what it looks like."""
    schema = metadata.schema_of(project=tenancy.current_project(), resource="product")
    known = (schema.properties if schema is not None else {}).get(row.key) or {}
    kind = known.get("type") if row.attribute == "own" else None
    number = fields.plain_number(text)
    if kind in {None, "number"} and _NUMBER.fullmatch(number):
        return float(number) if "." in number else int(number)
    if kind in {None, "boolean"} and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return text


def _named(name: str) -> tuple[str, str]:
    """Attribute and key of a published name; an unknown one is no attribute."""
    for attribute, (wire, _label) in ATTRIBUTES.items():
        if attribute in KEYED and name.startswith(wire):
            return attribute, name.removeprefix(wire)
        if name == wire:
            return attribute, ""
    return "", ""


def _row(attribute: str, key: str, operator: str, values: list[Any]) -> Row | None:
    if len(values) > 1:
        operator = _MANY.get(operator, operator)
    if attribute in {"created_at", "updated_at"}:
        operator = _OF_DATES.get(operator, operator)
    if operator not in OFFERED.get(attribute, ()):
        return None
    if operator in _PRESENCE:
        return Row(attribute, key, operator) if False not in values else None
    if len(values) != 1 and operator not in _LISTS:
        return None
    cells = [_typed(attribute, operator, value) for value in values]
    return Row(attribute, key, operator, _joined(cells) if operator in _LISTS else cells[0])


def _joined(cells: Sequence[str]) -> str:
    """With commas between them, and quotes around what holds one."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _typed(attribute: str, operator: str, value: Any) -> str:
    """A value as it is typed into a row."""
    if attribute == "price" and isinstance(value, int):
        return str(money.to_major(value, currency.current().exponent))
    if isinstance(value, bool):
        return str(value).lower()
    day = read_date(value) if operator in _DAYS else None
    if day is not None and not isinstance(day, datetime) and moments.is_jalali():
        return moments.to_jalali(datetime.combine(day, time())).partition(" ")[0]
    return str(value)


def _told(attribute: str, value: Any) -> str:
    """A value in a sentence."""
    if attribute == "price" and isinstance(value, int):
        return currency.current().text(value)
    day = read_date(value) if attribute in {"created_at", "updated_at"} else None
    if day is not None:
        return moments.day(day)
    return str(value).lower() if isinstance(value, bool) else str(value)
