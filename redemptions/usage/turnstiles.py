"""Locks between those who make rows of counters and those who only count.

A row is made from the redemptions that are there. Whoever makes one is alone with the name of it;
everybody who redeems or takes back shares the names of all that the redemption could count into,
so that no redemption is in flight that a new row does not know.
"""

from collections.abc import Collection, Iterable

from campaigns.engine.counters import Counter, Scope
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions.usage.keys import turnstile

_CLASS = 15
_TAKE = (
    "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(%s, hashtext(name))::text"
    " ELSE pg_advisory_xact_lock_shared(%s, hashtext(name))::text END"
    " FROM (SELECT * FROM unnest(%s::text[], %s::boolean[]) AS asked (name, alone) ORDER BY 1)"
    " AS names"
)
_TRY = "SELECT 1 WHERE pg_try_advisory_xact_lock{shared}(%s, hashtext(%s))"


def names_of(
    project: Project, *, scopes: Iterable[tuple[Scope, str]], whose: Iterable[str]
) -> set[str]:
    """Of all counters of these scopes, and of one caller and customer."""
    found = {f"{project.pk}:{scope}:{identity}" for scope, identity in scopes}
    return found | {f"{project.pk}:{per}" for per in whose if per}


def names_to_make(
    project: Project, *, counters: Iterable[Counter], kept: Collection[Counter]
) -> frozenset[str]:
    """Of those that have no row yet."""
    return frozenset(turnstile(project, each) for each in counters if each not in kept)


def take(*, alone: Collection[str], shared: Collection[str]) -> Statement:
    """All names at once and in one order; before any row is locked."""
    names = sorted({*alone, *shared})
    params = (_CLASS, _CLASS, names, [name in alone for name in names])
    return Statement(_TAKE, params, about="counters")


def attempt(name: str, *, alone: bool) -> Statement:
    """A name that is known only later; refused instead of waiting, as rows are locked already."""
    return Statement(_TRY.format(shared="" if alone else "_shared"), (_CLASS, name), rows=1)
