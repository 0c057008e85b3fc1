"""The order of a request: which stored one it names, and what may not be said of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from loyalty_project.core.errors import NotFound
from loyalty_project.core.models import Project
from redemptions import queries
from redemptions.context.request import CurrencyMismatch
from redemptions.models import Order, OrderItem


def check_currency(project: Project, order: Mapping[str, Any] | None) -> None:
    """Refuse an order that names another currency. Raises CurrencyMismatch."""
    currency = (order or {}).get("currency")
    if currency and currency.upper() != project.currency:
        raise CurrencyMismatch(f"Property .order.currency must be {project.currency}")


def find_order(given: Mapping[str, Any] | None) -> tuple[Order | None, Sequence[OrderItem]]:
    """The stored order that a request names, and its items. Raises NotFound for an unknown id."""
    public_id, source_id = (given or {}).get("id"), (given or {}).get("source_id")
    if not public_id and not source_id:
        return None, ()
    orders = queries.orders()
    order = orders.filter(Q(public_id=public_id) if public_id else Q(source_id=source_id)).first()
    if order is None and public_id and source_id:
        order = orders.filter(source_id=source_id).first()
    if order is None:
        if public_id and not source_id:
            raise NotFound.of("order", public_id)
        return None, ()
    return order, list(order.items.all())


def refuse_stored_order(given: Mapping[str, Any] | None) -> None:
    """Raise NotFound where an untrusted request names an order that is there."""
    names = [name for name in map((given or {}).get, ("id", "source_id")) if name]
    found = queries.orders().filter(Q(public_id__in=names) | Q(source_id__in=names))
    if names and found.exists():
        raise NotFound.of("order", names[0])


def no_order(given: Mapping[str, Any] | None) -> tuple[None, Sequence[OrderItem]]:
    """The answer of `find_order` where there are no orders."""
    if given and given.get("id") and not given.get("source_id"):
        raise NotFound.of("order", given["id"])
    return None, ()
