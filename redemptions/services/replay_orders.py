"""The real orders of a replay, as they were before any discount; private to this package."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from campaigns.engine import facts
from customers.models import Customer, SegmentMembership
from loyalty_project.core.models import Project
from redemptions import snapshots
from redemptions.context.people import customer_facts
from redemptions.context.request import Request
from redemptions.models import Order, OrderItem
from redemptions.queries import bought as bought_before
from redemptions.services.recording import COUNTED

CHUNK = 1_000
KEPT = 50_000
NONE: frozenset[str] = frozenset()
ORDER = (
    "pk",
    "created_at",
    "customer",
    "amount",
    "initial_amount",
    "total_amount",
    "discount_amount",
    "items_discount_amount",
    "metadata",
)
ITEM = (
    "source_id",
    "related_object",
    "product_id",
    "sku_id",
    "quantity",
    "price",
    "amount",
    "initial_quantity",
    "initial_amount",
)
# Equal texts are read once: the same lines are bought again and again.
TEXTS = {f"{name}_text": Cast(name, TextField()) for name in ("product", "sku", "metadata")}
Row = tuple[Any, ...]


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


def bought(
    *, project: Project, wanted: frozenset[str], at: datetime
) -> Iterator[tuple[int, datetime, frozenset[str]]]:
    """What is wanted of what paid orders of known customers held, oldest first.

    `wanted` are ids of collections, products and SKUs; collections as they were at an instant.
    """
    lines = OrderItem.objects.filter(
        order__status__in=COUNTED, order__total_amount__isnull=False, order__customer__isnull=False
    )
    pairs = lines.order_by().values_list("product_id", "sku_id").distinct()
    references = {name for pair in pairs for name in pair if name}
    names = bought_before.names_of(project=project, references=references, at=at)
    rows = lines.order_by("order__created_at", "order").values_list(
        "order", "order__customer", "order__created_at", "product_id", "sku_id"
    )
    for (_, customer, made), held in groupby(rows.iterator(), key=itemgetter(0, 1, 2)):
        goods = {name for row in held for each in row[3:] for name in names[each] if name in wanted}
        if goods:
            yield customer, made, frozenset(goods)


def chunks(*, begin: datetime, goods: Goods) -> Iterator[list[Played]]:
    """Paid orders since an instant, oldest first."""
    rows = _paid().filter(created_at__gte=begin).order_by("created_at", "pk").values_list(*ORDER)
    line_of = lru_cache(KEPT)(partial(_line, goods))
    chunk: list[Row] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield _played(chunk, line_of)
            chunk = []
    if chunk:
        yield _played(chunk, line_of)


class People:
    """What is known of customers now, without their past; read in chunks and kept for the next."""

    def __init__(self, *, segments: bool) -> None:
        self._segments = segments
        self._known: dict[int, facts.Customer] = {}

    def of(self, pks: Iterable[int | None]) -> Mapping[int, facts.Customer]:
        """At least those who are asked for and exist, by primary key."""
        missing = {pk for pk in pks if pk is not None and pk not in self._known}
        if len(self._known) > KEPT:
            self._known, missing = {}, {pk for pk in pks if pk is not None}
        self._known.update(_customers(missing, segments=self._segments))
        return self._known


def _customers(pks: set[int], *, segments: bool) -> dict[int, facts.Customer]:
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


def _played(rows: list[Row], line_of: Callable[..., facts.Line]) -> list[Played]:
    lines: dict[int, list[facts.Line]] = defaultdict(list)
    items = OrderItem.objects.filter(order__in=[row[0] for row in rows]).order_by("position")
    for order, *item in items.annotate(**TEXTS).values_list("order", *ITEM, *TEXTS):
        line = line_of(*item)
        if line.quantity:
            lines[order].append(line)
    return [
        Played(
            pk=pk,
            created_at=created_at,
            customer_pk=customer,
            order=facts.Order(
                lines=tuple(lines[pk]),
                amount=amount if initial is None else initial,
                metadata=metadata,
            ),
            total=total or 0,
            discounted=bool(off_order or off_items),
        )
        for pk, created_at, customer, amount, initial, total, off_order, off_items, metadata in rows
    ]


def _line(
    goods: Goods,
    source_id: str,
    related_object: str,
    product_id: str,
    sku_id: str,
    quantity: int,
    price: int | None,
    amount: int | None,
    initial_quantity: int | None,
    initial_amount: int | None,
    product: str | None,
    sku: str | None,
    metadata: str,
) -> facts.Line:
    """Without the units that a discount added and without what it took off."""
    changed = initial_quantity is not None
    bought = snapshots.read_product(_read(product))
    kind = snapshots.read_sku(_read(sku), bought)
    known = (bought.id if bought is not None else product_id) or ""
    known_sku = (kind.id if kind is not None else sku_id) or ""
    return facts.Line(
        product_id=product_id or None,
        sku_id=sku_id or None,
        source_id=source_id or None,
        related_object=related_object or None,
        quantity=(initial_quantity or 0) if changed else quantity,
        price=price,
        amount=initial_amount if changed else amount,
        product=bought,
        sku=kind,
        collection_ids=goods.collections.get(known, NONE),
        metadata=_read(metadata) or {},
        cost=goods.costs.get(known_sku, goods.costs.get(known)),
    )


def _read(text: str | None) -> Any:
    return None if text is None else json.loads(text)
