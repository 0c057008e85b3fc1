"""What of orders came back, and what of their redemptions still stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet

from campaigns.engine.returns import Taken
from redemptions.models import Order, OrderReturn, Redemption, Result, ReturnShare

# What redemptions took off goods that were not returned, for sums over them.
DISCOUNT_LEFT = F("applied_amount") - F("returned_discount")
CREDITS_LEFT = F("credits_amount") - F("returned_credits")


@dataclass(frozen=True, slots=True)
class Returned:
    """What of redemptions was given back: off the order as a whole, and off lines by their id."""

    on_order: int = 0
    on_lines: Mapping[str, int] = field(default_factory=dict)


def returned(*, redemptions: Sequence[Redemption]) -> Returned:
    """Of the redemptions together; no query where nothing came back."""
    some = [row.pk for row in redemptions if row.returned_discount or row.returned_credits]
    if not some:
        return Returned()
    on_order, on_lines = 0, Counter[str]()
    for share in ReturnShare.objects.filter(redemption__in=some):
        on_order += share.on_order
        on_lines.update(share.on_lines)
    return Returned(on_order, on_lines)


def taken(redemption: Redemption) -> Taken:
    """What of a redemption still stands."""
    given = redemption.order_json or {}
    back = returned(redemptions=[redemption])
    lines = {
        item["id"]: item["applied_discount_amount"] - back.on_lines.get(item["id"], 0)
        for item in given.get("items", ())
        if "id" in item and "applied_discount_amount" in item
    }
    left = redemption.discount_left if redemption.credits_left is None else redemption.credits_left
    return Taken(
        redemption.public_id,
        # The sum on the row is the truth; the lines say where it was taken from.
        max(0, left - sum(lines.values())),
        lines,
        pays=redemption.credits_left is not None,
        counted=redemption.total_left,
    )


def standing(*, order: Order) -> list[Redemption]:
    """The redemptions of an order that are not taken back, each stack before those under it."""
    rows = Redemption.objects.select_related(
        "customer", "campaign", "voucher", "promotion_tier", "voucher__account"
    )
    found = rows.filter(order=order, result=Result.SUCCESS, rolled_back_at=None)
    return list(found.order_by("pk"))


def is_used(*, data: Mapping[str, Any]) -> bool:
    """Whether redemptions stand on the order that `id` or `source_id` name; one query."""
    public_id, source_id = data.get("id"), data.get("source_id")
    named = Q()
    if public_id:
        named |= Q(order__public_id=public_id)
    if source_id:
        named |= Q(order__source_id=source_id)
    rows = Redemption.objects.filter(named, result=Result.SUCCESS, rolled_back_at=None)
    return bool(named) and rows.exclude(order=None).exists()


def returns() -> QuerySet[OrderReturn]:
    """With what their wire form needs."""
    found: QuerySet[OrderReturn] = OrderReturn.objects.select_related("order")
    return found.prefetch_related("shares__redemption__voucher")
