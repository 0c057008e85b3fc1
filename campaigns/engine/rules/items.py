"""Rules about the lines of an order: which lines, how many of them, and what holds for each.

They look at the cart as the shopper filled it; what earlier discounts of the request added or made
free does not count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import ApplicableTo
from campaigns.engine.rules.conditions import ItemRule, LineSubject, Quantifier, Subject
from loyalty_project.core.predicates import InvalidCondition, Kind, find

OBJECTS = frozenset({"product", "sku", "products_collection"})
_WITH = frozenset({"$is", "$in", "$from"})
_WITHOUT = frozenset({"$is_not", "$not_in"})


@dataclass(frozen=True, slots=True)
class LineName:
    """A fact of one line, or of all lines that the rule around it is about."""

    kind: Kind
    reader: Callable[[str], Callable[[LineSubject], Any]]
    takes_property: bool = False


def _of_line(read: Callable[[PricedLine], Any]) -> Callable[[str], Callable[[LineSubject], Any]]:
    return lambda _property: lambda subject: read(subject.line)


def _sum(read: Callable[[PricedLine], int]) -> Callable[[str], Callable[[LineSubject], Any]]:
    return lambda _property: lambda subject: sum(read(line) for line in subject.among)


def _product_metadata(key: str) -> Callable[[LineSubject], Any]:
    def fact(subject: LineSubject) -> Any:
        line = subject.line.line
        product = line.product or (line.sku.product if line.sku is not None else None)
        return None if product is None else find(product.metadata, key)

    return fact


def _sku_metadata(key: str) -> Callable[[LineSubject], Any]:
    def fact(subject: LineSubject) -> Any:
        sku = subject.line.line.sku
        return None if sku is None else find(sku.metadata, key)

    return fact


def _line_metadata(key: str) -> Callable[[LineSubject], Any]:
    return lambda subject: find(subject.line.line.metadata, key)


def units(line: PricedLine) -> int:
    return line.line.quantity


def amount(line: PricedLine) -> int:
    found = line.amount if line.initial_quantity is None else line.initial_amount
    return found or 0


def price(line: PricedLine) -> int | None:
    if line.price is not None or line.amount is None or not line.quantity:
        return line.price
    return line.amount // line.quantity


_QUANTITY = LineName(Kind.NUMBER, _of_line(units))
_PRICE = LineName(Kind.NUMBER, _of_line(price))
_METADATA = LineName(Kind.ANY, _line_metadata, takes_property=True)
_PRODUCT_METADATA = LineName(Kind.ANY, _product_metadata, takes_property=True)
_ALL_UNITS = LineName(Kind.NUMBER, _sum(units))
_ALL_AMOUNT = LineName(Kind.NUMBER, _sum(amount))

LINES: Mapping[str, LineName] = {
    "order.items.quantity": _QUANTITY,
    "order.items.price": _PRICE,
    "order.items.aggregated_quantity": _ALL_UNITS,
    "order.items.aggregated_amount": _ALL_AMOUNT,
    "order.items.metadata": _METADATA,
    "product.metadata": _PRODUCT_METADATA,
    "sku.metadata": LineName(Kind.ANY, _sku_metadata, takes_property=True),
    "product.price": _PRICE,
    "product.quantity": _QUANTITY,
    "product.metadata.aggregated_quantity": _ALL_UNITS,
    "product.metadata.aggregated_amount": _ALL_AMOUNT,
    "sku.price": _PRICE,
    "sku.quantity": _QUANTITY,
}

CHOOSING: Mapping[str, Quantifier] = {
    "order.items.any": Quantifier.ANY,
    "order.items.every": Quantifier.EVERY,
    "order.items.none": Quantifier.NONE,
    "order.items.cheapest": Quantifier.CHEAPEST,
    "order.items.most_expensive": Quantifier.MOST_EXPENSIVE,
    "product.id": Quantifier.ANY,
    "sku.id": Quantifier.ANY,
}

# Rules about a fact of lines that stand on their own, with the name of the fact.
ALONE: Mapping[str, tuple[str, Quantifier]] = {
    "order.items.price_any": ("order.items.price", Quantifier.ANY),
    "order.items.price_each": ("order.items.price", Quantifier.EVERY),
    "order.items.metadata_any": ("order.items.metadata", Quantifier.ANY),
    "order.items.metadata_each": ("order.items.metadata", Quantifier.EVERY),
    **{name: (name, Quantifier.ANY) for name in LINES},
}

# They say which lines get the discount and ask nothing.
DISCOUNTABLE = frozenset(
    {"product.discount_applicable", "sku.discount_applicable"}
    | {"product.metadata.discount_applicable"}
)
MATCH_ALL = "product.metadata.match_all"


def entries(name: str, conditions: object, where: str) -> tuple[tuple[ApplicableTo, ...], bool]:
    """The products, SKUs and collections of a choosing rule, and whether it wants the others.

    Raises InvalidCondition.
    """
    if not isinstance(conditions, Mapping) or not conditions:
        return (), False
    operators = set(conditions)
    if not operators <= _WITH and not operators <= _WITHOUT:
        wrong = sorted(operators - _WITH - _WITHOUT) or sorted(operators)
        raise InvalidCondition(where, f"cannot use {wrong[0]} on products")
    kind = name.split(".", 1)[0] if name in {"product.id", "sku.id"} else None
    found = []
    for operator, given in conditions.items():
        if not isinstance(given, Sequence) or isinstance(given, str) or not given:
            raise InvalidCondition(where, f"must have an array after {operator}")
        found += [_entry(value, kind, where) for value in given]
    return tuple(found), operators <= _WITHOUT


def test(rule: ItemRule) -> Callable[[Subject], bool]:
    """Whether the lines of an order are as the rule wants them."""
    decide = _DECIDERS[rule.quantifier]
    if rule.quantifier == Quantifier.ANY and not rule.excluding and rule.entries:
        decide = _is_in if rule.test is None else decide

    def holds(subject: Subject) -> bool:
        order = subject.before
        return order is not None and order.has_units and decide(rule, subject, order)

    return holds


def meant(rule: ItemRule, subject: Subject) -> tuple[PricedLine, ...]:
    """The lines that a rule is about, before its inner conditions."""
    return () if subject.before is None else _meant(rule, subject.before)


def _meant(rule: ItemRule, order: PricedOrder) -> tuple[PricedLine, ...]:
    if not rule.entries:
        return tuple(line for line in order.lines if units(line))
    places = order.goods.all_places(rule.entries)
    if not rule.excluding:
        found = [order.lines[place] for place in sorted(places)]
    else:
        found = [line for place, line in enumerate(order.lines) if place not in places]
    return tuple(line for line in found if units(line))


def _holds_for(
    rule: ItemRule, subject: Subject, line: PricedLine, among: tuple[PricedLine, ...]
) -> bool:
    return rule.test is None or rule.test(LineSubject(subject, line, among))


def _any(rule: ItemRule, subject: Subject, order: PricedOrder) -> bool:
    among = _meant(rule, order)
    return any(_holds_for(rule, subject, line, among) for line in among)


def _is_in(rule: ItemRule, _subject: Subject, order: PricedOrder) -> bool:
    """As `_any`, where nothing is asked of the lines themselves."""
    lines = order.lines
    for entry in rule.entries:
        for place in order.goods.places(entry):
            if lines[place].line.quantity:
                return True
    return False


def _every(rule: ItemRule, subject: Subject, order: PricedOrder) -> bool:
    among = _meant(rule, order)
    return len(among) == sum(1 for line in order.lines if units(line)) and all(
        _holds_for(rule, subject, line, among) for line in among
    )


def _none(rule: ItemRule, subject: Subject, order: PricedOrder) -> bool:
    return not _any(rule, subject, order)


def _first(*, dearest: bool) -> Callable[[ItemRule, Subject, PricedOrder], bool]:
    """Ties: the lower amount, then the place in the cart; lines without a price do not count."""

    def decide(rule: ItemRule, subject: Subject, order: PricedOrder) -> bool:
        sign = -1 if dearest else 1
        priced = [line for line in order.lines if units(line) and price(line) is not None]
        if not priced:
            return False
        line = min(priced, key=lambda each: (sign * (price(each) or 0), sign * amount(each)))
        is_meant = any(line is each for each in _meant(rule, order))
        return is_meant and _holds_for(rule, subject, line, (line,))

    return decide


_DECIDERS: Mapping[Quantifier, Callable[[ItemRule, Subject, PricedOrder], bool]] = {
    Quantifier.ANY: _any,
    Quantifier.EVERY: _every,
    Quantifier.NONE: _none,
    Quantifier.CHEAPEST: _first(dearest=False),
    Quantifier.MOST_EXPENSIVE: _first(dearest=True),
}


def _entry(value: object, kind: str | None, where: str) -> ApplicableTo:
    if isinstance(value, str) and value and kind is not None:
        return ApplicableTo(kind, value)
    if not isinstance(value, Mapping):
        raise InvalidCondition(where, "must name products by id and object")
    identifier, source_id = value.get("id"), value.get("source_id")
    named = value.get("object") or kind
    if str(named) not in OBJECTS or not isinstance(identifier or source_id, str):
        raise InvalidCondition(where, "must name products by id and object")
    return ApplicableTo(str(named), str(identifier or source_id), source_id=source_id)


def is_about_lines(name: str) -> bool:
    return name in CHOOSING or name in ALONE
