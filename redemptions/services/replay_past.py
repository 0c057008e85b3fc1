"""What customers had done before each order of a replay; private to this package."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, tzinfo

from campaigns.engine.history import Measure, Past, bounds

Happening = tuple[datetime, int, str]
Goods = frozenset[str]


class Histories:
    """Orders and redemptions by customer, in the order in which they happened."""

    def __init__(self) -> None:
        self._orders: dict[int, list[Happening]] = defaultdict(list)
        self._redemptions: dict[int, list[Happening]] = defaultdict(list)
        self._totals: dict[int, int] = defaultdict(int)
        self._bought: dict[int, list[tuple[datetime, Goods]]] = defaultdict(list)

    def ordered(self, rows: Iterable[tuple[int, datetime, int]]) -> None:
        """Paid orders as (customer, instant, minor units), oldest first."""
        for customer, at, amount in rows:
            self._orders[customer].append((at, amount, ""))
            self._totals[customer] += amount

    def bought(self, rows: Iterable[tuple[int, datetime, Goods]]) -> None:
        """What paid orders held as (customer, instant, public ids), oldest first.

        Of all orders at once: those that are not made yet do not count.
        """
        for customer, at, goods in rows:
            self._bought[customer].append((at, goods))

    def redeemed(self, rows: Iterable[tuple[int, datetime, str]]) -> None:
        """Redemptions as (customer, instant, public id of the campaign or code), oldest first."""
        for customer, at, owner in rows:
            self._redemptions[customer].append((at, 1, owner))

    def orders_of(self, customer: int) -> tuple[int, int, datetime | None, int | None]:
        """Count, sum, and the last one's instant and minor units."""
        found = self._orders.get(customer, [])
        last = found[-1] if found else None
        total = self._totals.get(customer, 0)
        return len(found), total, last[0] if last else None, last[1] if last else None

    def answers(
        self, customer: int | None, asked: Collection[Past], at: datetime, zone: tzinfo
    ) -> dict[Past, int]:
        return {past: self._answer(customer, past, at, zone) for past in asked}

    def _answer(self, customer: int | None, past: Past, at: datetime, zone: tzinfo) -> int:
        if customer is None:
            return 0
        if past.measure == Measure.ORDERS_WITH:
            return self._orders_with(customer, past, at, zone)
        redemptions = past.measure == Measure.REDEMPTIONS
        rows = (self._redemptions if redemptions else self._orders).get(customer, [])
        begin, end = bounds(past.window, at, zone)
        first = 0 if begin is None else bisect_left(rows, begin, key=lambda row: row[0])
        last = len(rows) if end is None else bisect_left(rows, end, key=lambda row: row[0])
        last = min(last, bisect_right(rows, at, key=lambda row: row[0]))
        within = rows[first:last]
        if past.measure == Measure.ORDERS_AMOUNT:
            return sum(amount for _, amount, _ in within)
        return sum(
            1
            for _, _, owner in within
            if (past.only is None or owner == past.only) and (past.but is None or owner != past.but)
        )

    def _orders_with(self, customer: int, past: Past, at: datetime, zone: tzinfo) -> int:
        begin, end = bounds(past.window, at, zone)
        last = at if end is None else min(at, end)
        return sum(
            past.only in goods
            for made, goods in self._bought.get(customer, [])
            if (begin is None or made >= begin) and made < last
        )
