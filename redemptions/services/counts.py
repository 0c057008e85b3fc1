"""What a redemption adds to counters, and within which limits; private to this package."""

from collections import Counter as Bag
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from campaigns.engine.counters import Counter, Use
from campaigns.engine.results import Applied
from customers.models import Customer
from loyalty_project.core import guarded
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project
from redemptions import context, usage
from redemptions.context import Loaded, Request
from redemptions.models import Redemption


@dataclass(frozen=True, slots=True)
class Counted:
    """The uses of a request, and within which bounds it found the counters that it relied on."""

    uses: tuple[Use, ...] = ()
    limits: Mapping[Counter, usage.Room] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begun:
    """The names that are taken, those under which rows of counters may be made, and how."""

    alone: frozenset[str]
    names: frozenset[str]
    statement: Statement


def of(*, applied: Sequence[Applied]) -> Counted:
    """Together, as several redeemables of a request may use the same counter."""
    uses = tuple(use for one in applied for use in one.uses)
    added: dict[Counter, int] = defaultdict(int)
    limits: dict[Counter, usage.Room] = defaultdict(usage.Room)
    for one in applied:
        for use in one.uses:
            added[use.counter] += use.amount
        for counter, limit, least in _bounds(one):
            # Each looked at what those before it and it itself would leave.
            so_far = added[counter]
            limits[counter] = limits[counter].within(
                most=None if limit is None else limit - so_far,
                least=None if least is None else least - so_far,
            )
    return Counted(uses, limits)


def gifts(*, applied: Sequence[Applied]) -> dict[str, int]:
    """The units that a request takes of stocks, by the public id of a product or SKU."""
    return dict(sum((Bag(one.gifts) for one in applied), Bag()))


def _bounds(one: Applied) -> Iterator[tuple[Counter, int | None, int | None]]:
    """Counters with the most and the least that stands there after a redeemable."""
    for relied in one.relied:
        yield relied.counter, relied.limit, relied.least
    for state in one.limits:
        if state.counter is not None and state.value is not None:
            yield state.counter, state.value, None


def begin(
    *,
    project: Project,
    request: Request,
    seen: Loaded,
    counters: Iterable[Counter],
    holding: bool = False,
) -> Begun:
    """Share the counters of what was `seen`, and be alone with those of `counters` to be made.

    Who will be `holding` counters while customers, goods and order are written is alone with these
    too, as others come from there to the counters. Run before any row is locked.
    """
    alone = usage.names_to_make(project, counters=counters, kept=seen.kept)
    written = usage.names_of(project, scopes=(), whose=context.brought(request, seen))
    shared = written | _names(project, seen)
    if holding:
        alone |= written
    return Begun(alone, alone | shared, usage.take(alone=alone, shared=shared))


def check(*, project: Project, request: Request, begun: Begun, loaded: Loaded) -> None:
    """Raises GuardRefused where what was read under the names that are taken needs others."""
    written = usage.names_of(project, scopes=(), whose=context.brought(request, loaded))
    if not written | _names(project, loaded) <= begun.names:
        raise GuardRefused(Statement("", rows=1, about="names"), 0)


def _names(project: Project, seen: Loaded) -> set[str]:
    return usage.names_of(project, scopes=context.scopes(seen), whose=context.whose(seen))


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
    known = asked is not None and asked.identity and not asked.guest
    old = f"customer:{asked.identity}" if asked is not None and known else None
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
        limits={under(counter): room for counter, room in counted.limits.items()},
        alone=alone,
        made=made,
        at=at,
    )
