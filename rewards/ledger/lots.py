"""Which credit pays which debit: what expires first goes first. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class OpenLot:
    """`key` is the lot's own; `left` is above zero."""

    key: int
    left: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    key: int
    amount: int


class Use(Protocol):
    """What a movement took of a lot; below zero is what was put back."""

    lot: Any
    lot_id: int
    amount: int


def live(lots: Sequence[OpenLot], at: datetime) -> list[OpenLot]:
    """Those that have not expired, first-expiring first; of equal ones the older first."""
    open_ = [lot for lot in lots if lot.expires_at > at]
    return sorted(open_, key=lambda lot: (lot.expires_at, lot.key))


def expired(lots: Sequence[OpenLot], at: datetime) -> int:
    """What no debit may take, although no sweep has taken it yet."""
    return sum(lot.left for lot in lots if lot.expires_at <= at)


def split(amount: int, lots: Sequence[OpenLot], at: datetime) -> tuple[Taken, ...]:
    """From which lots an amount is taken; what they do not cover comes from what never expires."""
    found = []
    for lot in live(lots, at):
        part = min(amount, lot.left)
        if part <= 0:
            break
        found.append(Taken(lot.key, part))
        amount -= part
    return tuple(found)


def given_back(uses: Sequence[Use], *, all_of_it: int, amount: int) -> tuple[OpenLot, ...]:
    """To which lots an amount of what is left of a debit goes back; the rest never expires.

    What was taken last is given back first: what never expires, then what expires last.
    """
    left: dict[int, int] = defaultdict(int)
    for use in uses:
        left[use.lot_id] += use.amount
    ends = {use.lot_id: use.lot.expires_at for use in uses}
    amount -= min(amount, max(0, all_of_it - sum(left.values())))
    found = []
    for key in sorted(ends, key=lambda key: (ends[key], key), reverse=True):
        part = min(amount, left[key])
        if part > 0:
            found.append(OpenLot(key, part, ends[key]))
            amount -= part
    return tuple(sorted(found, key=lambda lot: lot.key))
