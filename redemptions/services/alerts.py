"""An alert where a limit of the whole project stops a redemption: once in each of its periods."""

from collections.abc import Iterator
from datetime import datetime

from campaigns.engine.counters import Scope
from campaigns.engine.limits import LimitState
from campaigns.engine.results import Inapplicable
from campaigns.models import Limit
from loyalty_project.core.models import Project
from loyalty_project.core.outbox import Happening
from redemptions import events
from redemptions.models import UsageCounter


def of_refusal(*, project: Project, refused: Inapplicable, at: datetime) -> list[Happening]:
    """The events to emit in the transaction that stores the refused try."""
    found = []
    for state in _stopping(refused):
        row = Limit.objects.filter(public_id=state.limit.id).first()
        if row is not None and _is_first(project, state, at=at):
            begins = state.counter.begins if state.counter is not None else None
            found.append(events.limit_happening(limit=row, used=state.used, begins=begins))
    return found


def _stopping(refused: Inapplicable) -> Iterator[LimitState]:
    """The limit that refused, where it is one for everybody together and not only held."""
    details = refused.reason.details
    if details.get("scope") != Scope.PROJECT or details.get("held"):
        return
    for state in refused.limits:
        if state.limit.id == refused.reason.details.get("limit") and not state.limit.per_customer:
            yield state


def _is_first(project: Project, state: LimitState, *, at: datetime) -> bool:
    """Whether nobody was told of it in this period; a limit that was changed is told of again."""
    begins = state.counter.begins if state.counter is not None else None
    key = f"reached:{state.limit.id}:{state.limit.value}:{begins or ''}"
    _, made = UsageCounter.objects.get_or_create(
        project=project, key=key, defaults={"used": state.used, "created_at": at}
    )
    return made
