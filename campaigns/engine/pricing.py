"""The order while discounts are applied to it: what it is, and the moves that it can make.

At any time, on the order and on each line:
    total_discount_amount = discount_amount + items_discount_amount
    total_amount = amount - total_discount_amount >= 0
    subtotal_amount = amount - discount_amount >= 0
`applied_*` is the part of this step, or of this request in the final order.
"""

from dataclasses import dataclass

from campaigns.engine.facts import Line, Order


@dataclass(frozen=True, slots=True)
class PricedLine:
    """`line` is the fact as it came in; an added line has a fact with the quantity 0.

    `initial_*` is None while no unit was added or made free. `discount_quantity` counts free units.
    """

    line: Line
    quantity: int
    price: int | None
    amount: int | None
    discount_amount: int = 0
    discount_quantity: int = 0
    initial_amount: int | None = None
    initial_quantity: int | None = None
    applied_discount_amount: int = 0
    applied_discount_quantity: int = 0
    applied_quantity: int = 0
    applied_quantity_amount: int = 0

    @property
    def subtotal_amount(self) -> int | None:
        return None if self.amount is None else self.amount - self.discount_amount

    @property
    def paid_quantity(self) -> int:
        """Units that are not free yet."""
        return self.quantity - self.discount_quantity


@dataclass(frozen=True, slots=True)
class PricedOrder:
    order: Order
    lines: tuple[PricedLine, ...]
    amount: int
    initial_amount: int
    discount_amount: int = 0
    applied_discount_amount: int = 0

    @property
    def items_discount_amount(self) -> int:
        return sum(line.discount_amount for line in self.lines)

    @property
    def items_applied_discount_amount(self) -> int:
        return sum(line.applied_discount_amount for line in self.lines)

    @property
    def total_discount_amount(self) -> int:
        return self.discount_amount + self.items_discount_amount

    @property
    def total_applied_discount_amount(self) -> int:
        return self.applied_discount_amount + self.items_applied_discount_amount

    @property
    def total_amount(self) -> int:
        return self.amount - self.total_discount_amount
