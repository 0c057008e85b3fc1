"""What is used of limits now, for whoever shows them."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from campaigns.engine.counters import Counter, Measure, Period, Scope, first_day
from campaigns.models import Limit
from campaigns.queries import limit_use
from loyalty_project.core import clock, tenancy
from redemptions.usage.reading import read


def used_of(limits: Sequence[Limit]) -> Mapping[int, int]:
    """By primary key; what each customer or each code has for itself has no one number."""
    project = tenancy.current_project()
    zone, at = ZoneInfo(project.timezone), clock.now()
    counters = {}
    for limit in limits:
        if limit.per_customer or limit.per_redeemable:
            continue
        begins = first_day(Period(limit.period), at, zone, project.week_start)
        scope, scope_id = _scope_of(limit)
        counters[limit.pk] = Counter(
            Measure(limit.measure), scope, scope_id, Period(limit.period), begins
        )
    counts = read(project=project, counters=set(counters.values()), at=at)
    held = counts.held
    return {pk: counts.used[one] - held.get(one, 0) for pk, one in counters.items()}


def _scope_of(limit: Limit) -> tuple[Scope, str]:
    if limit.campaign is not None:
        return Scope.CAMPAIGN, limit.campaign.public_id
    if limit.budget is not None:
        return Scope.BUDGET, limit.budget.public_id
    own = limit.voucher or limit.promotion_tier
    return (Scope.REDEEMABLE, own.public_id) if own is not None else (Scope.PROJECT, "")


limit_use.READERS.append(used_of)
