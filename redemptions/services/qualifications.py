"""What could this customer use? Reads what validation reads, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from campaigns.engine import best as engine_best
from campaigns.engine import evaluate
from campaigns.engine.asks import Asks
from campaigns.engine.best import REDEEMABLES_MAX
from campaigns.engine.scenarios import Scenario, qualify
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from redemptions import context
from redemptions.context import Loaded, Request, offers, wanted
from redemptions.context.offered import BestUse, Offer, Offers
from redemptions.context.offers import Candidate, Filters
from redemptions.services import guessing, validations

LIMIT_DEFAULT = 5
LIMIT_MAX = 50
# So many candidates are looked at for one answer; the next page goes on from there.
SCANNED_MAX = 2_000
EVERYTHING = Asks(segments=True, collections=True)


class SortingRule(StrEnum):
    """The published sequences: newest first, or by what is saved."""

    DEFAULT = "DEFAULT"
    BEST_DEAL = "BEST_DEAL"
    LEAST_DEAL = "LEAST_DEAL"


@dataclass(frozen=True, slots=True)
class Wish:
    """How to look, and how many offers to answer; those made before `starting_after`."""

    scenario: Scenario = Scenario.ALL
    limit: int = LIMIT_DEFAULT
    starting_after: datetime | None = None
    filters: Filters = field(default_factory=Filters)
    sorting_rule: SortingRule = SortingRule.DEFAULT


def find(*, project: Project, request: Request, wish: Wish, at: datetime) -> Offers:
    """Everything that validation would accept now for this customer and order, one page of it.

    Scenarios that leave rules out say in each offer which. Raises Invalid, NotFound.
    """
    loaded = context.begin(project=project, request=request, asked=EVERYTHING, costs=True, at=at)
    found: list[Offer] = []
    scanned, more_after = 0, None
    sorted_by_time = wish.sorting_rule == SortingRule.DEFAULT
    for batch in offers.batches(
        project=project,
        loaded=loaded,
        scenario=wish.scenario,
        filters=wish.filters,
        before=wish.starting_after,
    ):
        loaded, fresh = _qualified(project, loaded, batch, wish.scenario)
        found += fresh
        scanned += len(batch)
        enough = sorted_by_time and len(found) > wish.limit
        if enough or scanned >= SCANNED_MAX:
            more_after = batch[-1].created_at
            break
    if not sorted_by_time:
        down = wish.sorting_rule == SortingRule.BEST_DEAL
        found.sort(key=lambda offer: offer.qualified.saving, reverse=down)
    shown = found[: wish.limit]
    if len(found) > wish.limit:
        more_after = shown[-1].candidate.created_at
    return Offers(
        request=request,
        loaded=loaded,
        offers=shown,
        tracking_id=validations.track(project=project, request=request, loaded=loaded),
        has_more=more_after is not None,
        more_after=more_after if sorted_by_time else None,
    )


def best(*, project: Project, request: Request, at: datetime) -> BestUse:
    """The combination of the redeemables of a request that saves most, within the stacking rules.

    Raises Invalid for more than twelve of them, and as a validation does.
    """
    validations.check(project=project, request=request)
    if len(request.redeemables) > REDEEMABLES_MAX:
        raise Invalid(f"Property .redeemables must NOT have more than {REDEEMABLES_MAX} items")
    guessing.refuse(at=at)
    loaded = context.load(project=project, request=request, at=at)
    guessing.note(loaded=loaded, at=at)
    found = engine_best.best(loaded.context)
    tracking_id = validations.track(project=project, request=request, loaded=loaded)
    return BestUse(request, loaded, found, tracking_id)


def _qualified(
    project: Project, loaded: Loaded, batch: Sequence[Candidate], scenario: Scenario
) -> tuple[Loaded, list[Offer]]:
    """The offers of a batch; what their rules ask of the past is read at once for all."""
    redeemables = tuple(each for candidate in batch for each in candidate.redeemables)
    rows = {**loaded.rows, **{n: row for each in batch for n, row in each.rows.items()}}
    loaded = context.with_units(loaded=loaded, redeemables=redeemables)
    found = wanted.Found(redeemables, rows)
    loaded = context.complete(project=project, loaded=loaded, found=found)
    context_, start = loaded.context, evaluate.begin(loaded.context)
    qualified = [(each, qualify(context_, each.redeemables, scenario, start)) for each in batch]
    kept = [Offer(candidate, one) for candidate, one in qualified if one is not None]
    return loaded, kept
