"""What a redemption adds to counters, and within which limits; private to this package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.engine.counters import Counter, Use
from campaigns.engine.results import Applied
from customers.models import Customer
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions import usage
from redemptions.context import Loaded


@dataclass(frozen=True, slots=True)
class Counted:
    """The uses of a request, and the lowest limit of each counter that was relied on."""

    uses: tuple[Use, ...] = ()
    limits: dict[Counter, int] | None = None


def of(*, applied: Sequence[Applied]) -> Counted:
    """Together, as several redeemables of a request may use the same counter."""
    uses = tuple(use for one in applied for use in one.uses)
    if not uses:
        return Counted()
    limits: dict[Counter, int] = {}
    for one in applied:
        found = [(relied.counter, relied.limit) for relied in one.relied]
        found += [
            (state.counter, state.value)
            for state in one.limits
            if state.counter is not None and state.value is not None
        ]
        for counter, limit in found:
            limits[counter] = min(limit, limits.get(counter, limit))
    return Counted(uses, limits)


def begin(*, project: Project, counted: Counted, loaded: Loaded) -> list[Statement]:
    """The first statements of the commit."""
    return usage.turnstiles(project=project, uses=counted.uses, kept=loaded.kept)


def consume(
    *,
    project: Project,
    counted: Counted,
    loaded: Loaded,
    customer: Customer | None,
    made: Sequence[str],
    at: datetime,
) -> list[Statement]:
    """The last statements of the commit; a customer who is new counts under the id they got."""
    if not counted.uses:
        return []
    asked = loaded.context.customer
    old = f"customer:{asked.identity}" if asked is not None and asked.identity else None
    new = f"customer:{customer.public_id}" if customer is not None else None

    def under(counter: Counter) -> Counter:
        return replace(counter, per=new) if new and counter.per == old else counter

    return usage.consume(
        project=project,
        uses=[Use(under(use.counter), use.amount) for use in counted.uses],
        limits={under(counter): limit for counter, limit in (counted.limits or {}).items()},
        kept=loaded.kept,
        made=made,
        at=at,
    )
