"""Reading counters, without locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from campaigns.engine.counters import Counter, Measure
from loyalty_project.core.models import Project
from redemptions.models import UsageCounter
from redemptions.usage import holds
from redemptions.usage.holds import NOTHING, Own
from redemptions.usage.keys import key_of, place
from redemptions.usage.seeds import Sql, seed

# PostgreSQL answers 1,664 columns at most.
COLUMNS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """`used` by counter, with what other sessions hold: that is `held` alone.

    `kept` are the counters that have their row already; `has_expired` says that holds among them
    wait for somebody to take them off. `beside` answers the other questions, in their sequence.
    """

    used: Mapping[Counter, int] = field(default_factory=dict)
    kept: frozenset[Counter] = frozenset()
    beside: Sequence[int] = ()
    held: Mapping[Counter, int] = field(default_factory=dict)
    has_expired: bool = False


def read(
    *,
    project: Project,
    counters: Collection[Counter],
    at: datetime,
    own: Own = NOTHING,
    beside: Sequence[Sql] = (),
) -> Counts:
    """What is used of each but by the `own` holds.

    Two queries at most, one more where others hold something, one where customers are counted that
    have no row, and one for each 1,000 without a row.
    `beside` are other numbers that are asked for in the second one.
    """
    if not counters:
        return Counts(beside=_numbers(beside))
    by_key = {key_of(counter): counter for counter in counters}
    rows = UsageCounter.objects.filter(key__in=by_key).values_list("key", "used", "held")
    found = {by_key[key]: used for key, used, _ in rows}
    missing = [counter for counter in sorted(counters, key=place) if counter not in found]
    held = {key: amount - own.uses.get(key, 0) for key, _, amount in rows if amount}
    # Only these can be without their row while somebody holds them.
    held |= _held(project, [each for each in missing if each.measure == Measure.CUSTOMERS], own)
    others = {key: amount for key, amount in held.items() if amount > 0}
    past = holds.expired(project=project, own=own, at=at, keys=list(others)).uses
    standing = {by_key[key]: amount - past.get(key, 0) for key, amount in others.items()}
    standing = {counter: amount for counter, amount in standing.items() if amount > 0}
    seeds = [seed(project=project, counter=counter) for counter in missing]
    numbers = _numbers([*seeds, *beside])
    used = {**found, **dict(zip(missing, numbers, strict=False))}
    for counter, amount in standing.items():
        used[counter] += amount
    return Counts(used, frozenset(found), numbers[len(missing) :], standing, bool(past))


def _held(project: Project, missing: list[Counter], own: Own) -> dict[str, int]:
    """By key, what others hold of counters that have no row."""
    keys = [key_of(counter) for counter in missing]
    numbers = _numbers([(holds.HELD, [key, project.pk, key]) for key in keys])
    return {key: held - own.uses.get(key, 0) for key, held in zip(keys, numbers, strict=True)}


def _numbers(asked: Sequence[Sql]) -> list[int]:
    """What each comes to; no query where all of them are constants."""
    if not any(values for _, values in asked):
        return [0] * len(asked)
    found: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(asked), COLUMNS_MAX):
            some = asked[start : start + COLUMNS_MAX]
            values = [value for _, given in some for value in given]
            cursor.execute("SELECT " + ", ".join(sql for sql, _ in some), values)
            found += map(int, cursor.fetchone())
    return found
