"""From the wire to the columns of a customer: reading, checking, applying; nothing is saved here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from customers.models import Customer
from customers.services import tracking
from loyalty_project.core import search
from loyalty_project.core.errors import Invalid

TEXTS = ("name", "description", "email", "phone")
ADDRESS = {
    "city": "city",
    "state": "state",
    "line_1": "address_line_1",
    "line_2": "address_line_2",
    "country": "country",
    "postal_code": "postal_code",
}
Values = dict[str, Any]


class InvalidProfile(Invalid):
    """A member of a customer has the wrong type or length."""


def read(data: Mapping[str, Any]) -> Values:
    """The columns that `data`, a customer as on the wire, sets. Raises InvalidProfile.

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
            values["birth_on"] = _day(data[name], name)
    if data.get("metadata") is not None:
        values["metadata"] = _object(data["metadata"], "metadata")
    if data.get("source_id"):
        values["source_id"] = _text(data["source_id"], "source_id", "source_id")
    return values


def apply(customer: Customer, values: Values) -> list[str]:
    """Set the columns, merging metadata per key; the names of those that changed.

    A source id that is set stays: it is what the shop's own records hold.
    """
    changed = []
    for name, value in values.items():
        old = getattr(customer, name)
        if name == "source_id" and old:
            continue
        new = {**old, **value} if name == "metadata" else value
        if new != old:
            setattr(customer, name, new)
            changed.append(name)
    if changed:
        changed += _derive(customer)
    return changed


def _derive(customer: Customer) -> list[str]:
    customer.search_name = search_text(customer)
    customer.tracking_id = (
        tracking.encode(customer.project, customer.source_id) if customer.source_id else None
    )
    return ["search_name", "tracking_id"]


def search_text(customer: Customer) -> str:
    """The words that find a customer: name, e-mail, phone as written and in one piece, source id."""
    digits = "".join(letter for letter in customer.phone if letter.isdigit())
    return search.words(
        customer.name, customer.email, customer.phone, digits, customer.source_id
    )


def _text(value: Any, wire: str, column: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidProfile(f"Property .{wire} must be string", extra={"field": column})
    text = value.strip()
    longest = Customer._meta.get_field(column).max_length
    if longest is not None and len(text) > longest:
        raise InvalidProfile(
            f"Property .{wire} must NOT have more than {longest} characters",
            extra={"field": column},
        )
    return text


def _address(value: Any) -> Values:
    given = _object(value if value is not None else dict.fromkeys(ADDRESS), "address")
    return {
        column: _text(given[wire], f"address.{wire}", column)
        for wire, column in ADDRESS.items()
        if wire in given
    }


def _object(value: Any, wire: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidProfile(f"Property .{wire} must be object", extra={"field": wire})
    return value


def _day(value: Any, wire: str) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    found = None
    if isinstance(value, str):
        try:
            found = parse_date(value[:10])
        except ValueError:
            found = None
    if found is None:
        raise InvalidProfile(
            f'Property .{wire} must match format "date"', extra={"field": "birth_on"}
        )
    return found
