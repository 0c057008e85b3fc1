"""Which of many automatic promotions can match a request at all, without asking each of them.

A promotion is filed under what its rules require: a segment, a product, a collection, a channel,
an amount of the order. One that requires nothing of the kind is always a candidate.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from campaigns.engine import pricing
from campaigns.engine.context import Context
from campaigns.engine.facts import Line
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.rules.conditions import Condition, Quantifier
from campaigns.engine.rules.verdict import lowest
from loyalty_project.core.predicates import All, AnyOf, Leaf, Node

Key = tuple[str, object]

ITEM, AMOUNT = "item", "amount"
OF_CUSTOMER = frozenset({"segment", "loyalty_tier"})
OF_CONTEXT = frozenset({"channel", "placement", "store"})
EVERYTHING = OF_CUSTOMER | OF_CONTEXT | {ITEM, AMOUNT}

_POSITIVE = frozenset({"$is", "$in", "$from"})
_ABOVE = frozenset({"$more_than", "$more_than_or_equal", "$greater_than", "$greater_than_or_equal"})
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
    """Promotions by what they require; made once per version of them.

    `kinds` are those of the conditions that are asked: scenarios of qualifications leave some out.
    """

    def __init__(
        self, redeemables: Sequence[Redeemable], kinds: frozenset[str] = EVERYTHING
    ) -> None:
        self._redeemables = tuple(redeemables)
        self._floors = [_floor_of(each) if AMOUNT in kinds else None for each in self._redeemables]
        self._always: list[int] = []
        self._by_key: dict[Key, list[int]] = {}
        above: list[tuple[int, int]] = []
        for place, redeemable in enumerate(self._redeemables):
            keys, floor = required(redeemable, kinds), self._floors[place]
            for key in keys or ():
                self._by_key.setdefault(key, []).append(place)
            if keys is None and floor is None:
                self._always.append(place)
            elif keys is None and floor is not None:
                above.append((floor, place))
        self._above = sorted(above)

    def candidates(
        self, context: Context, order: PricedOrder | None = None
    ) -> tuple[Redeemable, ...]:
        """All that could apply, in their sequence; the rules decide about each of them.

        `order` is that of the context, for who has begun with it.
        """
        if order is None and context.order is not None:
            order = pricing.begin(context.order)
        amount = -1 if order is None else order.total_amount
        places = set(self._always)
        reached = bisect_right(self._above, amount, key=lambda each: each[0])
        places.update([place for _, place in self._above[:reached]])
        floors, by_key = self._floors, self._by_key
        for key in offered(context):
            for place in by_key.get(key, ()):
                floor = floors[place]
                if floor is None or floor <= amount:
                    places.add(place)
        return tuple([self._redeemables[place] for place in sorted(places)])


def required(redeemable: Redeemable, kinds: frozenset[str] = EVERYTHING) -> frozenset[Key] | None:
    """Keys of which a request must offer at least one; None where it need not offer any."""
    found = [_required(rule.tree, kinds) for rule in redeemable.rules]
    return min((keys for keys in found if keys is not None), key=len, default=None)


def floor(node: Node[Condition]) -> int | None:
    """The least amount, in minor units, that an order must have; None where any will do."""
    if isinstance(node, Leaf):
        return _floor_of_condition(node.condition)
    if isinstance(node, All):
        return max((each for each in map(floor, node.parts) if each is not None), default=None)
    if isinstance(node, AnyOf):
        found = [floor(part) for part in node.parts]
        known = [each for each in found if each is not None]
        return min(known) if known and len(known) == len(found) else None
    return None


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
    for each in (line.product_id, line.sku_id, line.source_id):
        if each is not None:
            yield ITEM, each
    if line.sku is not None:
        yield ITEM, line.sku.source_id
        yield ITEM, line.sku.product.id
    if product is not None and product.source_id is not None:
        yield ITEM, product.source_id
    for each in line.collection_ids:
        yield ITEM, each


def _floor_of(redeemable: Redeemable) -> int | None:
    found = [floor(rule.tree) for rule in redeemable.rules if not rule.looks_after]
    return max((each for each in found if each is not None), default=None)


def _floor_of_condition(condition: Condition) -> int | None:
    if condition.name != "order.amount":
        return None
    found = [lowest(each) for each in condition.comparisons if each.operator in _ABOVE]
    return max((each for each in found if each is not None), default=None)


def _required(node: Node[Condition], kinds: frozenset[str]) -> frozenset[Key] | None:
    """Of conditions that must all hold the narrowest one, of alternatives all of them."""
    if isinstance(node, Leaf):
        return _of_condition(node.condition, kinds)
    if isinstance(node, All):
        found = [_required(part, kinds) for part in node.parts]
        return min((keys for keys in found if keys is not None), key=len, default=None)
    if isinstance(node, AnyOf):
        found = [_required(part, kinds) for part in node.parts]
        known = [keys for keys in found if keys is not None]
        return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _of_condition(condition: Condition, kinds: frozenset[str]) -> frozenset[Key] | None:
    rule = condition.items
    if rule is not None:
        if (
            ITEM not in kinds
            or rule.excluding
            or not rule.entries
            or rule.quantifier not in _WITH_ITEMS
        ):
            return None
        named = {entry.id for entry in rule.entries} | {e.source_id for e in rule.entries}
        return frozenset((ITEM, each) for each in named - {None})
    kind = _FACTS.get(condition.name)
    if kind not in kinds:
        return None
    keys = [
        frozenset((kind, value) for value in each.required)
        for each in condition.comparisons
        if each.operator in _POSITIVE
    ]
    return min(keys, key=len, default=None)
