"""The locks of a redemption or hold, before anything is written: first shared, then by row."""

from collections.abc import Collection
from datetime import datetime

from campaigns.engine.counters import Counter
from campaigns.services import state
from loyalty_project.core import guarded
from loyalty_project.core.models import Project
from redemptions import context
from redemptions.context import Loaded, Request
from redemptions.services import counts


def share(
    *, project: Project, request: Request, loaded: Loaded, counters: Collection[Counter]
) -> counts.Begun:
    """Share the state that was decided on with others, in the caller's transaction.

    Raises GuardRefused where it changed since.
    """
    begun = counts.begin(project=project, request=request, seen=loaded, counters=counters)
    guarded.run(
        [
            *state.share_combinations(project=project),
            *state.share(vouchers=loaded.vouchers, tiers=loaded.tiers),
            begun.statement,
        ]
    )
    return begun


def lock(
    *, project: Project, request: Request, seen: Loaded, at: datetime
) -> tuple[counts.Begun, Loaded]:
    """Lock the rows that were `seen`, and read all again, in the caller's transaction."""
    held = state.join(vouchers=seen.vouchers, tiers=seen.tiers)
    begun = counts.begin(
        project=project,
        request=request,
        seen=seen,
        counters=seen.context.counters,
        holding=True,
    )
    guarded.run([state.join_combinations(project=project), held, begun.statement])
    project.refresh_from_db()
    context.lock(project=project, seen=seen)
    return begun, context.load(project=project, request=request, at=at)
