"""Statements that use counters up, each within its limit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from campaigns.engine.counters import Counter, Measure, Use
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project
from redemptions.models import Redemption
from redemptions.usage import holds, possible
from redemptions.usage.holds import NOTHING, Own
from redemptions.usage.keys import key_of, place, place_of, turnstile
from redemptions.usage.seeds import seed

_ADD = (
    "UPDATE redemptions_usagecounter AS c SET used = c.used + %s, held = c.held + %s,"
    " updated_at = %s WHERE project_id = %s AND key = %s"
)
_MAKE = (
    "INSERT INTO redemptions_usagecounter AS c"
    " (project_id, key, used, held, created_at, updated_at)"
    " SELECT %s, %s, seed.used + %s, seed.held + %s, %s, %s"
    " FROM (SELECT {seed}, {held}) AS seed (used, held){guard}"
    " ON CONFLICT (project_id, key) DO UPDATE SET used = c.used + %s, held = c.held + %s,"
    " updated_at = %s{again}"
)
_FORGET = "DELETE FROM redemptions_usagecounter WHERE project_id = %s AND key = %s"
_RELEASE = (
    "UPDATE redemptions_usagecounter SET held = held - %s, updated_at = %s"
    " WHERE project_id = %s AND key = %s"
)
_PLACED = tuple[tuple[int, str], Statement]


@dataclass(frozen=True, slots=True)
class Room:
    """What a decision relied on: before the request a counter is from `least` to `most`.

    What other sessions hold is part of that. Who `is_new` has nothing there that is used, or has.
    """

    most: int | None = None
    least: int | None = None
    is_new: bool | None = None

    def within(self, *, most: int | None = None, least: int | None = None) -> "Room":
        """With these bounds as well."""
        highs = [each for each in (self.most, most) if each is not None]
        lows = [each for each in (self.least, least) if each is not None]
        return replace(self, most=min(highs, default=None), least=max(lows, default=None))

    def guard(self, of: str, own: int = 0) -> tuple[list[str], list[int]]:
        """Conditions on a row, without the `own` part of what is held."""
        total = f"{of}.used + {of}.held" + (f" - {own}" if own else "")
        bounds = [(f"{total} <= %s", self.most), (f"{total} >= %s", self.least)]
        if self.is_new is not None:
            sign = "=" if self.is_new else ">"
            bounds.append((f"{of}.used {sign} %s", 0))
        known = [(text, bound) for text, bound in bounds if bound is not None]
        return [text for text, _ in known], [bound for _, bound in known]


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to a counter; `own` is what is held of it until now, and goes."""

    used: int = 0
    held: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """`alone` are the advisory names under which rows may be made."""

    project: Project
    alone: Collection[str]
    at: datetime


def consume(
    *,
    names: Names,
    uses: Iterable[Use],
    limits: Mapping[Counter, Room],
    made: Sequence[Redemption],
    own: Own = NOTHING,
) -> list[Statement]:
    """Add `made` to every counter that has its row, and to those of `uses`; hot rows last.

    A counter in `limits` refuses where it is not within its room any more. What the `own` holds
    keep is given up in the same statements. Raises GuardRefused where a row would have to be made
    under another name.
    """
    named = _named(uses)
    rooms = _rooms(named, limits)
    counted = possible.counted_in(names.project, made)
    there = set(possible.kept(names.project, {**counted, **named}))
    found: list[_PLACED] = []
    for counter in {*there, *named}:
        key = key_of(counter)
        amount = _amount(counter, counted.get(counter, []), named)
        change = Change(used=amount or 0, own=own.uses.get(key, 0))
        if counter in there and amount is None:
            # It is made again from redemptions and holds when it is needed.
            forget = Statement(_FORGET, (names.project.pk, key), about=key)
            found.append((place(counter), forget))
        elif counter in there:
            found.append((place(counter), _add(names, key, change, rooms.get(counter))))
        elif amount:
            ids = [one.public_id for one in made]
            found.append((place(counter), _make(names, counter, change, rooms[counter], ids)))
    return _with_rest(names, found, own)


def hold(
    *, names: Names, uses: Iterable[Use], limits: Mapping[Counter, Room], own: Own = NOTHING
) -> list[Statement]:
    """As `consume` for what may be redeemed later: it is held, and nobody else can use it."""
    named = _named(uses)
    rooms = _rooms(named, limits)
    there = set(possible.kept(names.project, named))
    found: list[_PLACED] = []
    for counter, amount in named.items():
        key = key_of(counter)
        change = Change(held=amount, own=own.uses.get(key, 0))
        if counter in there:
            found.append((place(counter), _add(names, key, change, rooms[counter])))
        elif amount:
            found.append((place(counter), _make(names, counter, change, rooms[counter], ())))
    return _with_rest(names, found, own)


def release(*, project: Project, own: Own, at: datetime) -> list[Statement]:
    """Give back what holds keep of counters; hot rows last."""
    return _with_rest(Names(project, (), at), [], own)


def _with_rest(names: Names, found: list[_PLACED], own: Own) -> list[Statement]:
    """In the one order, with the own counters that nothing is added to now."""
    done = {key for (_, key), _ in found}
    for key, amount in own.uses.items():
        if key not in done and amount:
            values = (amount, names.at, names.project.pk, key)
            found.append((place_of(key), Statement(_RELEASE, values, about=key)))
    return [statement for _, statement in sorted(found, key=itemgetter(0))]


def _named(uses: Iterable[Use]) -> dict[Counter, int]:
    named: dict[Counter, int] = defaultdict(int)
    for use in uses:
        named[use.counter] += use.amount
    return named


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
            found[mine] = replace(found[mine], is_new=bool(new))
    return found


def _owns(counter: Counter, named: Mapping[Counter, int]) -> list[Counter]:
    customers = (each.per.partition(":") for each in named)
    wanted = {possible.own(counter, whose) for kind, _, whose in customers if kind == "customer"}
    return [each for each in named if each in wanted]


def _add(names: Names, key: str, change: Change, room: Room | None) -> Statement:
    texts, values = room.guard("c", change.own) if room is not None else ([], [])
    sql = " AND ".join([_ADD, *texts])
    added = (change.used, change.held - change.own)
    return Statement(sql, (*added, names.at, names.project.pk, key, *values), rows=1, about=key)


def _make(
    names: Names, counter: Counter, change: Change, room: Room, without: Sequence[str]
) -> Statement:
    """From the redemptions but those `without`, and for the holds of others that there are.

    Only a counter that was forgotten can have any. Raises GuardRefused.
    """
    project, key, at = names.project, key_of(counter), names.at
    if turnstile(project, counter) not in names.alone:
        raise GuardRefused(Statement("", about=key), 0)
    sql, given = seed(project=project, counter=counter, without=without)
    held, held_values = "0", list[Any]()
    if counter.measure == Measure.CUSTOMERS:
        held, held_values = holds.HELD, [key, project.pk, key]
    fresh, fresh_values = room.guard("seed")
    again, again_values = room.guard("c", change.own)
    text = _MAKE.format(seed=sql, held=held, guard=_where(fresh), again=_where(again))
    values = (
        *(project.pk, key, change.used, change.held, at, at),
        *(*given, *held_values, *fresh_values),
        *(change.used, change.held - change.own, at, *again_values),
    )
    return Statement(text, values, rows=1, about=key)


def _where(conditions: Sequence[str]) -> str:
    return " WHERE " + " AND ".join(conditions) if conditions else ""
