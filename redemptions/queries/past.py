"""What rules ask of a customer's past."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine.history import LIFETIME, Measure, Past, bounds
from customers.models import Customer
from loyalty_project.core.models import Project

Sql = tuple[str, list[Any]]

_ORDERS = (
    "(SELECT {what} FROM redemptions_order o WHERE o.customer_id = %s"
    " AND o.status IN ('PAID', 'FULFILLED'){window})"
)
_REDEMPTIONS = (
    "(SELECT count(*) FROM redemptions_redemption r"
    " LEFT JOIN campaigns_campaign c ON c.id = r.campaign_id"
    " LEFT JOIN campaigns_voucher v ON v.id = r.voucher_id"
    " WHERE r.customer_id = %s AND r.result = 'SUCCESS' AND r.rolled_back_at IS NULL"
    " AND (r.voucher_id IS NOT NULL OR r.promotion_tier_id IS NOT NULL){window})"
)
_OWNER = "coalesce(c.public_id, v.public_id)"
_WHAT = {
    Measure.ORDERS_COUNT: "count(*)",
    Measure.ORDERS_AMOUNT: "coalesce(sum(o.total_amount), 0)",
}


def questions(
    *, project: Project, customer: Customer, asked: Collection[Past], at: datetime
) -> dict[Past, Sql]:
    """For each what answers it, a subquery and its parameters, counts and minor units.

    Nothing for what the customer's summary says, nor for what orders held (`bought`).
    """
    zone = ZoneInfo(project.timezone)
    of_goods = Measure.ORDERS_WITH
    open_ = (each for each in asked if not _is_summed(each) and each.measure != of_goods)
    return {past: _part(past, customer, zone, at) for past in sorted(open_, key=repr)}


def _is_summed(past: Past) -> bool:
    """Orders of all time stand in the customer's summary."""
    return past.window == LIFETIME and past.measure != Measure.REDEMPTIONS


def _part(past: Past, customer: Customer, zone: ZoneInfo, at: datetime) -> Sql:
    is_orders = past.measure != Measure.REDEMPTIONS
    column = "o.created_at" if is_orders else "r.redeemed_at"
    begin, end = bounds(past.window, at, zone)
    conditions: list[tuple[str, Any]] = [
        (f"{column} >= %s", begin),
        (f"{column} < %s", end),
        (f"{_OWNER} = %s", past.only),
        (f"{_OWNER} <> %s", past.but),
    ]
    given = [(sql, value) for sql, value in conditions if value is not None]
    window = "".join(f" AND {sql}" for sql, _ in given)
    template = _ORDERS if is_orders else _REDEMPTIONS
    sql = template.format(what=_WHAT.get(past.measure, ""), window=window)
    return sql, [customer.pk, *(value for _, value in given)]
