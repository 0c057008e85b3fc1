"""Every counter that a redemption could count into, by its own facts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

from campaigns.engine.counters import Counter, Measure, Period, Scope, first_day
from loyalty_project.core.models import Project
from redemptions.models import ChannelType, Redemption, UsageCounter
from redemptions.usage.keys import key_of, place


def counters_of(
    project: Project, *, scopes: Iterable[tuple[Scope, str]], whose: Iterable[str], at: datetime
) -> Iterator[Counter]:
    """Every measure and period of the scopes, for everybody and for each of `whose`."""
    zone = ZoneInfo(project.timezone)
    per = ["", *whose]
    for measure, (scope, scope_id), period in product(Measure, scopes, Period):
        begins = first_day(period, at, zone, project.week_start)
        for each in per[:1] if measure == Measure.CUSTOMERS else per:
            yield Counter(measure, scope, scope_id, period, begins, each)


def kept(project: Project, counters: Iterable[Counter]) -> list[Counter]:
    """Those that have their row, in the order in which the rows are locked; one query."""
    keys = {key_of(counter): counter for counter in counters}
    rows = UsageCounter.objects.filter(project=project, key__in=keys).values_list("key", flat=True)
    return sorted((keys[key] for key in rows), key=place)


def counted_in(
    project: Project, redemptions: Sequence[Redemption]
) -> dict[Counter, list[Redemption]]:
    """The counters that there could be, with the redemptions that count there."""
    found: dict[Counter, list[Redemption]] = {}
    for one in redemptions:
        at = one.redeemed_at
        for counter in counters_of(project, scopes=scopes(one), whose=whose(one), at=at):
            if counter.measure != Measure.CUSTOMERS or one.customer is not None:
                found.setdefault(counter, []).append(one)
    return found


def amount(measure: Measure, redemptions: Iterable[Redemption]) -> int:
    """What they add; 1 each where redemptions are counted, else minor units."""
    if measure == Measure.DISCOUNT:
        return sum(one.discount_left for one in redemptions)
    if measure == Measure.ORDERS:
        return sum(one.total_left for one in redemptions)
    return sum(1 for _one in redemptions)


def buyer(redemption: Redemption) -> str:
    """Who counts as one of the customers; a guest has a new customer each time."""
    customer = redemption.customer
    known = customer.public_id if customer is not None else ""
    return redemption.decision.get("guest") or known


def own(counter: Counter, customer: str) -> Counter:
    """A customer's own redemptions beside a counter of customers."""
    return replace(counter, measure=Measure.REDEMPTIONS, per=f"customer:{customer}")


def scopes(redemption: Redemption) -> list[tuple[Scope, str]]:
    """The code or tier, the campaign or itself, the project, and the budget if there is one."""
    row = redemption.voucher or redemption.promotion_tier
    mine = row.public_id if row is not None else ""
    campaign = redemption.campaign.public_id if redemption.campaign is not None else mine
    found = [(Scope.REDEEMABLE, mine), (Scope.CAMPAIGN, campaign), (Scope.PROJECT, "")]
    budget = redemption.decision.get("budget")
    return [*found, (Scope.BUDGET, budget)] if budget else found


def whose(redemption: Redemption) -> list[str]:
    """The customer, the guest, and the API key or person, as counters name them."""
    found = []
    if redemption.customer is not None:
        found.append(f"customer:{redemption.customer.public_id}")
    if redemption.decision.get("guest"):
        found.append(f"customer:{redemption.decision['guest']}")
    if redemption.channel_id:
        found.append(channel(redemption.channel_type, redemption.channel_id))
    return found


def channel(kind: str, identity: str) -> str:
    """E.g. `api_key:…` or `user:…`."""
    return f"{'api_key' if kind == ChannelType.API else 'user'}:{identity}"
