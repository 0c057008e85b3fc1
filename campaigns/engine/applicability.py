"""Which lines, and how many units of them, an item-level discount may touch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.engine.effects.base import Portion, cap_sum
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import ApplicableTo, Pick, Redeemable, Target
from campaigns.engine.results import Match, MatchedUnits
from loyalty_project.core import money

UNITS_LISTED_MAX = 1000

PriceOf = Callable[[ApplicableTo, PricedLine], int | None]

_DEAREST_FIRST = {Pick.MOST_EXPENSIVE, Pick.FROM_MOST_EXPENSIVE}
_ONE_ONLY = {Pick.CHEAPEST, Pick.MOST_EXPENSIVE}


@dataclass(slots=True)
class Picked:
    """Paid units of a line. For target UNIT the others say which, counted from 1.

    They come in blocks of `take` that begin every `step` units; `first` is the first one picked and
    `phase` its place in its block.
    """

    index: int
    units: int
    first: int = 1
    step: int = 1
    take: int = 1
    phase: int = 0


@dataclass(slots=True)
class Selection:
    """What one applicable_to entry picks, in the sequence in which its caps are used up."""

    entry: ApplicableTo
    picked: tuple[Picked, ...]


@dataclass(slots=True)
class Applicable:
    portions: tuple[Portion, ...]
    selections: tuple[Selection, ...]
    applicable_to: tuple[Match, ...]
    inapplicable_to: tuple[Match, ...]


NOTHING = Applicable((), (), (), ())


def fixed_price(entry: ApplicableTo, _line: PricedLine) -> int | None:
    return entry.price


def find(
    order: PricedOrder,
    redeemable: Redeemable,
    blocked: frozenset[int],
    *,
    price_of: PriceOf = fixed_price,
) -> Applicable:
    """The portions of an order that a redeemable's entries leave to item-level discounts.

    Exclusion beats inclusion. Without entries all lines are in; with `included_all` all that are
    not excluded, where entries still cap what they match. `price_of` gives the fixed unit price of
    an entry for a line.
    """
    left_out = blocked
    if redeemable.inapplicable_to:
        left_out = blocked | order.goods.all_places(redeemable.inapplicable_to)
    open_lines = order.paid_places
    if left_out:
        open_lines = {index: open_lines[index] for index in open_lines if index not in left_out}
    entries = redeemable.applicable_to
    stray = any(entry.strict for entry in entries) and _has_stray(order, redeemable)
    selections = tuple(
        [_select(entry, order, {} if entry.strict and stray else open_lines) for entry in entries]
    )
    rest: list[Picked] = []
    if redeemable.included_all or not entries:
        matched = order.goods.all_places(entries)
        rest = [Picked(i, line.paid_quantity) for i, line in open_lines.items() if i not in matched]
    return Applicable(
        _portions(order, selections, rest, price_of),
        selections,
        tuple([_match(order, selection) for selection in selections]),
        tuple([Match(entry, order.goods.places(entry)) for entry in redeemable.inapplicable_to]),
    )


def cap(
    selections: Sequence[Selection], portions: Sequence[Portion], amounts: Sequence[int]
) -> tuple[int, ...]:
    """Cut the discounts of portions down to the amount limits of the entries that picked them."""
    if not any(map(_caps_amounts, selections)):
        return tuple(amounts)
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


def _caps_amounts(selection: Selection) -> bool:
    entry = selection.entry
    return entry.amount_limit is not None or entry.aggregated_amount_limit is not None


def _has_stray(order: PricedOrder, redeemable: Redeemable) -> bool:
    """Whether the order holds a line of the shopper's that no entry is for."""
    covered = order.goods.all_places(redeemable.applicable_to)
    return any(
        line.line.quantity and index not in covered for index, line in enumerate(order.lines)
    )


def _select(entry: ApplicableTo, order: PricedOrder, lines: Mapping[int, PricedLine]) -> Selection:
    indices = [index for index in order.goods.places(entry) if index in lines]
    if _takes_all(entry):
        return Selection(entry, tuple([Picked(i, lines[i].paid_quantity) for i in indices]))
    if entry.effect != Pick.EVERY:
        sign = -1 if entry.effect in _DEAREST_FIRST else 1
        indices.sort(key=lambda i: (sign * _unit_price(lines[i]), sign * _subtotal(lines[i]), i))
    picked: Iterable[Picked]
    if entry.target == Target.UNIT:
        picked = _pick_units(entry, indices, lines)
    else:
        step, take = _rhythm(entry)
        places = [
            place
            for place in range(entry.skip_initially, len(indices))
            if (place - entry.skip_initially) % step < take
        ]
        chosen = places[:1] if entry.effect in _ONE_ONLY else places
        picked = [Picked(indices[p], lines[indices[p]].paid_quantity) for p in chosen]
    return Selection(entry, tuple(_limit_units(entry, picked)))


