"""From what a request names to redeemables with their rows and terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns import queries as campaign_queries
from campaigns import snapshots
from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.models import PromotionStack, PromotionTier, Voucher
from campaigns.snapshots import FREE, Held, terms
from campaigns.snapshots.offers import REFERENCE
from campaigns.snapshots.terms import NONE, Terms
from loyalty_project.core import tenancy
from redemptions import usage
from redemptions.context.request import (
    PROMOTION_STACK,
    DuplicatedRedeemables,
    Name,
    Row,
    Wanted,
)
from redemptions.usage import NOTHING, Own, Session
from rewards import ledger


@dataclass(frozen=True, slots=True)
class Found:
    """`rows` by kind and reference, of those that are there.

    `own` are the holds of the session that asks; `has_expired` tells of others that nobody has
    taken off yet.
    """

    redeemables: tuple[Redeemable, ...]
    rows: Mapping[Name, Row]
    stack: PromotionStack | None = None
    own: Own = NOTHING
    has_expired: bool = False


def find(wanted: Sequence[Wanted], *, at: datetime, session: Session | None = None) -> Found:
    """Codes, tiers and the tiers of a stack. Raises DuplicatedRedeemables, NotFound for a stack."""
    wanted, stack = _unfolded(wanted)
    codes = [one.reference for one in wanted if one.kind == Kind.VOUCHER]
    vouchers = campaign_queries.vouchers_by_codes(codes=codes) if codes else {}
    ids = [one.reference for one in wanted if one.kind == Kind.PROMOTION_TIER]
    tiers = campaign_queries.tiers_by_ids(ids=ids) if ids else {}
    rows: dict[Name, Row] = {(Kind.VOUCHER.value, name): row for name, row in vouchers.items()}
    rows |= {(Kind.PROMOTION_TIER.value, name): row for name, row in tiers.items()}
    _refuse_twice(wanted, rows)
    own = usage.own(
        session,
        vouchers=[row.pk for row in vouchers.values()],
        tiers=[row.pk for row in tiers.values()],
    )
    under = Under(rows.values(), at=at, own=own)
    redeemables = tuple(_redeemable(one, rows, under) for one in wanted)
    return Found(redeemables, rows, stack, own, under.has_expired)


class Under:
    """The terms of rows: kept ones of campaigns and tiers, and those of codes that have any.

    Of gift cards also what can be spent, which costs a query where there are any; and what other
    sessions than that of the `own` holds keep, which costs one where they keep something.
    """

    def __init__(self, rows: Iterable[Row], *, at: datetime, own: Own = NOTHING) -> None:
        found = list(rows)
        vouchers = [row for row in found if isinstance(row, Voucher)]
        tiers = [row for row in found if isinstance(row, PromotionTier)]
        self._campaigns = terms.of_campaigns(row.campaign for row in found if row.campaign)
        self._tiers = terms.of_tiers(tiers) if tiers else {}
        with_terms = [v.pk for v in vouchers if getattr(v, "has_terms", True)]
        self._vouchers = terms.of_vouchers(with_terms) if with_terms else {}
        accounts = [voucher.account for voucher in vouchers if voucher.account is not None]
        self._balances = ledger.available(accounts=accounts, at=at)
        self._free, self._held = self._keep(vouchers, own, at)

    def of(self, row: Row) -> Terms:
        """Those of its campaign and its own."""
        shared = self._campaigns[row.campaign.pk] if row.campaign is not None else NONE
        kept = self._vouchers if isinstance(row, Voucher) else self._tiers
        own = kept.get(row.pk, NONE)
        if own is NONE or shared is NONE:
            return shared if own is NONE else own
        return terms.joined(own, shared)

    def balance_of(self, voucher: Voucher) -> int:
        """What a card can spend, 0 for other codes."""
        key = voucher.account_id or 0
        return self._balances.get(key, 0) + self._free.get(key, 0)

    def held_of(self, voucher: Voucher) -> Held:
        """What other sessions keep of a code or card."""
        return self._held.get(voucher.pk, FREE)

    def _keep(
        self, vouchers: Sequence[Voucher], own: Own, at: datetime
    ) -> tuple[dict[int, int], dict[int, Held]]:
        """What is held of accounts and is no obstacle, and by code what is one."""
        uses = {v.pk: v.held_count - own.quantities.get(v.pk, 0) for v in vouchers if v.held_count}
        accounts = {v.account.pk: v.account for v in vouchers if v.account and v.account.held}
        money = {pk: row.held - own.credits.get(pk, 0) for pk, row in accounts.items()}
        past = usage.expired(
            project=tenancy.current_project(),
            own=own,
            at=at,
            vouchers=[pk for pk, amount in uses.items() if amount > 0],
            accounts=[pk for pk, amount in money.items() if amount > 0],
        )
        self.has_expired = bool(past.quantities or past.credits)
        uses = {pk: amount - past.quantities.get(pk, 0) for pk, amount in uses.items()}
        money = {pk: amount - past.credits.get(pk, 0) for pk, amount in money.items()}
        free = {pk: row.held - money[pk] for pk, row in accounts.items()}
        held = {v.pk: Held(uses.get(v.pk, 0), money.get(v.account_id or 0, 0)) for v in vouchers}
        return free, {pk: each for pk, each in held.items() if each != FREE}


def redeemable_of(
    row: Row, under: Under, *, reference: str, asked: int | None = None
) -> Redeemable:
    """What the engine evaluates, under the name that the request gave it."""
    if isinstance(row, Voucher):
        found = snapshots.redeemable(
            row,
            redeemed=campaign_queries.redeemed_of(row),
            under=under.of(row),
            balance=under.balance_of(row),
            asked=asked,
            held=under.held_of(row),
        )
    else:
        found = snapshots.promotion_tier(row, under=under.of(row))
    return named(found, reference)


def named(redeemable: Redeemable, reference: str) -> Redeemable:
    return replace(redeemable, facts={**redeemable.facts, REFERENCE: reference})


def _unfolded(wanted: Sequence[Wanted]) -> tuple[Sequence[Wanted], PromotionStack | None]:
    """A stack is there alone, and stands for its tiers."""
    if not wanted or wanted[0].kind != PROMOTION_STACK:
        return wanted, None
    stack = campaign_queries.get_stack(reference=wanted[0].reference)
    ids = campaign_queries.tiers_of(stack)
    return [Wanted(Kind.PROMOTION_TIER.value, public_id) for public_id in ids], stack


def _refuse_twice(wanted: Sequence[Wanted], rows: Mapping[Name, Row]) -> None:
    seen = set()
    for one in wanted:
        row = rows.get((one.kind, one.reference))
        identity = (one.kind, row.public_id if row is not None else one.reference)
        if identity in seen:
            raise DuplicatedRedeemables("Duplicated redeemables detected in one redemption")
        seen.add(identity)


def _redeemable(one: Wanted, rows: Mapping[Name, Row], under: Under) -> Redeemable:
    row = rows.get((one.kind, one.reference))
    if row is None:
        is_code = one.kind == Kind.VOUCHER
        missing = snapshots.missing if is_code else snapshots.missing_tier
        return named(missing(one.reference), one.reference)
    return redeemable_of(row, under, reference=one.reference, asked=one.credits)
