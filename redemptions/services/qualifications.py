"""What could this customer use? Reads what validation reads, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from campaigns.engine import best as engine_best
from campaigns.engine import evaluate
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
# The switch of a project that lets browsers list codes which only some people know.
LISTS_CODES = "client_list_vouchers_enabled"


class SortingRule(StrEnum):
    """The published sequences: newest first, or by what is saved."""

    DEFAULT = "DEFAULT"
    BEST_DEAL = "BEST_DEAL"
    LEAST_DEAL = "LEAST_DEAL"


@dataclass(frozen=True, slots=True)
class Wish:
    """How to look, and how many offers to answer; those made before `starting_after`.

    A page by time may have more than `limit`: what was made in one millisecond stays together.
    """

    scenario: Scenario = Scenario.ALL
    limit: int = LIMIT_DEFAULT
    starting_after: datetime | None = None
    filters: Filters = field(default_factory=Filters)
    sorting_rule: SortingRule = SortingRule.DEFAULT


def find(*, project: Project, request: Request, wish: Wish, at: datetime) -> Offers:
    """Everything that validation would accept now for this customer and order, one page of it.

    Scenarios that leave rules out say in each offer which. Raises Invalid, NotFound.
    """
    asked = replace(request, redeemables=())
    loaded = context.load_widely(project=project, request=asked, at=at)
    return search(project=project, request=request, wish=wish, loaded=loaded)


def search(*, project: Project, request: Request, wish: Wish, loaded: Loaded) -> Offers:
    """As `find`, for who has loaded widely; what that named is completed together with the rest."""
    named = wanted.Found(loaded.context.redeemables, loaded.rows, own=loaded.own)
    found: list[Offer] = []
    scanned = 0
    last: datetime | None = None
    more_after: datetime | None = None
    sorted_by_time = wish.sorting_rule == SortingRule.DEFAULT
    end: int | None = None
    for batch in offers.batches(
        project=project,
        loaded=loaded,
        scenario=wish.scenario,
        filters=wish.filters,
        before=wish.starting_after,
        public_only=not (request.trusted or project.client_options.get(LISTS_CODES)),
    ):
        if scanned >= SCANNED_MAX and last is not None and _moment(batch[0]) < last:
            more_after = last
            break
        loaded, fresh = _qualified(project, loaded, batch, wish.scenario, named)
        found += fresh
        scanned, last = scanned + len(batch), _moment(batch[-1])
        end = _end(found, wish.limit) if sorted_by_time else None
        if end is not None:
            break
    if not sorted_by_time:
        down = wish.sorting_rule == SortingRule.BEST_DEAL
        found.sort(key=lambda offer: offer.qualified.saving, reverse=down)
        end = wish.limit if len(found) > wish.limit else None
    shown = found[:end]
    if end is not None:
        more_after = _moment(shown[-1].candidate)
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


def _moment(candidate: Candidate) -> datetime:
    """When it was made, as the wire says it: in whole milliseconds."""
    made = candidate.created_at
    return made.replace(microsecond=made.microsecond // 1000 * 1000)


def _end(found: Sequence[Offer], limit: int) -> int | None:
    """How many make a page: the limit and what was made with the last one; None for all so far."""
    moments = [_moment(offer.candidate) for offer in found]
    ends = (n for n in range(limit, len(found)) if moments[n] != moments[n - 1])
    return next(ends, None)


def _qualified(
    project: Project,
    loaded: Loaded,
    batch: Sequence[Candidate],
    scenario: Scenario,
    named: wanted.Found,
) -> tuple[Loaded, list[Offer]]:
    """The offers of a batch; what their rules ask of the past is read at once for all."""
    fresh = tuple(each for candidate in batch for each in candidate.redeemables)
    redeemables = (*named.redeemables, *fresh)
    rows = {**loaded.rows, **{n: row for each in batch for n, row in each.rows.items()}}
    loaded = context.with_units(loaded=loaded, redeemables=redeemables)
    found = wanted.Found(redeemables, rows, own=named.own)
    loaded = context.complete(project=project, loaded=loaded, found=found)
    # Each is looked at as if it were alone: nothing that it uses is counted for the others.
    context_, start = replace(loaded.context, redeemables=()), evaluate.begin(loaded.context)
    qualified = [(each, qualify(context_, each.redeemables, scenario, start)) for each in batch]
    kept = [Offer(candidate, one) for candidate, one in qualified if one is not None]
    return loaded, kept
