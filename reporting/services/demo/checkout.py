"""Orders as the engine prices them, and the rows that come of it."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns import snapshots
from campaigns.engine import evaluate, facts, pricing
from campaigns.engine.context import Context
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied, Evaluation
from campaigns.models import Voucher
from customers.services import tracking
from loyalty_project.core import wire
from redemptions.models import Order, OrderItem, OrderStatus, Redemption, RedemptionRollback, Result
from redemptions.serializers import reasons
from redemptions.serializers.order import Heading, priced_json, redemption_entry
from redemptions.serializers.validation import discount_json
from reporting.services.demo import carts
from reporting.services.demo.carts import Cart
from reporting.services.demo.promotions import Pool


@dataclass(frozen=True, slots=True)
class Try:
    """A code as typed; without a pool nobody knows it."""

    code: str
    pool: Pool | None
    index: int


@dataclass(frozen=True, slots=True)
class Used:
    """A code that the engine let through, with the order after it."""

    pool: Pool
    index: int
    voucher: Voucher
    applied: Applied
    priced: PricedOrder


@dataclass(slots=True)
class Sale:
    """Rows of one order. Their foreign keys to each other are set when they are written."""

    buyer: int
    order: Order
    items: list[OrderItem]
    redemption: Redemption | None = None
    rollback: RedemptionRollback | None = None


def redeem(cart: Cart, pool: Pool, index: int) -> Used | None:
    """What the engine makes of a code on the cart; None where it refuses."""
    voucher = _voucher(pool, index, cart.moment)
    redeemable = snapshots.redeemable(voucher, redeemed=voucher.redeemed_count)
    evaluation = _evaluate(cart, redeemable)
    if not evaluation.valid or evaluation.order is None:
        return None
    return Used(pool, index, voucher, evaluation.applied[0], evaluation.order)


def refuse(cart: Cart, attempt: Try) -> Redemption | None:
    """The record of a refused try; None where the engine would have let it through."""
    if attempt.pool is None:
        redeemable = snapshots.missing(attempt.code)
    else:
        voucher = _voucher(attempt.pool, attempt.index, cart.moment)
        redeemable = snapshots.redeemable(voucher, redeemed=voucher.redeemed_count)
    evaluation = _evaluate(cart, redeemable)
    if not evaluation.inapplicable:
        return None
    key = evaluation.inapplicable[0].reason.key
    pool = attempt.pool
    return Redemption(
        **_common(cart),
        public_id=cart.id("rf_"),
        voucher_id=pool.first_pk + attempt.index if pool is not None else None,
        campaign=pool.campaign if pool is not None else None,
        code=attempt.code,
        result=Result.FAILURE,
        failure_code=key,
        failure_message=reasons.REFUSALS[key].message,
        redeemed_at=cart.moment,
    )


def plain(cart: Cart, *, status: OrderStatus, changed: datetime) -> Sale:
    """An order without a code."""
    order = carts.order(cart, status=status, changed=changed)
    order.total_amount = cart.amount
    if status in {OrderStatus.CREATED, OrderStatus.CANCELED}:
        order.paid_at = None
    return Sale(cart.buyer, order, carts.items(cart))


def discounted(cart: Cart, used: Used, *, status: OrderStatus, changed: datetime) -> Sale:
    """An order with the redemption of a code."""
    priced = used.priced
    order = carts.order(cart, status=status, changed=changed)
    order.discount_amount = priced.discount_amount
    order.items_discount_amount = priced.items_discount_amount
    order.total_amount = priced.total_amount
    redemption = Redemption(
        **_common(cart),
        public_id=cart.id("r_"),
        voucher_id=used.voucher.pk,
        campaign=used.pool.campaign,
        code=used.voucher.code,
        discount=discount_json(used.applied, used.voucher.definition.data["discount"]),
        applied_amount=priced.total_applied_discount_amount,
        order_json=_order_json(
            cart, priced, OrderStatus.PAID, cart.moment, _entry(cart, used.voucher)
        ),
        decision=_decision(used),
        redeemed_at=cart.moment,
    )
    return Sale(cart.buyer, order, carts.items(cart), redemption)


def roll_back(sale: Sale, cart: Cart, *, at: datetime, reason: str) -> None:
    """Cancel the order, take its discounts away and undo its redemption."""
    order, redemption = sale.order, sale.redemption
    if redemption is None or redemption.order_json is None:
        raise ValueError("there is nothing to roll back")
    entry = {
        **redemption.order_json["redemptions"][redemption.public_id],
        "rollback_id": cart.id("rr_"),
        "rollback_date": wire.instant(at),
    }
    order.status, order.updated_at = OrderStatus.CANCELED, at
    order.discount_amount = order.items_discount_amount = 0
    order.total_amount = order.amount
    redemption.rolled_back_at = redemption.updated_at = at
    sale.rollback = RedemptionRollback(
        project=cart.project,
        public_id=cart.id("rr_"),
        customer_id=cart.buyer_pk,
        reason=reason,
        tracking_id=redemption.tracking_id,
        order_json=_order_json(cart, pricing.begin(carts.priceable(cart)), order.status, at, entry),
        channel_id=cart.channel_id,
        rolled_back_at=at,
        created_at=at,
        updated_at=at,
    )


def _evaluate(cart: Cart, redeemable: Redeemable) -> Evaluation:
    return evaluate.evaluate(
        Context(
            at=cart.moment,
            time_zone=cart.shop.zone,
            redeemables=(redeemable,),
            order=carts.priceable(cart),
            customer=facts.Customer(id=cart.customer_id, source_id=cart.buyer_source_id),
        )
    )


def _voucher(pool: Pool, index: int, at: datetime) -> Voucher:
    """The code as it stood at a moment, its campaign on or off."""
    voucher = pool.voucher(index)
    if pool.campaign is not None:
        voucher.campaign = copy(pool.campaign)
        voucher.campaign.active = pool.is_on(at)
    return voucher


def _order_json(
    cart: Cart, priced: PricedOrder, status: str, changed: datetime, entry: Any
) -> dict[str, Any]:
    head = Heading(
        id=cart.id("ord_"),
        source_id=cart.source_id,
        status=status,
        created_at=cart.moment,
        updated_at=changed,
        customer_id=cart.customer_id,
        redemptions={cart.id("r_"): entry},
    )
    return dict(priced_json(priced, head))


def _entry(cart: Cart, voucher: Voucher) -> Any:
    return redemption_entry(public_id=cart.id("r_"), date=cart.moment, row=voucher)


def _decision(used: Used) -> dict[str, Any]:
    """As the redemption service notes it."""
    return {
        "effect": used.applied.effect,
        "unused_amount": used.applied.unused_amount,
        "definition": used.voucher.definition_id,
        "campaign_version": used.voucher.campaign.version if used.voucher.campaign else None,
        "limit": used.voucher.redemption_limit,
        "redeemed_before": used.voucher.redeemed_count,
    }


def _common(cart: Cart) -> dict[str, Any]:
    return {
        "project": cart.project,
        "customer_id": cart.buyer_pk,
        "tracking_id": tracking.encode(project=cart.project, raw=cart.buyer_source_id),
        "channel_id": cart.channel_id,
        "created_at": cart.moment,
        "updated_at": cart.moment,
    }
