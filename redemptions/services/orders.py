"""Orders: stored, changed, imported. What a redemption does to an order is in `redemptions`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from campaigns.engine import facts, pricing
from customers.models import Customer
from customers.services import customers
from loyalty_project.core import bulk, guarded, metadata
from loyalty_project.core.errors import Busy, LoyaltyError, NotFound
from loyalty_project.core.models import AsyncAction, Project
from redemptions import context, events, queries, snapshots
from redemptions.models import Order, OrderStatus
from redemptions.serializers.order import order_json
from redemptions.services import catalog, recording
from rewards import queries as reward_queries

IMPORT_JOB = "redemptions.import_orders"


@dataclass(frozen=True, slots=True)
class _Before:
    """What an order was before this change."""

    customer: Customer | None
    referrer: Customer | None
    status: str
    to_pay: int


def upsert(*, project: Project, data: Mapping[str, Any], at: datetime) -> Order:
    """The order that `id` or `source_id` names, made or changed as `data`, an order on the wire.

    Customers and overridden products are stored with it; amounts in minor units. Raises NotFound
    for an unknown id. Announces what happened.
    """
    try:
        with transaction.atomic():
            return _write(project, data, at=at)
    except IntegrityError:
        # Another request has just made an order with this source id.
        with transaction.atomic():
            return _write(project, data, at=at)


def update(*, project: Project, reference: str, data: Mapping[str, Any], at: datetime) -> Order:
    """Change what `data` names. Raises NotFound."""
    order = queries.get_order(reference=reference)
    named = {**data, "id": order.public_id}
    named.pop("source_id", None)
    with transaction.atomic():
        return _write(project, named, at=at)


def import_(*, project: Project, rows: Sequence[Mapping[str, Any]], at: datetime) -> AsyncAction:
    """Record the import of checked orders: quiet, in their order, with the dates that they name."""
    plain = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    return bulk.start_rows("ORDERS.IMPORT", project=project, job=IMPORT_JOB, rows=plain, at=at)


def write_imported(
    *, project: Project, lines: Sequence[bulk.Line], at: datetime
) -> list[bulk.Failure]:
    """Store a chunk of an import; a wrong order is reported and does not stop the others.

    Raises Busy, so that the chunk is tried again.
    """
    failures: list[bulk.Failure] = []
    for line in lines:
        try:
            write_past(project=project, data=_read(line.data), at=at)
        except Busy:
            raise
        except (LoyaltyError, IntegrityError) as error:
            reason = error.details if isinstance(error, LoyaltyError) else "Duplicated order"
            source_id = line.data.get("source_id")
            failures.append({"source_id": source_id, "row": line.number, "reason": reason})
    return failures


def write_past(*, project: Project, data: Mapping[str, Any], at: datetime) -> Order:
    """As `upsert`, with the date that the order names, and quietly."""
    with transaction.atomic():
        return _write(project, data, at=at, announce=False)


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file, with its instant read again."""
    created_at = row.get("created_at")
    return {**row, "created_at": parse_datetime(created_at) if created_at else None}


def _write(
    project: Project, data: Mapping[str, Any], *, at: datetime, announce: bool = True
) -> Order:
    context.check_currency(project, data)
    customer = _person(project, data, "customer", at=at)
    referrer = _person(project, data, "referrer", at=at)
    stored, before = _locked(data)
    products, skus = catalog.override(project=project, given=data, at=at)
    priced = _priced(data, stored)
    _check_metadata(project, data, priced)
    priced = recording.with_catalog(priced=priced, products=products, skus=skus)
    priced = recording.with_ids(priced=priced)
    order = recording.order(
        project=project,
        stored=stored,
        priced=priced,
        status=data.get("status") or (before.status if before else OrderStatus.CREATED),
        customer=customer or (before.customer if before else None),
        referrer=referrer or (before.referrer if before else None),
        at=at,
        created_at=data.get("created_at"),
    )
    _count(before, order, at=data.get("created_at") or at)
    order = queries.get_order(reference=order.public_id)
    if announce:
        happenings = events.order_happenings(
            created=before is None,
            status_before=before.status if before else None,
            status=order.status,
            customer=order.customer,
            referrer=order.referrer,
            order=order_json(order),
        )
        events.emit(happenings, project=project, at=at)
    return order


def _locked(data: Mapping[str, Any]) -> tuple[Order | None, _Before | None]:
    """The stored order that `data` names, held, and what it is before the change."""
    found, _items = context.find_order(data)
    if found is None:
        return None, None
    orders = Order.objects.select_related("customer", "referrer")
    held = orders.select_for_update(of=("self",), no_key=True).filter(pk=found.pk).first()
    if held is None:
        raise NotFound.of("order", found.public_id)
    return held, _Before(held.customer, held.referrer, held.status, held.total_amount or 0)


def _person(
    project: Project, data: Mapping[str, Any], name: str, *, at: datetime
) -> Customer | None:
    given = data.get(name) or data.get(f"{name}_id")
    if not given:
        return None
    return customers.upsert(project=project, data=given, at=at)


def _priced(data: Mapping[str, Any], stored: Order | None) -> pricing.PricedOrder:
    references = snapshots.references(data.get("items") or ())
    found = reward_queries.find_items(references=references)
    base: facts.Order | None = None
    if stored is not None:
        base = snapshots.stored_order(stored, list(stored.items.all()))
    order = snapshots.order(data, base, found)
    return pricing.begin(snapshots.recorded(data, order))


def _check_metadata(project: Project, data: Mapping[str, Any], priced: pricing.PricedOrder) -> None:
    if data.get("metadata") is not None or not data.get("id"):
        metadata.check(project=project, resource="order", values=priced.order.metadata)
    for item in data.get("items") or ():
        if item.get("metadata"):
            metadata.check(project=project, resource="order_item", values=item["metadata"])


def _count(before: _Before | None, order: Order, *, at: datetime) -> None:
    old = (before.customer, before.status, before.to_pay) if before is not None else None
    guarded.run(recording.totals_of(before=old, after=order, at=at))
