"""What else decides about campaigns and tiers, kept per process as long as their version stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from campaigns.engine import asks, rules
from campaigns.engine.asks import Asks
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.redeemable import Kind, Limit, MarginFloor, Overflow, Redeemable, Rule
from campaigns.models import Budget, Campaign, PromotionTier
from campaigns.models import Limit as LimitRow
from campaigns.models import MarginFloor as MarginRow
from campaigns.queries import terms as rows
from campaigns.snapshots import definitions
from loyalty_project.core.models import Project
from loyalty_project.core.versioned import Kept, KeptRows


@dataclass(frozen=True, slots=True)
class Terms:
    """Rules that must hold, limits and the margin floor, and which facts these look at."""

    rules: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    margin: MarginFloor | None = None
    asks: Asks = field(default_factory=Asks)


NONE = Terms()
_campaigns: KeptRows[int, Terms] = KeptRows(20_000)
_tiers: KeptRows[int, Terms] = KeptRows(20_000)


def of_campaigns(campaigns: Iterable[Campaign]) -> Mapping[int, Terms]:
    """By primary key; campaigns come with their budget, and cost queries when they are new."""
    wanted = {campaign.pk: campaign for campaign in campaigns}
    return _campaigns.get_many(
        {pk: _version(campaign) for pk, campaign in wanted.items()},
        partial(_load_campaigns, wanted),
    )


def of_tiers(tiers: Iterable[PromotionTier]) -> Mapping[int, Terms]:
    """By primary key, without those of their campaigns."""
    return _tiers.get_many({tier.pk: _version(tier) for tier in tiers}, _load_tiers)


def of_vouchers(pks: Iterable[int]) -> Mapping[int, Terms]:
    """By primary key, of codes that have any of their own; never kept."""
    found = rows.of(vouchers=list(pks))
    return {pk: _terms(found["voucher", pk], Scope.REDEEMABLE) for _, pk in found}


def of_project(project: Project) -> Terms:
    """What protects the whole project."""
    return _project.of(project)


def joined(*parts: Terms) -> Terms:
    """All of them together; the margin floor of the first that has one."""
    return Terms(
        rules=tuple(rule for part in parts for rule in part.rules),
        limits=tuple(limit for part in parts for limit in part.limits),
        margin=next((part.margin for part in parts if part.margin is not None), None),
        asks=Asks(
            segments=any(part.asks.segments for part in parts),
            collections=any(part.asks.collections for part in parts),
            bought=any(part.asks.bought for part in parts),
        ),
    )


def assign(redeemable: Redeemable, terms: Terms) -> Redeemable:
    """The redeemable under these terms."""
    if terms is NONE:
        return redeemable
    found = rules.assign(redeemable, terms.rules)
    return replace(found, limits=(*found.limits, *terms.limits), margin=terms.margin)


def _load_campaigns(wanted: Mapping[int, Campaign], pks: list[int]) -> dict[int, Terms]:
    budgets = {c.budget_id for c in map(wanted.__getitem__, pks) if c.budget_id is not None}
    found = rows.of(campaigns=pks, budgets=budgets)
    loaded = {}
    for pk in pks:
        own = _terms(found["campaign", pk], Scope.CAMPAIGN)
        budget = wanted[pk].budget
        shared = _of_budget(budget, found["budget", budget.pk]) if budget is not None else NONE
        loaded[pk] = joined(own, shared) if shared is not NONE else own
    return loaded


def _load_tiers(pks: list[int]) -> dict[int, Terms]:
    found = rows.of(tiers=pks)
    return {pk: _terms(found["promotion_tier", pk], Scope.REDEEMABLE) for pk in pks}


def _load_project(project: Project) -> Terms:
    del project
    return _terms(rows.of_project(), Scope.PROJECT)


_project = Kept(_load_project)


def _version(row: Campaign | PromotionTier) -> tuple[int, datetime]:
    return row.version, row.updated_at


def _of_budget(budget: Budget, found: rows.Rows) -> Terms:
    return _terms(found, Scope.BUDGET, scope_id=budget.public_id)


def _terms(found: rows.Rows, scope: Scope, *, scope_id: str = "") -> Terms:
    """The same object where there are none, which costs the least."""
    if not (found.assignments or found.limits or found.margins):
        return NONE
    made = Terms(
        rules=tuple(definitions.rule(assigned.rule) for assigned in found.assignments),
        limits=tuple(_limit(row, scope, scope_id) for row in found.limits),
        margin=_margin(found.margins[0]) if found.margins else None,
    )
    example = assign(Redeemable(Kind.VOUCHER, ""), made)
    return replace(made, asks=asks.of([example]))


def _limit(row: LimitRow, scope: Scope, scope_id: str) -> Limit:
    own = Scope.REDEEMABLE if row.per_redeemable and scope == Scope.CAMPAIGN else scope
    relaxed: dict[str, Any] = row.relaxed
    return Limit(
        id=row.public_id,
        measure=Measure(row.measure),
        scope=own,
        value=row.value,
        scope_id=scope_id,
        per_customer=row.per_customer,
        period=Period(row.period),
        overflow=Overflow(row.overflow),
        relaxed=relaxed,
    )


def _margin(row: MarginRow) -> MarginFloor:
    return MarginFloor(amount=row.amount, percent=row.percent, skips=row.skips)
