"""Reading counters, without locks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from campaigns.engine.counters import Counter
from loyalty_project.core.models import Project
from redemptions.models import UsageCounter
from redemptions.usage.keys import key_of, place
from redemptions.usage.seeds import seed

# PostgreSQL answers 1,664 columns at most.
COLUMNS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """`used` by counter; `kept` are the counters that have their row already."""

    used: Mapping[Counter, int] = field(default_factory=dict)
    kept: frozenset[Counter] = frozenset()


def read(*, project: Project, counters: Collection[Counter]) -> Counts:
    """What is used of each; two queries, and one more for each 1,000 that have no row yet."""
    if not counters:
        return Counts()
    by_key = {key_of(counter): counter for counter in counters}
    rows = UsageCounter.objects.filter(key__in=by_key).values_list("key", "used")
    found = {by_key[key]: used for key, used in rows}
    missing = [counter for counter in sorted(counters, key=place) if counter not in found]
    return Counts({**found, **_made(project, missing)}, frozenset(found))


def _made(project: Project, counters: list[Counter]) -> dict[Counter, int]:
    """What the rows would begin with."""
    seeds = [seed(project=project, counter=counter) for counter in counters]
    if not any(values for _, values in seeds):
        return dict.fromkeys(counters, 0)
    found: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(seeds), COLUMNS_MAX):
            some = seeds[start : start + COLUMNS_MAX]
            values = [value for _, given in some for value in given]
            cursor.execute("SELECT " + ", ".join(sql for sql, _ in some), values)
            found += map(int, cursor.fetchone())
    return dict(zip(counters, found, strict=True))
