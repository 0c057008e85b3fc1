"""Which credit pays which debit: what expires first goes first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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
