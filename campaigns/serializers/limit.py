"""Limits, budgets and margin floors; our own resources, which the published API does not have."""

from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from campaigns.models import Budget, Limit, MarginFloor
from campaigns.queries import limit_use
from loyalty_project.core import money, wire


class LimitJson(TypedDict):
    """`value` is a number or minor units, included; `relaxed` has other values by segment.

    `used` is that of the current period, `left` what is left of `value`; both are null where each
    customer or each code has the limit for itself, and absent where nobody looked.
    """

    id: str
    measure: str
    period: str
    per_customer: bool
    per_redeemable: bool
    value: int
    overflow: str
    relaxed: dict[str, int | None]
    used: NotRequired[int | None]
    left: NotRequired[int | None]
    object: Literal["limit"]


class MarginFloorJson(TypedDict):
    """Minor units per unit and percent of the cost that must stay above it."""

    amount: int
    percent: int | float
    skips: bool
    object: Literal["margin_floor"]


class BudgetJson(TypedDict):
    id: str
    name: str
    limits: list[LimitJson]
    created_at: str
    updated_at: str
    object: Literal["budget"]


class SafetyJson(TypedDict):
    """What protects the whole project."""

    limits: list[LimitJson]
    margin_floor: MarginFloorJson | None
    object: Literal["safety"]


class LimitsJson(TypedDict):
    """The limits of a code or promotion tier."""

    limits: list[LimitJson]
    object: Literal["limits"]


def limit_json(limit: Limit) -> LimitJson:
    """With `used` and `left` where `queries.limit_use` noted them."""
    body: LimitJson = {
        "id": limit.public_id,
        "measure": limit.measure,
        "period": limit.period,
        "per_customer": limit.per_customer,
        "per_redeemable": limit.per_redeemable,
        "value": limit.value,
        "overflow": limit.overflow,
        "relaxed": limit.relaxed,
        "object": "limit",
    }
    known = vars(limit)
    if "used" in known:
        body["used"], body["left"] = known["used"], limit_use.left_of(limit, known["used"])
    return body


def own_limits_json(row: limit_use.Owner) -> list[LimitJson]:
    """The limits of a row and what is used of them; `limit_use.note` reads it for many."""
    if not limit_use.is_noted(row):
        limit_use.note([row])
    return limits_json(row.limits.all())


def limits_json(limits: Iterable[Limit]) -> list[LimitJson]:
    """In the order in which they were made."""
    return [limit_json(limit) for limit in sorted(limits, key=lambda limit: limit.pk)]


def margin_floor_json(margin: MarginFloor | None) -> MarginFloorJson | None:
    if margin is None:
        return None
    return {
        "amount": margin.amount,
        "percent": money.to_percent(margin.percent),
        "skips": margin.skips,
        "object": "margin_floor",
    }


def budget_json(budget: Budget) -> BudgetJson:
    return {
        "id": budget.public_id,
        "name": budget.name,
        "limits": limits_json(budget.limits.all()),
        "created_at": wire.instant(budget.created_at),
        "updated_at": wire.instant(budget.updated_at),
        "object": "budget",
    }
