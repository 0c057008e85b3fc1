"""Which of a customer's paid orders held something of a collection, a product or a SKU."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.engine.history import Past, bounds
from customers.models import Customer
from loyalty_project.core.models import Project
from redemptions.models import OrderItem, OrderStatus
from rewards import queries as reward_queries

_COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)
_LINES_MAX = 10_000


def answers(
    *, project: Project, customer: Customer, asked: Collection[Past], at: datetime
) -> dict[Past, int]:
    """Numbers of orders; their last 10,000 lines are looked at, in up to five queries, or none."""
    if not asked:
        return {}
    lines = list(
        OrderItem.objects.filter(order__customer=customer, order__status__in=_COUNTED)
        .order_by("-order__created_at", "-pk")
        .values_list("order", "order__created_at", "product_id", "sku_id")[:_LINES_MAX]
    )
    named = {name for line in lines for name in line[2:] if name}
    names = names_of(project=project, references=named, at=at)
    zone, found = ZoneInfo(project.timezone), {}
    for past in asked:
        begin, end = bounds(past.window, at, zone)
        orders = {
            order
            for order, made, product, sku in lines
            if (begin is None or made >= begin)
            and (end is None or made < end)
            and past.only in names[product] | names[sku]
        }
        found[past] = len(orders)
    return found


def names_of(
    *, project: Project, references: Collection[str], at: datetime
) -> Mapping[str, frozenset[str]]:
    """Ids, source ids and collections of what lines name, by how they name it."""
    items = reward_queries.find_items(references=references)
    rows = {row.pk: row for row in items.products.values()}
    skus = {row.pk: row for row in items.skus.values()}
    rows |= {sku.product_id: sku.product for sku in skus.values()}
    held = reward_queries.collections_of(
        project=project, products=rows.values(), skus=skus.values(), at=at
    )
    found: dict[str, frozenset[str]] = {"": frozenset()}
    for reference in references:
        known = {reference}
        if product := items.products.get(reference):
            known |= {product.public_id, product.source_id or ""} | held.products[product.pk]
        if sku := items.skus.get(reference):
            known |= {sku.public_id, sku.source_id or ""} | held.skus[sku.pk]
            known |= {sku.product.public_id, sku.product.source_id or ""}
            known |= held.products[sku.product_id]
        found[reference] = frozenset(known)
    return found
