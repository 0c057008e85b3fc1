"""What taking a redemption back does to its order; private to this package."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import facts, pricing
from campaigns.engine.context import RollbackOrderMode
from campaigns.engine.pricing import PricedOrder
from campaigns.services import state
from customers.models import Customer
from loyalty_project.core import wire
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions import queries, snapshots
from redemptions.models import Order, OrderStatus, Redemption
from redemptions.serializers.order import OrderJson, heading, priced_json
from redemptions.services import recording

Before = tuple[Customer | None, str, int]


def join(*, rows: Sequence[Redemption]) -> Statement:
    """Share the locks of what the redemptions used."""
    return state.join(
        vouchers=[row.voucher for row in rows if row.voucher is not None],
        tiers=[row.promotion_tier for row in rows if row.promotion_tier is not None],
    )


def used(*, rows: Sequence[Redemption]) -> list[Redemption]:
    """Those of a code or tier; a parent alone has used nothing."""
    return [row for row in rows if row.voucher is not None or row.promotion_tier is not None]


def gifts(*, rows: Sequence[Redemption]) -> dict[str, int]:
    """What the redemptions took of stocks, by public id."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row.decision.get("gifts", {}))
    return dict(found)


def held_order(*, redemption: Redemption) -> tuple[Order | None, Before | None]:
    """The order of the redemption, held, and what it counted for."""
    if redemption.order_id is None:
        return None, None
    held = Order.objects.filter(pk=redemption.order_id)
    list(held.select_for_update(of=("self",), no_key=True).values_list("pk"))
    order = queries.orders().get(pk=redemption.order_id)
    return order, (order.customer, order.status, order.total_amount or 0)


def changes_order(*, project: Project) -> bool:
    """Whether the stacking rules take the discount off the order, or leave it as it is."""
    mode = campaign_snapshots.stacking(project).redeemables_rollback_order_mode
    return mode == RollbackOrderMode.WITH_ORDER


def as_stored(*, order: Order) -> PricedOrder:
    return pricing.begin(snapshots.stored_order(order, list(order.items.all())))


def cancel(*, project: Project, order: Order, priced: PricedOrder, at: datetime) -> None:
    """Write the order as canceled."""
    recording.order(
        project=project,
        stored=order,
        priced=priced,
        status=OrderStatus.CANCELED,
        customer=order.customer,
        referrer=order.referrer,
        at=at,
    )


def without(*, order: Order, redemption: Redemption, rows: Sequence[Redemption]) -> PricedOrder:
    """The order without what the redemption took off, as far as that is still in it.

    `rows` are the redemption and those under it.
    """
    given = redemption.order_json or {}
    base = snapshots.stored_order(order, list(order.items.all()))
    gains = {item["id"]: item for item in given.get("items", ()) if "id" in item}
    lines = [_taken_back(line, gains.get(line.id or "", {})) for line in base.lines]
    added = sum(
        (old.amount or 0) - (new.amount or 0) for old, new in zip(base.lines, lines, strict=True)
    )
    discount = base.discount_amount - given.get("applied_discount_amount", 0)
    paid = sum(row.credits_amount or 0 for row in rows)
    return pricing.begin(
        replace(
            base,
            lines=tuple(line for line in lines if line.quantity > 0),
            amount=None if base.amount is None else max(0, base.amount - added),
            discount_amount=max(0, discount),
            credits_amount=max(0, base.credits_amount - paid),
        )
    )


def _taken_back(line: facts.Line, gain: Mapping[str, Any]) -> facts.Line:
    quantity = line.quantity - min(line.quantity, gain.get("applied_quantity", 0))
    amount = line.amount
    if amount is not None:
        amount = max(0, amount - gain.get("applied_quantity_amount", 0))
    free = max(0, line.discount_quantity - gain.get("applied_discount_quantity", 0))
    as_before = quantity == line.initial_quantity and not free
    return replace(
        line,
        quantity=quantity,
        amount=amount,
        discount_amount=max(0, line.discount_amount - gain.get("applied_discount_amount", 0)),
        discount_quantity=free,
        initial_amount=None if as_before else line.initial_amount,
        initial_quantity=None if as_before else line.initial_quantity,
    )


def order_json(
    *, order: Order, priced: PricedOrder, redemption: Redemption, ids: Sequence[str], at: datetime
) -> OrderJson:
    head = heading(order)
    known = dict(head.redemptions)
    if redemption.public_id in known:
        entry = known[redemption.public_id].copy()
        entry["rollback_id"], entry["rollback_date"] = ids[0], wire.instant(at)
        if len(ids) > 1:
            entry["rollback_stacked"] = list(ids[1:])
        known[redemption.public_id] = entry
    return priced_json(priced, replace(head, redemptions=known))
