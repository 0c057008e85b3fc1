"""One condition of a rule, compiled: the fact that it reads, what it asks, what it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaigns.engine.context import Context
from campaigns.engine.counters import Use
from campaigns.engine.history import Past
from campaigns.engine.pricing import PricedLine, PricedOrder
from campaigns.engine.redeemable import ApplicableTo, Redeemable
from loyalty_project.core.predicates import Comparison, Node


class Group(StrEnum):
    """Whose rules these are; the published key of a refusal is made of it."""

    CUSTOMER = "customer"
    ORDER = "order"
    REDEMPTION = "redemption"


class Need(StrEnum):
    """What must be in a request so that a condition can be looked at."""

    CUSTOMER = "customer"
    ORDER = "order"
    ITEMS = "order_items"


@dataclass(slots=True)
class Subject:
    """What a rule is asked about; `after` is the order after the discount, once that is known."""

    context: Context
    redeemable: Redeemable
    before: PricedOrder | None = None
    after: PricedOrder | None = None


@dataclass(slots=True)
class LineSubject:
    """One line among those that an item rule is about, and the order's sums over these."""

    subject: Subject
    line: PricedLine
    among: tuple[PricedLine, ...]


class Quantifier(StrEnum):
    ANY = "any"
    EVERY = "every"
    NONE = "none"
    CHEAPEST = "cheapest"
    MOST_EXPENSIVE = "most_expensive"


@dataclass(frozen=True, slots=True, eq=False)
class ItemRule:
    """Which lines an item rule is about, and the conditions that hold for the lines themselves.

    Without `entries` it is about all lines; `excluding` turns the entries round.
    """

    quantifier: Quantifier
    entries: tuple[ApplicableTo, ...]
    excluding: bool
    parts: Node[Any] | None
    test: Callable[[LineSubject], bool] | None


Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """`read` gives the fact, `holds` the answer, both of a Subject (of a LineSubject in items).

    `use` says what the redemption would add to the counter that the condition is about; `past`
    which question to the customer's past it needs answered. `items` is there for item rules.
    """

    name: str
    group: Group
    property: str | None
    comparisons: tuple[Comparison, ...]
    read: Read
    holds: Callable[[Any], bool]
    needs: frozenset[Need] = frozenset()
    looks_after: bool = False
    message: str | None = None
    use: Callable[[Subject], Use | None] | None = None
    past: Callable[[Redeemable], Past] | None = None
    items: ItemRule | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a condition came to, for people: in a list of these nothing is hidden."""

    number: str
    condition: Condition
    holds: bool
    actual: Any

    @property
    def required(self) -> Mapping[str, tuple[object, ...]]:
        return {each.operator: each.required for each in self.condition.comparisons}
