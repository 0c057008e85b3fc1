"""What could be offered to a request: candidates, newest first, with their rows and terms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from campaigns import queries
from campaigns.engine.redeemable import Kind, Redeemable
from campaigns.engine.scenarios import Scenario, index_kinds
from campaigns.models import PromotionStack, Voucher
from campaigns.queries import offers as offered
from campaigns.snapshots.offers import Promotions, promotions
from loyalty_project.core.models import Project
from redemptions.context.request import PROMOTION_STACK, Loaded, Name, Row
from redemptions.context.wanted import Under, redeemable_of

BATCH = 100
ALL = Q()


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on codes, tiers and stacks; None leaves none of that kind."""

    vouchers: Q | None = ALL
    tiers: Q | None = ALL
    stacks: Q | None = ALL


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code, a tier, or a stack with its tiers."""

    kind: str
    id: str
    created_at: datetime
    redeemables: tuple[Redeemable, ...]
    rows: dict[Name, Row] = field(default_factory=dict)
    stack: PromotionStack | None = None


def batches(
    *,
    project: Project,
    loaded: Loaded,
    scenario: Scenario,
    filters: Filters,
    before: datetime | None,
    public_only: bool = False,
) -> Iterator[list[Candidate]]:
    """Candidates made before an instant, newest first, so many at a time as codes are read.

    With `public_only` there are no codes that only some people know.
    """
    fixed = _fixed(project, loaded, scenario, filters)
    if before is not None:
        fixed = [each for each in fixed if each.created_at < before]
    fixed.sort(key=lambda each: each.created_at, reverse=True)
    if filters.vouchers is None or scenario == Scenario.PROMOTION_STACKS:
        rows: QuerySet[Voucher] | None = None
    else:
        rows = offered.vouchers(
            customer=loaded.customer,
            at=loaded.context.at,
            held_only=scenario == Scenario.CUSTOMER_WALLET,
            public_only=public_only,
        ).filter(filters.vouchers)
    for codes in _codes(rows, before, loaded.context.at) if rows is not None else ():
        oldest = codes[-1].created_at
        newer = [each for each in fixed if each.created_at >= oldest]
        fixed = fixed[len(newer) :]
        yield sorted([*codes, *newer], key=lambda each: each.created_at, reverse=True)
    for start in range(0, len(fixed), BATCH):
        yield fixed[start : start + BATCH]


def _fixed(
    project: Project, loaded: Loaded, scenario: Scenario, filters: Filters
) -> list[Candidate]:
    """Tiers and stacks, which are configuration and kept in the process."""
    if scenario == Scenario.CUSTOMER_WALLET:
        return []
    kept = promotions(project)
    found: list[Candidate] = []
    if filters.tiers is not None and scenario != Scenario.PROMOTION_STACKS:
        found += _tiers(kept, loaded, scenario, filters.tiers)
    if filters.stacks is not None and scenario in {Scenario.ALL, Scenario.PROMOTION_STACKS}:
        found += _stacks(filters.stacks, loaded.context.at)
    return found


def _tiers(
    kept: Promotions, loaded: Loaded, scenario: Scenario, condition: Q
) -> Iterator[Candidate]:
    among: set[str] | None = None
    if condition != ALL:
        passing = offered.promotion_tiers().filter(condition)
        among = set(passing.values_list("public_id", flat=True))
    for redeemable in kept.candidates(loaded.context, index_kinds(scenario)):
        if among is None or redeemable.id in among:
            row = kept.rows[redeemable.id]
            yield Candidate(
                Kind.PROMOTION_TIER,
                row.public_id,
                row.created_at,
                (redeemable,),
                {(Kind.PROMOTION_TIER.value, row.public_id): row},
            )


def _stacks(condition: Q, at: datetime) -> Iterator[Candidate]:
    for stack in offered.promotion_stacks().filter(condition):
        tiers = [place.tier for place in stack.places.all() if place.tier.deleted_at is None]
        for tier in tiers:
            tier.campaign = stack.campaign
        if not tiers:
            continue
        under = Under(tiers, at=at)
        yield Candidate(
            PROMOTION_STACK,
            stack.public_id,
            stack.created_at,
            tuple(redeemable_of(tier, under, reference=tier.public_id) for tier in tiers),
            {(Kind.PROMOTION_TIER.value, tier.public_id): tier for tier in tiers},
            stack,
        )


def _codes(
    rows: QuerySet[Voucher], before: datetime | None, at: datetime
) -> Iterator[list[Candidate]]:
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    last: Voucher | None = None
    while True:
        after = rows if last is None else rows.filter(_older(last))
        batch = list(after[:BATCH])
        if batch:
            yield _of_codes(batch, at)
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _of_codes(batch: list[Voucher], at: datetime) -> list[Candidate]:
    under = Under(batch, at=at)
    for row in batch:
        queries.note_rules(row)
    return [
        Candidate(
            Kind.VOUCHER,
            row.code,
            row.created_at,
            (redeemable_of(row, under, reference=row.code),),
            {(Kind.VOUCHER.value, row.code): row},
        )
        for row in batch
    ]


def _older(last: Voucher) -> Q:
    return Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
