"""What a redemption adds to counters, and within which limits; private to this package."""

from collections import Counter as Bag
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    if seen.own.session is not None:
        alone |= {usage.session_name(project, seen.own.session.key)}
    return Begun(alone, alone | shared, usage.take(alone=alone, shared=shared))


def check(*, project: Project, request: Request, begun: Begun, loaded: Loaded) -> None:
    """Raises GuardRefused where what was read under the names that are taken needs others."""
    written = usage.names_of(project, scopes=(), whose=context.brought(request, loaded))
    if not written | _names(project, loaded) <= begun.names:
        raise GuardRefused(Statement("", rows=1, about="names"), 0)


def _names(project: Project, seen: Loaded) -> set[str]:
    found = usage.names_of(project, scopes=context.scopes(seen), whose=context.whose(seen))
    return found | {usage.turnstile_of(project, key) for key in seen.own.uses}


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
    counted, alone = _under(project, counted, begun, loaded, customer)
    return usage.consume(
        names=usage.Names(project, alone, at),
        uses=counted.uses,
        limits=counted.limits,
        made=made,
        own=loaded.own,
    )


def hold(
    *,
    project: Project,
    counted: Counted,
    begun: Begun,
    loaded: Loaded,
    customer: Customer | None,
    at: datetime,
) -> list[Statement]:
    """The same of what is only held."""
    counted, alone = _under(project, counted, begun, loaded, customer)
    names = usage.Names(project, alone, at)
    return usage.hold(names=names, uses=counted.uses, limits=counted.limits, own=loaded.own)


def renaming(*, loaded: Loaded, customer: Customer | None) -> Callable[[Counter], Counter]:
    """The counters of who was asked for by another name, as those of the customer who is stored."""
    asked = loaded.context.customer
    known = asked is not None and asked.identity and not asked.guest
    old = f"customer:{asked.identity}" if asked is not None and known else None
    new = f"customer:{customer.public_id}" if customer is not None else None

    def under(counter: Counter) -> Counter:
        return replace(counter, per=new) if new and counter.per == old else counter

    return under


def _under(
    project: Project,
    counted: Counted,
    begun: Begun,
    loaded: Loaded,
    customer: Customer | None,
) -> tuple[Counted, frozenset[str]]:
    """Counted for the customer as he is stored, and the names that are held alone for it."""
    under = renaming(loaded=loaded, customer=customer)
    uses = tuple(Use(under(use.counter), use.amount) for use in counted.uses)
    limits = {under(counter): room for counter, room in counted.limits.items()}
    alone = begun.alone
    if customer is not None and loaded.customer is None:
        new = f"customer:{customer.public_id}"
        is_asked = any(
            use.counter.per == new and use.counter != before.counter
            for use, before in zip(uses, counted.uses, strict=True)
        )
        (name,) = usage.names_of(project, scopes=(), whose=[new])
        guarded.run([usage.attempt(name, alone=is_asked)])
        alone = alone | {name} if is_asked else alone
    return Counted(uses, limits), alone
