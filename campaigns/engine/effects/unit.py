"""UNIT: units of products for nothing. Free shipping is a unit of prod_5h1pp1ng."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from campaigns.engine import operands
from campaigns.engine.effects.base import (
    Basis,
    InvalidDiscount,
    Outcome,
    read_formula,
    read_integer,
)
from campaigns.engine.gifts import Grant
from campaigns.engine.pricing import PricedLine, is_of
from campaigns.engine.redeemable import Discount
from loyalty_project.core.formulas import Formula

ADD_NEW_ITEMS = "ADD_NEW_ITEMS"
ADD_MISSING_ITEMS = "ADD_MISSING_ITEMS"
ADD_MANY_ITEMS = "ADD_MANY_ITEMS"
ADD_SAME_ITEMS = "ADD_SAME_ITEMS"
EFFECTS = (ADD_MISSING_ITEMS, ADD_NEW_ITEMS, ADD_MANY_ITEMS, ADD_SAME_ITEMS)


@dataclass(frozen=True, slots=True)
class Unit:
    """`unit_type` is the id of a product or SKU; `effect` is needed inside ADD_MANY_ITEMS only.

    For ADD_SAME_ITEMS it may be a collection too, or "" for the lines that the rules choose.
    """

    unit_off: int
    unit_type: str
    effect: str = ADD_MISSING_ITEMS
    formula: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDiscount(Discount):
    units: tuple[Unit, ...]


def read(document: Mapping[str, object], effect: str | None) -> UnitDiscount:
    documents = document.get("units")
    if documents is None and effect != ADD_MANY_ITEMS:
        return UnitDiscount(effect=effect, units=(_read_unit(document, "", effect),))
    if not isinstance(documents, list) or not documents:
        raise InvalidDiscount("units", "must be a non-empty array")
    if effect not in {None, ADD_MANY_ITEMS}:
        raise InvalidDiscount("effect", f"must be {ADD_MANY_ITEMS} for units")
    units = []
    for index, unit in enumerate(documents):
        if not isinstance(unit, Mapping):
            raise InvalidDiscount(f"units[{index}]", "must be an object")
        own = unit.get("effect")
        if own not in {ADD_MISSING_ITEMS, ADD_NEW_ITEMS}:
            raise InvalidDiscount(f"units[{index}].effect", "should be one of the allowed values")
        units.append(_read_unit(unit, f"units[{index}].", str(own)))
    return UnitDiscount(effect=ADD_MANY_ITEMS, units=tuple(units))


def default_effect(_discount: UnitDiscount, _chooses_items: bool) -> str:
    return ADD_MISSING_ITEMS


def apply(discount: UnitDiscount, basis: Basis) -> Outcome:
    """Units already in the order are made free in place, the missing ones are added.

    ADD_NEW_ITEMS adds all of them and leaves those in the order alone. A line that ONCE blocks
    still counts as being there.
    """
    if basis.effect == ADD_SAME_ITEMS:
        return Outcome(grants=_same(discount.units[0], basis))
    grants = []
    taken: dict[int, int] = {}
    for unit in discount.units:
        effect = unit.effect if basis.effect == ADD_MANY_ITEMS else basis.effect
        wanted = unit.unit_off
        free = []
        if effect == ADD_MISSING_ITEMS:
            for index, line in enumerate(basis.order.lines):
                if not is_of(line, unit.unit_type):
                    continue
                units = min(wanted, line.paid_quantity - taken.get(index, 0))
                if units <= 0:
                    continue
                taken[index] = taken.get(index, 0) + units
                wanted -= units
                if index not in basis.blocked:
                    free.append((index, units))
        item = basis.catalog.get(unit.unit_type)
        grants.append(Grant(unit_type=unit.unit_type, item=item, free=tuple(free), added=wanted))
    return Outcome(grants=tuple(grants))


def times(discount: UnitDiscount, _effect: str, count: int) -> UnitDiscount:
    units = tuple(replace(unit, unit_off=unit.unit_off * count) for unit in discount.units)
    return replace(discount, units=units)


def _same(unit: Unit, basis: Basis) -> tuple[Grant, ...]:
    """Units of each product among the matching lines, once per product however many lines."""
    grants: dict[str, Grant] = {}
    for portion in basis.portions:
        line = basis.order.lines[portion.index]
        kind = line.line.sku_id or line.line.product_id
        if kind is None or not _is_source(line, unit.unit_type):
            continue
        item = line.line.sku or line.line.product or basis.catalog.get(kind)
        grants[kind] = Grant(unit_type=kind, item=item, added=unit.unit_off)
    return tuple(grants.values())


def _is_source(line: PricedLine, unit_type: str) -> bool:
    return not unit_type or is_of(line, unit_type) or unit_type in line.line.collection_ids


def _read_unit(document: Mapping[str, object], path: str, effect: str | None) -> Unit:
    unit_type = document.get("unit_type")
    if unit_type is None and effect == ADD_SAME_ITEMS:
        unit_type = ""
    elif not isinstance(unit_type, str) or not unit_type:
        raise InvalidDiscount(f"{path}unit_type", "is required")
    try:
        unit_off = read_integer(document, "unit_off", default=1)
    except InvalidDiscount:
        raise InvalidDiscount(f"{path}unit_off", "must be a non-negative integer") from None
    return Unit(
        unit_off=1 if unit_off is None else unit_off,
        unit_type=unit_type,
        effect=effect or ADD_MISSING_ITEMS,
        formula=_read_formula(document, path),
    )


def _read_formula(document: Mapping[str, object], path: str) -> Formula | None:
    try:
        return read_formula(document, "unit_off_formula", operands.ORDER_OPERANDS)
    except InvalidDiscount as error:
        raise InvalidDiscount(f"{path}unit_off_formula", error.problem, error.formula) from None