def _takes_all(entry: ApplicableTo) -> bool:
    """Whether it picks each line that it covers, whole."""
    return (
        entry.effect == Pick.EVERY
        and entry.target == Target.ITEM
        and entry.repeat <= 1
        and not entry.skip_initially
        and entry.quantity_limit is None
        and entry.aggregated_quantity_limit is None
    )


def _rhythm(entry: ApplicableTo) -> tuple[int, int]:
    step = max(1, entry.repeat)
    return step, max(1, min(entry.take, step))


def _pick_units(
    entry: ApplicableTo, indices: list[int], lines: Mapping[int, PricedLine]
) -> Iterable[Picked]:
    """Units are counted across the borders of lines; arithmetic, as there may be millions."""
    step, take = _rhythm(entry)
    begin = -entry.skip_initially
    for index in indices:
        end = begin + lines[index].paid_quantity
        units = _picked_below(end, step, take) - _picked_below(begin, step, take)
        if units:
            phase = max(0, begin) % step
            first = max(0, begin) if phase < take else max(0, begin) - phase + step
            place = first - begin + 1
            phase = phase if phase < take else 0
            if entry.effect in _ONE_ONLY:
                yield Picked(index, 1, first=place)
                return
            yield Picked(index, units, first=place, step=step, take=take, phase=phase)
        begin = end


def _picked_below(place: int, step: int, take: int) -> int:
    """How many places from 0 up to this one are picked."""
    blocks, rest = divmod(max(0, place), step)
    return blocks * take + min(rest, take)


def _limit_units(entry: ApplicableTo, picked: Iterable[Picked]) -> Iterable[Picked]:
    left = entry.aggregated_quantity_limit
    for pick in picked:
        limits = [limit for limit in (entry.quantity_limit, left) if limit is not None]
        units = min([pick.units, *limits])
        if left is not None:
            left -= units
        if units > 0:
            yield pick if units == pick.units else replace(pick, units=units)


def _portions(
    order: PricedOrder,
    selections: Sequence[Selection],
    rest: Iterable[Picked],
    price_of: PriceOf,
) -> tuple[Portion, ...]:
    """One portion per line. Where several entries pick a line, the lowest of everything wins."""
    chosen: dict[int, Portion] = {}
    for selection in selections:
        per_unit = selection.entry.target == Target.UNIT
        for picked in selection.picked:
            known = chosen.get(picked.index)
            units = picked.units
            price = price_of(selection.entry, order.lines[picked.index])
            if known is not None:
                units = min(units, known.units)
                prices = [each for each in (price, known.price) if each is not None]
                price = min(prices, default=None)
            chosen[picked.index] = _portion(
                order,
                picked.index,
                units,
                times=units if per_unit or (known and known.times > 1) else 1,
                price=price,
            )
    for picked in rest:
        chosen[picked.index] = _portion(order, picked.index, picked.units)
    if all(selection.entry.effect == Pick.EVERY for selection in selections):
        return tuple([chosen[i] for i in sorted(chosen)])
    return tuple(chosen.values())


def _portion(
    order: PricedOrder, index: int, units: int, *, times: int = 1, price: int | None = None
) -> Portion:
    line = order.lines[index]
    paid, amount, initial = line.paid_quantity, _subtotal(line), line.amount or 0
    if units != paid:
        amount = money.share(amount, units, paid)
    if units != line.quantity:
        initial = money.share(initial, units, line.quantity)
    return Portion(index, units, amount, initial, times, price)


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
    begin = picked.first - picked.phase
    counted = range(picked.phase, picked.phase + picked.units)
    return tuple(begin + n // picked.take * picked.step + n % picked.take for n in counted)


def _subtotal(line: PricedLine) -> int:
    return 0 if line.amount is None else line.amount - line.discount_amount


def _unit_price(line: PricedLine) -> int:
    if line.price is not None:
        return line.price
    return (line.amount or 0) // line.quantity
