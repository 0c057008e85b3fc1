"""Stocks of what is given away: what a redeemable takes of them, and whether it is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from campaigns.engine.context import Context
from campaigns.engine.facts import Product, Sku
from campaigns.engine.gifts import Grant


@dataclass(frozen=True, slots=True)
class StockState:
    """`units` of a product or SKU are wanted; `left` are there at this turn of the request."""

    item: str
    units: int
    left: int

    @property
    def holds(self) -> bool:
        return self.units <= self.left


def taken(grants: Iterable[Grant], catalog: Mapping[str, Product | Sku]) -> dict[str, int]:
    """Units by public id: free ones in place and added ones, of what has a stock."""
    found: dict[str, int] = {}
    for grant in grants:
        item = catalog.get(grant.unit_type)
        units = grant.added + sum(free for _, free in grant.free)
        if units and item is not None and item.stock is not None:
            found[item.id] = found.get(item.id, 0) + units
    return found


def states(gifts: Mapping[str, int], context: Context) -> Iterator[StockState]:
    """What is wanted of each stock, and what earlier redeemables of the request left of it."""
    known = {item.id: item.stock or 0 for item in context.catalog.values()} if gifts else {}
    for item, units in gifts.items():
        yield StockState(item, units, known[item] - context.given.get(item, 0))
