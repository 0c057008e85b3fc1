"""What a buyer wants: as facts for the engine, and as rows of an order."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.engine import facts
from loyalty_project.core.models import Project
from redemptions.models import Order, OrderItem, OrderStatus
from reporting.services.demo import customers, ids
from reporting.services.demo.catalog import Item
from reporting.services.demo.plan import Shop, Source


@dataclass(frozen=True, slots=True)
class Cart:
    """What a buyer wants. `buyer` is the number of the customer, `lines` are items and units."""

    project: Project
    source: Source
    shop: Shop
    number: int
    buyer: int
    buyer_pk: int
    lines: list[tuple[Item, int]]
    moment: datetime
    channel: str
    channel_id: str

    def id(self, prefix: str, *more: object) -> str:
        return ids.make(prefix, self.source.seed, self.source.slug, self.number, *more)

    @property
    def amount(self) -> int:
        return sum(item.price * units for item, units in self.lines)

    @property
    def source_id(self) -> str:
        return f"{self.shop.order_prefix}{100_001 + self.number}"

    @property
    def customer_id(self) -> str:
        return customers.public_id(self.source, self.buyer)

    @property
    def buyer_source_id(self) -> str:
        return customers.source_id(self.shop, self.buyer)


def priceable(cart: Cart) -> facts.Order:
    lines = tuple(
        facts.Line(
            id=cart.id("ordli_", position),
            product_id=item.product.id,
            sku_id=item.sku.id if item.sku is not None else None,
            source_id=_source_id(item),
            related_object=_kind(item),
            quantity=units,
            price=item.price,
            product=item.product,
            sku=item.sku,
        )
        for position, (item, units) in enumerate(cart.lines)
    )
    metadata = {"channel": cart.channel}
    return facts.Order(lines=lines, id=cart.id("ord_"), source_id=cart.source_id, metadata=metadata)


def order(cart: Cart, *, status: OrderStatus, changed: datetime) -> Order:
    return Order(
        project=cart.project,
        public_id=cart.id("ord_"),
        source_id=cart.source_id,
        status=status,
        customer_id=cart.buyer_pk,
        initial_amount=cart.amount,
        amount=cart.amount,
        paid_at=cart.moment,
        metadata={"channel": cart.channel},
        created_at=cart.moment,
        updated_at=changed,
    )


def items(cart: Cart) -> list[OrderItem]:
    return [
        OrderItem(
            project=cart.project,
            public_id=cart.id("ordli_", position),
            position=position,
            source_id=_source_id(item),
            related_object=_kind(item),
            product_id=item.product.id,
            sku_id=item.sku.id if item.sku is not None else "",
            quantity=units,
            price=item.price,
            amount=item.price * units,
            product=item.product_json,
            sku=item.sku_json,
            created_at=cart.moment,
            updated_at=cart.moment,
        )
        for position, (item, units) in enumerate(cart.lines)
    ]


def _source_id(item: Item) -> str:
    return (item.sku.source_id if item.sku is not None else item.product.source_id) or ""


def _kind(item: Item) -> str:
    return "product" if item.sku is None else "sku"
