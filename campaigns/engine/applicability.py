"""Which lines, and how many units of them, an item-level discount may touch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.engine.effects.base import Portion, cap_sum
from campaigns.engine.facts import Line
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import ApplicableTo, Pick, Redeemable, Target
from campaigns.engine.results import Match, MatchedUnits
from loyalty_project.core import money

UNITS_LISTED_MAX = 1000

_DEAREST_FIRST = {Pick.MOST_EXPENSIVE, Pick.FROM_MOST_EXPENSIVE}
_ONE_ONLY = {Pick.CHEAPEST, Pick.MOST_EXPENSIVE}


@dataclass(frozen=True, slots=True)
class Picked:
    """Paid units of a line; `first` and `step` say which, counted from 1, for target UNIT."""

    index: int
    units: int
    first: int = 1
    step: int = 1


@dataclass(frozen=True, slots=True)
class Selection:
    """What one applicable_to entry picks, in the sequence in which its caps are used up."""

    entry: ApplicableTo
    picked: tuple[Picked, ...]


@dataclass(frozen=True, slots=True)
class Applicable:
    portions: tuple[Portion, ...]
    selections: tuple[Selection, ...]
    applicable_to: tuple[Match, ...]
    inapplicable_to: tuple[Match, ...]


def find(order: PricedOrder, redeemable: Redeemable, blocked: frozenset[int]) -> Applicable:
    """The portions of an order that a redeemable's entries leave to item-level discounts.

    Exclusion beats inclusion. Without entries all lines are in; with `included_all` all that are
    not excluded, where entries still cap what they match.
    """
    excluded = {
        index
        for index, line in enumerate(order.lines)
        if any(matches(entry, line.line) for entry in redeemable.inapplicable_to)
    }
    open_lines = {
        index: line
        for index, line in enumerate(order.lines)
        if index not in excluded | blocked and line.amount is not None and line.paid_quantity > 0
    }
    selections = tuple(_select(entry, open_lines) for entry in redeemable.applicable_to)
    matched = {
        index
        for index, line in open_lines.items()
        if any(matches(entry, line.line) for entry in redeemable.applicable_to)
    }
    everything = redeemable.included_all or not redeemable.applicable_to
    rest = [Picked(i, open_lines[i].paid_quantity) for i in open_lines if i not in matched]
    return Applicable(
        portions=_portions(order, selections, rest if everything else []),
        selections=selections,
        applicable_to=tuple(_match(order, selection) for selection in selections),
        inapplicable_to=tuple(
            Match(
                entry,
                tuple(i for i, line in enumerate(order.lines) if matches(entry, line.line)),
            )
            for entry in redeemable.inapplicable_to
        ),
    )


def matches(entry: ApplicableTo, line: Line) -> bool:
    """By id, or by source id where the line names the kind of object that the source id is of."""
    if entry.object == "products_collection":
        return entry.id in line.collection_ids
    if entry.object == "sku":
        return _names(entry, line.sku_id, _source_id(line, "sku"))
    return _names(entry, line.product_id, _source_id(line, "product"))


def cap(
    selections: Sequence[Selection], portions: Sequence[Portion], amounts: Sequence[int]
) -> tuple[int, ...]:
    """Cut the discounts of portions down to the amount limits of the entries that picked them."""
    capped = {portion.index: amount for portion, amount in zip(portions, amounts, strict=True)}
    for selection in selections:
        entry = selection.entry
        indices = [picked.index for picked in selection.picked]
        kept = tuple(
            capped[i] if entry.amount_limit is None else min(capped[i], entry.amount_limit)
            for i in indices
        )
        kept = cap_sum(kept, entry.aggregated_amount_limit)
        capped.update(zip(indices, kept, strict=True))
    return tuple(capped[portion.index] for portion in portions)


def _names(entry: ApplicableTo, identifier: str | None, source_id: str | None) -> bool:
    if identifier is not None and entry.id == identifier:
        return True
    return source_id is not None and source_id in {entry.id, entry.source_id}


def _source_id(line: Line, related_object: str) -> str | None:
    """What the line says of itself, else what the catalog knows."""
    if line.source_id is not None and line.related_object in {related_object, None}:
        return line.source_id
    if related_object == "sku":
        return line.sku.source_id if line.sku is not None else None
    product = line.product or (line.sku.product if line.sku is not None else None)
    return product.source_id if product is not None else None


def _select(entry: ApplicableTo, lines: dict[int, PricedLine]) -> Selection:
    indices = [index for index, line in lines.items() if matches(entry, line.line)]
    if entry.effect != Pick.EVERY:
        sign = -1 if entry.effect in _DEAREST_FIRST else 1
        indices.sort(key=lambda i: (sign * _unit_price(lines[i]), sign * _subtotal(lines[i]), i))
    picked: Iterable[Picked]
    if entry.target == Target.UNIT:
        picked = _pick_units(entry, indices, lines)
    else:
        places = range(entry.skip_initially, len(indices), max(1, entry.repeat))
        chosen = places[:1] if entry.effect in _ONE_ONLY else places
        picked = [Picked(indices[p], lines[indices[p]].paid_quantity) for p in chosen]
    return Selection(entry, tuple(_limit_units(entry, picked)))


def _pick_units(
    entry: ApplicableTo, indices: list[int], lines: dict[int, PricedLine]
) -> Iterable[Picked]:
    """Units are counted across the borders of lines; arithmetic, as there may be millions."""
    step = max(1, entry.repeat)
    upcoming = entry.skip_initially
    for index in indices:
        quantity = lines[index].paid_quantity
        if upcoming < quantity:
            units = (quantity - upcoming - 1) // step + 1
            if entry.effect in _ONE_ONLY:
                yield Picked(index, 1, first=upcoming + 1)
                return
            yield Picked(index, units, first=upcoming + 1, step=step)
            upcoming += units * step
        upcoming -= quantity


def _limit_units(entry: ApplicableTo, picked: Iterable[Picked]) -> Iterable[Picked]:
    left = entry.aggregated_quantity_limit
    for pick in picked:
        limits = [limit for limit in (entry.quantity_limit, left) if limit is not None]
        units = min([pick.units, *limits])
        if left is not None:
            left -= units
        if units > 0:
            yield Picked(pick.index, units, pick.first, pick.step)


def _portions(
    order: PricedOrder, selections: Sequence[Selection], rest: Iterable[Picked]
) -> tuple[Portion, ...]:
    """One portion per line. Where several entries pick a line, the lowest of everything wins."""
    chosen: dict[int, Portion] = {}
    for selection in selections:
        per_unit = selection.entry.target == Target.UNIT
        for picked in selection.picked:
            known = chosen.get(picked.index)
            units = min(picked.units, known.units) if known else picked.units
            prices = [
                price
                for price in (selection.entry.price, known.price if known else None)
                if price is not None
            ]
            chosen[picked.index] = _portion(
                order,
                picked.index,
                units,
                times=units if per_unit or (known and known.times > 1) else 1,
                price=min(prices, default=None),
            )
    for picked in rest:
        chosen[picked.index] = _portion(order, picked.index, picked.units)
    in_cart_order = all(selection.entry.effect == Pick.EVERY for selection in selections)
    return tuple(chosen[i] for i in (sorted(chosen) if in_cart_order else chosen))


def _portion(
    order: PricedOrder, index: int, units: int, *, times: int = 1, price: int | None = None
) -> Portion:
    line = order.lines[index]
    return Portion(
        index=index,
        units=units,
        amount=money.share(_subtotal(line), units, line.paid_quantity),
        initial_amount=money.share(line.amount or 0, units, line.quantity),
        times=times,
        price=price,
    )


def _match(order: PricedOrder, selection: Selection) -> Match:
    indices = tuple(picked.index for picked in selection.picked)
    if selection.entry.target != Target.UNIT:
        return Match(selection.entry, indices)
    too_many = sum(line.quantity for line in order.lines) > UNITS_LISTED_MAX
    units = tuple(
        MatchedUnits(picked.index, () if too_many else _places(picked), too_many)
        for picked in selection.picked
    )
    return Match(selection.entry, indices, units)


def _places(picked: Picked) -> tuple[int, ...]:
    return tuple(range(picked.first, picked.first + picked.units * picked.step, picked.step))


def _subtotal(line: PricedLine) -> int:
    return line.subtotal_amount or 0


def _unit_price(line: PricedLine) -> int:
    if line.price is not None:
        return line.price
    return (line.amount or 0) // line.quantity
