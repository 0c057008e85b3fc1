"""What a request wants to use: vouchers and promotion tiers with all that decides about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.facts import Metadata, Usage
from loyalty_project.core.durations import Duration
from loyalty_project.core.formulas import Formula
from loyalty_project.core.predicates import Node

Term = TypeVar("Term")
Answer = TypeVar("Answer")


def once(compute: Callable[[Term], Answer]) -> Callable[[Term], Answer]:
    """Let what has no slots keep what follows from it alone; what `replace` makes begins anew."""
    name = f"{compute.__module__}.{compute.__qualname__}"

    def kept(term: Term) -> Answer:
        known = term.__dict__
        if name not in known:
            known[name] = compute(term)
        answer: Answer = known[name]
        return answer

    return kept


class Kind(StrEnum):
    """The published `object` of a redeemable."""

    VOUCHER = "voucher"
    PROMOTION_TIER = "promotion_tier"


class Pick(StrEnum):
    """The published `effect` of an applicable_to entry: which of the matched lines it takes."""

    EVERY = "APPLY_TO_EVERY"
    CHEAPEST = "APPLY_TO_CHEAPEST"
    FROM_CHEAPEST = "APPLY_FROM_CHEAPEST"
    MOST_EXPENSIVE = "APPLY_TO_MOST_EXPENSIVE"
    FROM_MOST_EXPENSIVE = "APPLY_FROM_MOST_EXPENSIVE"


class Target(StrEnum):
    ITEM = "ITEM"
    UNIT = "UNIT"


@dataclass(frozen=True, slots=True)
class Timeframe:
    """Active for `duration` at every `interval`, counted from the start of the validity."""

    interval: Duration
    duration: Duration


@dataclass(frozen=True, slots=True)
class DailyHours:
    """Hours of the project's clock. No start is midnight, no expiration is the end of the day.

    Days count from Sunday = 0; none at all is every day. Hours that end before they start run past
    midnight and belong to the day on which they start.
    """

    days_of_week: frozenset[int] = frozenset()
    start: time = time(0)
    expiration: time | None = None


class HolidayMode(StrEnum):
    """What the days of a calendar mean: it pauses on them, or runs on them alone."""

    EXCEPT = "EXCEPT"
    ONLY = "ONLY"


@dataclass(frozen=True, slots=True)
class Validity:
    """`starts_at` is inclusive, `ends_at` is exclusive, both aware; None is open.

    `holidays` are days of the project's clock.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    timeframe: Timeframe | None = None
    days_of_week: frozenset[int] = frozenset()
    daily_hours: tuple[DailyHours, ...] = ()
    holidays: frozenset[date] = frozenset()
    holiday_mode: HolidayMode = HolidayMode.EXCEPT


@dataclass(frozen=True, slots=True)
class Campaign:
    """`rollout_percent` of all customers can use it, always the same ones."""

    id: str
    name: str = ""
    type: str = "DISCOUNT_COUPONS"
    active: bool = True
    validity: Validity = Validity()
    rollout_percent: int = 100


@dataclass(frozen=True, slots=True)
class Category:
    """A lower `hierarchy` goes first; 0 is the top."""

    id: str
    name: str = ""
    hierarchy: int = 1


