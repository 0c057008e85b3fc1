"""Which of many automatic promotions can match a request at all, without asking each of them.

A promotion is filed under what its rules require: a segment, a product, a collection, a channel.
One that requires nothing of the kind is always a candidate.
"""

from collections.abc import Iterable, Iterator, Sequence

from campaigns.engine.context import Context
from campaigns.engine.facts import Line
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.rules.conditions import Condition, Quantifier
from loyalty_project.core.predicates import All, AnyOf, Leaf, Node

Key = tuple[str, object]

_POSITIVE = frozenset({"$is", "$in", "$from"})
_FACTS = {
    "customer.segment": "segment",
    "customer.loyalty_tier": "loyalty_tier",
    "wafa.context.channel": "channel",
    "wafa.context.placement": "placement",
    "wafa.context.store": "store",
}
_WITH_ITEMS = frozenset(
    {Quantifier.ANY, Quantifier.EVERY, Quantifier.CHEAPEST, Quantifier.MOST_EXPENSIVE}
)


class Index:
    """Promotions by what they require; made once per version of them."""

    def __init__(self, redeemables: Sequence[Redeemable]) -> None:
        self._redeemables = tuple(redeemables)
        self._always: list[int] = []
        self._by_key: dict[Key, list[int]] = {}
        for place, redeemable in enumerate(self._redeemables):
            keys = required(redeemable)
            if keys is None:
                self._always.append(place)
            for key in keys or ():
                self._by_key.setdefault(key, []).append(place)

    def candidates(self, context: Context) -> tuple[Redeemable, ...]:
        """All that could apply, in their sequence; the rules decide about each of them."""
        places = set(self._always)
        for key in offered(context):
            places.update(self._by_key.get(key, ()))
        return tuple(self._redeemables[place] for place in sorted(places))


def required(redeemable: Redeemable) -> frozenset[Key] | None:
    """Keys of which a request must offer at least one; None where it need not offer any."""
    found = [_required(rule.tree) for rule in redeemable.rules]
    return min((keys for keys in found if keys is not None), key=len, default=None)


def offered(context: Context) -> Iterator[Key]:
    """The keys of a request; the same one may come more than once."""
    if context.customer is not None:
        yield from (("segment", each) for each in context.customer.segments)
        yield from (("loyalty_tier", each) for each in context.customer.loyalty_tiers)
    for name in ("channel", "placement", "store"):
        said = context.caller.context.get(name)
        values: Iterable[object] = said if isinstance(said, list) else (said,)
        yield from ((name, value) for value in values if isinstance(value, str))
    for line in context.order.lines if context.order is not None else ():
        yield from _offered_by(line)


def _offered_by(line: Line) -> Iterator[Key]:
    product = line.product or (line.sku.product if line.sku is not None else None)
    named = {line.product_id, line.sku_id, line.source_id}
    if line.sku is not None:
        named |= {line.sku.source_id, line.sku.product.id}
    if product is not None:
        named.add(product.source_id)
    yield from (("item", each) for each in (named | line.collection_ids) - {None})


def _required(node: Node[Condition]) -> frozenset[Key] | None:
    """Of conditions that must all hold the narrowest one, of alternatives all of them."""
    if isinstance(node, Leaf):
        return _of_condition(node.condition)
    if isinstance(node, All):
        found = [_required(part) for part in node.parts]
        return min((keys for keys in found if keys is not None), key=len, default=None)
    if isinstance(node, AnyOf):
        found = [_required(part) for part in node.parts]
        known = [keys for keys in found if keys is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _of_condition(condition: Condition) -> frozenset[Key] | None:
    rule = condition.items
    if rule is not None:
        if rule.excluding or not rule.entries or rule.quantifier not in _WITH_ITEMS:
            return None
        named = {entry.id for entry in rule.entries} | {e.source_id for e in rule.entries}
        return frozenset(("item", each) for each in named - {None})
    kind = _FACTS.get(condition.name)
    if kind is None:
        return None
    keys = [
        frozenset((kind, value) for value in each.required)
        for each in condition.comparisons
        if each.operator in _POSITIVE
    ]
    return min(keys, key=len, default=None)
