"""What taking a redemption back does to its order; private to this package."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

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
from redemptions.queries import returns as past_returns
from redemptions.serializers.order import Heading, OrderJson, heading, priced_json
from redemptions.services import recording
from redemptions.services.refusals import AlreadyRolledBack

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


def hold(*, rows: Sequence[Redemption]) -> QuerySet[Redemption]:
    """The rows, held until the commit and read again. Raises AlreadyRolledBack."""
    held = Redemption.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    found = {row.pk: row for row in held.select_for_update(of=("self",), no_key=True)}
    if any(row.rolled_back_at for row in found.values()):
        raise AlreadyRolledBack
    for row in rows:
        for name in ("returned_discount", "returned_credits", "returned_total"):
            setattr(row, name, getattr(found[row.pk], name))
    return held


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the order. `changed` is None where it stays as it is; `before` what it was.

    `steps` has each redemption with those under it, the ids of their rollbacks, and the order
    after them.
    """

    order: Order | None
    changed: Order | None
    before: Before | None
    steps: Sequence[tuple[Sequence[Redemption], Sequence[str], OrderJson | None]]


def undo(
    *,
    project: Project,
    groups: Sequence[Sequence[Redemption]],
    ids: Sequence[Sequence[str]],
    at: datetime,
) -> Undone:
    """Take off their order what held redemptions, each first of its group, took off it."""
    order, before = held_order(redemption=groups[0][0])
    if order is None:
        alone = [(group, mine, None) for group, mine in zip(groups, ids, strict=True)]
        return Undone(None, None, None, alone)
    base = snapshots.stored_order(order, list(order.items.all()))
    priced = [pricing.begin(base)] * len(groups)
    changes = _changes_order(project)
    if changes:
        for place, group in enumerate(groups):
            base = _without(base, group)
            priced[place] = pricing.begin(base)
        _cancel(project, order, priced[-1], at=at)
    head, steps = heading(order), []
    for group, mine, each in zip(groups, ids, priced, strict=True):
        head = _marked(head, group[0], mine, at=at)
        steps.append((group, mine, priced_json(each, head)))
    return Undone(order, order if changes else None, before, steps)


def held_order(*, redemption: Redemption) -> tuple[Order | None, Before | None]:
    """The order of the redemption, held, and what it counted for."""
    if redemption.order_id is None:
        return None, None
    order = hold_order(order_pk=redemption.order_id)
    return order, (order.customer, order.status, order.total_amount or 0)


def hold_order(*, order_pk: int) -> Order:
    """An order, held until the commit and read with all that it has."""
    rows = Order.objects.filter(pk=order_pk)
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
    order: Order = queries.orders().get(pk=order_pk)
    return order


def _changes_order(project: Project) -> bool:
    """Whether the stacking rules take the discount off the order, or leave it as it is."""
    mode = campaign_snapshots.stacking(project).redeemables_rollback_order_mode
    return mode == RollbackOrderMode.WITH_ORDER


def _cancel(project: Project, order: Order, priced: PricedOrder, *, at: datetime) -> None:
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


def _without(base: facts.Order, rows: Sequence[Redemption]) -> facts.Order:
    """The order without what the first of the rows took off, as far as that is still in it.

    The others are under it.
    """
    given = rows[0].order_json or {}
    back = past_returns.returned(redemptions=rows)
    gains = {item["id"]: item for item in given.get("items", ()) if "id" in item}
    lines = [
        _taken_back(line, gains.get(line.id or "", {}), back.on_lines.get(line.id or "", 0))
        for line in base.lines
    ]
    added = sum(
        (old.amount or 0) - (new.amount or 0) for old, new in zip(base.lines, lines, strict=True)
    )
    discount = base.discount_amount - given.get("applied_discount_amount", 0) + back.on_order
    paid = sum(row.credits_left or 0 for row in rows)
    return replace(
        base,
        lines=tuple(line for line in lines if line.quantity > 0),
        amount=None if base.amount is None else max(0, base.amount - added),
        discount_amount=max(0, discount),
        credits_amount=max(0, base.credits_amount - paid),
    )


def _taken_back(line: facts.Line, gain: Mapping[str, Any], back: int) -> facts.Line:
    quantity = line.quantity - min(line.quantity, gain.get("applied_quantity", 0))
    amount = line.amount
    if amount is not None:
        amount = max(0, amount - gain.get("applied_quantity_amount", 0))
    free = max(0, line.discount_quantity - gain.get("applied_discount_quantity", 0))
    as_before = quantity == line.initial_quantity and not free
    discount = line.discount_amount - gain.get("applied_discount_amount", 0) + back
    return replace(
        line,
        quantity=quantity,
        amount=amount,
        discount_amount=max(0, discount),
        discount_quantity=free,
        initial_amount=None if as_before else line.initial_amount,
        initial_quantity=None if as_before else line.initial_quantity,
    )


def _marked(head: Heading, redemption: Redemption, ids: Sequence[str], *, at: datetime) -> Heading:
    known = dict(head.redemptions)
    if redemption.public_id in known:
        entry = known[redemption.public_id].copy()
        entry["rollback_id"], entry["rollback_date"] = ids[0], wire.instant(at)
        if len(ids) > 1:
            entry["rollback_stacked"] = list(ids[1:])
        known[redemption.public_id] = entry
    return replace(head, redemptions=known)
