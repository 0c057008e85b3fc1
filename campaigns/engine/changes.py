"""What a shopper, a clerk or a caller could change about a request, and the request after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from campaigns.engine.context import Context
from campaigns.engine.facts import Line, Order, Product, Sku

ANY = "any"


@dataclass(frozen=True, slots=True)
class AddAmount:
    """Goods for so many minor units more, whatever they are."""

    amount: int


@dataclass(frozen=True, slots=True)
class AddItems:
    """Units of a product, SKU or products_collection; of ANY they are as many products.

    `price` is the unit price that they need to have, None where any will do.
    """

    object: str
    id: str
    quantity: int = 1
    price: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveItems:
    """All units of a line, by its place in the request."""

    index: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back at that instant."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Say:
    """Send a value: "order.metadata", "redemption.metadata" or "context", and the key in it."""

    fact: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Without:
    """Leave another redeemable out, by id."""

    id: str


Change = AddAmount | AddItems | RemoveItems | Wait | Say | Without

_WEIGHTS: dict[type, float] = {
    Say: 1,
    AddItems: 2,
    AddAmount: 2,
    RemoveItems: 3,
    Wait: 4,
    Without: 5,
}


def cost(changes: Sequence[Change]) -> float:
    """The fewer and the smaller, the better; what the shopper can do at once comes first."""
    total = 0.0
    for change in changes:
        total += _WEIGHTS[type(change)]
        if isinstance(change, AddAmount):
            total += min(0.9, change.amount / 1e9)
        elif isinstance(change, AddItems):
            total += min(0.9, change.quantity / 1e4 + (change.price or 0) / 1e9)
    return total


def size(change: Change) -> int:
    """How much a change is of what it is: minor units or units, 1 for what is done or not."""
    if isinstance(change, AddAmount):
        return change.amount
    return change.quantity if isinstance(change, AddItems) else 1


def sized(change: Change, amount: int) -> Change:
    if isinstance(change, AddAmount):
        return AddAmount(amount)
    return replace(change, quantity=amount) if isinstance(change, AddItems) else change


def merge(changes: Sequence[Change], more: Sequence[Change]) -> tuple[Change, ...]:
    """One change of each kind: amounts and quantities add up, the later instant counts."""
    merged = list(changes)
    for change in more:
        for place, known in enumerate(merged):
            together = _together(known, change)
            if together is not None:
                merged[place] = together
                break
        else:
            merged.append(change)
    return tuple(merged)


def apply(context: Context, changes: Sequence[Change], *, keep_places: bool = False) -> Context:
    """The request with all changes made.

    Lines are removed by their first places; with `keep_places` they stay without any units, so that
    places mean the same before and after.
    """
    removed = {change.index for change in changes if isinstance(change, RemoveItems)}
    if removed and context.order is not None:
        context = replace(context, order=_remove(context.order, removed, keep_places=keep_places))
    for change in changes:
        context = _apply(context, change)
    return context


def _remove(order: Order, removed: set[int], *, keep_places: bool) -> Order:
    gone = sum(_amount(line) for index, line in enumerate(order.lines) if index in removed)
    lines = tuple(
        replace(line, quantity=0, amount=None if line.amount is None else 0, discount_amount=0)
        if index in removed
        else line
        for index, line in enumerate(order.lines)
        if keep_places or index not in removed
    )
    amount = None if order.amount is None else max(0, order.amount - gone)
    initial = order.initial_amount
    initial = None if initial is None else max(0, initial - gone)
    return replace(order, lines=lines, amount=amount, initial_amount=initial)


def _amount(line: Line) -> int:
    return (line.price or 0) * line.quantity if line.amount is None else line.amount


def _together(known: Change, change: Change) -> Change | None:
    if isinstance(known, AddAmount) and isinstance(change, AddAmount):
        return AddAmount(known.amount + change.amount)
    if isinstance(known, Wait) and isinstance(change, Wait):
        return Wait(max(known.until, change.until))
    if isinstance(known, AddItems) and isinstance(change, AddItems):
        same = (known.object, known.id, known.price) == (change.object, change.id, change.price)
        return replace(known, quantity=known.quantity + change.quantity) if same else None
    if isinstance(known, Say) and isinstance(change, Say):
        return change if (known.fact, known.key) == (change.fact, change.key) else None
    return known if known == change else None


def _apply(context: Context, change: Change) -> Context:
    if isinstance(change, AddAmount):
        line = Line(quantity=1, price=change.amount, amount=change.amount)
        return replace(context, order=_with_lines(context.order, [line]))
    if isinstance(change, AddItems):
        return replace(context, order=_with_lines(context.order, _lines(context, change)))
    if isinstance(change, Wait):
        return replace(context, at=change.until)
    if isinstance(change, Say):
        return _say(context, change)
    if isinstance(change, Without):
        kept = tuple(each for each in context.redeemables if each.id != change.id)
        return replace(context, redeemables=kept)
    return context


def _with_lines(order: Order | None, lines: Sequence[Line]) -> Order:
    """More goods; an amount that was given grows with them."""
    order = order or Order(amount=0)
    amount = order.amount
    if amount is not None:
        amount += sum(_amount(line) for line in lines)
    initial = order.initial_amount
    if initial is not None and amount is not None and order.amount is not None:
        initial += amount - order.amount
    return replace(order, lines=(*order.lines, *lines), amount=amount, initial_amount=initial)


def _lines(context: Context, change: AddItems) -> list[Line]:
    if change.object == ANY:
        return [Line(quantity=1, price=change.price) for _ in range(change.quantity)]
    if change.object == "products_collection":
        collections = frozenset({change.id})
        return [Line(quantity=change.quantity, price=change.price, collection_ids=collections)]
    same = _known_line(context.order, change)
    if same is not None:
        price = change.price if change.price is not None else same.price
        return [
            replace(
                same, quantity=change.quantity, price=price, amount=None, id=None,
                discount_amount=0, discount_quantity=0, initial_amount=None, initial_quantity=None,
            )
        ]  # fmt: skip
    item = context.catalog.get(change.id)
    price = change.price if change.price is not None else _price(item)
    line = Line(quantity=change.quantity, price=price)
    if change.object == "sku":
        return [replace(line, sku_id=change.id)]
    return [replace(line, product_id=change.id)]


def _known_line(order: Order | None, change: AddItems) -> Line | None:
    lines = order.lines if order is not None else ()
    wanted = "sku_id" if change.object == "sku" else "product_id"
    return next((line for line in lines if getattr(line, wanted) == change.id), None)


def _price(item: Product | Sku | None) -> int | None:
    if isinstance(item, Sku):
        return item.unit_price
    return item.price if item is not None else None


def _say(context: Context, change: Say) -> Context:
    if change.fact == "order.metadata":
        order = context.order or Order(amount=0)
        metadata = {**order.metadata, change.key: change.value}
        return replace(context, order=replace(order, metadata=metadata))
    if change.fact == "redemption.metadata":
        return replace(context, metadata={**context.metadata, change.key: change.value})
    said = {**context.caller.context, change.key: change.value}
    return replace(context, caller=replace(context.caller, context=said))
