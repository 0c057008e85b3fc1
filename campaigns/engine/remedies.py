"""What would make a failed condition hold: proposals, from the condition's own numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import islice, product
from typing import Any

from campaigns.engine import moments
from campaigns.engine.changes import (
    ANY,
    AddAmount,
    AddItems,
    Change,
    RemoveItems,
    Say,
    Wait,
)
from campaigns.engine.context import Context
from campaigns.engine.counters import Counter, Period, next_first_day
from campaigns.engine.redeemable import ApplicableTo
from campaigns.engine.rules import items
from campaigns.engine.rules.conditions import (
    Condition,
    ItemRule,
    LineSubject,
    Quantifier,
    Subject,
)
from campaigns.engine.rules.verdict import highest, lowest
from loyalty_project.core.predicates import All, Comparison, Leaf, Node, Not, logic, values

COMBINATIONS_MAX = 12

Changes = tuple[Change, ...]

_SAID = {
    "order.metadata": "order.metadata",
    "redemption.metadata": "redemption.metadata",
    "wafa.context": "context",
    "wafa.context.channel": "context",
    "wafa.context.placement": "context",
    "wafa.context.store": "context",
}


def of_tree(node: Node[Condition], subject: Subject, *, negated: bool = False) -> list[Changes]:
    """Alternative sets of changes that could make a tree true, none where nothing can."""
    if isinstance(node, Leaf):
        return list(_of_leaf(node.condition, subject, negated=negated))
    if isinstance(node, Not):
        return of_tree(node.part, subject, negated=not negated)
    parts = [of_tree(part, subject, negated=negated) for part in node.parts]
    if isinstance(node, All) is not negated:
        together = islice(product(*parts), COMBINATIONS_MAX)
        return [tuple(change for part in chosen for change in part) for chosen in together]
    return [changes for part in parts for changes in part][:COMBINATIONS_MAX]


def when_reset(counter: Counter | None, subject: Subject) -> Wait | None:
    """When a counter of a period begins anew."""
    if counter is None or counter.period == Period.ALWAYS or counter.begins is None:
        return None
    day = next_first_day(counter.period, counter.begins)
    midnight = datetime.combine(day, time(), tzinfo=subject.context.time_zone)
    return Wait(midnight.astimezone(UTC))


def of_entry(entry: ApplicableTo, subject: Subject, quantity: int = 1) -> AddItems:
    """Units of what an entry names; of a collection they need some price."""
    known = entry.object != "products_collection"
    return AddItems(entry.object, entry.id, quantity, None if known else some_price(subject))


def _of_leaf(condition: Condition, subject: Subject, *, negated: bool) -> Iterator[Changes]:
    if condition.holds(subject) is not negated:
        yield ()
    elif condition.items is not None:
        yield from _of_items(condition.items, subject, negated=negated)
    elif condition.use is not None:
        use = condition.use(subject)
        wait = when_reset(use.counter if use is not None else None, subject)
        if wait is not None:
            yield (wait,)
    elif condition.name in _REMEDIES:
        yield from _REMEDIES[condition.name](condition, subject, negated)


def _of_count(condition: Condition, subject: Subject, negated: bool) -> Iterator[Changes]:
    for gap in _gaps(condition, subject, negated=negated):
        yield (AddItems(ANY, "", gap, 0),)
    if _is_above(condition, subject, negated=negated):
        yield from _removals(subject)


def _of_amount(condition: Condition, subject: Subject, negated: bool) -> Iterator[Changes]:
    for gap in _gaps(condition, subject, negated=negated):
        yield (AddAmount(gap),)
    if _is_above(condition, subject, negated=negated):
        yield from _removals(subject)


def _gaps(condition: Condition, subject: Subject, *, negated: bool) -> Iterator[int]:
    """How much a number is below the lowest that would do."""
    actual = values.number(condition.read(subject)) or 0
    for comparison in condition.comparisons:
        low = lowest(comparison, negated=negated)
        if low is not None and low > actual:
            yield low - int(actual)


def _is_above(condition: Condition, subject: Subject, *, negated: bool) -> bool:
    actual = values.number(condition.read(subject))
    highs = [highest(each, negated=negated) for each in condition.comparisons]
    return actual is not None and any(high is not None and actual > high for high in highs)


def _removals(subject: Subject) -> Iterator[Changes]:
    order = subject.context.order
    for index, _ in enumerate(order.lines if order is not None else ()):
        yield (RemoveItems(index),)


def _of_said(condition: Condition, subject: Subject, negated: bool) -> Iterator[Changes]:
    key = condition.property or condition.name.rpartition(".")[2]
    for comparison in condition.comparisons:
        for value in _samples(comparison):
            held = all(each.holds(value, subject.context) for each in condition.comparisons)
            if held is not negated:
                yield (Say(_SAID[condition.name], key, value),)
                return


def _samples(comparison: Comparison) -> Iterator[Any]:
    """Values that are likely to satisfy or to contradict a comparison."""
    for required in comparison.required[:3]:
        number = values.number(required)
        if number is not None:
            yield from (required, int(number) + 1, int(number) - 1)
        elif isinstance(required, bool):
            yield from (required, not required)
        else:
            yield from (required, f"{required}-")
    yield ""


def _of_time(condition: Condition, subject: Subject, negated: bool) -> Iterator[Changes]:
    context = subject.context

    def holds(at: datetime) -> bool:
        later = replace(subject, context=replace(context, at=at))
        return condition.holds(later) is not negated

    more = [
        instant
        for comparison in condition.comparisons
        for value in comparison.required
        for part in str(value).split(";")
        for instant in _written(part, context)
    ]
    found = moments.search(holds, context.at, context.time_zone, more)
    if found is not None:
        yield (Wait(found),)


def _written(part: str, context: Context) -> Iterator[datetime]:
    """The instants that a value names: one, or the coming ones of a time of the day."""
    instant = values.instant_of(part, context.time_zone)
    if instant is not None:
        yield instant
        return
    try:
        of_day = time.fromisoformat(part)
    except ValueError:
        return
    yield from moments.daily(of_day, context.at, context.time_zone)


def _of_items(rule: ItemRule, subject: Subject, *, negated: bool) -> Iterator[Changes]:
    wanted = rule.quantifier
    if negated:
        if wanted not in {Quantifier.ANY, Quantifier.NONE}:
            return
        wanted = Quantifier.NONE if wanted == Quantifier.ANY else Quantifier.ANY
    if wanted in {Quantifier.NONE, Quantifier.EVERY}:
        wrong = _wrong_lines(rule, subject, every=wanted == Quantifier.EVERY)
        order = subject.context.order
        if wrong and order is not None and len(wrong) < len(order.lines):
            yield tuple(RemoveItems(index) for index in wrong)
        if wanted == Quantifier.NONE or wrong:
            return
    quantity, price = _inner_bounds(rule, subject)
    if wanted == Quantifier.MOST_EXPENSIVE:
        price = max(price or 0, _dearest(subject) + 1)
    if wanted == Quantifier.CHEAPEST:
        price = 0 if price is None else price
    if not rule.entries or rule.excluding:
        yield (AddItems(ANY, "", quantity, price if price is not None else some_price(subject)),)
    for entry in () if rule.excluding else rule.entries:
        yield from _of_wanted_entry(rule, entry, subject, quantity, price)


def _of_wanted_entry(
    rule: ItemRule, entry: ApplicableTo, subject: Subject, quantity: int, price: int | None
) -> Iterator[Changes]:
    there = sum(items.units(line) for line in items.meant(rule, subject))
    change = replace(of_entry(entry, subject, quantity))
    if price is not None:
        change = replace(change, price=price)
    if 0 < there < quantity:
        yield (replace(change, quantity=quantity - there),)
    yield (change,)


def _wrong_lines(rule: ItemRule, subject: Subject, *, every: bool) -> list[int]:
    """The lines that a rule for every line, or for none, wants out."""
    order = subject.before
    if order is None:
        return []
    among = items.meant(rule, subject)
    wrong = []
    for index, line in enumerate(order.lines):
        if not items.units(line):
            continue
        fits = line in among and (rule.test is None or rule.test(LineSubject(subject, line, among)))
        if fits is not every:
            wrong.append(index)
    return wrong


def _inner_bounds(rule: ItemRule, subject: Subject) -> tuple[int, int | None]:
    """The units and the unit price that the inner rules ask for."""
    quantity, price, worth = 1, None, 0
    for leaf in logic.leaves(rule.parts) if rule.parts is not None else ():
        name = leaf.condition.name
        for comparison in leaf.condition.comparisons:
            low, high = lowest(comparison), highest(comparison)
            if name.endswith("quantity") and low is not None:
                quantity = max(quantity, low)
            elif name.endswith("price") and (low is not None or high is not None):
                price = low if low is not None else high
            elif name.endswith("aggregated_amount") and low is not None:
                worth = max(worth, low)
    if worth:
        worth -= sum(items.amount(line) for line in items.meant(rule, subject))
        if price is None:
            price = max(1, -(-worth // quantity))
        else:
            quantity = max(quantity, -(-worth // max(1, price)))
    return quantity, price


def _dearest(subject: Subject) -> int:
    lines = subject.before.lines if subject.before is not None else ()
    return max((items.price(line) or 0 for line in lines), default=0)


def some_price(subject: Subject) -> int:
    """What some product costs, where nobody knows: as much as the dearest one, at least 1.00."""
    return max(_dearest(subject), 10**subject.context.exponent)


# What a shopper cannot change, such as who he is, has no remedy.
_REMEDIES: Mapping[str, Callable[[Condition, Subject, bool], Iterator[Changes]]] = {
    **dict.fromkeys(("order.amount", "order.initial_amount", "order.total_amount"), _of_amount),
    **dict.fromkeys(("order.items.count", "wafa.order.units"), _of_count),
    **dict.fromkeys(_SAID, _of_said),
    "wafa.time": _of_time,
    "wafa.customer.days_since_last_order": _of_time,
    "wafa.customer.days_since_birthday": _of_time,
    "wafa.customer.days_since_anniversary": _of_time,
}
