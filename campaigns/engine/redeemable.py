"""What a request wants to use: vouchers and promotion tiers with all that decides about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from campaigns.engine.facts import Metadata, Usage
from loyalty_project.core.durations import Duration


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


@dataclass(frozen=True, slots=True)
class Validity:
    """`starts_at` is inclusive, `ends_at` is exclusive, both aware; None is open."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    timeframe: Timeframe | None = None
    days_of_week: frozenset[int] = frozenset()
    daily_hours: tuple[DailyHours, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    id: str
    name: str = ""
    type: str = "DISCOUNT_COUPONS"
    active: bool = True
    validity: Validity = Validity()


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
    the place of the discount's own, minor units.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """The base of every discount; each type stands in its own module of `effects`.

    `effect` is the published name, such as APPLY_TO_ORDER; None leaves the choice to the rules.
    """

    effect: str | None = None


@dataclass(frozen=True, slots=True)
class Redeemable:
    """`id` is the public id (v_…, promo_…), or what the request sent where nothing was found.

    `usage` carries the redemption limit. `applicable_to` and `inapplicable_to` choose the lines of
    item-level discounts; `included_all` means all lines but the inapplicable ones. `facts` is free
    room for what the caller wants to find again in the results.
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
