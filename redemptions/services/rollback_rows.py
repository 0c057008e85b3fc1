"""The records of rollbacks, refused ones too, and what they tell; private to this package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.models import Voucher
from customers.services import totals, tracking
from loyalty_project.core import guarded
from loyalty_project.core.errors import LoyaltyError
from loyalty_project.core.models import Project, new_id
from loyalty_project.core.outbox import Happening
from redemptions import events
from redemptions.models import Redemption, RedemptionRollback, Result
from redemptions.serializers.order import OrderJson
from redemptions.serializers.redemption import redemption_json, rollback_json
from redemptions.services import recording
from redemptions.services.refusals import AlreadyRolledBack


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller says about a rollback. `customer` and `order` must be the redemption's own."""

    reason: str = ""
    tracking_id: str = ""
    customer: Mapping[str, Any] | str | None = None
    order: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] | None = None


def write(
    *,
    project: Project,
    rows: Sequence[Redemption],
    ids: Sequence[str],
    order_json: OrderJson | None,
    wish: Wish,
    at: datetime,
) -> list[RedemptionRollback]:
    """Insert those of a redemption and of the ones under it, in the caller's transaction."""
    made = [
        _row(project, row, public_id, wish, at=at, order_json=order_json)
        for row, public_id in zip(rows, ids, strict=True)
    ]
    top, children = made[0], made[1:]
    top.save(force_insert=True)
    for child in children:
        child.parent = top
    RedemptionRollback.objects.bulk_create(children)
    return made


def happening(*, event_type: str, row: RedemptionRollback, voucher: Voucher | None) -> Happening:
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


def refused(*, project: Project, redemption: Redemption, wish: Wish, at: datetime) -> LoyaltyError:
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
        told = happening(event_type="redemption.rollback.failed", row=failed, voucher=None)
        events.emit([told], project=project, at=at)
        if redemption.customer is not None:
            field = "rollbacks_failed"
            guarded.run([totals.redemption(customer=redemption.customer, field=field, at=at)])
    return AlreadyRolledBack(
        "Redemption has been already rolled back.",
        resource_id=failed.public_id,
        resource_type="redemption_rollback",
    )


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
