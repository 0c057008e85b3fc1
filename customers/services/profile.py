"""From the wire to the columns of a customer; nothing is saved here."""

from collections.abc import Mapping
from typing import Any

from customers.models import Customer
from customers.services import tracking
from loyalty_project.core import metadata, reading, search

TEXTS = ("name", "description", "email", "phone")
ADDRESS = {
    "city": "city",
    "state": "state",
    "line_1": "address_line_1",
    "line_2": "address_line_2",
    "country": "country",
    "postal_code": "postal_code",
}
_LONGEST = {field.name: field.max_length for field in Customer._meta.concrete_fields}
Values = dict[str, Any]


def read(*, data: Mapping[str, Any]) -> Values:
    """The columns that `data`, a customer as on the wire, sets. Raises reading.WrongMember.

    What is absent is left alone; null and "" clear a column. `birthdate` goes before `birthday`.
    """
    values: Values = {}
    for name in TEXTS:
        if name in data:
            values[name] = _text(data[name], name, name)
    if "address" in data:
        values |= _address(data["address"])
    for name in ("birthday", "birthdate"):
        if name in data and (data[name] or "birth_on" not in values):
            values["birth_on"] = reading.day(data[name], name)
    if data.get("metadata") is not None:
        values["metadata"] = reading.mapping(data["metadata"], "metadata")
    if data.get("source_id"):
        values["source_id"] = _text(data["source_id"], "source_id", "source_id")
    return values


def apply(*, customer: Customer, values: Values) -> list[str]:
    """Set the columns, merging metadata per key; the names of those that changed.

    A source id that is set stays: it is what the shop's own records hold.
    """
    changed = []
    for name, value in values.items():
        old = getattr(customer, name)
        if name == "source_id" and old:
            continue
        new = metadata.merged(old, value) if name == "metadata" else value
        if new != old:
            setattr(customer, name, new)
            changed.append(name)
    if changed:
        changed += _derive(customer)
    return changed


def _derive(customer: Customer) -> list[str]:
    customer.search_name = search_text(customer=customer)
    customer.tracking_id = (
        tracking.encode(project=customer.project, raw=customer.source_id)
        if customer.source_id
        else None
    )
    return ["search_name", "tracking_id"]


def search_text(*, customer: Customer) -> str:
    """The words that find a customer; the phone as written and in one piece."""
    digits = "".join(filter(str.isdigit, customer.phone))
    return search.words(customer.name, customer.email, customer.phone, digits, customer.source_id)


def _text(value: Any, wire: str, column: str) -> str:
    return reading.text(value, wire, longest=_LONGEST[column])


def _address(value: Any) -> Values:
    given = dict.fromkeys(ADDRESS) if value is None else reading.mapping(value, "address")
    return {
        column: _text(given[wire], f"address.{wire}", column)
        for wire, column in ADDRESS.items()
        if wire in given
    }
