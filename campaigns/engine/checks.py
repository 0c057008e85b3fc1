"""What is asked of a redeemable before its effect, in this order; the first no is the answer.

The order is part of the contract: it decides which reason the shopper sees.
"""

from collections.abc import Callable
from datetime import datetime

from campaigns.engine import validity
from campaigns.engine.context import Context
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Kind, Redeemable, Validity
from campaigns.engine.results import Reason

Check = Callable[[Redeemable, Context, PricedOrder | None], Reason | None]


def exists(redeemable: Redeemable, _: Context, __: PricedOrder | None) -> Reason | None:
    return None if redeemable.exists else _refuse(redeemable, "not_found")


def is_enabled(redeemable: Redeemable, _: Context, __: PricedOrder | None) -> Reason | None:
    if redeemable.active:
        return None
    return _refuse(redeemable, "voucher_disabled", tier="promotion_inactive")


def campaign_is_enabled(
    redeemable: Redeemable, _: Context, __: PricedOrder | None
) -> Reason | None:
    campaign = redeemable.campaign
    if campaign is None or campaign.active:
        return None
    return _refuse(
        redeemable, "campaign_not_active", tier="promotion_inactive", campaign_id=campaign.id
    )


def has_started(redeemable: Redeemable, context: Context, __: PricedOrder | None) -> Reason | None:
    for scope, window in _windows(redeemable):
        if not validity.has_started(window, context.at):
            return _refuse(
                redeemable,
                "voucher_not_active",
                tier="promotion_not_active_now",
                scope=scope,
                starts_at=window.starts_at,
            )
    return None


def has_not_ended(
    redeemable: Redeemable, context: Context, __: PricedOrder | None
) -> Reason | None:
    for scope, window in _windows(redeemable):
        if validity.has_ended(window, context.at):
            return _refuse(
                redeemable,
                "voucher_expired",
                tier="promotion_not_active_now",
                scope=scope,
                ends_at=window.ends_at,
            )
    return None


def recurs_now(redeemable: Redeemable, context: Context, __: PricedOrder | None) -> Reason | None:
    anchor = redeemable.campaign.validity.starts_at if redeemable.campaign else None
    for scope, window in _windows(redeemable):
        if not validity.recurs_at(window, context.at, context.time_zone, anchor=anchor):
            return _refuse(
                redeemable, "voucher_not_active_now", tier="promotion_not_active_now", scope=scope
            )
    return None


def has_quantity_left(redeemable: Redeemable, _: Context, __: PricedOrder | None) -> Reason | None:
    usage = redeemable.usage
    if usage.left is None or usage.left > 0:
        return None
    return _refuse(
        redeemable,
        "quantity_exceeded",
        limit=usage.limit,
        redeemed=usage.redeemed,
        held=usage.held,
    )


CHECKS: tuple[Check, ...] = (
    exists,
    is_enabled,
    campaign_is_enabled,
    has_started,
    has_not_ended,
    recurs_now,
    has_quantity_left,
)


def first_refusal(
    redeemable: Redeemable, context: Context, order: PricedOrder | None
) -> Reason | None:
    for check in CHECKS:
        reason = check(redeemable, context, order)
        if reason is not None:
            return reason
    return None


def _windows(redeemable: Redeemable) -> tuple[tuple[str, Validity], ...]:
    own = (redeemable.kind.value, redeemable.validity)
    if redeemable.campaign is None:
        return (own,)
    return (own, ("campaign", redeemable.campaign.validity))


def _refuse(
    redeemable: Redeemable,
    key: str,
    *,
    tier: str | None = None,
    **details: str | int | datetime | None,
) -> Reason:
    """`tier` is the key for promotion tiers, where theirs differs."""
    is_tier = redeemable.kind == Kind.PROMOTION_TIER
    return Reason(
        key=tier if is_tier and tier else key,
        parameters={
            "object": redeemable.kind.value,
            "id": redeemable.id,
            "code": redeemable.code or redeemable.id,
        },
        details=details,
    )
