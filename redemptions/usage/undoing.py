"""Giving back what redemptions added to counters, by their own facts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

from campaigns.engine.counters import Counter, Measure, Period, Scope, first_day
from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project
from redemptions.models import ChannelType, Redemption, UsageCounter
from redemptions.usage.keys import key_of, place, turnstile
from redemptions.usage.seeds import seed
from redemptions.usage.statements import TURNSTILE

_TOGETHER = (
    "SELECT pg_advisory_xact_lock_shared(%s, hashtext(name))"
    " FROM (SELECT unnest(%s::text[]) AS name ORDER BY 1) AS names"
)
_TAKE = (
    "UPDATE redemptions_usagecounter SET used = greatest(0, used - %s), updated_at = %s"
    " WHERE project_id = %s AND key = %s"
)
_OWN = "(SELECT used FROM redemptions_usagecounter WHERE project_id = %s AND key = %s)"


def begin(*, project: Project, redemptions: Sequence[Redemption]) -> None:
    """Run at the start of a rollback: until it ends, no counter of these redemptions is made."""
    names = {
        turnstile(project, counter)
        for redemption in redemptions
        for counter in _counters_of(project, redemption)
    }
    guarded.run([Statement(_TOGETHER, (TURNSTILE, sorted(names)), about="counters")])


def give_back(
    *, project: Project, redemptions: Sequence[Redemption], at: datetime
) -> list[Statement]:
    """Take off the counters that are there; hot rows last. The redemptions are marked already."""
    amounts: dict[Counter, int] = defaultdict(int)
    owns: dict[Counter, Counter] = {}
    for redemption in redemptions:
        for counter in _counters_of(project, redemption):
            amounts[counter] += _amount(counter.measure, redemption)
            if counter.measure == Measure.CUSTOMERS:
                owns[counter] = _own(counter, redemption)
    keys = {key_of(counter): counter for counter in amounts}
    there = UsageCounter.objects.filter(key__in=keys).values_list("key", flat=True)
    found = sorted((keys[key] for key in there), key=place)
    # A customer's own counters are first in the one order, so that they tell whether he is left.
    return [_take(project, counter, amounts[counter], owns, at=at) for counter in found]


def _take(
    project: Project,
    counter: Counter,
    amount: int,
    owns: Mapping[Counter, Counter],
    *,
    at: datetime,
) -> Statement:
    key = key_of(counter)
    if counter.measure != Measure.CUSTOMERS:
        return Statement(_TAKE, (amount, at, project.pk, key), rows=1, about=key)
    own = owns[counter]
    sql, values = seed(project=project, counter=own)
    left = f"{_TAKE} AND coalesce({_OWN}, {sql}) = 0"
    params = (1, at, project.pk, key, project.pk, key_of(own), *values)
    return Statement(left, params, about=key)


def _counters_of(project: Project, redemption: Redemption) -> Iterator[Counter]:
    """Every counter that could have counted a redemption."""
    zone = ZoneInfo(project.timezone)
    for measure, (scope, scope_id), period in product(Measure, _scopes(redemption), Period):
        begins = first_day(period, redemption.redeemed_at, zone, project.week_start)
        if measure == Measure.CUSTOMERS:
            if redemption.customer is not None:
                yield Counter(measure, scope, scope_id, period, begins)
            continue
        for per in _whose(redemption):
            yield Counter(measure, scope, scope_id, period, begins, per)


def _scopes(redemption: Redemption) -> list[tuple[Scope, str]]:
    row = redemption.voucher or redemption.promotion_tier
    own = row.public_id if row is not None else ""
    campaign = redemption.campaign.public_id if redemption.campaign is not None else own
    found = [(Scope.REDEEMABLE, own), (Scope.CAMPAIGN, campaign), (Scope.PROJECT, "")]
    budget = redemption.decision.get("budget")
    return [*found, (Scope.BUDGET, budget)] if budget else found


def _whose(redemption: Redemption) -> Iterable[str]:
    yield ""
    if redemption.customer is not None:
        yield f"customer:{redemption.customer.public_id}"
    if redemption.channel_id:
        kind = "api_key" if redemption.channel_type == ChannelType.API else "user"
        yield f"{kind}:{redemption.channel_id}"


def _own(counter: Counter, redemption: Redemption) -> Counter:
    customer = redemption.customer.public_id if redemption.customer is not None else ""
    return replace(counter, measure=Measure.REDEMPTIONS, per=f"customer:{customer}")


def _amount(measure: Measure, redemption: Redemption) -> int:
    if measure == Measure.DISCOUNT:
        return redemption.applied_amount
    if measure == Measure.ORDERS:
        return int((redemption.order_json or {}).get("total_amount", 0))
    return 1
