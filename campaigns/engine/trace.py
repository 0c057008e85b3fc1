"""The checks of an evaluation one by one: the fact, what was asked of it, what it was."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaigns.engine import application, bundles, limits, pricing, rollout, stocks, validity
from campaigns.engine.context import Context
from campaigns.engine.effects.credit import CreditDiscount
from campaigns.engine.limits import LimitState
from campaigns.engine.pricing import PricedOrder
from campaigns.engine.redeemable import HolidayMode, Overflow, Redeemable, Validity
from campaigns.engine.results import Applied, Evaluation, Result
from campaigns.engine.rules.conditions import Found, Subject
from campaigns.engine.rules.verdict import found as found_in


@dataclass(frozen=True, slots=True)
class Step:
    """`check` is what kind of check it is, `fact` the name of what was looked at.

    For conditions of rules `source` is the id of the rule and `number` the place in it, for limits
    the id of the limit, and `used` what stood there before, of which other sessions hold `held`.
    Times are aware datetimes, amounts minor units.
    """

    check: str
    holds: bool
    fact: str
    operator: str
    required: Any
    actual: Any
    source: str | None = None
    number: str | None = None
    property: str | None = None
    used: int | None = None
    held: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One redeemable at its turn: the request with the counters and the order of that moment.

    `after` is the order that its discount makes and `gifts` what it takes of stocks, whether it was
    allowed or not.
    """

    context: Context
    result: Result
    before: PricedOrder | None
    after: PricedOrder | None
    earlier: tuple[Redeemable, ...]
    gifts: Mapping[str, int]


def turns(context: Context, evaluation: Evaluation) -> Iterator[Turn]:
    """The redeemables of an evaluation in their sequence, each with what it found."""
    order = None if context.order is None else pricing.begin(context.order)
    counters = dict(context.counters)
    given: Counter[str] = Counter()
    earlier: tuple[Redeemable, ...] = ()
    for result in evaluation.results:
        now = replace(context, counters=dict(counters), given=dict(given))
        done = application.apply(now, order, result.redeemable)
        yield Turn(now, result, order, done.order, earlier, done.gifts)
        if isinstance(result, Applied):
            order, earlier = result.order, (*earlier, result.redeemable)
            given.update(result.gifts)
            for use in result.uses:
                counters[use.counter] = counters.get(use.counter, 0) + use.amount


def steps(turn: Turn) -> Iterator[Step]:
    """All checks of a redeemable in the sequence in which they are asked."""
    redeemable, context = turn.result.redeemable, turn.context
    yield Step("exists", redeemable.exists, "exists", "$is", True, redeemable.exists)
    if not redeemable.exists:
        return
    yield Step("enabled", redeemable.active, "active", "$is", True, redeemable.active)
    campaign = redeemable.campaign
    if campaign is not None:
        yield Step("enabled", campaign.active, "campaign.active", "$is", True, campaign.active)
    yield from _of_windows(redeemable, context)
    usage = redeemable.usage
    if usage.limit is not None:
        used = usage.redeemed + usage.held
        holds = used < usage.limit
        yield Step(
            "quantity", holds, "redemption.quantity", _AT_MOST, usage.limit, used + 1,
            used=used, held=usage.held or None,
        )  # fmt: skip
    percent = rollout.percent_of(redeemable)
    if percent < rollout.EVERYBODY:
        place = rollout.place_of(redeemable, context)
        holds = place is not None and place < percent
        yield Step("rollout", holds, "wafa.customer.rollout", "$less_than", percent, place)
    for state in limits.states(redeemable, context, turn.after):
        yield _of_limit(state)
    subject = Subject(context, redeemable, turn.before, turn.after)
    for rule in redeemable.rules:
        for found in found_in(rule.tree, subject):
            yield from _of_condition(found, rule.id)
    if redeemable.bundle is not None:
        bundled = bundles.find(turn.before, redeemable.bundle)
        holds = bundled.quantity > 0
        yield Step("bundle", holds, "bundle.quantity", _AT_LEAST, 1, bundled.quantity)
    yield from _of_card(redeemable, context)
    yield from _of_stocks(turn)
    if not isinstance(turn.result, Applied):
        reason = turn.result.reason
        yield Step("outcome", False, "reason", "$is", None, reason.key)


