"""What a campaign would have done: its rules and discounts over the last real orders."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import queries as campaign_queries
from campaigns.engine import asks, evaluate, facts, rules
from campaigns.engine.context import Context
from campaigns.engine.history import Measure
from campaigns.engine.redeemable import Redeemable
from campaigns.engine.results import Applied
from campaigns.models import Campaign
from loyalty_project.core import async_actions, locks
from loyalty_project.core.errors import Conflict
from loyalty_project.core.models import AsyncAction, Job, Project
from redemptions.context import replay as replay_context
from redemptions.models import Redemption, Result
from redemptions.services import replay_orders
from redemptions.services.replay_orders import Goods, Played
from redemptions.services.replay_past import Histories

TYPE = "WAFA.REPLAY"
JOB = "redemptions.replay"
COUNT_MAX = 100_000
PRODUCTS_SHOWN = 20


class UnderWay(Conflict):
    key = "replay_under_way"
    message = "The campaign is being replayed"
    explanation = _("This campaign is being replayed already. Wait until that has ended.")


@dataclass(slots=True)
class _Sums:
    """What came of it so far; money in minor units."""

    orders: int = 0
    uses: int = 0
    cost: int = 0
    revenue: int = 0
    anyway: int = 0
    anyway_cost: int = 0
    customers: set[int] = field(default_factory=set)
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    products: dict[str, list[Any]] = field(default_factory=dict)
    refused: Tally[str] = field(default_factory=Tally)
    redeemed: Tally[str] = field(default_factory=Tally)


def start(*, project: Project, campaign: Campaign, count: int, at: datetime) -> AsyncAction:
    """Begin to replay the last `count` paid orders, 100,000 at most; watched as a task.

    Raises UnderWay while another replay of the campaign has not ended, errors.Busy.
    """
    subject = f"replay:{campaign.public_id}"[:64]
    with transaction.atomic():
        with locks.waiting():
            Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        same = AsyncAction.objects.filter(project=project, type=TYPE, subject=subject)
        if same.exclude(status__in=async_actions.ENDED).exists():
            raise UnderWay(resource_id=campaign.public_id, resource_type="campaign")
        return async_actions.start(
            TYPE,
            project=project,
            job=JOB,
            params={"campaign": campaign.public_id, "count": count},
            total=count,
            at=at,
            subject=subject,
        )


def run(*, job: Job) -> None:
    """Replay from the beginning; a worker that died is followed by one that begins again."""
    action = async_actions.of_job(job)
    campaign = campaign_queries.get_campaign(reference=action.params["campaign"])
    AsyncAction.objects.filter(pk=action.pk).update(done=0)
    action.refresh_from_db()
    sums = _Sums()
    begin = replay_orders.since(count=min(action.params["count"], COUNT_MAX))
    if begin is not None:
        _replay(action, job, campaign, sums, begin)
    with transaction.atomic():
        AsyncAction.objects.filter(pk=action.pk).update(total=sums.orders)
        async_actions.finish(action, job=job, message="The orders have been replayed.")
        action.refresh_from_db()
        result = {**(action.result or {}), "replay": _told(sums)}
        AsyncAction.objects.filter(pk=action.pk).update(result=result)


def _replay(
    action: AsyncAction, job: Job, campaign: Campaign, sums: _Sums, begin: datetime
) -> None:
    project = action.project
    redeemables = replay_context.redeemables_of(campaign)
    base = replay_context.base(project, redeemables, begin)
    asked = asks.of(redeemables)
    needed = {past for each in redeemables for past in rules.needs(each, base).past}
    histories = _histories(begin)
    with_goods = (past.only for past in needed if past.measure == Measure.ORDERS_WITH)
    if goods_asked := frozenset(goods for goods in with_goods if goods):
        histories.bought(replay_orders.bought(project=project, wanted=goods_asked, at=begin))
    segments = asked.segments or any(limit.relaxed for limit in base.limits)
    goods = Goods(
        collections=replay_context.collections(project, begin) if asked.collections else {},
        costs=replay_context.costs()
        if base.margin or any(each.margin for each in redeemables)
        else {},
    )
    counters: dict[Any, int] = {}
    people = replay_orders.People(segments=segments)
    for chunk in replay_orders.chunks(begin=begin, goods=goods):
        known = people.of([each.customer_pk for each in chunk])
        for played in chunk:
            context = replace(
                base,
                at=played.created_at,
                redeemables=_used(redeemables, sums),
                order=played.order,
                customer=_customer(played, known, histories),
                counters=counters,
                past=histories.answers(
                    played.customer_pk, needed, played.created_at, base.time_zone
                ),
            )
            _play(context, played, sums, counters, histories)
        with transaction.atomic():
            async_actions.advance(action, job=job, done=len(chunk))


def _used(redeemables: Sequence[Redeemable], sums: _Sums) -> tuple[Redeemable, ...]:
    """As often as they were used so far, where a code has a limit of its own."""
    return tuple(
        one
        if one.usage.limit is None
        else replace(one, usage=replace(one.usage, redeemed=sums.redeemed[one.id]))
        for one in redeemables
    )


def _play(
    context: Context,
    played: Played,
    sums: _Sums,
    counters: dict[Any, int],
    histories: Histories,
) -> None:
    evaluation = evaluate.evaluate(context)
    sums.orders += 1
    if played.customer_pk is not None:
        histories.ordered([(played.customer_pk, played.created_at, played.total)])
    if not evaluation.valid or evaluation.order is None:
        refused = next((r.reason.key for r in evaluation.inapplicable), "no_effect")
        sums.refused[refused] += 1
        return
    cost = evaluation.order.total_applied_discount_amount
    sums.uses += 1
    sums.cost += cost
    sums.revenue += evaluation.order.total_amount
    if not played.discounted:
        sums.anyway += 1
        sums.anyway_cost += cost
    day = sums.days[played.created_at.astimezone(context.time_zone).date().isoformat()]
    day[0] += 1
    day[1] += cost
    for applied in evaluation.applied:
        _count(applied, played, counters, histories)
        sums.redeemed[applied.redeemable.id] += 1
    if played.customer_pk is not None:
        sums.customers.add(played.customer_pk)
    _count_products(evaluation.applied, sums)


def _count(
    applied: Applied, played: Played, counters: dict[Any, int], histories: Histories
) -> None:
    for use in applied.uses:
        counters[use.counter] = counters.get(use.counter, 0) + use.amount
    campaign = applied.redeemable.campaign
    if played.customer_pk is not None and campaign is not None:
        histories.redeemed([(played.customer_pk, played.created_at, campaign.id)])


def _count_products(applied: Sequence[Applied], sums: _Sums) -> None:
    """Lines with a discount of their own, by product."""
    for one in applied:
        for line in one.order.lines if one.order is not None else ():
            if not line.applied_discount_amount and not line.applied_discount_quantity:
                continue
            goods = line.line.product
            key = (goods.id if goods is not None else None) or line.line.product_id or "?"
            name = (goods.name if goods is not None else None) or key
            known = sums.products.setdefault(key, [name, 0, 0])
            known[1] += line.quantity
            known[2] += line.applied_discount_amount


def _customer(
    played: Played, people: Mapping[int, facts.Customer], histories: Histories
) -> facts.Customer | None:
    if played.customer_pk is None or played.customer_pk not in people:
        return None
    count, amount, last_at, last = histories.orders_of(played.customer_pk)
    return replace(
        people[played.customer_pk],
        orders_count=count,
        orders_amount=amount,
        last_order_at=last_at,
        last_order_amount=last,
    )


def _histories(begin: datetime) -> Histories:
    """What customers had done before the first order."""
    histories = Histories()
    histories.ordered(replay_orders.before(begin=begin))
    real = Redemption.objects.filter(
        result=Result.SUCCESS, rolled_back_at=None, customer__isnull=False, redeemed_at__lt=begin
    ).exclude(voucher=None, promotion_tier=None)
    rows = real.order_by("redeemed_at").values_list(
        "customer", "redeemed_at", "campaign__public_id", "voucher__public_id"
    )
    histories.redeemed((who, at, camp or code or "") for who, at, camp, code in rows.iterator())
    return histories


def _told(sums: _Sums) -> dict[str, Any]:
    """Money in minor units; the products with the most discount come first."""
    products = sorted(sums.products.values(), key=lambda row: -row[2])[:PRODUCTS_SHOWN]
    return {
        "orders": sums.orders,
        "uses": sums.uses,
        "cost": sums.cost,
        "revenue": sums.revenue,
        "customers": len(sums.customers),
        "came_anyway": {"uses": sums.anyway, "cost": sums.anyway_cost},
        "days": [{"day": day, "uses": n, "cost": c} for day, (n, c) in sorted(sums.days.items())],
        "products": [{"name": n, "quantity": q, "discount": d} for n, q, d in products],
        "refused": dict(sums.refused.most_common()),
    }