@dataclass(frozen=True, slots=True)
class ApplicableTo:
    """One entry of applicable_to or inapplicable_to, with the published names and meanings.

    `object` is "product", "sku" or "products_collection". `price` is a fixed unit price that takes
    the place of the discount's own, minor units; `price_formula` that of `price`. Of every `repeat`
    lines or units `take` in a row are discounted. A `strict` entry takes nothing where the order
    holds a line that no entry is for.
    """

    object: str
    id: str
    source_id: str | None = None
    product_id: str | None = None
    product_source_id: str | None = None
    price: int | None = None
    effect: Pick = Pick.EVERY
    target: Target = Target.ITEM
    quantity_limit: int | None = None
    aggregated_quantity_limit: int | None = None
    amount_limit: int | None = None
    aggregated_amount_limit: int | None = None
    repeat: int = 1
    skip_initially: int = 0
    strict: bool = False
    take: int = 1
    price_formula: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """The base of every discount; each type stands in its own module of `effects`.

    `effect` is the published name, such as APPLY_TO_ORDER; None leaves the choice to the rules.
    Where a `formula` cannot be computed, the fixed value of the discount is used. What
    `is_payment` takes nothing off a price but pays part of it.
    """

    is_payment: ClassVar[bool] = False
    effect: str | None = None
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """What a bundle needs `quantity` units of: a product, SKU or products_collection."""

    object: str
    id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """At most `limit` bundles count; where it `scales`, the discount is given once for each."""

    components: tuple[Component, ...]
    limit: int = 1
    scales: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A validation rule, made from its document by `rules.read`.

    `tree` holds a condition per numbered rule; `holds` is the same as one closure. A rule that
    `looks_after` asks about the order after the discount. `message` is what its author wants said,
    `version` tells which of its documents this is.
    """

    id: str
    tree: Node[Any]
    holds: Callable[[Any], bool]
    name: str = ""
    message: str | None = None
    looks_after: bool = False
    counts: bool = False
    applicable_to: tuple[ApplicableTo, ...] = ()
    inapplicable_to: tuple[ApplicableTo, ...] = ()
    included_all: bool = False
    bundle: Bundle | None = None
    version: int | None = None


class Overflow(StrEnum):
    """What happens to a discount that is more than what is left: refused, or cut down to it."""

    REFUSE = "REFUSE"
    CAP = "CAP"


@dataclass(frozen=True)
class Limit:
    """`value` is how many redemptions or customers there may be, or minor units; it is included.

    `scope_id` is needed for budgets alone; a parent budget is one more limit. `relaxed` has other
    values for customers of a segment, None for no limit; the highest of them wins.

    Without slots, so that it can keep what is computed `once`.
    """

    id: str
    measure: Measure
    scope: Scope
    value: int
    scope_id: str = ""
    per_customer: bool = False
    period: Period = Period.ALWAYS
    overflow: Overflow = Overflow.REFUSE
    relaxed: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarginFloor:
    """No discount takes a line below its cost plus `amount` per unit plus `percent` of the cost.

    Minor units and millionths. Lines without a known cost are free. `skips` leaves a line alone
    instead of giving it the part that fits.
    """

    amount: int = 0
    percent: int = 0
    skips: bool = False


@dataclass(frozen=True)
class Redeemable:
    """`id` is the public id (v_…, promo_…), or what the request sent where nothing was found.

    `usage` carries the redemption limit. `applicable_to` and `inapplicable_to` choose the lines of
    item-level discounts; `included_all` means all lines but the inapplicable ones; `rules.assign`
    fills them from the rules. `holder_ids` are the customers to whom a code was given. `published`
    has the metadata of the publication, `publish_count` how often there was one. `wanted` is what
    the request asks of it: `gift_amount`, `points_used`. `facts` is free room for what the caller
    wants to find again in the results.

    Without slots, so that it can keep what is computed `once`.
    """

    kind: Kind
    id: str
    exists: bool = True
    code: str | None = None
    name: str | None = None
    type: str = "DISCOUNT_VOUCHER"
    active: bool = True
    campaign: Campaign | None = None
    validity: Validity = Validity()
    usage: Usage = field(default_factory=Usage)
    discount: Discount | None = None
    categories: tuple[Category, ...] = ()
    applicable_to: tuple[ApplicableTo, ...] = ()
    inapplicable_to: tuple[ApplicableTo, ...] = ()
    included_all: bool = False
    metadata: Metadata = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    bundle: Bundle | None = None
    limits: tuple[Limit, ...] = ()
    margin: MarginFloor | None = None
    holder_ids: frozenset[str] = frozenset()
    published: Metadata = field(default_factory=dict)
    publish_count: int = 0
    wanted: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def pays(self) -> bool:
        """Whether it is a gift card."""
        return self.discount is not None and self.discount.is_payment
