"""Rules about what was counted: budgets of campaigns and codes, and the past of customers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from campaigns.engine.context import Context
from campaigns.engine.counters import Counter, Measure, Period, Scope, Use, first_day
from campaigns.engine.history import Measure as PastMeasure
from campaigns.engine.history import Past
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.rules.conditions import Group, Need, Subject

CUSTOMER, API_KEY, USER = "customer", "api_key", "user"
LOGIN_MAX = 64  # of a login, as much as redemptions keep


@dataclass(frozen=True, slots=True)
class Counted:
    """`per` is CUSTOMER, API_KEY or USER for counts of each of these alone."""

    measure: Measure
    scope: Scope
    period: Period = Period.ALWAYS
    per: str = ""

    @property
    def needs(self) -> frozenset[Need]:
        needs = set()
        if self.per == CUSTOMER or self.measure == Measure.CUSTOMERS:
            needs.add(Need.CUSTOMER)
        if self.looks_after:
            needs.add(Need.ORDER)
        return frozenset(needs)

    @property
    def looks_after(self) -> bool:
        return self.measure in {Measure.DISCOUNT, Measure.ORDERS}


_PERIODS = {
    "": Period.ALWAYS,
    ".daily": Period.DAY,
    ".weekly": Period.WEEK,
    ".monthly": Period.MONTH,
    ".yearly": Period.YEAR,
}


def _in_periods(name: str, measure: Measure, scope: Scope, per: str = "") -> dict[str, Counted]:
    return {
        f"{name}{suffix}": Counted(measure, scope, period, per)
        for suffix, period in _PERIODS.items()
    }


COUNTED: Mapping[str, Counted] = {
    **_in_periods("campaign.redemptions.count", Measure.REDEMPTIONS, Scope.CAMPAIGN),
    **_in_periods("campaign.redemptions.customers_count", Measure.CUSTOMERS, Scope.CAMPAIGN),
    **_in_periods("campaign.orders.amount", Measure.ORDERS, Scope.CAMPAIGN),
    **_in_periods("campaign.orders.amount_discounted", Measure.DISCOUNT, Scope.CAMPAIGN),
    **_in_periods("redemption.count", Measure.REDEMPTIONS, Scope.REDEEMABLE),
    **_in_periods("redemption.count.per_customer", Measure.REDEMPTIONS, Scope.REDEEMABLE, CUSTOMER),
    "redemption.count.per_api_key": Counted(
        Measure.REDEMPTIONS, Scope.REDEEMABLE, Period.ALWAYS, API_KEY
    ),
    "redemption.count.per_user": Counted(
        Measure.REDEMPTIONS, Scope.REDEEMABLE, Period.ALWAYS, USER
    ),
    **_in_periods(
        "wafa.campaign.redemptions.count.per_customer",
        Measure.REDEMPTIONS,
        Scope.CAMPAIGN,
        CUSTOMER,
    ),
}


def counter(
    counted: Counted, redeemable: Redeemable, context: Context, *, scope_id: str = ""
) -> Counter | None:
    """The counter of a redeemable now, None where the request lacks whose it would be."""
    campaign = redeemable.campaign
    if counted.scope == Scope.REDEEMABLE or (counted.scope == Scope.CAMPAIGN and not campaign):
        scope_id = redeemable.id
    elif campaign is not None and counted.scope == Scope.CAMPAIGN:
        scope_id = campaign.id
    per = ""
    if counted.per:
        identity = _identity(counted.per, context)
        if identity is None:
            return None
        per = f"{counted.per}:{identity}"
    begins = first_day(counted.period, context.at, context.time_zone, context.week_start)
    return Counter(counted.measure, counted.scope, scope_id, counted.period, begins, per)


def use(
    counted: Counted,
    redeemable: Redeemable,
    context: Context,
    after: PricedOrder | None,
    *,
    scope_id: str = "",
) -> Use | None:
    """What the redemption adds to the counter; amounts need the order after the discount."""
    found = counter(counted, redeemable, context, scope_id=scope_id)
    if found is None:
        return None
    if counted.measure == Measure.CUSTOMERS:
        return _use_of_customer(found, counted, redeemable, context, scope_id)
    if counted.measure == Measure.REDEMPTIONS:
        return Use(found, 1)
    if after is None:
        return None
    if counted.measure == Measure.ORDERS:
        return Use(found, after.total_amount)
    # What a gift card pays is no discount, and no budget of discounts pays for it.
    return Use(found, 0 if redeemable.pays else after.total_applied_discount_amount)


def also(redeemable: Redeemable, context: Context, after: PricedOrder | None) -> Iterator[Use]:
    """What a redeemable adds to the counters that others of its request ask for."""
    if len(context.redeemables) < 2 or not context.counters:
        return
    campaign = redeemable.campaign
    mine = {redeemable.id, campaign.id} if campaign else {redeemable.id}
    for known in context.counters:
        if known.scope_id not in mine:
            continue
        per = known.per.partition(":")[0]
        asked = Counted(known.measure, known.scope, known.period, per)
        if counter(asked, redeemable, context) == known:
            found = use(asked, redeemable, context, after)
            if found is not None:
                yield found


def used(context: Context, counter_: Counter) -> int:
    return context.counters.get(counter_, 0)


def companion(
    counted: Counted, redeemable: Redeemable, context: Context, *, scope_id: str = ""
) -> Counter | None:
    """The redemptions of this very customer, by which one knows whether to count him again."""
    if counted.measure != Measure.CUSTOMERS:
        return None
    mine = Counted(Measure.REDEMPTIONS, counted.scope, counted.period, CUSTOMER)
    return counter(mine, redeemable, context, scope_id=scope_id)


def _use_of_customer(
    found: Counter, counted: Counted, redeemable: Redeemable, context: Context, scope_id: str
) -> Use | None:
    mine = companion(counted, redeemable, context, scope_id=scope_id)
    if mine is None:
        return None
    # Who only holds something may never redeem it.
    return Use(found, 1 if used(context, mine) <= context.held.get(mine, 0) else 0)


def _identity(per: str, context: Context) -> str | None:
    if per == CUSTOMER:
        return context.customer.identity if context.customer is not None else None
    if per == API_KEY:
        return context.caller.api_key
    return context.caller.user[:LOGIN_MAX] if context.caller.user is not None else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule about the customer's past; its property is a window, or "window;id".

    The id is that of a campaign, and of a collection, product or SKU where `of_goods`.
    """

    measure: PastMeasure
    others_only: bool = False
    group: Group = Group.CUSTOMER

    @property
    def of_goods(self) -> bool:
        return self.measure == PastMeasure.ORDERS_WITH


