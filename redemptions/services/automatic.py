"""Incentives that a shop need not name: the best use of all that the customer could use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.engine import best
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

    Promotions and codes for everybody, and codes that the customer holds, are tried; twelve at
    most. What the request names is kept where it applies. Raises as a validation does.
    """
    offers = _offers(project, request, at=at)
    named = {(one.kind, one.reference) for one in request.redeemables}
    fresh = [offer for offer in offers if (offer.candidate.kind, offer.candidate.id) not in named]
    room = max(0, best.REDEEMABLES_MAX - len(request.redeemables))
    tried = [Wanted(offer.candidate.kind, offer.candidate.id) for offer in fresh[:room]]
    everything = replace(request, redeemables=(*request.redeemables, *tried))
    if not everything.redeemables:
        return Applied(validations.validate(project=project, request=request, at=at), ())
    loaded = context.load(project=project, request=everything, at=at)
    found = best.best(loaded.context)
    chosen = tuple(Wanted(one.kind.value, context.reference_of(one)) for one in found.redeemables)
    kept = tuple(one for one in request.redeemables if one not in chosen) + chosen
    validated = validations.validate(
        project=project, request=replace(request, redeemables=kept), at=at
    )
    taken = {(one.kind, one.reference) for one in kept}
    left = [
        LeftOut(offer.candidate.kind, offer.candidate.id, offer.qualified.saving)
        for offer in fresh
        if (offer.candidate.kind, offer.candidate.id) not in taken
    ]
    return Applied(validated, left)


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
