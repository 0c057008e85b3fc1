"""Giving back what redemptions added to counters, by their own facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.engine.counters import Counter, Measure
from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions.models import Redemption
from redemptions.usage import possible, turnstiles
from redemptions.usage.keys import key_of
from redemptions.usage.seeds import seed

_TAKE = (
    "UPDATE redemptions_usagecounter SET used = greatest(0, used - %s), updated_at = %s"
    " WHERE project_id = %s AND key = %s"
)
_AMOUNTS = (Measure.DISCOUNT, Measure.ORDERS)
_OWN = "(SELECT used FROM redemptions_usagecounter WHERE project_id = %s AND key = %s)"


def begin(*, project: Project, redemptions: Sequence[Redemption]) -> None:
    """Run at the start of a rollback: until it ends, no counter of these redemptions is made."""
    names: set[str] = set()
    for one in redemptions:
        scopes, whose = possible.scopes(one), possible.whose(one)
        names |= turnstiles.names_of(project, scopes=scopes, whose=whose)
    guarded.run([turnstiles.take(alone=(), shared=names)])


def give_back(
    *, project: Project, redemptions: Sequence[Redemption], at: datetime
) -> list[Statement]:
    """Take off the counters that are there; hot rows last. The redemptions are marked already."""
    counted = possible.counted_in(project, redemptions)
    # A customer's own counters are first in the one order, so that they tell whether he is left.
    there = possible.kept(project, counted)
    return [_take(project, counter, counted[counter], at=at) for counter in there]


def give_back_parts(
    *, project: Project, parts: Mapping[Redemption, tuple[int, int]], at: datetime
) -> list[Statement]:
    """Of redemptions that stand: discount and order amount, in this order, of what came back."""
    counted = possible.counted_in(project, list(parts))
    found = []
    for counter in possible.kept(project, counted):
        if counter.measure not in _AMOUNTS:
            continue
        place = _AMOUNTS.index(counter.measure)
        amount = sum(parts[one][place] for one in counted[counter])
        key = key_of(counter)
        found.append(Statement(_TAKE, (amount, at, project.pk, key), rows=1, about=key))
    return found


def _take(
    project: Project, counter: Counter, redemptions: Sequence[Redemption], *, at: datetime
) -> Statement:
    key = key_of(counter)
    if counter.measure != Measure.CUSTOMERS:
        amount = possible.amount(counter.measure, redemptions)
        return Statement(_TAKE, (amount, at, project.pk, key), rows=1, about=key)
    own = possible.own(counter, possible.buyer(redemptions[0]))
    sql, values = seed(project=project, counter=own)
    left = f"{_TAKE} AND coalesce({_OWN}, {sql}) = 0"
    params = (1, at, project.pk, key, project.pk, key_of(own), *values)
    return Statement(left, params, about=key)
