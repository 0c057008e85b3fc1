"""The rows of one redemption request: a parent where several were applied, and its children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from campaigns.engine.pricing import PricedOrder
from campaigns.engine.results import Applied
from campaigns.models import Voucher
from loyalty_project.core.models import Project, new_id
from redemptions.context import Loaded, Row, reference_of
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
from redemptions.services import decisions, recording


@dataclass(frozen=True, slots=True)
class Written:
    """`order_json` is the order as it is afterwards."""

    parent: Redemption | None
    children: Sequence[Redemption]
    order_json: OrderJson

    @property
    def vouchers(self) -> list[Voucher]:
        return [child.voucher for child in self.children if child.voucher is not None]


def write(
    *,
    project: Project,
    order: Order,
    priced: PricedOrder,
    loaded: Loaded,
    applied: Sequence[Applied],
    metadata: Mapping[str, Any],
    tracking_id: str,
    session_key: str,
    at: datetime,
) -> Written:
    """Insert the redemptions of a request in the caller's transaction."""
    rows = [loaded.row_of(one.redeemable) for one in applied]
    ids = [new_id("r_") for _one in applied]
    stacked = ids if len(applied) > 1 else []
    top = new_id("r_") if stacked else ids[0]
    known = redemptions_map(loaded.order) if loaded.order is not None else {}
    entry = redemption_entry(
        public_id=top, date=at, row=None if stacked else rows[0], stacked=stacked
    )
    head = heading(order, redemptions={**known, top: entry})
    final = priced_json(priced, head)
    common = {
        "project": project,
        "customer": order.customer,
        "order": order,
        "tracking_id": tracking_id,
        "session_key": session_key,
        "metadata": dict(metadata),
        "redeemed_at": at,
        "created_at": at,
        **recording.channel(),
    }
    parent = None
    if stacked:
        total = priced.total_applied_discount_amount - sum(one.credits for one in applied)
        parent = Redemption(public_id=top, applied_amount=total, order_json=final, **common)
        parent.save(force_insert=True)
    children = [
        _child(one, loaded, priced, head, public_id=public_id, parent=parent, **common)
        for public_id, one in zip(ids, applied, strict=True)
    ]
    Redemption.objects.bulk_create(children)
    return Written(parent, children, final)


def _child(
    applied: Applied, loaded: Loaded, priced: PricedOrder, head: Heading, **values: Any
) -> Redemption:
    """One applied redeemable, with the order as it was after its step."""
    redeemable = applied.redeemable
    row = cast(Row, loaded.row_of(redeemable))
    pays = redeemable.pays
    step = priced
    if applied.order is not None:
        step = recording.as_stored(step=applied.order, final=priced)
    return Redemption(
        voucher=loaded.voucher_of(redeemable),
        promotion_tier=loaded.tier_of(redeemable),
        campaign=row.campaign,
        code=reference_of(redeemable)[:255],
        discount=None if pays else discount_json(applied, row.definition.data["discount"]),
        applied_amount=0 if pays else step.total_applied_discount_amount,
        credits_amount=applied.credits if pays else None,
        order_json=priced_json(step, head),
        decision=decisions.decision(applied=applied, row=row, loaded=loaded),
        **values,
    )
