"""What a campaign can cost at most, as far as its own terms say so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaigns.engine import effects
from campaigns.engine.counters import Measure, Period, Scope
from campaigns.engine.effects.amount import BY_LINE, AmountDiscount
from campaigns.engine.effects.percent import PercentDiscount
from campaigns.engine.redeemable import Discount, Limit


@dataclass(frozen=True, slots=True)
class WorstCase:
    """Redemptions, minor units of one discount, and of all that budgets allow; None is no bound."""

    redemptions: int | None
    discount: int | None
    budget: int | None

    @property
    def total(self) -> int | None:
        """Minor units; None is without any bound."""
        if self.redemptions == 0:
            return 0
        if self.redemptions is None or self.discount is None:
            return self.budget
        return _least([self.redemptions * self.discount, self.budget])


def worst_case(
    discounts: Sequence[Discount],
    limits: Sequence[Limit],
    *,
    codes: int | None = None,
    uses: int | None = None,
    chooses_items: bool = False,
    bundles: int = 1,
) -> WorstCase:
    """`codes` that can each be used `uses` times; None is without bound.

    `chooses_items` where rules say which items are discounted, `bundles` how often one discount is
    given at most. Only limits over all time are bounds.
    """
    highest = [_highest(each, chooses_items, bundles) for each in discounts]
    bounds = [limit for limit in limits if limit.period == Period.ALWAYS]
    return WorstCase(
        redemptions=_least([_times(codes, uses), *_redemptions(bounds, codes)]),
        discount=None if None in highest else max((each or 0 for each in highest), default=None),
        budget=_least(
            _value(limit)
            for limit in bounds
            if limit.measure == Measure.DISCOUNT and _is_common(limit)
        ),
    )


def _redemptions(bounds: Sequence[Limit], codes: int | None) -> Iterable[int | None]:
    each = [limit for limit in bounds if limit.measure == Measure.REDEMPTIONS]
    yield from (_value(limit) for limit in each if _is_common(limit))
    of_codes = [one for one in each if one.scope == Scope.REDEEMABLE and not one.per_customer]
    yield from (_times(codes, _value(limit)) for limit in of_codes)
    per_customer = _least(
        _value(one) for one in each if one.per_customer and one.scope != Scope.REDEEMABLE
    )
    customers = _least(
        _value(limit)
        for limit in bounds
        if limit.measure == Measure.CUSTOMERS and _is_common(limit)
    )
    yield _times(customers, per_customer)


def _is_common(limit: Limit) -> bool:
    """Whether one counter holds for everybody and everything of the campaign."""
    return not limit.per_customer and limit.scope != Scope.REDEEMABLE


def _value(limit: Limit) -> int | None:
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
