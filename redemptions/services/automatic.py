"""Incentives that a shop need not name: the best use of all that the customer could use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import best, evaluate
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Evaluation
from loyalty_project.core.models import Project
from redemptions import context
from redemptions.context import PROMOTION_STACK, Loaded, Request, Wanted
from redemptions.context.offered import Offer
from redemptions.context.offers import Filters
from redemptions.context.wanted import Found
from redemptions.services import guessing, qualifications, validations
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
    Nothing is tried beside a stack. Everything is read once. Raises as a validation does.
    """
    limit = campaign_snapshots.stacking(project).redeemables_limit
    room = min(best.REDEEMABLES_MAX, limit) - len(request.redeemables)
    is_stack = any(one.kind == PROMOTION_STACK for one in request.redeemables)
    if is_stack or (request.redeemables and room <= 0):
        return Applied(validations.validate(project=project, request=request, at=at), ())
    validations.check(project=project, request=request)
    guessing.refuse(at=at)
    named = context.load_widely(project=project, request=request, at=at)
    guessing.note(loaded=named, at=at)
    offers, loaded = _offers(project, request, named)
    plain = _validated(project, request, loaded, named.context.redeemables)
    known = {(kind, row.public_id) for (kind, _), row in named.rows.items()}
    fresh = [offer for offer in offers if known.isdisjoint(_identities(offer))]
    tried = fresh[: max(0, room)]
    validated = _with(project, plain, loaded, tried) if tried else plain
    taken = {(one.kind, one.reference) for one in validated.request.redeemables}
    left = [
        LeftOut(offer.candidate.kind, offer.candidate.id, offer.qualified.saving)
        for offer in fresh
        if (offer.candidate.kind, offer.candidate.id) not in taken
    ]
    return Applied(validated, left)


def _with(project: Project, plain: Validated, loaded: Loaded, tried: Sequence[Offer]) -> Validated:
    """The validation with the best of those that are tried; the plain one where it would suffer."""
    named = plain.loaded.context.redeemables
    offered = {each: offer for offer in tried for each in map(_name, offer.candidate.redeemables)}
    more = tuple(one for offer in tried for one in offer.candidate.redeemables)
    rows = {**plain.loaded.rows}
    for offer in tried:
        rows |= offer.candidate.rows
    loaded = replace(loaded, rows=rows)
    applied = _applied(plain.evaluation)
    request = _naming(plain.request, more)
    everything = _completed(project, request, loaded, (*named, *more))
    found = best.best(everything.context, keep=applied)
    added = tuple(one for one in found.redeemables if _name(one) in offered)
    if not added:
        return plain
    richer = _validated(project, _naming(plain.request, added), loaded, (*named, *added))
    if not richer.evaluation.valid or not applied <= _applied(richer.evaluation):
        return plain
    return richer


def _validated(
    project: Project, request: Request, loaded: Loaded, redeemables: tuple[Redeemable, ...]
) -> Validated:
    """The validation of these, of all that was read."""
    loaded = _completed(project, request, loaded, redeemables)
    return Validated(
        request=request,
        loaded=loaded,
        evaluation=evaluate.evaluate(loaded.context),
        tracking_id=validations.track(project=project, request=request, loaded=loaded),
    )


def _completed(
    project: Project, request: Request, loaded: Loaded, redeemables: tuple[Redeemable, ...]
) -> Loaded:
    """With what these look at; what a session holds of them is read with them."""
    if request.session is not None:
        return context.load(project=project, request=request, at=loaded.context.at)
    names = {_name(each) for each in redeemables}
    rows = {name: row for name, row in loaded.rows.items() if name in names}
    return context.complete(project=project, loaded=loaded, found=Found(redeemables, rows))


def _naming(request: Request, added: Sequence[Redeemable]) -> Request:
    wanted = (Wanted(*_name(one)) for one in added)
    return replace(request, redeemables=(*request.redeemables, *wanted))


def _name(redeemable: Redeemable) -> tuple[str, str]:
    return redeemable.kind.value, context.reference_of(redeemable)


def _applied(evaluation: Evaluation) -> set[str]:
    return {result.redeemable.id for result in evaluation.applied}


def _identities(offer: Offer) -> set[tuple[str, str]]:
    return {(kind, row.public_id) for (kind, _), row in offer.candidate.rows.items()}


def _offers(project: Project, request: Request, named: Loaded) -> tuple[list[Offer], Loaded]:
    """Those that save most come first; stacks cannot be used together with others."""
    wish = Wish(limit=LIMIT_MAX, sorting_rule=SortingRule.BEST_DEAL, filters=Filters(stacks=None))
    found = qualifications.search(project=project, request=request, wish=wish, loaded=named)
    kept = [one for one in found.offers if one.qualified.saving or request.order is None]
    return kept, replace(found.loaded, rows={**named.rows, **found.loaded.rows})
