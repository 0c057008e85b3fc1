"""Would exactly these work on this order, and for how much? Writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from campaigns import snapshots as campaign_snapshots
from campaigns.engine import evaluate
from campaigns.engine.results import Evaluation
from customers.services import tracking
from loyalty_project.core import metadata
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from redemptions import context
from redemptions.context import PROMOTION_STACK, Loaded, Request
from redemptions.services import guessing


class InvalidRedeemables(Invalid):
    """Redeemables that can never be used together."""

    key = "invalid_redeemables"
    message = "Invalid redeemables"


@dataclass(frozen=True, slots=True)
class Validated:
    """What was asked, read and found. `tracking_id` is the encoded form, None for a stranger."""

    request: Request
    loaded: Loaded
    evaluation: Evaluation
    tracking_id: str | None


def validate(*, project: Project, request: Request, at: datetime) -> Validated:
    """Evaluate a request as it would be redeemed at `at`.

    Raises Invalid for a request that is wrong in itself; business refusals are in the evaluation.
    """
    check(project=project, request=request)
    guessing.refuse(at=at)
    loaded = context.load(project=project, request=request, at=at)
    guessing.note(loaded=loaded, at=at)
    return Validated(
        request=request,
        loaded=loaded,
        evaluation=evaluate.evaluate(loaded.context),
        tracking_id=track(project=project, request=request, loaded=loaded),
    )


def check(*, project: Project, request: Request) -> None:
    """Refuse what no state of the world makes right. Raises Invalid."""
    limit = campaign_snapshots.stacking(project).redeemables_limit
    if len(request.redeemables) > limit:
        raise Invalid(f"Property .redeemables must NOT have more than {limit} items")
    kinds = [wanted.kind for wanted in request.redeemables]
    if PROMOTION_STACK in kinds and len(kinds) > 1:
        raise InvalidRedeemables("Promotion Stack cannot be use with other redeemables")
    identities = {(wanted.kind, wanted.reference) for wanted in request.redeemables}
    if len(identities) < len(kinds):
        raise context.DuplicatedRedeemables("Duplicated redeemables detected in one redemption")
    metadata.check(project=project, resource="redemption", values=request.metadata)


def track(*, project: Project, request: Request, loaded: Loaded) -> str | None:
    """The public tracking id of whoever asks."""
    if request.tracking_id:
        return tracking.encode(project=project, raw=request.tracking_id)
    if loaded.customer is not None:
        return loaded.customer.tracking_id
    source_id = loaded.context.customer.source_id if loaded.context.customer else None
    return tracking.encode(project=project, raw=source_id) if source_id else None
