"""The rows of one redemption request: a parent where several were applied, and its children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.engine.pricing import PricedOrder
from campaigns.engine.results import Applied
from campaigns.models import Voucher
from loyalty_project.core.models import Project, new_id
from redemptions.context import Loaded, reference_of
from redemptions.models import Order, Redemption
from redemptions.serializers.order import (
    Heading,
    OrderJson,
    heading,
    priced_json,
    redemption_entry,
    redemptions_map,
)
from redemptions.serializers.validation import discount_json
from redemptions.services import recording


@dataclass(frozen=True, slots=True)
class Written:
    """Children with their codes; `order_json` is the order as it is afterwards."""

    parent: Redemption | None
    children: Sequence[tuple[Redemption, Voucher]]
    order_json: OrderJson


def write(
    *,
    project: Project,
    order: Order,
    priced: PricedOrder,
    loaded: Loaded,
    applied: Sequence[Applied],
    metadata: Mapping[str, Any],
    tracking_id: str,
    at: datetime,
) -> Written:
    """Insert the redemptions of a request in the caller's transaction."""
    vouchers = [_voucher(loaded, one) for one in applied]
    ids = [new_id("r_") for _one in applied]
    stacked = ids if len(applied) > 1 else []
    top = new_id("r_") if stacked else ids[0]
    known = redemptions_map(loaded.order) if loaded.order is not None else {}
    entry = redemption_entry(
        public_id=top, date=at, voucher=None if stacked else vouchers[0], stacked=stacked
    )
    head = heading(order, redemptions={**known, top: entry})
    final = priced_json(priced, head)
    common = {
        "project": project,
        "customer": order.customer,
        "order": order,
        "tracking_id": tracking_id,
        "metadata": dict(metadata),
        "redeemed_at": at,
        "created_at": at,
        **recording.channel(),
    }
    parent = None
    if stacked:
        total = priced.total_applied_discount_amount
        parent = Redemption(public_id=top, applied_amount=total, order_json=final, **common)
        parent.save(force_insert=True)
    children = [
        _child(one, voucher, priced, head, public_id=public_id, parent=parent, **common)
        for public_id, one, voucher in zip(ids, applied, vouchers, strict=True)
    ]
    Redemption.objects.bulk_create(children)
    return Written(parent, list(zip(children, vouchers, strict=True)), final)


def _child(
    applied: Applied, voucher: Voucher, priced: PricedOrder, head: Heading, **values: Any
) -> Redemption:
    """One applied redeemable, with the order as it was after its step."""
    step = priced
    if applied.order is not None:
        step = recording.as_stored(step=applied.order, final=priced)
    return Redemption(
        voucher=voucher,
        campaign=voucher.campaign,
        code=reference_of(applied.redeemable)[:255],
        discount=discount_json(applied, voucher.definition.data.get("discount") or {}),
        applied_amount=step.total_applied_discount_amount,
        order_json=priced_json(step, head),
        decision=recording.decision(applied=applied, voucher=voucher),
        **values,
    )


def _voucher(loaded: Loaded, applied: Applied) -> Voucher:
    """Only codes are applied as yet, so each has its row."""
    return loaded.vouchers[reference_of(applied.redeemable)]
