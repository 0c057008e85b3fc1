"""Statements that use counters up, each within its limit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.engine.counters import Counter, Measure, Use
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project
from redemptions.models import Redemption
from redemptions.usage import possible
from redemptions.usage.keys import key_of, place, turnstile
from redemptions.usage.seeds import seed

_ADD = (
    "UPDATE redemptions_usagecounter AS c SET used = c.used + %s, updated_at = %s"
    " WHERE project_id = %s AND key = %s"
)
_MAKE = (
    "INSERT INTO redemptions_usagecounter AS c (project_id, key, used, created_at, updated_at)"
    " SELECT %s, %s, seed.used + %s, %s, %s FROM (SELECT {seed}) AS seed (used){guard}"
    " ON CONFLICT (project_id, key) DO UPDATE SET used = c.used + %s, updated_at = %s{again}"
)
_FORGET = "DELETE FROM redemptions_usagecounter WHERE project_id = %s AND key = %s"


@dataclass(frozen=True, slots=True)
class Room:
    """What a decision relied on: before the request a counter is from `least` to `most`."""

    most: int | None = None
    least: int | None = None

    def within(self, *, most: int | None = None, least: int | None = None) -> "Room":
        """With these bounds as well."""
        highs = [each for each in (self.most, most) if each is not None]
        lows = [each for each in (self.least, least) if each is not None]
        return Room(min(highs, default=None), max(lows, default=None))

    def guard(self, used: str) -> tuple[list[str], list[int]]:
        bounds = [(f"{used} <= %s", self.most), (f"{used} >= %s", self.least)]
        known = [(text, bound) for text, bound in bounds if bound is not None]
        return [text for text, _ in known], [bound for _, bound in known]


def consume(
    *,
    project: Project,
    uses: Iterable[Use],
    limits: Mapping[Counter, Room],
    alone: Collection[str],
    made: Sequence[Redemption],
    at: datetime,
) -> list[Statement]:
    """Add `made` to every counter that has its row, and to those of `uses`; hot rows last.

    A counter in `limits` refuses where it is not within its room any more. `alone` are the names
    under which rows may be made; raises GuardRefused where another one is missing.
    """
    named: dict[Counter, int] = defaultdict(int)
    for use in uses:
        named[use.counter] += use.amount
    rooms = _rooms(named, limits)
    counted = possible.counted_in(project, made)
    there = set(possible.kept(project, {**counted, **named}))
    found = []
    for counter in sorted({*there, *named}, key=place):
        amount = _amount(counter, counted.get(counter, []), named)
        if counter in there:
            found += _add(project, counter, amount, rooms.get(counter), at=at)
        elif amount:
            if turnstile(project, counter) not in alone:
                raise GuardRefused(Statement("", about=key_of(counter)), 0)
            found.append(_make(project, counter, amount, rooms[counter], made, at=at))
    return found


def _amount(
    counter: Counter, made: Sequence[Redemption], named: Mapping[Counter, int]
) -> int | None:
    """None where only a rule or limit could tell, and none of this request asks for it."""
    if counter.measure == Measure.CUSTOMERS:
        return named.get(counter)
    return possible.amount(counter.measure, made)


def _rooms(named: Mapping[Counter, int], limits: Mapping[Counter, Room]) -> dict[Counter, Room]:
    """Who counts as a new customer must not have redeemed before, who does not must have."""
    found = {counter: limits.get(counter, Room()) for counter in named}
    for counter, new in named.items():
        if counter.measure != Measure.CUSTOMERS:
            continue
        for mine in _owns(counter, named):
            found[mine] = found[mine].within(most=0) if new else found[mine].within(least=1)
    return found


def _owns(counter: Counter, named: Mapping[Counter, int]) -> list[Counter]:
    customers = (each.per.partition(":") for each in named)
    wanted = {possible.own(counter, whose) for kind, _, whose in customers if kind == "customer"}
    return [each for each in named if each in wanted]


def _add(
    project: Project, counter: Counter, amount: int | None, room: Room | None, *, at: datetime
) -> list[Statement]:
    key = key_of(counter)
    if amount is None:
        # It is made again from the redemptions when it is needed.
        return [Statement(_FORGET, (project.pk, key), about=key)]
    texts, values = room.guard("c.used") if room is not None else ([], [])
    sql = " AND ".join([_ADD, *texts])
    return [Statement(sql, (amount, at, project.pk, key, *values), rows=1, about=key)]


def _make(
    project: Project,
    counter: Counter,
    amount: int,
    room: Room,
    made: Sequence[Redemption],
    *,
    at: datetime,
) -> Statement:
    key = key_of(counter)
    ids = [one.public_id for one in made]
    sql, given = seed(project=project, counter=counter, without=ids)
    fresh, fresh_values = room.guard("seed.used")
    again, again_values = room.guard("c.used")
    text = _MAKE.format(seed=sql, guard=_where(fresh), again=_where(again))
    values = (project.pk, key, amount, at, at, *given, *fresh_values, amount, at, *again_values)
    return Statement(text, values, rows=1, about=key)


def _where(conditions: Sequence[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""
