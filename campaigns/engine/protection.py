"""What keeps a discount from costing too much: margin floors, and budgets that cut it down.

Amounts alone are cut; units given for nothing are meant as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from campaigns.engine.effects.base import cap_sum
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import MarginFloor
from loyalty_project.core import money


@dataclass(frozen=True, slots=True)
class Capped:
    """`wanted` was cut down to `given` by a margin floor or a limit; index None is the order."""

    by: Literal["margin", "limit"]
    index: int | None
    wanted: int
    given: int


@dataclass(slots=True)
class Taking:
    """Minor units that a discount takes off the order as a whole, and off lines by place."""

    order: int = 0
    lines: tuple[tuple[int, int], ...] = ()
    capped: tuple[Capped, ...] = ()

    @property
    def total(self) -> int:
        return self.order + sum(amount for _, amount in self.lines)


def keep_margin(order: PricedOrder, taking: Taking, margins: Sequence[MarginFloor]) -> Taking:
    """No line below its floor, and the order not below the sum of its floors."""
    floors = {
        index: max(_floor(margin, line) for margin in margins)
        for index, line in enumerate(order.lines)
        if line.line.cost is not None and line.amount is not None
    }
    if not floors:
        return taking
    skips = any(margin.skips for margin in margins)
    lines, capped = [], list(taking.capped)
    for index, wanted in taking.lines:
        given = wanted
        if index in floors:
            room = max(0, (order.lines[index].subtotal_amount or 0) - floors[index])
            given = wanted if wanted <= room else (0 if skips else room)
        lines.append((index, given))
        if given < wanted:
            capped.append(Capped("margin", index, wanted, given))
    room = max(0, order.total_amount - sum(floors.values()))
    if taking.order > room:
        given = 0 if skips else room
        capped.append(Capped("margin", None, taking.order, given))
        return Taking(given, tuple(lines), tuple(capped))
    kept = cap_sum(tuple(amount for _, amount in lines), room - taking.order)
    for (index, wanted), given in zip(lines, kept, strict=True):
        if given < wanted:
            capped.append(Capped("margin", index, wanted, given))
    indices = [index for index, _ in lines]
    return Taking(taking.order, tuple(zip(indices, kept, strict=True)), tuple(capped))


def keep_within(taking: Taking, left: int | None) -> Taking:
    """No more than what a budget has left, taken from the order first, then line by line."""
    if left is None or taking.total <= left:
        return taking
    off_order = min(taking.order, left)
    kept = cap_sum(tuple(amount for _, amount in taking.lines), left - off_order)
    indices = [index for index, _ in taking.lines]
    capped = Capped("limit", None, taking.total, off_order + sum(kept))
    return replace(
        taking,
        order=off_order,
        lines=tuple(zip(indices, kept, strict=True)),
        capped=(*taking.capped, capped),
    )


def _floor(margin: MarginFloor, line: PricedLine) -> int:
    """What the paid units of a line must bring."""
    cost = line.line.cost or 0
    per_unit = cost + margin.amount + money.percent_of(cost, margin.percent)
    return per_unit * line.paid_quantity
