"""Limits and budgets: what each has used, what is left, and whether a redemption still fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.engine.context import Context
from campaigns.engine.counters import Counter, Measure, Use
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Limit, Overflow, Redeemable
from campaigns.engine.rules import counted
from campaigns.engine.rules.counted import CUSTOMER, Counted

AMOUNTS = frozenset({Measure.DISCOUNT, Measure.ORDERS})


@dataclass(frozen=True, slots=True)
class LimitState:
    """`value` is the limit for this customer, None where it is lifted; `amount` what is added.

    `used` is what stood there before, including earlier redeemables of the same request.
    """

    limit: Limit
    counter: Counter | None
    value: int | None
    used: int
    amount: int

    @property
    def left(self) -> int | None:
        """What is left before this redemption; None is without limit."""
        return None if self.value is None else max(0, self.value - self.used)

    @property
    def holds(self) -> bool:
        return self.value is None or self.used + self.amount <= self.value


def of(redeemable: Redeemable, context: Context) -> tuple[Limit, ...]:
    """Its own limits and those that protect the project."""
    return (*redeemable.limits, *context.limits)


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
        kept = _kept(limit)
        use = counted.use(kept, redeemable, context, after, scope_id=limit.scope_id)
        counter = (
            use.counter
            if use is not None
            else counted.counter(kept, redeemable, context, scope_id=limit.scope_id)
        )
        yield LimitState(
            limit=limit,
            counter=counter,
            value=value_for(limit, context),
            used=counted.used(context, counter) if counter is not None else 0,
            amount=use.amount if use is not None else 0,
        )


def value_for(limit: Limit, context: Context) -> int | None:
    """The value for the customer: the highest of those of his segments and the common one."""
    segments = context.customer.segments if context.customer is not None else frozenset()
    values = [value for segment, value in limit.relaxed.items() if segment in segments]
    if None in values:
        return None
    return max([limit.value, *(value for value in values if value is not None)])


def uses(redeemable: Redeemable, context: Context, after: PricedOrder | None) -> Iterator[Use]:
    """What a redemption adds to the counters of its limits."""
    for limit in of(redeemable, context):
        use = counted.use(_kept(limit), redeemable, context, after, scope_id=limit.scope_id)
        if use is not None:
            yield use
        kept = _kept(limit)
        mine = counted.companion(kept, redeemable, context, scope_id=limit.scope_id)
        if mine is not None:
            yield Use(mine, 1)


def discount_left(redeemable: Redeemable, context: Context) -> int | None:
    """What the limits that cut a discount down leave of it; None where there is none."""
    if not redeemable.limits and not context.limits:
        return None
    left = [
        state.left
        for state in states(redeemable, context, None)
        if state.limit.overflow == Overflow.CAP and state.limit.measure == Measure.DISCOUNT
    ]
    return min((each for each in left if each is not None), default=None)


def is_spent(state: LimitState) -> bool:
    """Whether nothing fits any more, whatever the discount will be."""
    if state.limit.measure in AMOUNTS:
        return state.left == 0
    return not state.holds


def lacks_customer(limit: Limit, context: Context) -> bool:
    """Whether nobody can say for whom a limit per customer, or of customers, would count."""
    of_customers = limit.per_customer or limit.measure == Measure.CUSTOMERS
    return of_customers and (context.customer is None or context.customer.identity is None)


def _kept(limit: Limit) -> Counted:
    per = CUSTOMER if limit.per_customer else ""
    return Counted(limit.measure, limit.scope, limit.period, per)
