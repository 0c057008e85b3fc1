"""What a caller wants to use, and what was read for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.engine.context import Context
from campaigns.engine.counters import Counter
from campaigns.engine.redeemable import Redeemable
from campaigns.models import PromotionStack, PromotionTier, Voucher
from campaigns.snapshots.offers import REFERENCE
from customers.models import Customer
from loyalty_project.core.errors import Invalid
from redemptions.models import Order
from redemptions.queries.bought import Bought
from redemptions.usage import NOTHING, Own, Session

DEFAULT_EXPAND = frozenset({"order"})
PROMOTION_STACK = "promotion_stack"

Row = Voucher | PromotionTier
Name = tuple[str, str]


class DuplicatedRedeemables(Invalid):
    """The same code or promotion twice in one request, also under two of its names."""

    key = "duplicated_redeemables"
    message = "Duplicated redeemables detected"


class CurrencyMismatch(Invalid):
    """An order in another currency than that of its project."""

    key = "currency_mismatch"
    message = "Currency mismatch"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One redeemable of a request: a code, or the id of a code, promotion tier or stack.

    `credits` are asked of a gift card, None for as much as the order takes.
    """

    kind: str
    reference: str
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller wants to use, as on the wire. A string as customer is an id or source id.

    `context` is the object of that name: `channel`, `placement`, `store` and what else the caller
    says of where it happens. `trusted` is False for client-side keys: they see less of customers,
    no stored order, and what they say of a customer decides nothing. `explain` asks why. What the
    `session` holds is there for it.
    """

    redeemables: tuple[Wanted, ...]
    order: Mapping[str, Any] | None = None
    customer: Mapping[str, Any] | str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    tracking_id: str | None = None
    expand: frozenset[str] = DEFAULT_EXPAND
    trusted: bool = True
    context: Mapping[str, Any] = field(default_factory=dict)
    explain: bool = False
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, once: rows for the commit and the facts for the engine.

    `rows` are the codes and tiers by kind and reference; a stack stands for its tiers.
    `kept` are the counters of the context that have their row already, `bought` is what the
    customer's orders held, where that was asked for. `own` are the holds that the request consumes
    or takes the place of; `has_expired` tells of others that are in nobody's way and wait to be
    taken off.
    """

    context: Context
    rows: Mapping[Name, Row]
    customer: Customer | None
    order: Order | None
    stack: PromotionStack | None = None
    kept: frozenset[Counter] = frozenset()
    bought: Bought | None = None
    own: Own = NOTHING
    has_expired: bool = False

    @property
    def vouchers(self) -> list[Voucher]:
        return [row for row in self.rows.values() if isinstance(row, Voucher)]

    @property
    def tiers(self) -> list[PromotionTier]:
        return [row for row in self.rows.values() if isinstance(row, PromotionTier)]

    def row_of(self, redeemable: Redeemable) -> Row | None:
        return self.rows.get((redeemable.kind.value, reference_of(redeemable)))

    def voucher_of(self, redeemable: Redeemable) -> Voucher | None:
        row = self.row_of(redeemable)
        return row if isinstance(row, Voucher) else None

    def tier_of(self, redeemable: Redeemable) -> PromotionTier | None:
        row = self.row_of(redeemable)
        return row if isinstance(row, PromotionTier) else None


def reference_of(redeemable: Redeemable) -> str:
    """The redeemable as the request named it."""
    return str(redeemable.facts[REFERENCE])
