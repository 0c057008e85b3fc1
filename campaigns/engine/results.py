"""Everything that an evaluation may say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.engine.bundles import Bundled
from campaigns.engine.counters import Relied, Use
from campaigns.engine.limits import LimitState
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.protection import Capped
from campaigns.engine.redeemable import ApplicableTo, Redeemable


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` is a published key; sentences are made from it, and in them `parameters` are named.

    `details` are the facts that decided, for people who look closer (times are aware datetimes).
    """

    key: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchedUnits:
    """`units` count from 1. Of more than 1,000 units in the order they are not listed."""

    index: int
    units: tuple[int, ...]
    units_limit_exceeded: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Which lines an applicable_to or inapplicable_to entry covers, in the sequence of discounting.

    Indices are places in the order, from 0. `order_item_units` is there for target UNIT alone.
    """

    entry: ApplicableTo
    order_item_indices: tuple[int, ...]
    order_item_units: tuple[MatchedUnits, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """`order` is the snapshot after this step: cumulative totals, `applied_*` of this step only.

    `effect` is the published effect that was used. `unused_amount` is the part of an amount that
    found nothing to be taken from. `uses` are to be added to counters; of these `relied` must stay
    within their limits for the rules to hold, and `limits` (with what is used and left) within
    theirs. `capped` says what a margin floor or a budget kept back. `gifts` are the units that it
    takes of stocks, by public id.
    """

    redeemable: Redeemable
    order: PricedOrder | None
    effect: str | None = None
    applicable_to: tuple[Match, ...] = ()
    inapplicable_to: tuple[Match, ...] = ()
    unused_amount: int = 0
    bundle: Bundled | None = None
    uses: tuple[Use, ...] = ()
    relied: tuple[Relied, ...] = ()
    limits: tuple[LimitState, ...] = ()
    capped: tuple[Capped, ...] = ()
    gifts: Mapping[str, int] = field(default_factory=dict)

    def counting(
        self, uses: tuple[Use, ...], relied: tuple[Relied, ...], limits: tuple[LimitState, ...]
    ) -> "Applied":
        """The same with these; twice as fast as `replace`."""
        return Applied(
            self.redeemable,
            self.order,
            self.effect,
            self.applicable_to,
            self.inapplicable_to,
            self.unused_amount,
            self.bundle,
            uses,
            relied,
            limits,
            self.capped,
            self.gifts,
        )

    @property
    def credits(self) -> int:
        """What a gift card pays in this step, minor units; 0 for others and without an order."""
        if self.order is None or not self.redeemable.pays:
            return 0
        return self.order.total_applied_discount_amount


@dataclass(frozen=True, slots=True)
class Skipped:
    redeemable: Redeemable
    reason: Reason


@dataclass(frozen=True, slots=True)
class Inapplicable:
    redeemable: Redeemable
    reason: Reason
    bundle: Bundled | None = None
    limits: tuple[LimitState, ...] = ()


Result = Applied | Skipped | Inapplicable


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`results` has one entry per redeemable, in the order in which they were looked at.

    `order` is the final order with `applied_*` of the whole request; None without an order, or
    where nothing is valid. Mode ALL is valid when something applies and nothing is inapplicable,
    mode PARTIAL when something applies.
    """

    valid: bool
    order: PricedOrder | None
    results: tuple[Result, ...]

    @property
    def applied(self) -> tuple[Applied, ...]:
        return tuple(r for r in self.results if isinstance(r, Applied))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return tuple(r for r in self.results if isinstance(r, Skipped))

    @property
    def inapplicable(self) -> tuple[Inapplicable, ...]:
        return tuple(r for r in self.results if isinstance(r, Inapplicable))
