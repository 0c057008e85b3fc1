"""Limits and budgets: what each has used, what is left, and whether a redemption still fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.engine.context import Context
from campaigns.engine.counters import Counter, Measure, Use
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Limit, Overflow, Redeemable, once
from campaigns.engine.rules import counted
from campaigns.engine.rules.counted import CUSTOMER, Counted

AMOUNTS = frozenset({Measure.DISCOUNT, Measure.ORDERS})


@dataclass(frozen=True, slots=True)
class LimitState:
    """`value` is the limit for this customer, None where it is lifted; `amount` what is added.

    `used` is what stood there before, including earlier redeemables of the same request; `held` is
    the part of it that other sessions hold.
    """

    limit: Limit
    counter: Counter | None
    value: int | None
    used: int
    amount: int
    held: int = 0

    @property
    def left(self) -> int | None:
        """What is left before this redemption; None is without limit."""
        return None if self.value is None else max(0, self.value - self.used)

    @property
    def holds(self) -> bool:
        return self.value is None or self.used + self.amount <= self.value


def of(redeemable: Redeemable, context: Context) -> tuple[Limit, ...]:
    """Its own limits and those that protect the project."""
    shared = context.limits
    return (*redeemable.limits, *shared) if shared else redeemable.limits


def counters(redeemable: Redeemable, context: Context) -> frozenset[Counter]:
    """The keys of Context.counters that the limits of a redeemable look up."""
    found: set[Counter | None] = set()
    for limit in of(redeemable, context):
        kept = _kept(limit)
        found.add(counted.counter(kept, redeemable, context, scope_id=limit.scope_id))
        found.add(counted.companion(kept, redeemable, context, scope_id=limit.scope_id))
    return frozenset(each for each in found if each is not None)


def states(
    redeemable: Redeemable,
    context: Context,
    after: PricedOrder | None,
) -> Iterator[LimitState]:
    """Every limit with its numbers; amounts count nothing before the discount is known."""
    for limit in of(redeemable, context):
        yield _state(limit, redeemable, context, _use(limit, redeemable, context, after))


def states_of_amounts(
    redeemable: Redeemable, context: Context, after: PricedOrder | None
) -> Iterator[LimitState]:
    """Those that the discount moves."""
    for limit in of(redeemable, context):
        if limit.measure in AMOUNTS:
            yield _state(limit, redeemable, context, _use(limit, redeemable, context, after))


def counted_up(
    redeemable: Redeemable, context: Context, after: PricedOrder | None
) -> tuple[list[LimitState], list[Use]]:
    """Every limit with its numbers, and what a redemption adds to their counters."""
    found, uses = [], []
    for limit in of(redeemable, context):
        use = _use(limit, redeemable, context, after)
        found.append(_state(limit, redeemable, context, use))
        if use is not None:
            uses.append(use)
        if limit.measure == Measure.CUSTOMERS:
            mine = counted.companion(_kept(limit), redeemable, context, scope_id=limit.scope_id)
            uses += [Use(mine, 1)] if mine is not None else []
    return found, uses


def _use(
    limit: Limit, redeemable: Redeemable, context: Context, after: PricedOrder | None
) -> Use | None:
    return counted.use(_kept(limit), redeemable, context, after, scope_id=limit.scope_id)


def _state(limit: Limit, redeemable: Redeemable, context: Context, use: Use | None) -> LimitState:
    if use is not None:
        counter: Counter | None = use.counter
    else:
        counter = counted.counter(_kept(limit), redeemable, context, scope_id=limit.scope_id)
    return LimitState(
        limit,
        counter,
        value_for(limit, context),
        counted.used(context, counter) if counter is not None else 0,
        use.amount if use is not None else 0,
        context.held.get(counter, 0) if counter is not None else 0,
    )


def value_for(limit: Limit, context: Context) -> int | None:
    """The value for the customer: the highest of those of his segments and the common one."""
    if not limit.relaxed:
        return limit.value
    segments = context.customer.segments if context.customer is not None else frozenset()
    values = [value for segment, value in limit.relaxed.items() if segment in segments]
    if None in values:
        return None
    return max([limit.value, *(value for value in values if value is not None)])


def discount_left(redeemable: Redeemable, context: Context) -> int | None:
    """What the limits that cut a discount down leave of it; None where there is none."""
    left = [
        _state(limit, redeemable, context, None).left
        for limit in of(redeemable, context)
        if limit.overflow == Overflow.CAP and limit.measure == Measure.DISCOUNT
    ]
    return min((each for each in left if each is not None), default=None)


def is_held(state: LimitState) -> bool:
    """Whether it would fit if no other session held anything."""
    if state.value is None or not state.held:
        return False
    least = 1 if state.limit.measure in AMOUNTS else 0
    return state.used - state.held + max(state.amount, least) <= state.value


def is_spent(state: LimitState) -> bool:
    """Whether nothing fits any more, whatever the discount will be."""
    if state.limit.measure in AMOUNTS:
        return state.left == 0
    return not state.holds


def lacks_customer(limit: Limit, context: Context) -> bool:
    """Whether nobody can say for whom a limit per customer, or of customers, would count."""
    of_customers = limit.per_customer or limit.measure == Measure.CUSTOMERS
    return of_customers and (context.customer is None or context.customer.identity is None)


@once
def _kept(limit: Limit) -> Counted:
    per = CUSTOMER if limit.per_customer else ""
    return Counted(limit.measure, limit.scope, limit.period, per)
