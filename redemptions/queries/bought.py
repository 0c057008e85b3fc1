"""Which of a customer's paid orders held something of a collection, a product or a SKU."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.engine.history import Past, bounds
from customers.models import Customer
from loyalty_project.core.models import Project
from redemptions.models import OrderItem, OrderStatus
from rewards import queries as reward_queries
from rewards.queries import holding

_COUNTED = (OrderStatus.PAID, OrderStatus.FULFILLED)
_LINES_MAX = 10_000

Line = tuple[int, datetime, str, str]


@dataclass(frozen=True, slots=True)
class Bought:
    """Lines of paid orders: order, when it was made, product, SKU; and what these are called."""

    lines: Sequence[Line]
    names: Mapping[str, frozenset[str]]


def lines_of(customer: Customer | None) -> list[Line]:
    """The last 10,000 lines of a customer's paid orders, in one query; a stranger has none."""
    if customer is None:
        return []
    rows = OrderItem.objects.filter(order__customer=customer, order__status__in=_COUNTED)
    rows = rows.order_by("-order__created_at", "-pk")
    return list(rows.values_list("order", "order__created_at", "product_id", "sku_id")[:_LINES_MAX])


def references(lines: Iterable[Line]) -> set[str]:
    """How lines name products and SKUs."""
    return {name for line in lines for name in line[2:] if name}


def read(*, project: Project, customer: Customer, at: datetime) -> Bought:
    """Lines with what they name, in three queries at most, and none for collections mostly."""
    lines = lines_of(customer)
    return Bought(lines, names_of(project=project, references=references(lines), at=at))


def answers(
    *, project: Project, bought: Bought, asked: Collection[Past], at: datetime
) -> dict[Past, int]:
    """Numbers of orders."""
    zone, names, found = ZoneInfo(project.timezone), bought.names, {}
    for past in asked:
        begin, end = bounds(past.window, at, zone)
        orders = {
            order
            for order, made, product, sku in bought.lines
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
    products, skus = items.rows()
    held = holding.collections_of(project=project, products=products, skus=skus, at=at)
    return named(references, items, held)


def named(
    references: Collection[str], items: reward_queries.Items, held: holding.CollectionsOf
) -> Mapping[str, frozenset[str]]:
    """As `names_of`, of goods that have been read, with the collections of all of them."""
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
