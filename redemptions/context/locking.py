"""Holding what was read for a second look, and what it could be counted into."""

from collections.abc import Iterator
from typing import Any

from campaigns.engine.counters import Scope
from campaigns.models import Voucher
from customers.models import CustomerSummary
from loyalty_project.core import context as acting
from loyalty_project.core.models import Project
from redemptions import usage
from redemptions.context.request import Loaded, Request, Row
from redemptions.models import ChannelType, Order, UsageCounter
from rewards.models import LedgerAccount
from rewards.services.stocks import hold as hold_stocks


def scopes(seen: Loaded) -> list[tuple[Scope, str]]:
    """The project, and of each code and tier itself, its campaign and its budget."""
    found = [(Scope.PROJECT, "")]
    rows: list[Row] = [*seen.vouchers, *seen.tiers]
    for row in rows:
        campaign = row.campaign
        found.append((Scope.REDEEMABLE, row.public_id))
        found.append((Scope.CAMPAIGN, row.public_id if campaign is None else campaign.public_id))
        if campaign is not None and campaign.budget is not None:
            found.append((Scope.BUDGET, campaign.budget.public_id))
    return list(dict.fromkeys(found))


def whose(seen: Loaded) -> list[str]:
    """The customer or that of the order, the guest, and the key or person who acts."""
    customer = seen.customer or (seen.order.customer if seen.order is not None else None)
    found = [f"customer:{customer.public_id}"] if customer is not None else []
    asked = seen.context.customer
    if asked is not None and asked.guest:
        found.append(f"customer:{asked.guest}")
    actor = acting.actor()
    if actor.user is not None:
        found.append(usage.channel(ChannelType.USER, actor.user.get_username()[:64]))
    elif actor.api_key is not None:
        found.append(usage.channel(ChannelType.API, actor.api_key.app_id))
    return found


def brought(request: Request, seen: Loaded) -> list[str]:
    """Names of the customers, goods and order that the request may write."""
    order, customer = request.order or {}, seen.context.customer
    who = customer and (customer.id or customer.source_id or customer.guest)
    found = [f"customer:{who}"] if who else []
    referrer = order.get("referrer") or order.get("referrer_id")
    if referrer:
        found.append(f"customer:{_reference(referrer)}")
    if order.get("source_id"):
        found.append(f"order:{order['source_id']}")
    return [*found, *_goods(order.get("items") or ())]


def _goods(items: Any) -> Iterator[str]:
    for item in items:
        for kind in ("product", "sku"):
            described = item.get(kind) or {}
            if described.get("override"):
                yield f"{kind}:{_reference(described) or _reference(item)}"


def _reference(given: Any) -> str:
    return given if isinstance(given, str) else str(given.get("source_id") or given.get("id") or "")


def lock(*, project: Project, seen: Loaded) -> None:
    """Hold the rows that the request competes for, in the one order of all locks."""
    usage.lock(seen.own)
    if seen.order is not None:
        orders = Order.objects.select_for_update(of=("self",), no_key=True)
        orders.filter(pk=seen.order.pk).first()
    accounts = [v.account_id for v in seen.vouchers if v.account_id is not None]
    if accounts:
        held = LedgerAccount.objects.filter(pk__in=accounts).order_by("pk")
        list(held.select_for_update(no_key=True).values_list("pk"))
    limited = [v.pk for v in seen.vouchers if v.redemption_limit is not None]
    if limited:
        rows = Voucher.objects.filter(pk__in=limited).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
    if seen.context.counters:
        _lock_counters(project, seen)
    stocks = {item.id for item in seen.context.catalog.values() if item.stock is not None}
    if stocks:
        hold_stocks(project=project, items=stocks)


def _lock_counters(project: Project, seen: Loaded) -> None:
    if seen.customer is not None:
        sums = CustomerSummary.objects.filter(customer=seen.customer)
        list(sums.select_for_update(of=("self",), no_key=True).values_list("pk"))
    at = seen.context.at
    possible = usage.counters_of(project, scopes=scopes(seen), whose=whose(seen), at=at)
    for counter in usage.kept(project, [*possible, *seen.context.counters]):
        row = UsageCounter.objects.filter(key=usage.key_of(counter))
        list(row.select_for_update(of=("self",), no_key=True).values_list("pk"))
