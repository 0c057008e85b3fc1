"""Trying a cart: what a validation would say, and why, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.engine.explain import Explanation, explain
from loyalty_project.core.models import Project
from redemptions.context import Request
from redemptions.services import automatic, validations
from redemptions.services.automatic import LeftOut
from redemptions.services.validations import Validated


@dataclass(frozen=True, slots=True)
class Trial:
    """One explanation per redeemable, in the order in which they were looked at."""

    validated: Validated
    explanations: Sequence[Explanation]
    left_out: Sequence[LeftOut] = ()


def run(*, project: Project, request: Request, auto: bool, at: datetime) -> Trial:
    """Validate at `at`, past or to come; with `auto` also what needs not be named.

    Counts and past are those of now, whatever `at` is. Raises as a validation does.
    """
    left_out: Sequence[LeftOut] = ()
    if auto:
        applied = automatic.validate(project=project, request=request, at=at)
        validated, left_out = applied.validated, applied.left_out
    else:
        validated = validations.validate(project=project, request=request, at=at)
    return Trial(validated, explain(validated.loaded.context), left_out)
