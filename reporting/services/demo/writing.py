"""Rows of orders, collected and written in chunks."""

from dataclasses import dataclass, field

from redemptions.models import Order, OrderItem, Redemption, RedemptionRollback
from reporting.services.demo import bulk
from reporting.services.demo.checkout import Sale


@dataclass(slots=True)
class Book:
    """What was sold and refused since the last flush."""

    orders: list[Order] = field(default_factory=list)
    items: list[OrderItem] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    rollbacks: list[RedemptionRollback] = field(default_factory=list)
    refusals: list[Redemption] = field(default_factory=list)

    def add(self, sale: Sale) -> None:
        self.orders.append(sale.order)
        for item in sale.items:
            item.order = sale.order
        self.items += sale.items
        if sale.redemption is not None:
            sale.redemption.order = sale.order
            self.redemptions.append(sale.redemption)
        if sale.rollback is not None and sale.redemption is not None:
            sale.rollback.redemption = sale.redemption
            self.rollbacks.append(sale.rollback)

    def flush(self) -> None:
        """Write what was collected and forget it."""
        _number(self.orders)
        for item in self.items:
            item.order_id = item.order.pk
        for redemption in self.redemptions:
            redemption.order_id = redemption.order.pk if redemption.order is not None else None
        uses = sorted([*self.redemptions, *self.refusals], key=lambda use: use.redeemed_at)
        _number(uses)
        for rollback in self.rollbacks:
            rollback.redemption_id = rollback.redemption.pk
        for rows in (self.orders, self.items, uses, self.rollbacks):
            bulk.copy(rows)
        for collected in (
            self.orders,
            self.items,
            self.redemptions,
            self.rollbacks,
            self.refusals,
        ):
            collected.clear()


def _number(rows: list[Order] | list[Redemption]) -> None:
    if rows:
        first = bulk.reserve(type(rows[0]), len(rows))
        for number, row in enumerate(rows):
            row.pk = first + number
