"""Goods of an order that come back: each discount and gift card gets its part, once and exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns import queries as campaign_queries
from campaigns import snapshots as campaign_snapshots
from campaigns.engine import facts, pricing
from campaigns.engine.returns import Returned, Wanted, give_back
from campaigns.models import Voucher
from loyalty_project.core import guarded, locks
from loyalty_project.core.errors import Busy, Invalid
from loyalty_project.core.guarded import GuardRefused
from loyalty_project.core.models import Project
from redemptions import events, queries, snapshots, usage
from redemptions.models import Order, OrderReturn, OrderStatus, Redemption, ReturnShare
from redemptions.queries import returns as past
from redemptions.serializers.order import order_json
from redemptions.serializers.order_return import return_json
from redemptions.services import payments, recording, refusals, reversals, rollbacks

TRIES = 3
_COLUMNS = ("returned_discount", "returned_credits", "returned_total")
_NAMES = ("id", "source_id", "product_id", "sku_id")


@dataclass(frozen=True, slots=True)
class Wish:
    """What comes back: `items` as `{id | source_id | product_id | sku_id, quantity}`, goods or
    services of an `amount` that no item stands for, or `everything`; and why.
    """

    items: Sequence[Mapping[str, Any]] = ()
    amount: int = 0
    everything: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a return would do; `redemptions` are those of `outcome.shares`, in their order.

    `items` is what comes back of each line, as it is kept and shown. `gives_back` where nothing is
    left and the codes can be used once more.
    """

    order: Order
    outcome: Returned
    items: list[dict[str, Any]]
    redemptions: Sequence[Redemption]
    gives_back: bool


class Changed(Exception):
    """Something was redeemed on the order or taken back since it was read."""


def preview(*, project: Project, reference: str, wish: Wish) -> Preview:
    """Compute a return and write nothing. Raises NotFound and Invalid."""
    order = queries.get_order(reference=reference)
    used = reversals.used(rows=past.standing(order=order))
    return _computed(project, order, used, wish)


@locks.patience()
def take(*, project: Project, reference: str, wish: Wish, at: datetime) -> OrderReturn:
    """Record a return; amounts go back to gift cards, budgets and limits.

    Where nothing is left the order is canceled and its redemptions are rolled back, unless the
    stacking rules say that canceled orders give nothing back. Raises NotFound, Invalid and Busy.
    """
    order = queries.get_order(reference=reference)
    for _ in range(TRIES):
        try:
            with locks.waiting(), transaction.atomic():
                return take_held(project=project, order=order, wish=wish, at=at)
        except (Changed, GuardRefused, refusals.AlreadyRolledBack):
            continue
    raise Busy(extra={"retry_after": 1})


def take_held(*, project: Project, order: Order, wish: Wish, at: datetime) -> OrderReturn:
    """As `take`, in the caller's transaction, for an order of which it holds nothing yet.

    Raises also AlreadyRolledBack and others for what changed meanwhile: the caller tries again.
    """
    rows = past.standing(order=order)
    used = reversals.used(rows=rows)
    guarded.run([reversals.join(rows=rows)])
    usage.begin(project=project, redemptions=used)
    reversals.hold(rows=rows)
    order = reversals.hold_order(order_pk=order.pk)
    if [row.pk for row in past.standing(order=order)] != [row.pk for row in rows]:
        raise Changed
    found = _computed(project, order, used, wish)
    if found.gives_back and rows:
        roots = [row for row in rows if row.parent_id is None]
        reason = rollbacks.Wish(reason=wish.reason)
        rollbacks.take_back(project=project, roots=roots, wish=reason, at=at)
        order = queries.orders().get(pk=order.pk)
        made = _write(project, order, found, wish, at=at)
        _cancel(project, order, made, at=at)
        return made
    return _commit(project, order, found, wish, at=at)


def _computed(project: Project, order: Order, used: Sequence[Redemption], wish: Wish) -> Preview:
    if order.status == OrderStatus.CANCELED:
        raise refusals.InvalidOrder(
            "The order is canceled: there is nothing to return.",
            explanation=refusals.CANCELED,
        )
    base = snapshots.stored_order(order, list(order.items.all()))
    outcome = give_back(base, [past.taken(row) for row in used], _wanted(base, wish))
    rules = campaign_snapshots.stacking(project)
    gives_back = outcome.is_whole and rules.canceled_orders_roll_back
    return Preview(order, outcome, _items(order, outcome), used, gives_back)


def _wanted(order: facts.Order, wish: Wish) -> Wanted:
    """The units by line. Raises Invalid for what is not there, and for nothing."""
    if wish.everything:
        return Wanted(everything=True)
    units: dict[str, int] = {}
    for place, item in enumerate(wish.items):
        line = next((line for line in order.lines if _is_named(line, item)), None)
        if line is None:
            raise _wrong(f"items[{place}]", "is not an item of the order")
        so_far = units.get(line.id or "", 0) + item["quantity"]
        if so_far > line.quantity:
            raise _wrong(f"items[{place}].quantity", f"must be at most {line.quantity}")
        units[line.id or ""] = so_far
    if not any(units.values()) and not wish.amount:
        raise _wrong("items", "must name what comes back, or everything or amount must")
    most = give_back(order, (), Wanted(units)).left.amount or 0
    if wish.amount > most:
        raise _wrong("amount", f"must be at most {most}")
    return Wanted(units, wish.amount)


