"""What happened to orders and redemptions, as receivers of events and webhooks learn it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from campaigns.models import Limit, PromotionTier, Voucher
from campaigns.queries import terms
from campaigns.serializers.campaign import campaign_json
from campaigns.serializers.limit import limit_json
from campaigns.serializers.voucher import voucher_json
from customers.models import Customer
from customers.serializers.customer import slim_json
from loyalty_project.core import outbox
from loyalty_project.core.models import Project
from loyalty_project.core.outbox import Happening
from redemptions.models import Order

STATUS_EVENTS = {
    "PAID": "order.paid",
    "CANCELED": "order.canceled",
    "FULFILLED": "order.fulfilled",
}


def emit(happenings: list[Happening], *, project: Project, at: datetime) -> None:
    """All events of one change, in this order, in its transaction."""
    outbox.emit_all(happenings, project=project, at=at)


def order_happenings(
    *,
    created: bool,
    status_before: str | None,
    status: str,
    customer: Customer | None,
    referrer: Customer | None,
    order: Mapping[str, Any],
) -> list[Happening]:
    """`order.created` or `order.updated`, then what the change of its status is called."""
    types = ["order.created" if created else "order.updated"]
    if status != status_before and status in STATUS_EVENTS:
        types.append(STATUS_EVENTS[status])
    data = {"customer": _slim(customer), "referrer": _slim(referrer), "order": dict(order)}
    about = customer.public_id if customer is not None else ""
    return [Happening(event_type, str(order["id"]), data, about) for event_type in types]


def return_happening(
    *, order_return: Mapping[str, Any], order: Mapping[str, Any], of: Order
) -> Happening:
    """`order.returned`, with the order as it is afterwards."""
    data = {"customer": _slim(of.customer), "order": dict(order), "return": dict(order_return)}
    about = of.customer.public_id if of.customer is not None else ""
    return Happening("order.returned", of.public_id, data, about)


def redemption_happening(
    event_type: str,
    *,
    redemption: Mapping[str, Any],
    customer: Customer | None,
    voucher: Voucher | None,
    tier: PromotionTier | None = None,
    **more: Any,
) -> Happening:
    """`redemption.succeeded`, `redemption.failed` and the same two of `redemption.rollback`.

    The order is beside the redemption, not inside of it as well.
    """
    row = voucher or tier
    campaign = row.campaign if row is not None else None
    body = dict(redemption)
    order = body.pop("order", None)
    body.pop("voucher", None)
    data = {
        "customer": _slim(customer),
        "order": order,
        "campaign": campaign_json(campaign, rows=terms.kept(campaign)) if campaign else None,
        "voucher": voucher_json(voucher) if voucher is not None else None,
        "promotion_tier": body.pop("promotion_tier", None),
        "redemption": body,
        **more,
    }
    about = customer.public_id if customer is not None else ""
    return Happening(event_type, str(redemption["id"]), data, about)


def limit_happening(*, limit: Limit, used: int, begins: date | None) -> Happening:
    """`limit.reached`: a limit of the whole project stops redemptions from now on."""
    data = {
        "limit": dict(limit_json(limit)),
        "used": used,
        "begins": begins.isoformat() if begins is not None else None,
    }
    return Happening("limit.reached", limit.public_id, data)


def _slim(customer: Customer | None) -> dict[str, Any] | None:
    return dict(slim_json(customer)) if customer is not None else None
