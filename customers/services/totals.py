"""Counts and totals of customers, as statements that a commit sends with its others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from customers.models import Customer
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project

_NONE = {
    "orders_count": 0,
    "orders_amount": 0,
    "redemptions_succeeded": 0,
    "redemptions_failed": 0,
    "rollbacks_succeeded": 0,
    "rollbacks_failed": 0,
}
_INSERT = """
INSERT INTO customers_customersummary AS old
    (project_id, customer_id, created_at, updated_at, last_order_amount, last_order_at, {columns})
VALUES (%s, %s, %s, %s, %s, %s, {places})
ON CONFLICT (customer_id) DO UPDATE SET updated_at = excluded.updated_at, {changes}
"""
_ORDER = """
    orders_count = old.orders_count + excluded.orders_count,
    orders_amount = old.orders_amount + excluded.orders_amount,
    last_order_amount = CASE
        WHEN excluded.orders_count < 0 AND old.orders_count <= 1 THEN NULL
        WHEN excluded.orders_count < 0 AND excluded.last_order_at IS NOT NULL
            THEN excluded.last_order_amount
        WHEN excluded.last_order_at >= COALESCE(old.last_order_at, excluded.last_order_at)
            THEN excluded.last_order_amount
        ELSE old.last_order_amount END,
    last_order_at = CASE
        WHEN excluded.orders_count < 0 AND old.orders_count <= 1 THEN NULL
        WHEN excluded.orders_count < 0 AND excluded.last_order_at IS NOT NULL
            THEN excluded.last_order_at
        ELSE GREATEST(old.last_order_at, excluded.last_order_at) END
"""
_MANY = """
INSERT INTO customers_customersummary AS old
    (project_id, customer_id, created_at, updated_at, last_order_amount, last_order_at,
    orders_count, orders_amount, redemptions_succeeded, redemptions_failed, rollbacks_succeeded,
    rollbacks_failed)
SELECT %s, pk, %s, %s, last_amount, last_at, count, amount, 0, 0, 0, 0
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::int[], %s::bigint[])
    AS given (pk, last_amount, last_at, count, amount) ORDER BY pk
ON CONFLICT (customer_id) DO UPDATE SET updated_at = excluded.updated_at, {changes}
"""


def order(
    *,
    customer: Customer,
    amount: int,
    sign: int,
    left: tuple[int | None, datetime] | None = None,
    at: datetime,
) -> Statement:
    """One more PAID or FULFILLED order of `amount` minor units (sign 1), or one fewer (sign -1).

    Of those that are `left` after one fewer it takes amount and time of the last; without, the last
    order stays as it was. It is forgotten when none is left.
    """
    last = (amount, at) if sign > 0 else (left or (None, None))
    return _statement(
        customer,
        {"orders_count": sign, "orders_amount": sign * amount},
        last=last,
        changes=_ORDER,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """One PAID or FULFILLED order, in minor units."""

    amount: int
    at: datetime


def orders(
    *, project: Project, of: Mapping[int, Sequence[Counted]], at: datetime
) -> list[Statement]:
    """So many more orders of customers, by their primary keys; one statement for all of them."""
    columns: list[list[Any]] = [[], [], [], [], []]
    for pk in sorted(of):
        last = max(of[pk], key=attrgetter("at"))
        row = (pk, last.amount, last.at, len(of[pk]), sum(each.amount for each in of[pk]))
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    sql = _MANY.format(changes=_ORDER)
    return [Statement(sql, (project.pk, at, at, *columns), rows=len(of), about="summaries")]


def redemption(*, customer: Customer, field: str, at: datetime) -> Statement:
    """One more in a counter, e.g. `redemptions_succeeded`."""
    change = f"{field} = old.{field} + excluded.{field}"
    return _statement(customer, {field: 1}, last=(None, None), changes=change, at=at)


def _statement(
    customer: Customer,
    counts: dict[str, int],
    *,
    last: tuple[int | None, datetime | None],
    changes: str,
    at: datetime,
) -> Statement:
    values = {**_NONE, **counts}
    sql = _INSERT.format(
        columns=", ".join(values), places=", ".join(["%s"] * len(values)), changes=changes
    )
    params = (customer.project_id, customer.pk, at, at, *last, *values.values())
    return Statement(sql, params, rows=1, about=f"summary of {customer.public_id}")
