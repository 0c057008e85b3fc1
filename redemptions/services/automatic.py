"""Incentives that a shop need not name: the best use of all that the customer could use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.engine import best, evaluate
from campaigns.engine.results import Evaluation
from loyalty_project.core.models import Project
from redemptions import context
from redemptions.context import Request, Wanted
from redemptions.context.offered import Offer
from redemptions.services import qualifications, validations
from redemptions.services.qualifications import LIMIT_MAX, SortingRule, Wish
from redemptions.services.validations import Validated


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An offer that is not part of the best use; alone it would save `saving` minor units."""

    kind: str
    id: str
    saving: int


@dataclass(frozen=True, slots=True)
class Applied:
    """`validated` is the validation of the best use."""

    validated: Validated
    left_out: Sequence[LeftOut]


def validate(*, project: Project, request: Request, at: datetime) -> Applied:
    """Validate what the request names together with what saves most beside it, without being named.

    Promotions and codes for everybody, and codes that the customer holds, are tried; twelve with
    those that are named. What applies without additions applies with them too, else there are none.
    Nothing is tried beside a stack. Raises as a validation does.
    """
    plain = validations.validate(project=project, request=request, at=at)
    most = min(best.REDEEMABLES_MAX, plain.loaded.context.stacking.redeemables_limit)
    room = most - len(request.redeemables)
    if plain.loaded.stack is not None or (request.redeemables and room <= 0):
        return Applied(plain, ())
    named = {(kind, row.public_id) for (kind, _), row in plain.loaded.rows.items()}
    offers = _offers(project, request, at=at)
    fresh = [offer for offer in offers if named.isdisjoint(_identities(offer))]
    tried = [Wanted(offer.candidate.kind, offer.candidate.id) for offer in fresh[: max(0, room)]]
    validated = _with(plain, tried, project=project, at=at) if tried else plain
    taken = {(one.kind, one.reference) for one in validated.request.redeemables}
    left = [
        LeftOut(offer.candidate.kind, offer.candidate.id, offer.qualified.saving)
        for offer in fresh
        if (offer.candidate.kind, offer.candidate.id) not in taken
    ]
    return Applied(validated, left)


def _with(
    plain: Validated, tried: Sequence[Wanted], *, project: Project, at: datetime
) -> Validated:
    """The validation with the best of those that are tried; the plain one where it would suffer."""
    request = plain.request
    everything = replace(request, redeemables=(*request.redeemables, *tried))
    loaded = context.load(project=project, request=everything, at=at)
    applied = _applied(plain.evaluation)
    found = best.best(loaded.context, keep=applied)
    chosen = [Wanted(one.kind.value, context.reference_of(one)) for one in found.redeemables]
    added = tuple(one for one in chosen if one in tried)
    if not added:
        return plain
    richer = replace(request, redeemables=(*request.redeemables, *added))
    loaded = context.load(project=project, request=richer, at=at)
    evaluation = evaluate.evaluate(loaded.context)
    if not evaluation.valid or not applied <= _applied(evaluation):
        return plain
    return replace(plain, request=richer, loaded=loaded, evaluation=evaluation)


def _applied(evaluation: Evaluation) -> set[str]:
    return {result.redeemable.id for result in evaluation.applied}


def _identities(offer: Offer) -> set[tuple[str, str]]:
    return {(kind, row.public_id) for (kind, _), row in offer.candidate.rows.items()}


def _offers(project: Project, request: Request, *, at: datetime) -> list[Offer]:
    """Those that save most come first; stacks cannot be used together with others."""
    wish = Wish(limit=LIMIT_MAX, sorting_rule=SortingRule.BEST_DEAL)
    asked = replace(request, redeemables=())
    found = qualifications.find(project=project, request=asked, wish=wish, at=at)
    return [
        offer
        for offer in found.offers
        if offer.candidate.stack is None and (offer.qualified.saving or request.order is None)
    ]
