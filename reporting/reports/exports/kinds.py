"""The kinds of exports, what may be asked of them, and their rows as texts."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from loyalty_project.core import csv_files, currencies, money
from loyalty_project.core.api import filters
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project

BATCH = 1_000
MAX_FIELDS = 200
METADATA = "metadata"


class InvalidExportFields(Invalid):
    key = "invalid_export_fields"
    message = "Invalid Export"


@dataclass(frozen=True, slots=True)
class Kind:
    """`columns` is by name how a row says it: a path with slashes into its wire form, or a
    function of both.

    `amounts` are columns of minor units. `order` maps published names to columns of the table.
    """

    rows: Callable[[], QuerySet[Any]]
    to_json: Callable[[Any], Mapping[str, Any]]
    columns: Mapping[str, str | Callable[[Any, Mapping[str, Any]], Any]]
    default: tuple[str, ...]
    order: Mapping[str, str]
    filters: Mapping[str, Any]
    amounts: frozenset[str] = frozenset()
    prepare: Callable[[Sequence[Any]], None] | None = None
    metadata: bool = field(default=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export asks for, checked."""

    kind: Kind
    fields: tuple[str, ...]
    rows: QuerySet[Any]


@cache
def by_name() -> Mapping[str, Kind]:
    """By the published name of what is exported."""
    from reporting.reports.exports import codes, people, uses

    return {
        "voucher": codes.VOUCHERS,
        "publication": codes.PUBLICATIONS,
        "voucher_transactions": codes.TRANSACTIONS,
        "redemption": uses.REDEMPTIONS,
        "order": uses.ORDERS,
        "customer": people.CUSTOMERS,
    }


def check(exported_object: str, parameters: Mapping[str, Any], *, at: datetime) -> Wanted:
    """Raises InvalidExportFields for an unknown column, Invalid for all else."""
    kind = by_name()[exported_object]
    given, order = parameters.get("fields") or (), parameters.get("order") or "-created_at"
    if not isinstance(given, (list, tuple)) or len(given) > MAX_FIELDS:
        raise Invalid(f"Property .parameters.fields must be array of at most {MAX_FIELDS}")
    if not isinstance(order, str):
        raise Invalid("Property .parameters.order must be string")
    fields = tuple(given or kind.default)
    unknown = [name for name in fields if not _is_known(kind, name)]
    if unknown:
        known = ", ".join([*kind.columns, *([METADATA] if kind.metadata else [])])
        raise InvalidExportFields(f"Unsupported field used. Allowed fields: {known}")
    condition = filters.build(parameters.get("filters"), kind.filters, at=at)
    name = order.removeprefix("-")
    if name not in kind.order:
        allowed = ", ".join(sign + each for each in kind.order for sign in ("", "-"))
        raise Invalid(f"Property .parameters.order must be one of {allowed}")
    sign = "-" if order.startswith("-") else ""
    rows = kind.rows().filter(condition).order_by(f"{sign}{kind.order[name]}", f"{sign}pk")
    return Wanted(kind, fields, rows)


def lines(wanted: Wanted, *, project: Project) -> Iterator[list[list[Any]]]:
    """The cells of all rows in batches, each row once; formulas are neutral."""
    exponent = currencies.look_of(project.currency).exponent
    batch: list[Any] = []
    for row in wanted.rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield _cells(wanted, batch, exponent)
            batch = []
    if batch:
        yield _cells(wanted, batch, exponent)


def _is_known(kind: Kind, name: Any) -> bool:
    if not isinstance(name, str):
        return False
    if kind.metadata and (name == METADATA or name.startswith(f"{METADATA}.")):
        return True
    return name in kind.columns


def _cells(wanted: Wanted, batch: Sequence[Any], exponent: int) -> list[list[Any]]:
    if wanted.kind.prepare is not None:
        wanted.kind.prepare(batch)
    found = []
    for row in batch:
        body = wanted.kind.to_json(row)
        found.append([_cell(wanted.kind, name, row, body, exponent) for name in wanted.fields])
    return found


def _cell(kind: Kind, name: str, row: Any, body: Mapping[str, Any], exponent: int) -> Any:
    if name.startswith(f"{METADATA}."):
        value = (body.get(METADATA) or {}).get(name.removeprefix(f"{METADATA}."))
    else:
        how = kind.columns.get(name, name)
        value = _at(body, how) if isinstance(how, str) else how(row, body)
    if value is not None and name in kind.amounts:
        return str(money.to_major(value, exponent))
    return csv_files.neutral(_text(value))


def _at(body: Any, path: str) -> Any:
    for part in path.split("/"):
        if isinstance(body, list):
            body = body[int(part)] if len(body) > int(part) else None
        else:
            body = (body or {}).get(part)
    return body


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value
