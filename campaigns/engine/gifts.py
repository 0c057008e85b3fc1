"""Units for nothing: made free where they are in the order, added where they are not."""

from dataclasses import dataclass, replace

from campaigns.engine.facts import Line, Product, Sku
from campaigns.engine.matching import Goods
from campaigns.engine.pricing import PricedLine, PricedOrder, discount_line, is_of
from loyalty_project.core import money


@dataclass(frozen=True, slots=True)
class Grant:
    """Units for nothing: `free` ones in place, as pairs of line and units, and `added` ones.

    `item` is what the catalog knows about the unit_type, None where it knows nothing.
    """

    unit_type: str
    item: Product | Sku | None = None
    free: tuple[tuple[int, int], ...] = ()
    added: int = 0


def give(priced: PricedOrder, grant: Grant) -> PricedOrder:
    """Make units free in place and add the others to the order, both at their full price."""
    for index, units in grant.free:
        priced = _free(priced, index, units)
    return _add(priced, grant) if grant.added else priced


def _free(priced: PricedOrder, index: int, units: int) -> PricedOrder:
    line = _with_initial(priced.lines[index])
    value = money.share(line.subtotal_amount or 0, units, line.paid_quantity)
    line = discount_line(line, max(0, min(value, priced.total_amount)), units=units)
    return replace(priced, lines=(*priced.lines[:index], line, *priced.lines[index + 1 :]))


def _add(priced: PricedOrder, grant: Grant) -> PricedOrder:
    lines = list(priced.lines)
    index = next((i for i, line in enumerate(lines) if is_of(line, grant.unit_type)), len(lines))
    if index == len(lines):
        lines.append(_new_line(grant))
    line = _with_initial(lines[index])
    price = _price_of(line) if line.quantity else line.price
    value = 0 if price is None else price * grant.added
    line = discount_line(line, value, units=grant.added)
    lines[index] = replace(
        line,
        quantity=line.quantity + grant.added,
        amount=None if price is None and line.amount is None else (line.amount or 0) + value,
        applied_quantity=line.applied_quantity + grant.added,
        applied_quantity_amount=line.applied_quantity_amount + value,
    )
    goods = priced.goods
    if len(lines) > len(priced.lines):
        goods = Goods(tuple(each.line for each in lines))
    return replace(priced, lines=tuple(lines), amount=priced.amount + value, goods=goods)


def _new_line(grant: Grant) -> PricedLine:
    item = grant.item
    if isinstance(item, Sku):
        line = Line(
            product_id=item.product.id, sku_id=item.id, product=item.product, sku=item, quantity=0
        )
        price = item.unit_price
    elif item is not None:
        line = Line(product_id=item.id, product=item, quantity=0)
        price = item.price
    else:
        line = Line(product_id=grant.unit_type, quantity=0)
        price = None
    return PricedLine(
        line=line,
        quantity=0,
        price=price,
        amount=None if price is None else 0,
        initial_amount=None if price is None else 0,
        initial_quantity=0,
    )


def _with_initial(line: PricedLine) -> PricedLine:
    if line.initial_quantity is not None:
        return line
    return replace(line, initial_quantity=line.quantity, initial_amount=line.amount)


def _price_of(line: PricedLine) -> int | None:
    if line.price is not None or line.amount is None:
        return line.price
    return money.share(line.amount, 1, line.quantity)
