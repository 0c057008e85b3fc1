"""What a whole request did to an order, from what its steps did."""

from dataclasses import replace
from operator import is_

from campaigns.engine import pricing
from campaigns.engine.pricing import PricedLine, PricedOrder


def since(start: PricedOrder, end: PricedOrder) -> PricedOrder:
    """The end with what was applied since the start; lines added since stand at the end."""
    applied = end.discount_amount - start.discount_amount
    same, lines = applied == end.applied_discount_amount, end.lines
    if lines is not start.lines:
        before = (*start.lines, *(None,) * (len(lines) - len(start.lines)))
        lines = tuple(map(_line_since, before, lines))
        same = same and all(map(is_, lines, end.lines))
    return end if same else pricing.with_lines(end, lines, applied=applied)


def _line_since(before: PricedLine | None, line: PricedLine) -> PricedLine:
    if line is before:
        return line
    amount, free = line.discount_amount, line.discount_quantity
    added, price = line.quantity, line.amount or 0
    if before is not None:
        amount, free = amount - before.discount_amount, free - before.discount_quantity
        added, price = added - before.quantity, price - (before.amount or 0)
    if (
        amount == line.applied_discount_amount
        and free == line.applied_discount_quantity
        and added == line.applied_quantity
        and price == line.applied_quantity_amount
    ):
        return line
    return replace(
        line,
        applied_discount_amount=amount,
        applied_discount_quantity=free,
        applied_quantity=added,
        applied_quantity_amount=price,
    )
