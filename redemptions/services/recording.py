"""From an evaluation to rows; private to this package, in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce

from campaigns.engine import facts
from campaigns.engine.pricing import PricedLine, PricedOrder
from customers.models import Customer
from customers.services import totals
from loyalty_project.core import context as acting
from loyalty_project.core import guarded
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project, new_id
from redemptions import snapshots
from redemptions.models import ChannelType, Order, OrderItem, OrderStatus

COUNTED = frozenset({OrderStatus.PAID.value, OrderStatus.FULFILLED.value})


def with_ids(*, priced: PricedOrder) -> PricedOrder:
    """The same order, every line of which has a public id."""
    lines = [
        line if line.line.id else replace(line, line=replace(line.line, id=new_id("ordli_")))
        for line in priced.lines
    ]
    return replace(priced, lines=tuple(lines))


def as_stored(*, step: PricedOrder, final: PricedOrder) -> PricedOrder:
    """An earlier step of an order with the ids that its lines got in the end."""
    lines = [
        replace(line, line=stored.line)
        for line, stored in zip(step.lines, final.lines, strict=False)
    ]
    return replace(step, lines=tuple(lines))


def order(
    *,
    project: Project,
    stored: Order | None,
    priced: PricedOrder,
    status: str,
    customer: Customer | None,
    referrer: Customer | None = None,
    at: datetime,
    created_at: datetime | None = None,
    later: list[Statement] | None = None,
) -> Order:
    """Write an order and its items as the engine left them; items `later` where that is given.

    Of a stored order, `stored` is what the evaluation relied on. Raises GuardRefused when it has
    changed since, and IntegrityError when another order has taken its source id.
    """
    found = values(priced=priced, status=status, customer=customer, referrer=referrer)
    paid_at = at if status in COUNTED else None
    if stored is None:
        made = created_at or at
        # An order of the past was paid then.
        paid_at = made if paid_at is not None else None
        row = Order(project=project, created_at=made, paid_at=paid_at, **found)
        row.source_id = priced.order.source_id
        row.save(force_insert=True)
    else:
        row = _changed(stored, found, paid_at=stored.paid_at or paid_at, at=at)
        row.items.all().delete()
    items = [
        item(project=project, order=row, place=place, priced=line)
        for place, line in enumerate(priced.lines)
    ]
    if later is not None:
        later += guarded.inserts(items)
    else:
        OrderItem.objects.bulk_create(items)
    return row


def totals_of(
    *,
    before: tuple[Customer | None, str, int] | None,
    after: Order,
    at: datetime,
) -> list[Statement]:
    """What an order changes in the sums of its customers; only PAID and FULFILLED ones count.

    `before` is the customer, status and amount to pay that the order had, None for a new one.
    """
    old = _counted(*before) if before is not None else None
    new = _counted(after.customer, after.status, after.total_amount or 0)
    if _same(old, new):
        return []
    found = []
    if old is not None:
        gone = new is None or new[0] != old[0]
        left = _last_of(old[0], but=after) if gone else None
        found.append(totals.order(customer=old[0], amount=old[1], sign=-1, left=left, at=at))
    if new is not None:
        found.append(totals.order(customer=new[0], amount=new[1], sign=1, at=at))
    return found


def _last_of(customer: Customer, *, but: Order) -> tuple[int | None, datetime] | None:
    """Amount and time of the last order of a customer that counts, `but` left out."""
    others = Order.objects.filter(customer=customer, status__in=COUNTED).exclude(pk=but.pk)
    counted_at = Coalesce("paid_at", "created_at")
    return others.order_by(counted_at.desc(), "-pk").values_list("total_amount", counted_at).first()


def channel() -> dict[str, str]:
    """Who acts: the application id of the key, or the name of the person."""
    actor = acting.actor()
    if actor.user is not None:
        return {"channel_type": ChannelType.USER, "channel_id": actor.user.get_username()[:64]}
    key = actor.api_key
    return {"channel_type": ChannelType.API, "channel_id": key.app_id if key is not None else ""}


def with_catalog(
    *,
    priced: PricedOrder,
    products: Mapping[int, facts.Product],
    skus: Mapping[int, facts.Sku],
) -> PricedOrder:
    """The order with what the catalog got from it, by place of the line."""
    lines = list(priced.lines)
    for place, goods in products.items():
        line = lines[place].line
        lines[place] = replace(
            lines[place], line=replace(line, product=goods, product_id=line.product_id or goods.id)
        )
    for place, stock in skus.items():
        line = lines[place].line
        lines[place] = replace(
            lines[place], line=replace(line, sku=stock, sku_id=line.sku_id or stock.id)
        )
    return replace(priced, lines=tuple(lines))


def values(
    *, priced: PricedOrder, status: str, customer: Customer | None, referrer: Customer | None
) -> dict[str, Any]:
    """The columns of an order."""
    unknown = priced.order.amount is None and all(line.amount is None for line in priced.lines)
    return {
        "status": status,
        "customer": customer,
        "referrer": referrer,
        "amount": None if unknown else priced.amount,
        "initial_amount": None if unknown else priced.initial_amount,
        "discount_amount": priced.discount_amount,
        "items_discount_amount": priced.items_discount_amount,
        "credits_amount": priced.credits_amount,
        "total_amount": None if unknown else priced.total_amount,
        "metadata": dict(priced.order.metadata),
    }


def _changed(
    stored: Order, values: Mapping[str, Any], *, paid_at: datetime | None, at: datetime
) -> Order:
    relied = Order.objects.filter(
        pk=stored.pk,
        updated_at=stored.updated_at,
        status=stored.status,
        discount_amount=stored.discount_amount,
        items_discount_amount=stored.items_discount_amount,
    )
    changed = relied.update(updated_at=at, paid_at=paid_at, **values)
    if not changed:
        raise GuardRefused(Statement("", rows=1, about=f"order {stored.public_id}"), 0)
    for name, value in {**values, "updated_at": at, "paid_at": paid_at}.items():
        setattr(stored, name, value)
    return stored


def item(*, project: Project, order: Order, place: int, priced: PricedLine) -> OrderItem:
    """The row of a line."""
    columns = line_values(place=place, priced=priced)
    public_id = priced.line.id or new_id("ordli_")
    return OrderItem(project=project, order=order, public_id=public_id, **columns)


def line_values(*, place: int, priced: PricedLine) -> dict[str, Any]:
    """The columns of a line, but for its ids."""
    line: facts.Line = priced.line
    return {
        "position": place,
        "source_id": line.source_id or "",
        "related_object": line.related_object or "",
        "product_id": line.product_id or "",
        "sku_id": line.sku_id or "",
        "quantity": priced.quantity,
        "price": priced.price,
        "amount": priced.amount,
        "initial_quantity": priced.initial_quantity,
        "initial_amount": priced.initial_amount,
        "discount_amount": priced.discount_amount,
        "discount_quantity": priced.discount_quantity,
        "product": snapshots.product_json(line.product),
        "sku": snapshots.sku_json(line.sku),
        "metadata": dict(line.metadata),
    }


def _counted(customer: Customer | None, status: str, amount: int) -> tuple[Customer, int] | None:
    return (customer, amount) if customer is not None and status in COUNTED else None


def _same(one: tuple[Customer, int] | None, other: tuple[Customer, int] | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[0].pk == other[0].pk and one[1] == other[1]
