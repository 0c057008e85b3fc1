"""Automatic promotions as one shop would write them without an engine: plain functions and dicts.

Each promotion is a function that is asked in turn. What all of them need of the cart is computed
once, lines that a promotion does not touch are shared, and what one cart needs is written at once.
"""

from dataclasses import dataclass
from datetime import datetime

LINES = 20

ORDER_AMOUNTS = (
    "amount", "initial_amount", "discount_amount", "items_discount_amount",
    "total_discount_amount", "total_amount", "applied_discount_amount",
    "items_applied_discount_amount", "total_applied_discount_amount",
)  # fmt: skip
ITEM_AMOUNTS = (
    "quantity", "price", "amount", "subtotal_amount", "discount_amount", "applied_discount_amount",
)  # fmt: skip


@dataclass(frozen=True)
class Cart:
    """`lines` are product, quantity and price; `used` how often the customer used a promotion."""

    at: datetime
    lines: tuple[tuple[str, int, int], ...]
    held: dict[str, frozenset[str]]
    tier: str
    used: dict[str, int]


@dataclass(frozen=True)
class Wish:
    """A promotion as both sides read it: `percent` or `off`, on one product or the order."""

    id: str
    kind: str
    name: str
    floor: int
    off: int
    percent: int
    limit: int | None
    begins: datetime
    ends: datetime


def functions_of(wishes):
    """One function that asks all of them about a cart, for what applies, in their sequence."""
    functions = [_of_lines(each) if each.kind == "product" else _of_order(each) for each in wishes]

    def ask(cart):
        items = [_item(*line) for line in cart.lines]
        total = sum(item["amount"] for item in items)
        answers = [decide(cart, items, total) for decide in functions]
        return [each for each in answers if each is not None]

    return ask


def _item(product, quantity, price, off=0):
    amount = quantity * price
    return {
        "product_id": product,
        "quantity": quantity,
        "price": price,
        "amount": amount,
        "subtotal_amount": amount - off,
        "discount_amount": off,
        "applied_discount_amount": off,
    }


def _of_order(wish):
    kind, name, floor = wish.kind, wish.name, wish.floor
    off, percent, begins, ends = wish.off, wish.percent, wish.begins, wish.ends

    def decide(cart, items, total):
        if not begins <= cart.at < ends or total < floor:
            return None
        if kind != "amount" and name not in cart.held[kind]:
            return None
        if kind == "segment" and cart.tier != "gold":
            return None
        left = None if wish.limit is None else wish.limit - cart.used[wish.id]
        if left is not None and left < 1:
            return None
        taken = min(off, total) if off else (total * percent * 2 + 100) // 200
        return {
            "id": wish.id,
            "effect": "APPLY_TO_ORDER",
            "unused_amount": off - taken if off else 0,
            "left": left,
            "applicable_to": [],
            "amount": total,
            "initial_amount": total,
            "discount_amount": taken,
            "items_discount_amount": 0,
            "total_discount_amount": taken,
            "total_amount": total - taken,
            "applied_discount_amount": taken,
            "items_applied_discount_amount": 0,
            "total_applied_discount_amount": taken,
            "items": items,
        }

    return decide


def _of_lines(wish):
    name, floor, percent, begins, ends = (
        wish.name, wish.floor, wish.percent, wish.begins, wish.ends,
    )  # fmt: skip

    def decide(cart, items, total):
        if not begins <= cart.at < ends or total < floor or name not in cart.held["product"]:
            return None
        left = None if wish.limit is None else wish.limit - cart.used[wish.id]
        if left is not None and left < 1:
            return None
        taken, places, lines = 0, [], list(items)
        for place, (product, quantity, price) in enumerate(cart.lines):
            if product == name:
                off = (quantity * price * percent * 2 + 100) // 200
                taken += off
                places.append(place)
                lines[place] = _item(product, quantity, price, off)
        return {
            "id": wish.id,
            "effect": "APPLY_TO_ITEMS",
            "unused_amount": 0,
            "left": left,
            "applicable_to": places,
            "amount": total,
            "initial_amount": total,
            "discount_amount": 0,
            "items_discount_amount": taken,
            "total_discount_amount": taken,
            "total_amount": total - taken,
            "applied_discount_amount": 0,
            "items_applied_discount_amount": taken,
            "total_applied_discount_amount": taken,
            "items": lines,
        }

    return decide
