"""What a redemption adds to counters, and within which limits; private to this package."""

from collections import Counter as Bag
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.engine.counters import Counter, Use
from campaigns.engine.results import Applied
from customers.models import Customer
from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions import context, usage
from redemptions.context import Loaded
from redemptions.models import Redemption


@dataclass(frozen=True, slots=True)
class Counted:
    """The uses of a request, and the lowest limit of each counter that was relied on."""

    uses: tuple[Use, ...] = ()
    limits: dict[Counter, int] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The names under which rows of counters may be made, and the statement that takes them."""

    alone: frozenset[str]
    statement: Statement


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


def gifts(*, applied: Sequence[Applied]) -> dict[str, int]:
    """The units that a request takes of stocks, by the public id of a product or SKU."""
    return dict(sum((Bag(one.gifts) for one in applied), Bag()))


def begin(*, project: Project, seen: Loaded, counters: Iterable[Counter]) -> Begun:
    """Share the counters of what was `seen`, and be alone with those of `counters` to be made.

    Run before any row is locked.
    """
    alone = usage.names_to_make(project, counters=counters, kept=seen.kept)
    scopes, whose = context.scopes(seen), context.whose(seen)
    shared = usage.names_of(project, scopes=scopes, whose=whose)
    return Begun(alone, usage.take(alone=alone, shared=shared))


def consume(
    *,
    project: Project,
    counted: Counted,
    begun: Begun,
    loaded: Loaded,
    customer: Customer | None,
    made: Sequence[Redemption],
    at: datetime,
) -> list[Statement]:
    """The last statements of the commit; a customer who is new counts under the id they got."""
    asked = loaded.context.customer
    old = f"customer:{asked.identity}" if asked is not None and asked.identity else None
    new = f"customer:{customer.public_id}" if customer is not None else None
    alone = begun.alone
    if customer is not None and new is not None and loaded.customer is None:
        uses_own = any(use.counter.per == old for use in counted.uses)
        (name,) = usage.names_of(project, scopes=(), whose=[new])
        guarded.run([usage.attempt(name, alone=uses_own)])
        alone = alone | {name} if uses_own else alone

    def under(counter: Counter) -> Counter:
        return replace(counter, per=new) if new and counter.per == old else counter

    return usage.consume(
        project=project,
        uses=[Use(under(use.counter), use.amount) for use in counted.uses],
        limits={under(counter): limit for counter, limit in (counted.limits or {}).items()},
        alone=alone,
        made=made,
        at=at,
    )