PAST: Mapping[str, Asked] = {
    "wafa.customer.orders": Asked(PastMeasure.ORDERS_COUNT),
    "wafa.customer.orders_with": Asked(PastMeasure.ORDERS_WITH),
    "wafa.customer.spend": Asked(PastMeasure.ORDERS_AMOUNT),
    "wafa.customer.redemptions": Asked(PastMeasure.REDEMPTIONS),
    "wafa.customer.other_redemptions": Asked(PastMeasure.REDEMPTIONS, others_only=True),
}


def question(asked: Asked, window: str, only: str | None) -> Callable[[Redeemable], Past]:
    """What to ask of the past for a redeemable; "others" leaves its own campaign out."""

    def past(redeemable: Redeemable) -> Past:
        own = redeemable.campaign.id if redeemable.campaign is not None else redeemable.id
        return Past(asked.measure, window, only=only, but=own if asked.others_only else None)

    return past


def answer(past: Callable[[Redeemable], Past], subject: Subject) -> int | None:
    customer = subject.context.customer
    if customer is None:
        return None
    asked = past(subject.redeemable)
    known = subject.context.past.get(asked)
    if known is not None or asked.window or asked.only or asked.but:
        return known
    if asked.measure == PastMeasure.ORDERS_COUNT:
        return customer.orders_count
    return customer.orders_amount if asked.measure == PastMeasure.ORDERS_AMOUNT else None
