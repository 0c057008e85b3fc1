"""Taking redemptions back: once, whole, with the uses and the discounts that they had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from campaigns import queries as campaign_queries
from campaigns.models import Voucher
from campaigns.services import counting
from customers.services import totals, tracking
from loyalty_project.core import guarded, locks
from loyalty_project.core.errors import Busy, LoyaltyError, NotFound
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project, new_id
from loyalty_project.core.outbox import Happening
from redemptions import context, events, queries, usage
from redemptions.models import Order, Redemption, RedemptionRollback, Result
from redemptions.serializers.order import OrderJson
from redemptions.serializers.redemption import redemption_json, rollback_json
from redemptions.services import payments, recording, refusals, reversals
from redemptions.services.refusals import AlreadyRolledBack
from rewards.services import stocks


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller says about a rollback. `customer` and `order` must be the redemption's own."""

    reason: str = ""
    tracking_id: str = ""
    customer: Mapping[str, Any] | str | None = None
    order: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What was written. `parent` is there for a stack; the order as it is afterwards.

    `vouchers` are the codes by the key of their redemption.
    """

    parent: RedemptionRollback | None
    rollbacks: Sequence[RedemptionRollback]
    vouchers: Mapping[int, Voucher]
    order_json: OrderJson | None


def roll_back(*, project: Project, reference: str, wish: Wish, at: datetime) -> RolledBack:
    """Take back one redemption that is not part of a stack.

    Gives the use of the code back, takes the discount off its order and cancels that, unless the
    stacking rules leave orders as they are. Raises NotFound, Invalid, and AlreadyRolledBack with
    the refused try stored (`rrf_…`).
    """
    redemption = queries.get_redemption(reference=reference)
    if redemption.children.all():
        raise refusals.InvalidRedemption(
            "You can rollback only a single redemption. Use different endpoint for stacked"
            " redemption."
        )
    return _roll_back(project, redemption, wish, at=at)


def roll_back_stack(*, project: Project, reference: str, wish: Wish, at: datetime) -> RolledBack:
    """Take back a parent with all its redemptions, or a single one. Raises as `roll_back`."""
    return _roll_back(project, queries.get_redemption(reference=reference), wish, at=at)


@locks.patience()
def _roll_back(project: Project, redemption: Redemption, wish: Wish, *, at: datetime) -> RolledBack:
    _check(redemption, wish)
    try:
        with locks.waiting(), transaction.atomic():
            return _commit(project, redemption, wish, at=at)
    except GuardRefused as error:
        # A code that became limited or unlimited since it was read.
        raise Busy(extra={"retry_after": 1}) from error
    except (AlreadyRolledBack, IntegrityError) as error:
        raise _refused(project, redemption, wish, at=at) from error


def _check(redemption: Redemption, wish: Wish) -> None:
    if redemption.parent_id is not None:
        raise refusals.InvalidRedemptionParent(
            "You can rollback only a redemption that does not have parent redemption."
        )
    if redemption.result == Result.FAILURE:
        raise refusals.InvalidRedemption("You can rollback only a succeeded redemption.")
    if wish.customer:
        customer = context.find_customer(wish.customer)
        if customer is None:
            raise NotFound.of("customer", _named(wish.customer))
        if customer.pk != redemption.customer_id:
            raise refusals.InvalidCustomer("Customer is not related with redemption.")
    if wish.order and (wish.order.get("id") or wish.order.get("source_id")):
        order, _items = context.find_order(wish.order)
        if order is None or order.pk != redemption.order_id:
            raise refusals.InvalidOrder("Order is not related with redemption.")


def _commit(project: Project, redemption: Redemption, wish: Wish, *, at: datetime) -> RolledBack:
    """Lock redemption, order, cards, codes and counters in this order; refuse what is taken back.

    Before that the locks of the codes are shared, so that none becomes limited meanwhile.
    """
    rows = [redemption, *redemption.children.all()]
    guarded.run([reversals.join(rows=rows)])
    usage.begin(project=project, redemptions=reversals.used(rows=rows))
    held = _held(rows)
    order, before = reversals.held_order(redemption=redemption)
    ids = [new_id("rr_") for _row in rows]
    order_json = None
    changed = order if reversals.changes_order(project=project) else None
    if order is not None:
        priced = reversals.as_stored(order=order)
        if changed is not None:
            priced = reversals.without(order=order, redemption=redemption, rows=rows)
            reversals.cancel(project=project, order=order, priced=priced, at=at)
        order_json = reversals.order_json(
            order=order, priced=priced, redemption=redemption, ids=ids, at=at
        )
    parent, made = _write(project, rows, ids, order_json, wish, at=at)
    held.update(rolled_back_at=at, updated_at=at)
    vouchers = _vouchers(made)
    moved = payments.give_back(rows=rows, made=made, vouchers=vouchers, order=order, at=at)
    _announce(project, changed, order_json, made, vouchers, moved, before=before, at=at)
    sums = recording.totals_of(before=before, after=changed, at=at) if changed is not None else []
    used = reversals.used(rows=rows)
    shared = usage.give_back(project=project, redemptions=used, at=at)
    shared += stocks.give_back(project=project, units=reversals.gifts(rows=used))
    guarded.run([*_counts(redemption, vouchers, sums, len(used), at=at), *shared])
    return RolledBack(parent, made, vouchers, order_json)


def _held(rows: Sequence[Redemption]) -> QuerySet[Redemption]:
    """The rows, held until the commit. Raises AlreadyRolledBack."""
    held = Redemption.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    if any(row.rolled_back_at for row in held.select_for_update(of=("self",), no_key=True)):
        raise AlreadyRolledBack
    return held


def _write(
    project: Project,
    rows: Sequence[Redemption],
    ids: Sequence[str],
    order_json: OrderJson | None,
    wish: Wish,
    *,
    at: datetime,
) -> tuple[RedemptionRollback | None, list[RedemptionRollback]]:
    made = [
        _row(project, row, public_id, wish, at=at, order_json=order_json)
        for row, public_id in zip(rows, ids, strict=True)
    ]
    top, children = made[0], made[1:]
    top.save(force_insert=True)
    if not children:
        return None, [top]
    for child in children:
        child.parent = top
    RedemptionRollback.objects.bulk_create(children)
    return top, children


def _row(
    project: Project,
    redemption: Redemption,
    public_id: str,
    wish: Wish,
    *,
    at: datetime,
    **more: Any,
) -> RedemptionRollback:
    tracked = tracking.encode(project=project, raw=wish.tracking_id) if wish.tracking_id else ""
    return RedemptionRollback(
        project=project,
        public_id=public_id,
        redemption=redemption,
        customer=redemption.customer,
        reason=wish.reason[:500],
        tracking_id=tracked or redemption.tracking_id,
        metadata=dict(wish.metadata if wish.metadata is not None else redemption.metadata),
        rolled_back_at=at,
        created_at=at,
        **recording.channel(),
        **more,
    )


def _vouchers(made: Sequence[RedemptionRollback]) -> dict[int, Voucher]:
    """Codes by redemption, those in the bin too, as they will be once their uses are given back."""
    keys = {row.redemption_id: row.redemption.voucher_id for row in made}
    wanted = {key for key in keys.values() if key is not None}
    rows = Voucher.objects.select_related(
        "campaign__category", "category", "definition", "holder", "account"
    ).filter(pk__in=wanted)
    found = {voucher.pk: voucher for voucher in campaign_queries.with_usage(rows)}
    for voucher in found.values():
        voucher.redeemed_count -= 1
    return {row: found[key] for row, key in keys.items() if key in found}


def _counts(
    redemption: Redemption,
    vouchers: Mapping[int, Voucher],
    sums: Sequence[Statement],
    uses: int,
    *,
    at: datetime,
) -> list[Statement]:
    rows = sorted(vouchers.values(), key=lambda v: (v.redemption_limit is None, v.pk))
    found = [counting.give_back(voucher=v, at=at) for v in rows if v.redemption_limit is not None]
    found += sums
    if redemption.customer is not None:
        field = "rollbacks_succeeded"
        found += [totals.redemption(customer=redemption.customer, field=field, at=at)] * uses
    return found + [
        counting.give_back(voucher=v, at=at) for v in rows if v.redemption_limit is None
    ]


def _announce(
    project: Project,
    order: Order | None,
    order_json: OrderJson | None,
    made: Sequence[RedemptionRollback],
    vouchers: Mapping[int, Voucher],
    moved: Sequence[Happening],
    *,
    before: reversals.Before | None,
    at: datetime,
) -> None:
    happenings = [
        _happening("redemption.rollback.succeeded", row, vouchers.get(row.redemption_id))
        for row in made
    ]
    if order is not None and order_json is not None:
        happenings += events.order_happenings(
            created=False,
            status_before=before[1] if before is not None else None,
            status=order.status,
            customer=order.customer,
            referrer=order.referrer,
            order=order_json,
        )
    happenings += moved
    events.emit(happenings, project=project, at=at)


def _happening(event_type: str, row: RedemptionRollback, voucher: Voucher | None) -> Any:
    redemption = dict(redemption_json(row.redemption))
    redemption["order"] = row.order_json
    rollback = dict(rollback_json(row))
    for name in ("order", "voucher", "promotion_tier", "customer"):
        rollback.pop(name, None)
    return events.redemption_happening(
        event_type,
        redemption=redemption,
        customer=row.customer,
        voucher=voucher,
        tier=row.redemption.promotion_tier,
        redemption_rollback=rollback,
    )


def _refused(project: Project, redemption: Redemption, wish: Wish, *, at: datetime) -> LoyaltyError:
    """Store the refused try in a transaction of its own; the error to raise."""
    failed = _row(
        project,
        redemption,
        new_id("rrf_"),
        wish,
        at=at,
        result=Result.FAILURE,
        failure_code=AlreadyRolledBack.key,
        failure_message=AlreadyRolledBack.message,
    )
    with transaction.atomic():
        failed.save(force_insert=True)
        happening = _happening("redemption.rollback.failed", failed, None)
        events.emit([happening], project=project, at=at)
        if redemption.customer is not None:
            field = "rollbacks_failed"
            guarded.run([totals.redemption(customer=redemption.customer, field=field, at=at)])
    return AlreadyRolledBack(
        "Redemption has been already rolled back.",
        resource_id=failed.public_id,
        resource_type="redemption_rollback",
    )


def _named(given: Mapping[str, Any] | str) -> str:
    return given if isinstance(given, str) else str(given.get("id") or given.get("source_id"))
