"""What happened lately, as the feed of events and the activity lists of customers show it.

The events of older orders are left out: the feed tells what is new, the records tell the rest.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max

from campaigns import queries as campaign_queries
from campaigns.models import Voucher
from customers import queries as customer_queries
from customers.serializers.customer import customer_json
from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent, Project
from loyalty_project.core.outbox import Happening
from redemptions import events, queries
from redemptions.models import Order, OrderStatus, Redemption, Result
from redemptions.serializers.order import order_json
from redemptions.serializers.redemption import redemption_json, rollback_json
from reporting.services.demo import bulk, ids
from reporting.services.demo.plan import Source

NEWEST = 400

# When, which of those at the same moment, and what.
_Timed = tuple[datetime, int, Happening]


def load(project: Project, *, source: Source, newest: int = NEWEST) -> None:
    """Write the events of the newest orders, and of all else since the first of them."""
    moments = Order.objects.order_by("-created_at").values_list("created_at", flat=True)
    latest = list(moments[:newest])
    if not latest:
        return
    since = latest[-1]
    happened = [*_customers(since), *_orders(since), *_redemptions(since), *_rollbacks(since)]
    happened.sort(key=lambda timed: (timed[0], timed[1], timed[2].subject))
    with tenancy.all_projects():
        last = OutboxEvent.objects.aggregate(last=Max("position"))["last"] or 0
    bulk.copy(
        OutboxEvent(
            project=project,
            public_id=ids.make("ev_", source.seed, source.slug, what.event_type, what.subject),
            type=what.event_type,
            subject=what.subject,
            about=what.about,
            channel="API",
            data=dict(what.data),
            occurred_at=when,
            position=position,
            dispatched_at=when,
            created_at=when,
            updated_at=when,
        )
        for position, (when, _rank, what) in enumerate(happened, start=last + 1)
    )


def _customers(since: datetime) -> Iterator[_Timed]:
    found = list(customer_queries.all_customers().filter(created_at__gte=since))
    customer_queries.note_gifts(found)
    for customer in found:
        public_id = customer.public_id
        data = {"customer": customer_json(customer)}
        yield customer.created_at, 0, Happening("customer.created", public_id, data, public_id)


def _orders(since: datetime) -> Iterator[_Timed]:
    for order in queries.orders().filter(created_at__gte=since):
        for when, status in _steps(order):
            shown: dict[str, Any] = dict(_before(order, status))
            is_first = when == order.created_at
            happenings = events.order_happenings(
                created=is_first,
                status_before=None if is_first else OrderStatus.PAID,
                status=status,
                customer=order.customer,
                referrer=None,
                order=shown,
            )
            # A later change is told by its own name alone.
            for happening in happenings if is_first else happenings[-1:]:
                yield when, 1, happening


def _steps(order: Order) -> Iterator[tuple[datetime, str]]:
    """When the order took which status."""
    is_paid = order.paid_at is not None
    yield order.created_at, OrderStatus.PAID if is_paid else OrderStatus.CREATED
    if order.status in {OrderStatus.FULFILLED, OrderStatus.CANCELED}:
        yield order.updated_at, order.status


def _before(order: Order, status: str) -> Any:
    """The order as it was when it took a status; what a code took off is in its redemption."""
    used = next(iter(getattr(order, "uses", ())), None)
    if used is not None and status == OrderStatus.PAID:
        return used.order_json
    return {**order_json(order), "status": status}


def _redemptions(since: datetime) -> Iterator[_Timed]:
    found = queries.redemptions().filter(redeemed_at__gte=since)
    vouchers = _vouchers(found)
    for redemption in found:
        is_failed = redemption.result == Result.FAILURE
        redemption.rolled_back_at = None
        happening = events.redemption_happening(
            "redemption.failed" if is_failed else "redemption.succeeded",
            redemption=redemption_json(redemption),
            customer=redemption.customer,
            voucher=vouchers.get(redemption.voucher_id or 0),
        )
        yield redemption.redeemed_at, 2, happening


def _rollbacks(since: datetime) -> Iterator[_Timed]:
    found = queries.rollbacks().filter(rolled_back_at__gte=since)
    vouchers = _vouchers(row.redemption for row in found)
    for rollback in found:
        body = dict(rollback_json(rollback))
        for name in ("order", "voucher", "customer"):
            body.pop(name)
        happening = events.redemption_happening(
            "redemption.rollback.succeeded",
            redemption={**redemption_json(rollback.redemption), "order": rollback.order_json},
            customer=rollback.customer,
            voucher=vouchers.get(rollback.redemption.voucher_id or 0),
            redemption_rollback=body,
        )
        yield rollback.rolled_back_at, 2, happening


def _vouchers(used: Iterable[Redemption]) -> dict[int, Voucher]:
    keys = {redemption.voucher_id for redemption in used if redemption.voucher_id is not None}
    found = campaign_queries.all_vouchers().filter(pk__in=keys)
    return {voucher.pk: voucher for voucher in found}
