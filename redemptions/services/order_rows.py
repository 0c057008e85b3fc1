"""Rows of a CSV file as orders of POST /v1/orders: one row per line, those of an order together.

Amounts are in major units of the project's currency (12.50), unlike in the API.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from campaigns.services import terms
from loyalty_project.core import bulk, csv_files, currencies, metadata, money, reading
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from redemptions.models import OrderStatus

KEY = "source_id"
AMOUNTS = ("amount", "discount_amount")
# Header of a line → member of an item on the wire.
ITEM = {
    "item_product": "product",
    "item_sku": "sku",
    "item_quantity": "quantity",
    "item_price": "price",
    "item_amount": "amount",
    "item_discount_amount": "discount_amount",
}
COLUMNS = frozenset(
    {KEY, "status", "customer", "created_at", "currency", "metadata", *AMOUNTS, *ITEM}
)
# Columns of our export that an order has from its lines and redemptions.
OURS = frozenset(
    {"public_id", "items_discount_amount", "credits_amount", "total_amount", "tax_base", "paid_at"}
)
MAX_ITEMS = 500
MAX_QUANTITY = 1_000_000
# Such amounts are still sums that a column holds.
MAX_AMOUNT = 10**12
LONGEST = 255
Data = dict[str, Any]


def name_of(*, line: bulk.Line) -> str:
    return csv_files.cell(line.data, KEY)


def orders(*, lines: Sequence[bulk.Line]) -> list[list[bulk.Line]]:
    """The lines by the order that they belong to, in the order of the file."""
    groups = groupby(lines, key=lambda line: name_of(line=line))
    return [part for key, found in groups for part in _apart(key, list(found))]


def _apart(key: str, lines: list[bulk.Line]) -> list[list[bulk.Line]]:
    """Rows that name no order belong to none together."""
    return [lines] if key else [[line] for line in lines]


class Reader:
    def __init__(self, *, project: Project, at: datetime) -> None:
        self.exponent = currencies.find(project.currency, on=at.date()).exponent
        self.schema = metadata.schema_of(project=project, resource="order")

    def read(self, *, lines: Sequence[bulk.Line]) -> Data:
        """One order with its items. Raises WrongLine."""
        if len(lines) > MAX_ITEMS:
            raise WrongLine(lines[0], Invalid(f"An order must NOT have more than {MAX_ITEMS} rows"))
        data: Data = {}
        items = []
        first: Mapping[str, str] = {}
        for line in lines:
            try:
                cells, others = _cells(line)
                if not first:
                    first = {**cells, **others}
                    data = self._order(cells, others)
                else:
                    _refuse_others(first, {**cells, **others})
                item = self._item(cells)
            except Invalid as error:
                raise WrongLine(line, error) from error
            if item:
                items.append(item)
        return {**data, "items": items} if items else data

    def _order(self, cells: Mapping[str, str], others: Mapping[str, str]) -> Data:
        data: Data = {KEY: reading.text(cells.get(KEY), KEY, longest=LONGEST)}
        if not data[KEY]:
            raise reading.wrong(KEY, "must NOT be empty")
        if cells.get("status"):
            data["status"] = cells["status"].upper()
            if data["status"] not in OrderStatus.values:
                raise reading.wrong("status", "must be equal to one of the allowed values")
        for name in ("customer", "currency"):
            if cells.get(name):
                data[name] = reading.text(cells[name], name, longest=LONGEST)
        if cells.get("created_at"):
            data["created_at"] = terms.moment(value=cells["created_at"], name="created_at")
        for name in AMOUNTS:
            if cells.get(name):
                data[name] = self._amount(cells[name], name)
        given = csv_files.json_object(cells.get("metadata", ""), "metadata")
        given |= metadata.of_texts(self.schema, others)
        return {**data, "metadata": given} if given else data

    def _item(self, cells: Mapping[str, str]) -> Data:
        given = {member: cells[name] for name, member in ITEM.items() if cells.get(name)}
        item: Data = {}
        for kind in ("product", "sku"):
            if kind in given:
                item |= _reference(kind, reading.text(given[kind], f"item_{kind}", longest=LONGEST))
        if "quantity" in given:
            item["quantity"] = _quantity(given["quantity"])
        for name in ("price", *AMOUNTS):
            if name in given:
                item[name] = self._amount(given[name], f"item_{name}")
        if item and not ("product" in given or "sku" in given):
            raise reading.wrong("item_product", "must NOT be empty")
        return item

    def _amount(self, text: str, name: str) -> int:
        try:
            found = money.to_minor(text, self.exponent)
        except money.InvalidAmount as error:
            raise Invalid(error.details, extra={"field": name}) from error
        if not 0 <= found <= MAX_AMOUNT:
            raise reading.wrong(name, f"must be >= 0 and <= {MAX_AMOUNT}")
        return found


class WrongLine(Exception):
    """A line because of which its order is refused."""

    def __init__(self, line: bulk.Line, error: Invalid) -> None:
        self.line, self.error = line, error
        super().__init__(error.details)


def _cells(line: bulk.Line) -> tuple[Data, dict[str, str]]:
    if line.torn:
        raise Invalid("The row beside it cannot be read and may belong to the order")
    cells, others = csv_files.split(line.data, COLUMNS | OURS)
    return {name: text for name, text in cells.items() if name not in OURS}, others


def _refuse_others(first: Mapping[str, str], cells: Mapping[str, str]) -> None:
    """What belongs to the whole order is as in its first row, or left empty."""
    for name, text in cells.items():
        if text and name not in ITEM and text != first.get(name, ""):
            raise Invalid(
                f"Column '{name}' differs from the first row of the order", extra={"field": name}
            )


def _reference(kind: str, reference: str) -> Data:
    """A product or SKU by our id, else by that of the shop."""
    if reference.startswith(f"{kind[:4]}_"):
        return {f"{kind}_id": reference}
    return {"source_id": reference, "related_object": kind}


def _quantity(text: str) -> int:
    is_whole = text.isascii() and text.isdecimal() and len(text) < 8
    if not (is_whole and 1 <= int(text) <= MAX_QUANTITY):
        raise reading.wrong("item_quantity", f"must be >= 1 and <= {MAX_QUANTITY}")
    return int(text)
