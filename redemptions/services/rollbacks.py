"""Taking redemptions back: once, whole, with the uses and the discounts that they had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns import queries as campaign_queries
from campaigns.models import Voucher
from campaigns.services import counting
from customers.services import totals
from loyalty_project.core import guarded, locks
from loyalty_project.core.errors import Busy, NotFound
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project, new_id
from loyalty_project.core.outbox import Happening
from redemptions import context, events, queries, usage
from redemptions.models import Redemption, RedemptionRollback, Result
from redemptions.serializers.order import OrderJson
from redemptions.services import payments, recording, refusals, reversals, rollback_rows
from redemptions.services.refusals import AlreadyRolledBack
from redemptions.services.rollback_rows import Wish
from rewards.services import stocks

__all__ = ["RolledBack", "Wish", "roll_back", "roll_back_stack", "take_back"]


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
            return take_back(project=project, roots=[redemption], wish=wish, at=at)
    except GuardRefused as error:
        # A code that became limited or unlimited since it was read.
        raise Busy(extra={"retry_after": 1}) from error
    except (AlreadyRolledBack, IntegrityError) as error:
        raise rollback_rows.refused(
            project=project, redemption=redemption, wish=wish, at=at
        ) from error


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


def take_back(
    *, project: Project, roots: Sequence[Redemption], wish: Wish, at: datetime
) -> RolledBack:
    """Take back redemptions of one order, each with those under it, in the caller's transaction.

    Locks redemptions, order, cards, codes and counters in this order, and before them shares the
    locks of the codes, so that none becomes limited meanwhile. Raises AlreadyRolledBack, and
    GuardRefused for a code that became so before. `parent` is that of the first.
    """
    groups = [[root, *root.children.all()] for root in roots]
    rows = [row for group in groups for row in group]
    used = reversals.used(rows=rows)
    guarded.run([reversals.join(rows=rows)])
    usage.begin(project=project, redemptions=used)
    held = reversals.hold(rows=rows)
    undone = reversals.undo(project=project, groups=groups, ids=_ids(groups), at=at)
    made = [
        rollback_rows.write(
            project=project, rows=group, ids=ids, order_json=order_json, wish=wish, at=at
        )
        for group, ids, order_json in undone.steps
    ]
    all_made = [row for group in made for row in group[1:] or group]
    held.update(rolled_back_at=at, updated_at=at)
    vouchers = _vouchers(all_made)
    moved = payments.give_back(
        rows=rows, made=all_made, vouchers=vouchers, order=undone.order, at=at
    )
    _announce(project, undone, all_made, vouchers, moved, at=at)
    changed, before = undone.changed, undone.before
    sums = recording.totals_of(before=before, after=changed, at=at) if changed is not None else []
    shared = usage.give_back(project=project, redemptions=used, at=at)
    shared += stocks.give_back(project=project, units=reversals.gifts(rows=used))
    guarded.run([*_counts(rows[0], vouchers, sums, len(used), at=at), *shared])
    parent, *children = made[0]
    order_json = undone.steps[-1][2]
    return RolledBack(parent if children else None, children or [parent], vouchers, order_json)


def _ids(groups: Sequence[Sequence[Redemption]]) -> list[list[str]]:
    return [[new_id("rr_") for _row in group] for group in groups]


def _vouchers(made: Sequence[RedemptionRollback]) -> dict[int, Voucher]:
    """Codes by redemption, those in the bin too, as they will be once their uses are given back."""
    keys = {row.redemption_id: row.redemption.voucher_id for row in made}
    wanted = {key for key in keys.values() if key is not None}
    rows = Voucher.objects.select_related(
        "campaign__category", "category", "definition", "holder", "account"
    ).filter(pk__in=wanted)
    found = {voucher.pk: voucher for voucher in campaign_queries.with_usage(rows)}
    for key in keys.values():
        if key in found:
            found[key].redeemed_count -= 1
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
    undone: reversals.Undone,
    made: Sequence[RedemptionRollback],
    vouchers: Mapping[int, Voucher],
    moved: Sequence[Happening],
    *,
    at: datetime,
) -> None:
    told = "redemption.rollback.succeeded"
    happenings = [
        rollback_rows.happening(event_type=told, row=row, voucher=vouchers.get(row.redemption_id))
        for row in made
    ]
    order, order_json = undone.changed, undone.steps[-1][2]
    if order is not None and order_json is not None:
        happenings += events.order_happenings(
            created=False,
            status_before=undone.before[1] if undone.before is not None else None,
            status=order.status,
            customer=order.customer,
            referrer=order.referrer,
            order=order_json,
        )
    happenings += moved
    events.emit(happenings, project=project, at=at)


def _named(given: Mapping[str, Any] | str) -> str:
    return given if isinstance(given, str) else str(given.get("id") or given.get("source_id"))
