"""Which facts beyond the request the redeemables look at, so that the loader reads no others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from campaigns.engine import rules
from campaigns.engine.redeemable import ApplicableTo, Component, Redeemable

COLLECTION = "products_collection"


@dataclass(frozen=True, slots=True)
class Asks:
    """`segments`: those of the customer; `collections`: those that hold the lines.

    `bought`: what the customer's orders held.
    """

    segments: bool = False
    collections: bool = False
    bought: bool = False


def of(redeemables: Iterable[Redeemable]) -> Asks:
    """What any of them looks at."""
    segments = collections = bought = False
    for redeemable in redeemables:
        segments = segments or _asks_segments(redeemable)
        collections = collections or any(
            entry.object == COLLECTION for entry in _entries(redeemable)
        )
        bought = bought or any(
            leaf.condition.name == "wafa.customer.orders_with"
            for leaf in rules.conditions(redeemable)
        )
    return Asks(segments, collections, bought)


def _asks_segments(redeemable: Redeemable) -> bool:
    return any(limit.relaxed for limit in redeemable.limits) or any(
        leaf.condition.name == "customer.segment" for leaf in rules.conditions(redeemable)
    )


def _entries(redeemable: Redeemable) -> Iterator[ApplicableTo | Component]:
    yield from redeemable.applicable_to
    yield from redeemable.inapplicable_to
    if redeemable.bundle is not None:
        yield from redeemable.bundle.components
    for leaf in rules.conditions(redeemable):
        if leaf.condition.items is not None:
            yield from leaf.condition.items.entries