def _of_limit(state: LimitState) -> Step:
    limit = state.limit
    fact = f"{limit.scope.value}.{limit.measure.value}.{limit.period.value}"
    actual, used = state.used + state.amount, None if state.counter is None else state.used
    return Step(
        "limit", state.holds, fact, _AT_MOST, state.value, actual,
        source=limit.id, used=used, held=state.held or None,
    )  # fmt: skip


_AT_MOST, _AT_LEAST = "$less_than_or_equal", "$more_than_or_equal"


def _of_stocks(turn: Turn) -> Iterator[Step]:
    for stock in stocks.states(turn.gifts, turn.context):
        yield Step(
            "stock", stock.holds, "wafa.gift.stock", _AT_LEAST, stock.units, stock.left,
            property=stock.item,
        )  # fmt: skip


def _of_card(redeemable: Redeemable, context: Context) -> Iterator[Step]:
    card = redeemable.discount
    if not isinstance(card, CreditDiscount):
        return
    cap = context.stacking.credits_overflow == Overflow.CAP
    required = 1 if cap or card.wanted is None else card.wanted
    holds = card.balance >= max(1, required)
    yield Step(
        "balance", holds, "gift.balance", _AT_LEAST, required, card.balance, held=card.held or None
    )


def _of_windows(redeemable: Redeemable, context: Context) -> Iterator[Step]:
    windows = [(redeemable.kind.value, redeemable.validity)]
    anchor = None
    if redeemable.campaign is not None:
        anchor = redeemable.campaign.validity.starts_at
        windows.append(("campaign", redeemable.campaign.validity))
    for scope, window in windows:
        yield from _of_window(scope, window, context, anchor)


def _of_window(scope: str, window: Validity, context: Context, anchor: Any) -> Iterator[Step]:
    at = context.at
    if window.starts_at is not None:
        holds = validity.has_started(window, at)
        yield Step("started", holds, f"{scope}.start_date", _AT_LEAST, window.starts_at, at)
    if window.ends_at is not None:
        holds = not validity.has_ended(window, at)
        fact = f"{scope}.expiration_date"
        yield Step("not_ended", holds, fact, "$less_than", window.ends_at, at)
    if window.timeframe or window.days_of_week or window.daily_hours:
        recurring = replace(window, holidays=frozenset(), holiday_mode=HolidayMode.EXCEPT)
        holds = validity.recurs_at(recurring, at, context.time_zone, anchor=anchor)
        frames = replace(recurring, starts_at=None, ends_at=None)
        yield Step("recurrence", holds, f"{scope}.validity", "$timeframe", frames, at)
    only = window.holiday_mode == HolidayMode.ONLY
    if window.holidays or only:
        holds = validity.suits_holidays(window, at, context.time_zone)
        today = at.astimezone(context.time_zone).date()
        days = tuple(sorted(window.holidays))
        operator = "$is" if only else "$is_not"
        yield Step("holidays", holds, f"{scope}.holidays", operator, days, today)


def _of_condition(found: Found, rule_id: str) -> Iterator[Step]:
    """One step per operator; an item rule has one for the lines that it is about."""
    condition = found.condition
    if condition.items is not None and not condition.comparisons:
        entries = tuple(entry.id for entry in condition.items.entries)
        operator = "$is_not" if condition.items.excluding else "$is"
        yield Step(
            "rule", found.holds, condition.name, operator, entries, found.actual,
            source=rule_id, number=found.number, property=condition.property,
        )  # fmt: skip
    for operator, required in found.required.items():
        yield Step(
            "rule", found.holds, condition.name, operator, required, found.actual,
            source=rule_id, number=found.number, property=condition.property,
        )  # fmt: skip
