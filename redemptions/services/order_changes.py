"""What a change of a stored order takes back of its redemptions; private to this package."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import facts
from loyalty_project.core.models import Project
from redemptions import context, snapshots
from redemptions.models import Order, OrderStatus
from redemptions.queries import returns as past
from redemptions.services import returns, rollbacks
from rewards import queries as reward_queries

REASON = "Order canceled"


def before(*, project: Project, data: Mapping[str, Any], reason: str, at: datetime) -> None:
    """In the transaction of the change and before it: roll back, or return what is less.

    Raises what `rollbacks.take_back` and `returns.take_held` raise.
    """
    if not _may_take_back(project, data) or not past.is_used(data=data):
        return
    order, _items = context.find_order(data)
    if order is None or order.status == OrderStatus.CANCELED:
        return
    if data.get("status") == OrderStatus.CANCELED:
        roots = [row for row in past.standing(order=order) if row.parent_id is None]
        wish = rollbacks.Wish(reason=reason or REASON)
        if roots:
            rollbacks.take_back(project=project, roots=roots, wish=wish, at=at)
        return
    items = _fewer(order, data)
    if items:
        wish_back = returns.Wish(items=items, reason=reason)
        returns.take_held(project=project, order=order, wish=wish_back, at=at)


def check(*, project: Project, data: Mapping[str, Any], stored: Order | None) -> None:
    """Once the order is held: raise returns.Changed where there is something to take back again."""
    if stored is None or stored.status == OrderStatus.CANCELED:
        return
    if not _may_take_back(project, data) or not past.is_used(data=data):
        return
    if data.get("status") == OrderStatus.CANCELED or _fewer(stored, data):
        raise returns.Changed


def _may_take_back(project: Project, data: Mapping[str, Any]) -> bool:
    if data.get("status") == OrderStatus.CANCELED:
        return campaign_snapshots.stacking(project).canceled_orders_roll_back
    return data.get("items") is not None


def _fewer(order: Order, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The units of stored lines that the items of a request leave out."""
    items = data.get("items") or ()
    found = reward_queries.find_items(references=snapshots.references(items))
    left: list[facts.Line] = [snapshots.line(item, found) for item in items]
    stored: Sequence[facts.Line] = snapshots.stored_order(order, list(order.items.all())).lines
    fewer = []
    for line in stored:
        kept = next((new for new in left if snapshots.same_goods(line, new)), None)
        if kept is not None:
            left.remove(kept)
        units = line.quantity - (kept.quantity if kept is not None else 0)
        if units > 0:
            fewer.append({"id": line.id, "quantity": units})
    return fewer