def _is_named(line: facts.Line, item: Mapping[str, Any]) -> bool:
    named = {name: item[name] for name in _NAMES if item.get(name)}
    return bool(named) and all(getattr(line, name) == value for name, value in named.items())


def _wrong(field: str, says: str) -> Invalid:
    return Invalid(f"Property .{field} {says}", extra={"field": field})


def _commit(
    project: Project, order: Order, found: Preview, wish: Wish, *, at: datetime
) -> OrderReturn:
    before = (order.customer, order.status, order.total_amount or 0)
    outcome = found.outcome
    recording.order(
        project=project,
        stored=order,
        priced=pricing.begin(outcome.left),
        status=OrderStatus.CANCELED if outcome.is_whole else order.status,
        customer=order.customer,
        referrer=order.referrer,
        at=at,
    )
    made = _write(project, order, found, wish, at=at)
    shares = dict(zip(found.redemptions, outcome.shares, strict=True))
    for redemption, share in shares.items():
        redemption.returned_credits += share.amount if share.pays else 0
        redemption.returned_discount += 0 if share.pays else share.amount
        redemption.returned_total += share.counted
        redemption.updated_at = at
        redemption.save(update_fields=[*_COLUMNS, "updated_at"])
    vouchers = _cards(list(shares))
    parts = {row: share.amount for row, share in shares.items() if share.pays}
    moved = payments.give_back_parts(parts=parts, returned=made, vouchers=vouchers, at=at)
    happenings = _told(order, made, status_before=before[1])
    events.emit([*happenings, *moved], project=project, at=at)
    sums = recording.totals_of(before=before, after=order, at=order.paid_at or at)
    amounts = {
        row: (0 if share.pays else share.amount, share.counted) for row, share in shares.items()
    }
    counted = usage.give_back_parts(project=project, parts=amounts, at=at)
    guarded.run([*sums, *counted])
    return made


def _write(
    project: Project, order: Order, found: Preview, wish: Wish, *, at: datetime
) -> OrderReturn:
    outcome = found.outcome
    made: OrderReturn = OrderReturn.objects.create(
        project=project,
        order=order,
        items=found.items,
        amount=outcome.amount,
        discount_amount=outcome.amount - outcome.refund - outcome.credits,
        credits_amount=outcome.credits,
        refund_amount=outcome.refund,
        is_whole=outcome.is_whole,
        reason=wish.reason[:500],
        returned_at=at,
        created_at=at,
        **recording.channel(),
    )
    ReturnShare.objects.bulk_create(
        ReturnShare(
            project=project,
            order_return=made,
            redemption=row,
            amount=share.amount,
            on_order=share.on_order,
            on_lines=dict(share.on_lines),
            counted=share.counted,
        )
        for row, share in zip(found.redemptions, outcome.shares, strict=True)
    )
    return made


def _items(order: Order, outcome: Returned) -> list[dict[str, Any]]:
    rows = {item.public_id: item for item in order.items.all()}
    names = ("source_id", "product_id", "sku_id")
    return [
        {
            "id": back.id,
            **{name: value for name in names if (value := getattr(rows[back.id], name))},
            "quantity": back.units,
            "amount": back.amount,
            "discount_amount": back.discount,
        }
        for back in outcome.lines
        if back.units or back.amount
    ]


def _cancel(project: Project, order: Order, made: OrderReturn, *, at: datetime) -> None:
    """What a rollback left as it is is canceled now; tell of the return."""
    before = (order.customer, order.status, order.total_amount or 0)
    if order.status != OrderStatus.CANCELED:
        Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELED, updated_at=at)
        order.status, order.updated_at = OrderStatus.CANCELED.value, at
        guarded.run(recording.totals_of(before=before, after=order, at=at))
    events.emit(_told(order, made, status_before=before[1]), project=project, at=at)


def _told(order: Order, made: OrderReturn, *, status_before: str) -> list[Any]:
    order = queries.orders().get(pk=order.pk)
    return [
        events.return_happening(order_return=return_json(made), order=order_json(order), of=order),
        *events.order_happenings(
            created=False,
            status_before=status_before,
            status=order.status,
            customer=order.customer,
            referrer=order.referrer,
            order=order_json(order),
        ),
    ]


def _cards(rows: Sequence[Redemption]) -> dict[int, Voucher]:
    """The gift cards by redemption, with what events show of them."""
    keys = {
        row.pk: row.voucher_id
        for row in rows
        if row.credits_amount is not None and row.voucher_id is not None
    }
    found = Voucher.objects.select_related(
        "campaign__category", "category", "definition", "holder", "account"
    ).filter(pk__in=keys.values())
    cards = {voucher.pk: voucher for voucher in campaign_queries.with_usage(found)}
    return {row: cards[key] for row, key in keys.items() if key in cards}
