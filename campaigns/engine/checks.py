"""What is asked of a redeemable before its effect, in this order; the first no is the answer.

The order is part of the contract: it decides which reason the shopper sees.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from campaigns.engine import bundles, limits, rollout, stocks, validity
from campaigns.engine.context import Context
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.limits import LimitState
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Kind, Overflow, Redeemable, once
from campaigns.engine.results import Applied, Reason
from campaigns.engine.rules import check

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
    last = validity.span(redeemable)[0]
    if last is None or last <= context.at:
        return None
    for scope, window in validity.windows(redeemable):
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
    first = validity.span(redeemable)[1]
    if first is None or context.at < first:
        return None
    for scope, window in validity.windows(redeemable):
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
    for scope, window in validity.windows(redeemable):
        if not validity.recurs_at(window, context.at, context.time_zone, anchor=anchor):
            by_holiday = not validity.suits_holidays(window, context.at, context.time_zone)
            return _refuse(
                redeemable,
                "voucher_not_active_now",
                tier="promotion_not_active_now",
                scope=scope,
                by="holidays" if by_holiday else "recurrence",
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
        held=usage.held if usage.is_held else None,
    )


def is_rolled_out(redeemable: Redeemable, context: Context, _: PricedOrder | None) -> Reason | None:
    percent = rollout.percent_of(redeemable)
    if percent >= rollout.EVERYBODY:
        return None
    place = rollout.place_of(redeemable, context)
    if place is None:
        return _refuse(redeemable, "missing_customer", rollout_percent=percent)
    if place < percent:
        return None
    return _refuse(redeemable, "customer_rules_violated", rollout_percent=percent)


def is_within_limits(
    redeemable: Redeemable, context: Context, _: PricedOrder | None
) -> Reason | None:
    """Counts must have room for this redemption, amounts must have something left."""
    if not redeemable.limits and not context.limits:
        return None
    for state in limits.states(redeemable, context, None):
        if limits.lacks_customer(state.limit, context):
            return _refuse(redeemable, "missing_customer", limit=state.limit.id)
        if limits.is_spent(state):
            return _over(redeemable, state)
    return None


def meets_rules(
    redeemable: Redeemable, context: Context, order: PricedOrder | None
) -> Reason | None:
    return check.refusal(redeemable, context, order, looks_after=False)


def has_bundle(
    redeemable: Redeemable, context: Context, order: PricedOrder | None
) -> Reason | None:
    if redeemable.bundle is None:
        return None
    if context.order is None or not context.order.lines:
        return _refuse(redeemable, "missing_order" if order is None else "missing_order_items")
    if bundles.find(order, redeemable.bundle).quantity:
        return None
    return _refuse(redeemable, "order_rules_violated", bundle=0)


def has_credits(redeemable: Redeemable, context: Context, _: PricedOrder | None) -> Reason | None:
    """A card must hold something, and what is asked of it unless the rules cap that."""
    card = redeemable.discount
    if not isinstance(card, CreditDiscount):
        return None
    refuses = context.stacking.credits_overflow == Overflow.REFUSE
    if card.balance > 0 and not (refuses and card.is_exceeded):
        return None
    held = card.held if card.is_held(refuses=refuses) else None
    return _refuse(
        redeemable,
        "gift_amount_exceeded",
        balance=max(0, card.balance),
        wanted=card.wanted,
        held=held,
    )


# Whoever they refuse at the start of a request, they refuse to its end.
STEADY: tuple[Check, ...] = (
    exists,
    is_enabled,
    campaign_is_enabled,
    has_started,
    has_not_ended,
    recurs_now,
    has_quantity_left,
    is_rolled_out,
    is_within_limits,
)
CHECKS: tuple[Check, ...] = (*STEADY, meets_rules, has_bundle, has_credits)

# Whom a check can refuse at all, by what they are; the others can refuse anybody.
_CAN_REFUSE: Mapping[Check, Callable[[Redeemable], bool]] = {
    exists: lambda redeemable: not redeemable.exists,
    is_enabled: lambda redeemable: not redeemable.active,
    campaign_is_enabled: lambda r: r.campaign is not None and not r.campaign.active,
    has_started: lambda redeemable: validity.span(redeemable)[0] is not None,
    has_not_ended: lambda redeemable: validity.span(redeemable)[1] is not None,
    recurs_now: lambda r: any(validity.recurs(each) for _, each in validity.windows(r)),
    has_quantity_left: lambda redeemable: redeemable.usage.limit is not None,
    is_rolled_out: lambda redeemable: rollout.percent_of(redeemable) < rollout.EVERYBODY,
    meets_rules: lambda redeemable: bool(redeemable.rules),
    has_bundle: lambda redeemable: redeemable.bundle is not None,
    has_credits: lambda redeemable: redeemable.pays,
}


def refusal_after(applied: Applied, context: Context, before: PricedOrder | None) -> Reason | None:
    """What can only be asked once the discount is known: rules, limits of amounts, stocks."""
    redeemable, after = applied.redeemable, applied.order
    reason = check.refusal(redeemable, context, before, after, looks_after=True)
    if reason is not None:
        return reason
    if _finds_no_item(redeemable, before, after):
        return _refuse(redeemable, "missing_order_items_amount")
    for state in limits.states_of_amounts(redeemable, context, after):
        if not state.holds:
            return _over(redeemable, state)
    if not applied.gifts:
        return None
    for stock in stocks.states(applied.gifts, context):
        if not stock.holds:
            return _refuse(
                redeemable,
                "gift_out_of_stock",
                item=stock.item,
                units=stock.units,
                left=stock.left,
            )
    return None


def _finds_no_item(
    redeemable: Redeemable, before: PricedOrder | None, after: PricedOrder | None
) -> bool:
    """Whether a card for items met none with something left to pay, in an order that has."""
    if not redeemable.pays or before is None or after is None or before.total_amount <= 0:
        return False
    return after.total_applied_discount_amount == 0


def first_refusal(
    redeemable: Redeemable, context: Context, order: PricedOrder | None
) -> Reason | None:
    for ask in _asked(redeemable):
        reason = ask(redeemable, context, order)
        if reason is not None:
            return reason
    return None


def passes(redeemable: Redeemable, context: Context, order: PricedOrder | None) -> bool:
    """Whether there is no refusal; of rules that do not hold no reason is made."""
    if not check.hold(redeemable, context, order):
        return False
    for ask in _asked(redeemable):
        if ask is not meets_rules and ask(redeemable, context, order) is not None:
            return False
    return True


@once
def _asked(redeemable: Redeemable) -> tuple[Check, ...]:
    """The checks that can refuse it."""
    able = _CAN_REFUSE
    return tuple(ask for ask in CHECKS if ask not in able or able[ask](redeemable))


def _over(redeemable: Redeemable, state: LimitState) -> Reason:
    limit = state.limit
    return _refuse(
        redeemable,
        "redemption_rules_violated",
        limit=limit.id,
        measure=limit.measure.value,
        scope=limit.scope.value,
        scope_id=limit.scope_id,
        period=limit.period.value,
        per_customer=limit.per_customer,
        required=state.value,
        used=state.used,
        amount=state.amount,
        left=state.left,
        held=state.held if limits.is_held(state) else None,
    )


def _refuse(
    redeemable: Redeemable,
    key: str,
    *,
    tier: str | None = None,
    held: int | None = None,
    **details: str | int | datetime | None,
) -> Reason:
    """`tier` is the key for promotion tiers, where theirs differs.

    `held` is told where what other sessions hold is all that stands in the way.
    """
    is_tier = redeemable.kind == Kind.PROMOTION_TIER
    return Reason(
        key=tier if is_tier and tier else key,
        parameters={
            "object": redeemable.kind.value,
            "id": redeemable.id,
            "code": redeemable.code or redeemable.id,
        },
        details=details | ({"held": held} if held is not None else {}),
    )
