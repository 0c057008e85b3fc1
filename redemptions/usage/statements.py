"""Statements that use counters up, each within its limit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.engine.counters import Counter, Measure, Use
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions.usage.keys import key_of, place, turnstile
from redemptions.usage.seeds import seed

# Making a row from redemptions and taking one of these back must not cross each other.
TURNSTILE = 15
_ALONE = (
    "SELECT pg_advisory_xact_lock(%s, hashtext(name))"
    " FROM (SELECT unnest(%s::text[]) AS name ORDER BY 1) AS names"
)
_ADD = (
    "UPDATE redemptions_usagecounter SET used = used + %s, updated_at = %s"
    " WHERE project_id = %s AND key = %s"
)
_MAKE = (
    "INSERT INTO redemptions_usagecounter AS c (project_id, key, used, created_at, updated_at)"
    " SELECT %s, %s, seed.used + %s, %s, %s FROM (SELECT {seed}) AS seed (used){guard}"
    " ON CONFLICT (project_id, key) DO UPDATE SET used = c.used + %s, updated_at = %s{again}"
)


def turnstiles(
    *, project: Project, uses: Iterable[Use], kept: Collection[Counter]
) -> list[Statement]:
    """Run at the start of a commit: whoever makes rows of counters passes one after the other.

    `kept` had their row when they were read.
    """
    fresh = sorted({turnstile(project, use.counter) for use in uses if use.counter not in kept})
    return [Statement(_ALONE, (TURNSTILE, fresh), about="counters")] if fresh else []


def consume(
    *,
    project: Project,
    uses: Iterable[Use],
    limits: Mapping[Counter, int],
    kept: Collection[Counter],
    made: Sequence[str],
    at: datetime,
) -> list[Statement]:
    """Add the uses of a request, which `made` redemptions of these public ids; hot rows last.

    A counter in `limits` refuses what would lead above its limit. Run `turnstiles` before.
    """
    amounts: dict[Counter, int] = defaultdict(int)
    for use in uses:
        amounts[use.counter] += use.amount
    within = {**limits, **_firsts(amounts)}
    found = []
    for counter in sorted((c for c, amount in amounts.items() if amount), key=place):
        amount, limit = amounts[counter], within.get(counter)
        if counter in kept:
            found.append(_add(project, counter, amount, limit, at=at))
        else:
            found.append(_make(project, counter, amount, limit, made, at=at))
    return found


def _firsts(amounts: Mapping[Counter, int]) -> dict[Counter, int]:
    """Who counts as a new customer must not have redeemed before."""
    found = {}
    for counter, new in amounts.items():
        if counter.measure != Measure.CUSTOMERS or not new:
            continue
        for mine, amount in amounts.items():
            same = replace(mine, measure=Measure.CUSTOMERS, per="") == counter
            if same and mine.measure == Measure.REDEMPTIONS and mine.per.startswith("customer:"):
                found[mine] = amount
    return found


def _add(
    project: Project, counter: Counter, amount: int, limit: int | None, *, at: datetime
) -> Statement:
    key = key_of(counter)
    values: tuple[object, ...] = (amount, at, project.pk, key)
    if limit is None:
        return Statement(_ADD, values, rows=1, about=key)
    return Statement(f"{_ADD} AND used + %s <= %s", (*values, amount, limit), rows=1, about=key)


def _make(
    project: Project,
    counter: Counter,
    amount: int,
    limit: int | None,
    made: Sequence[str],
    *,
    at: datetime,
) -> Statement:
    key = key_of(counter)
    sql, given = seed(project=project, counter=counter, without=made)
    guard = "" if limit is None else " WHERE seed.used + %s <= %s"
    again = "" if limit is None else " WHERE c.used + %s <= %s"
    room = () if limit is None else (amount, limit)
    values = (project.pk, key, amount, at, at, *given, *room, amount, at, *room)
    return Statement(_MAKE.format(seed=sql, guard=guard, again=again), values, rows=1, about=key)
