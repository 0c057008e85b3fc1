"""The real orders of a replay, as they were before any discount; private to this package."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.engine import facts
from customers.models import Customer, SegmentMembership
from redemptions import snapshots
from redemptions.context.people import customer_facts
from redemptions.context.request import Request
from redemptions.models import Order, OrderItem
from redemptions.services.recording import COUNTED

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Played:
    """One order: `total` is what was paid, `discounted` whether anything had been taken off."""

    pk: int
    created_at: datetime
    customer_pk: int | None
    order: facts.Order
    total: int
    discounted: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """What the catalog says now, by public id; empty where nothing asks for it."""

    collections: Mapping[str, frozenset[str]]
    costs: Mapping[str, int | None]


def since(*, count: int) -> datetime | None:
    """When the oldest of the last so many paid orders was made."""
    recent = _paid().order_by("-created_at", "-pk")[:count]
    found: datetime | None = min(recent.values_list("created_at", flat=True), default=None)
    return found


def before(*, begin: datetime) -> Iterator[tuple[int, datetime, int]]:
    """Paid orders of known customers before an instant, oldest first."""
    rows = _paid().filter(created_at__lt=begin, customer__isnull=False).order_by("created_at")
    yield from rows.values_list("customer", "created_at", "total_amount").iterator()


def chunks(*, begin: datetime, goods: Goods) -> Iterator[list[Played]]:
    """Paid orders since an instant, oldest first."""
    rows = _paid().filter(created_at__gte=begin).order_by("created_at", "pk")
    chunk: list[Order] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield _played(chunk, goods)
            chunk = []
    if chunk:
        yield _played(chunk, goods)


def customers(*, pks: set[int], segments: bool) -> dict[int, facts.Customer]:
    """What is known of customers now, without their past."""
    members: dict[int, set[str]] = defaultdict(set)
    if segments:
        rows = SegmentMembership.objects.filter(customer__in=pks)
        for customer, segment in rows.values_list("customer", "segment__public_id"):
            members[customer].add(segment)
    request = Request(redeemables=())
    found = {}
    for row in Customer.objects.filter(pk__in=pks).select_related("summary"):
        known = customer_facts(row, request, segments=frozenset(members[row.pk]))
        if known is not None:
            found[row.pk] = known
    return found


def _paid() -> Any:
    return Order.objects.filter(status__in=COUNTED, total_amount__isnull=False)


def _played(rows: list[Order], goods: Goods) -> list[Played]:
    items: dict[int, list[OrderItem]] = defaultdict(list)
    for item in OrderItem.objects.filter(order__in=[row.pk for row in rows]).order_by("position"):
        items[item.order_id].append(item)
    return [
        Played(
            pk=row.pk,
            created_at=row.created_at,
            customer_pk=row.customer_id,
            order=_before(row, items[row.pk], goods),
            total=row.total_amount or 0,
            discounted=bool(row.discount_amount or row.items_discount_amount),
        )
        for row in rows
    ]


def _before(row: Order, items: list[OrderItem], goods: Goods) -> facts.Order:
    lines = [_line(item, goods) for item in items]
    return facts.Order(
        lines=tuple(line for line in lines if line.quantity),
        amount=row.amount if row.initial_amount is None else row.initial_amount,
        metadata=row.metadata,
    )


def _line(item: OrderItem, goods: Goods) -> facts.Line:
    """Without the units that a discount added and without what it took off."""
    line = snapshots.stored_line(item)
    changed = item.initial_quantity is not None
    product_id = line.product.id if line.product is not None else line.product_id
    sku_id = line.sku.id if line.sku is not None else line.sku_id
    return facts.Line(
        product_id=line.product_id,
        sku_id=line.sku_id,
        source_id=line.source_id,
        related_object=line.related_object,
        quantity=(item.initial_quantity or 0) if changed else item.quantity,
        price=line.price,
        amount=item.initial_amount if changed else item.amount,
        product=line.product,
        sku=line.sku,
        collection_ids=goods.collections.get(product_id or "", frozenset()),
        metadata=line.metadata,
        cost=goods.costs.get(sku_id or "", goods.costs.get(product_id or "")),
    )
