"""How many whole bundles an order holds, of which lines, and what lacks for one more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import ApplicableTo, Bundle, Component

# Units go to the narrowest component that wants them.
_PRIORITY = {"sku": 0, "product": 1, "products_collection": 2}


@dataclass(frozen=True, slots=True)
class Identified:
    """Units of a line that belong to a bundle."""

    index: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Missing:
    component: Component
    quantity: int


@dataclass(frozen=True, slots=True)
class Bundled:
    """`quantity` bundles are complete; `missing` is what the next one lacks, below the limit."""

    quantity: int
    limit: int
    identified: tuple[Identified, ...] = ()
    missing: tuple[Missing, ...] = ()


def find(order: PricedOrder | None, bundle: Bundle) -> Bundled:
    """The most bundles that the shopper's units make, each unit in one bundle at most."""
    lines = order.lines if order is not None else ()
    wants = [_wanted(order, component) for component in bundle.components]
    low, high = 0, bundle.limit
    while low < high:
        middle = (low + high + 1) // 2
        if any(lacking for _, lacking in _fill(lines, wants, bundle.components, middle)[1]):
            high = middle - 1
        else:
            low = middle
    taken, _ = _fill(lines, wants, bundle.components, low)
    missing: tuple[Missing, ...] = ()
    if low < bundle.limit:
        _, next_one = _fill(lines, wants, bundle.components, low + 1)
        missing = tuple(Missing(each, lacking) for each, lacking in next_one if lacking)
    identified = tuple(Identified(index, units) for index, units in taken.items() if units)
    return Bundled(low, bundle.limit, identified, missing)


def _wanted(order: PricedOrder | None, component: Component) -> list[int]:
    """The lines of the shopper's that a component could take units of."""
    if order is None:
        return []
    places = order.goods.places(ApplicableTo(component.object, component.id))
    return [place for place in places if order.lines[place].line.quantity > 0]


def _fill(
    lines: Sequence[PricedLine],
    wants: Sequence[Sequence[int]],
    components: Sequence[Component],
    times: int,
) -> tuple[dict[int, int], list[tuple[Component, int]]]:
    """Units taken per line for a number of bundles, and what each component still lacks.

    Augmenting paths move units between components, so that a unit that two of them want never
    makes a bundle fail that another division would complete.
    """
    left = {i: line.line.quantity for i, line in enumerate(lines) if line.line.quantity > 0}
    given: dict[tuple[int, int], int] = {}
    lacking = [component.quantity * times for component in components]
    for place in sorted(range(len(components)), key=lambda p: (_PRIORITY[components[p].object], p)):
        while lacking[place]:
            moved = _augment(place, lacking[place], wants, left, given, frozenset())
            if not moved:
                break
            lacking[place] -= moved
    taken: dict[int, int] = {}
    for (_, index), units in sorted(given.items(), key=lambda item: item[0][1]):
        taken[index] = taken.get(index, 0) + units
    return taken, list(zip(components, lacking, strict=True))


def _augment(
    place: int,
    wanted: int,
    wants: Sequence[Sequence[int]],
    left: dict[int, int],
    given: dict[tuple[int, int], int],
    seen: frozenset[int],
) -> int:
    """Give a component units of a line, freeing some that others hold where that helps them not."""
    for index in wants[place]:
        units = min(wanted, left[index])
        if units:
            left[index] -= units
            given[place, index] = given.get((place, index), 0) + units
            return units
    for index in wants[place]:
        for other in _holders(given, index, seen | {place}):
            units = _augment(
                other, min(wanted, given[other, index]), wants, left, given, seen | {place}
            )
            if units:
                given[other, index] -= units
                given[place, index] = given.get((place, index), 0) + units
                return units
    return 0


def _holders(given: dict[tuple[int, int], int], index: int, seen: frozenset[int]) -> Iterator[int]:
    return (p for (p, i), units in list(given.items()) if i == index and units and p not in seen)
