"""What a counter must be by the redemptions that there are, as an SQL expression."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.engine.counters import Counter, Measure, Period, Scope, next_first_day
from loyalty_project.core.models import Project

Sql = tuple[str, list[Any]]

_MEASURES = {
    Measure.REDEMPTIONS: "count(*)",
    Measure.CUSTOMERS: ("count(DISTINCT coalesce(r.decision ->> 'guest', r.customer_id::text))"),
    Measure.DISCOUNT: "coalesce(sum(r.applied_amount - r.returned_discount), 0)",
    Measure.ORDERS: (
        "coalesce(sum((r.order_json ->> 'total_amount')::bigint - r.returned_total), 0)"
    ),
}
_COUNTED = (
    "r.project_id = %s AND r.result = 'SUCCESS' AND r.rolled_back_at IS NULL"
    " AND (r.voucher_id IS NOT NULL OR r.promotion_tier_id IS NOT NULL)"
)
_OF = {
    "v_": (
        "r.voucher_id = (SELECT id FROM campaigns_voucher WHERE project_id = %s AND public_id = %s)"
    ),
    "promo_": (
        "r.promotion_tier_id ="
        " (SELECT id FROM campaigns_promotiontier WHERE project_id = %s AND public_id = %s)"
    ),
    "camp_": (
        "r.campaign_id ="
        " (SELECT id FROM campaigns_campaign WHERE project_id = %s AND public_id = %s)"
    ),
    "cust_": (
        "r.customer_id ="
        " (SELECT id FROM customers_customer WHERE project_id = %s AND public_id = %s)"
    ),
    "guest_": "r.project_id = %s AND r.decision ->> 'guest' = %s",
}
_SEED = "(SELECT {measure} FROM redemptions_redemption r WHERE {conditions})"
_NONE: Sql = ("0", [])


def seed(*, project: Project, counter: Counter, without: Sequence[str] = ()) -> Sql:
    """A subquery and its parameters; redemptions of the public ids `without` are left out."""
    scope, per = _of_scope(project, counter), _per(project, counter)
    if scope is None or per is None:
        return _NONE
    conditions = [(_COUNTED, [project.pk]), scope, per, _within(project, counter)]
    if without:
        conditions.append(("r.public_id <> ALL(%s)", [list(without)]))
    text = " AND ".join(sql for sql, _ in conditions if sql)
    values = [value for _, given in conditions for value in given]
    return _SEED.format(measure=_MEASURES[counter.measure], conditions=text), values


def _of_scope(project: Project, counter: Counter) -> Sql | None:
    if counter.scope == Scope.PROJECT:
        return "", []
    if counter.scope == Scope.BUDGET:
        return "r.decision ->> 'budget' = %s", [counter.scope_id]
    return _named(project, counter.scope_id)


def _per(project: Project, counter: Counter) -> Sql | None:
    kind, _, identity = counter.per.partition(":")
    if not kind:
        return "", []
    if kind == "customer":
        known = identity.startswith(("cust_", "guest_"))
        return _named(project, identity) if known else None
    channel = "API" if kind == "api_key" else "USER"
    return "r.channel_type = %s AND r.channel_id = %s", [channel, identity]


def _named(project: Project, public_id: str) -> Sql | None:
    for prefix, condition in _OF.items():
        if public_id.startswith(prefix):
            return condition, [project.pk, public_id]
    return None


def _within(project: Project, counter: Counter) -> Sql:
    if counter.period == Period.ALWAYS or counter.begins is None:
        return "", []
    zone = ZoneInfo(project.timezone)
    days = (counter.begins, next_first_day(counter.period, counter.begins))
    begin, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in days)
    return "r.redeemed_at >= %s AND r.redeemed_at < %s", [begin, end]
