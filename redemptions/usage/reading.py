"""Reading counters, without locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from campaigns.engine.counters import Counter
from loyalty_project.core.models import Project
from redemptions.models import UsageCounter
from redemptions.usage.keys import key_of, place
from redemptions.usage.seeds import Sql, seed

# PostgreSQL answers 1,664 columns at most.
COLUMNS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """`used` by counter; `kept` are the counters that have their row already.

    `beside` answers the other questions, in their sequence.
    """

    used: Mapping[Counter, int] = field(default_factory=dict)
    kept: frozenset[Counter] = frozenset()
    beside: Sequence[int] = ()


def read(*, project: Project, counters: Collection[Counter], beside: Sequence[Sql] = ()) -> Counts:
    """What is used of each; two queries at most, and one more for each 1,000 without a row.

    `beside` are other numbers that are asked for in the second one.
    """
    if not counters:
        return Counts(beside=_numbers(beside))
    by_key = {key_of(counter): counter for counter in counters}
    rows = UsageCounter.objects.filter(key__in=by_key).values_list("key", "used")
    found = {by_key[key]: used for key, used in rows}
    missing = [counter for counter in sorted(counters, key=place) if counter not in found]
    seeds = [seed(project=project, counter=counter) for counter in missing]
    numbers = _numbers([*seeds, *beside])
    made = dict(zip(missing, numbers, strict=False))
    return Counts({**found, **made}, frozenset(found), numbers[len(missing) :])


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
