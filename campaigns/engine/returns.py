"""What a return of goods takes of an order, and of each discount and gift card on it.

Each return takes its part of what is left, by largest remainder: no part is ever negative or more
than what is left, and several returns together make exactly the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from campaigns.engine.facts import Line, Order
from loyalty_project.core import money


@dataclass(frozen=True, slots=True)
class Taken:
    """What of one redemption stands: off the order as a whole, and off lines by their id.

    `pays` is that of a gift card. `counted` is the order amount that limits count for it.
    """

    key: str
    on_order: int = 0
    on_lines: Mapping[str, int] = field(default_factory=dict)
    pays: bool = False
    counted: int = 0

    @property
    def amount(self) -> int:
        return self.on_order + sum(self.on_lines.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What comes back: units by line id, goods or services of an `amount` beside them, or all."""

    units: Mapping[str, int] = field(default_factory=dict)
    amount: int = 0
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """A part of a line: what it costs before discounts, and what of its discounts goes with it."""

    id: str
    units: int
    amount: int
    discount: int


@dataclass(frozen=True, slots=True)
class Returned:
    """`amount` is the value of the goods before any discount, `refund` what was paid in money.

    `shares` has one of each Taken, in their order: amount = refund + all shares + discounts that no
    redemption stands for. `left` is the order without it; `is_whole` where nothing is left.
    """

    lines: tuple[Back, ...]
    amount: int
    refund: int
    shares: tuple[Taken, ...]
    left: Order
    is_whole: bool

    @property
    def discount(self) -> int:
        return sum(share.amount for share in self.shares if not share.pays)

    @property
    def credits(self) -> int:
        return sum(share.amount for share in self.shares if share.pays)


def give_back(order: Order, taken: Sequence[Taken], wanted: Wanted) -> Returned:
    """Compute a return. The lines have ids, and nothing is wanted that is not there."""
    goods = _amount_of(order)
    backs, beside = _backs(order, wanted, goods)
    discounts = sum(back.discount for back in backs)
    before = goods - sum(line.discount_amount for line in order.lines)
    value = min(before, sum(back.amount for back in backs) - discounts + beside)
    amount = value + discounts
    on_order, refund = _split_order(order, taken, value, before)
    on_lines = _split_lines(order, taken, backs)
    left = _left(order, backs, amount=amount, on_order=value - refund)
    whole = amount == goods if goods else not left.lines
    shares = tuple(
        Taken(
            one.key,
            on_order[place],
            on_lines[place],
            one.pays,
            one.counted if whole else _part(one.counted, value, before),
        )
        for place, one in enumerate(taken)
    )
    paid = sum(share.amount for share in shares if share.pays)
    left = replace(left, credits_amount=max(0, order.credits_amount - paid))
    return Returned(tuple(backs), amount, refund, shares, left, whole)


def _amount_of(order: Order) -> int:
    if order.amount is not None:
        return order.amount
    return sum(line.amount or 0 for line in order.lines)


def _part(amount: int, part: int, whole: int) -> int:
    return money.share(amount, part, whole) if whole else 0


def _backs(order: Order, wanted: Wanted, goods: int) -> tuple[list[Back], int]:
    """What comes back of each line, and of what the order costs beside its lines."""
    backs = []
    for line in order.lines:
        units = line.quantity if wanted.everything else wanted.units.get(line.id or "", 0)
        amount = _part(line.amount or 0, units, line.quantity)
        discount = _part(line.discount_amount, units, line.quantity)
        backs.append(Back(line.id or "", units, amount, discount))
    rest = [(line.amount or 0) - back.amount for line, back in zip(order.lines, backs, strict=True)]
    weights = _weights(rest, goods - sum(back.amount for back in backs))
    if wanted.everything or not wanted.amount:
        return backs, weights[-1] if wanted.everything else 0
    *parts, beside = money.allocate(wanted.amount, weights)
    lines = zip(order.lines, backs, parts, strict=True)
    return [_more(line, back, part) for line, back, part in lines], beside


def _weights(rest: Sequence[int], goods: int) -> list[int]:
    """What is left of each line and what the order costs beside them; where that is less, less."""
    if sum(rest) > goods:
        rest = money.allocate(max(0, goods), rest)
    return [*rest, max(0, goods - sum(rest))]


def _more(line: Line, back: Back, part: int) -> Back:
    rest, left = (line.amount or 0) - back.amount, line.discount_amount - back.discount
    return replace(
        back, amount=back.amount + part, discount=back.discount + _part(left, part, rest)
    )


def _split_order(
    order: Order, taken: Sequence[Taken], value: int, before: int
) -> tuple[list[int], int]:
    """What of a value is each redemption's off the order as a whole, and what is money."""
    known = [one.on_order for one in taken]
    if sum(known) > order.discount_amount:
        known = list(money.allocate(order.discount_amount, known))
    other = min(order.discount_amount, before) - sum(known)
    parts = money.allocate(value, [*known, max(0, other), max(0, before - order.discount_amount)])
    return list(parts[:-2]), parts[-1]


def _split_lines(
    order: Order, taken: Sequence[Taken], backs: Sequence[Back]
) -> list[dict[str, int]]:
    """What of the discounts of the lines is each redemption's, by line."""
    found: list[dict[str, int]] = [{} for _one in taken]
    for line, back in zip(order.lines, backs, strict=True):
        known = [one.on_lines.get(back.id, 0) for one in taken]
        other = max(0, line.discount_amount - sum(known))
        parts = money.allocate(back.discount, [*known, other])
        for mine, part in zip(found, parts, strict=False):
            if part:
                mine[back.id] = part
    return found


def _left(order: Order, backs: Sequence[Back], *, amount: int, on_order: int) -> Order:
    lines = [_line_left(line, back) for line, back in zip(order.lines, backs, strict=True)]
    initial = order.initial_amount
    return replace(
        order,
        lines=tuple(line for line in lines if line.quantity),
        amount=None if order.amount is None else order.amount - amount,
        initial_amount=None if initial is None else max(0, initial - amount),
        discount_amount=order.discount_amount - on_order,
    )


def _line_left(line: Line, back: Back) -> Line:
    if not back.units and not back.amount:
        return line
    free = line.discount_quantity - _part(line.discount_quantity, back.units, line.quantity)
    return replace(
        line,
        quantity=line.quantity - back.units,
        amount=None if line.amount is None else line.amount - back.amount,
        discount_amount=line.discount_amount - back.discount,
        discount_quantity=free,
        initial_amount=None,
        initial_quantity=None,
    )
