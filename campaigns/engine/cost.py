"""What a campaign can cost at most, as far as its own terms say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from campaigns.engine import effects
from campaigns.engine.counters import Measure, Period, Scope, first_day
from campaigns.engine.effects.amount import BY_LINE, AmountDiscount
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.redeemable import Discount, Limit


@dataclass(frozen=True, slots=True)
class WorstCase:
    """Redemptions, minor units of one discount, and of all that budgets allow; None is no bound.

    `parts` is what the tiers of a promotion can cost together, each by its own limits, `each` what
    one calendar period can cost where there is no end.
    """

    redemptions: int | None
    discount: int | None
    budget: int | None
    parts: int | None = None
    each: tuple[Period, int] | None = None

    @property
    def total(self) -> int | None:
        """Minor units; None is without any bound."""
        if self.redemptions == 0:
            return 0
        return _least([_times(self.redemptions, self.discount), self.budget, self.parts])


@dataclass(frozen=True, slots=True)
class Run:
    """How many calendar periods of each kind something runs in; one that is absent has no end."""

    periods: Mapping[Period, int] = field(default_factory=dict)

    def times(self, period: Period) -> int | None:
        return 1 if period == Period.ALWAYS else self.periods.get(period)


def run_of(begin: datetime, end: datetime | None, time_zone: tzinfo, week_start: int) -> Run:
    """From an instant to one that is not in any more; None is without end."""
    if end is None:
        return Run()
    last = begin if end <= begin else end - timedelta(microseconds=1)
    first, until = (
        {p: first_day(p, at, time_zone, week_start) for p in Period} for at in (begin, last)
    )
    found = {}
    for period in Period:
        one, other = first[period], until[period]
        if one is not None and other is not None:
            found[period] = _between(period, one, other) + 1
    return Run(found)


def _between(period: Period, first: date, last: date) -> int:
    years = last.year - first.year
    if period == Period.YEAR:
        return years
    if period == Period.MONTH:
        return years * 12 + last.month - first.month
    return (last - first).days // (7 if period == Period.WEEK else 1)


def worst_case(
    discounts: Sequence[Discount],
    limits: Sequence[Limit],
    *,
    codes: int | None = None,
    uses: int | None = None,
    chooses_items: bool = False,
    bundles: int = 1,
    run: Run | None = None,
) -> WorstCase:
    """`codes` that can each be used `uses` times; None is without bound.

    `chooses_items` where rules say which items are discounted, `bundles` how often one discount is
    given at most. Limits of a calendar period are bounds as often as there are periods in `run`.
    """
    highest = [_highest(each, chooses_items, bundles) for each in discounts]
    bounds = [
        _Bound(limit, value)
        for limit in limits
        if (value := _value(limit, run or Run())) is not None
    ]
    return WorstCase(
        redemptions=_least([_times(codes, uses), *_redemptions(bounds, codes, run or Run())]),
        discount=None if None in highest else max((each or 0 for each in highest), default=None),
        budget=_least(_totals(bounds, Measure.DISCOUNT, codes)),
    )


@dataclass(frozen=True, slots=True)
class _Bound:
    """A limit with what it allows in all."""

    limit: Limit
    value: int


def _redemptions(bounds: Sequence[_Bound], codes: int | None, run: Run) -> Iterator[int | None]:
    yield from _totals(bounds, Measure.REDEMPTIONS, codes)
    yield _of_customers(bounds)
    for period in Period:
        # Within one period each customer counts once, and has a limit that begins anew.
        alike = [
            _Bound(each.limit, _highest_of(each.limit) or 0)
            for each in bounds
            if each.limit.period == period
        ]
        yield _times(run.times(period), _of_customers(alike))


def _totals(bounds: Sequence[_Bound], measure: Measure, codes: int | None) -> Iterator[int | None]:
    """Of limits that one counter holds for everybody, or one for each code."""
    for each in bounds:
        if each.limit.measure != measure or each.limit.per_customer:
            continue
        yield _times(codes, each.value) if each.limit.scope == Scope.REDEEMABLE else each.value


def _of_customers(bounds: Sequence[_Bound]) -> int | None:
    """So many customers, so often each."""
    shared = [each for each in bounds if each.limit.scope != Scope.REDEEMABLE]
    each_of_them = (
        one.value
        for one in shared
        if one.limit.measure == Measure.REDEMPTIONS and one.limit.per_customer
    )
    customers = (one.value for one in shared if one.limit.measure == Measure.CUSTOMERS)
    return _times(_least(customers), _least(each_of_them))


def _value(limit: Limit, run: Run) -> int | None:
    """What it allows in all, None for any number."""
    return _times(run.times(limit.period), _highest_of(limit))


def _highest_of(limit: Limit) -> int | None:
    """The highest value that anybody has."""
    values = [limit.value, *limit.relaxed.values()]
    return None if None in values else max(each or 0 for each in values)


def _highest(discount: Discount, chooses_items: bool, bundles: int) -> int | None:
    if isinstance(discount, PercentDiscount):
        return _least([discount.amount_limit, discount.aggregated_amount_limit])
    if not isinstance(discount, AmountDiscount):
        return None
    effect = effects.effect_of(discount, chooses_items=chooses_items)
    if effect in BY_LINE:
        return discount.aggregated_amount_limit
    whole = None if discount.formula is not None else discount.amount_off * bundles
    on_items = effect != "APPLY_TO_ORDER"
    return _least([whole, discount.aggregated_amount_limit if on_items else None])


def _times(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one * other


def _least(bounds: Iterable[int | None]) -> int | None:
    return min((bound for bound in bounds if bound is not None), default=None)
