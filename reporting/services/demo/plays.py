"""What of a demo shop needs rules: groups, promotions without a code, limits and how they stack.

Made by the services that everybody uses, once customers, goods and campaigns are there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.models import Budget, PromotionTier
from campaigns.services import (
    budgets,
    campaigns,
    holidays,
    limits,
    margin_floors,
    promotion_stacks,
    promotions,
    rules,
    stacking_rules,
)
from customers.models import Customer
from customers.services import segments
from loyalty_project.core.context import acting
from loyalty_project.core.models import OutboxEvent, Project, User
from reporting.services.demo.plan import minor
from rewards.services import collections

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tier:
    """A discount without a code; `rule` is the name of a rule."""

    name: str
    banner: str
    discount: Document
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Plays:
    """Documents as published, with two liberties.

    A Decimal (`money("5.00")`) is an amount in major units, and the text "{arabica}" stands for the
    id of the collection of that key; "{vip}" is the segment of those who spend most.
    """

    vip: str
    collections: Mapping[str, Document]
    rules: Mapping[str, Document]
    codes: Sequence[Document]
    promotion: str
    promotion_section: str
    tiers: Sequence[Tier]
    stack: str
    budget: str
    budget_limit: str
    daily_limit: str
    holidays: str
    days: Callable[[datetime], Sequence[Document]]
    stacking: Document = field(default_factory=dict)


def budget(project: Project, plays: Plays, *, exponent: int, at: datetime) -> Budget:
    """What the campaigns of the shop share."""
    spend = {"measure": "discount", "period": "year", "overflow": "CAP"}
    limit = {**spend, "value": minor(plays.budget_limit, exponent)}
    data = {"name": plays.budget, "limits": [limit]}
    return budgets.create(project=project, data=data, at=at - timedelta(days=380))


def load(project: Project, plays: Plays, *, owner: User, exponent: int, at: datetime) -> None:
    """Write all of it, as a marketer would have twenty days ago; nobody is told any more."""
    with acting(user=owner):
        _write(project, plays, owner, exponent, made_at=at - timedelta(days=20))
    OutboxEvent.objects.filter(dispatched_at=None).delete()


def _write(
    project: Project, plays: Plays, owner: User, exponent: int, *, made_at: datetime
) -> None:
    ids = _groups(project, plays, at=made_at)
    by_name = {
        name: rules.create(
            project=project, data={"name": name, **_filled(document, ids, exponent)}, at=made_at
        ).public_id
        for name, document in plays.rules.items()
    }
    for document in plays.codes:
        _code(project, {**document, "owner": owner}, by_name, exponent, at=made_at)
    _promotion(project, plays, by_name, ids, owner, exponent, at=made_at)
    _bounds(project, plays, exponent, at=made_at)
    stacking_rules.create(project=project, data=dict(plays.stacking), at=made_at)


def _groups(project: Project, plays: Plays, *, at: datetime) -> dict[str, str]:
    """Customers who spend most, and groups of products; their ids by name."""
    best = Customer.objects.filter(anonymized_at=None).order_by("-summary__orders_amount")[:60]
    members = [customer.public_id for customer in best]
    body = {"name": plays.vip, "type": "static", "customers": members}
    found = {"vip": segments.create(project=project, data=body, at=at).public_id}
    for key, document in plays.collections.items():
        made = collections.create(project=project, data=dict(document), at=at)
        found[key] = made.public_id
    return found


def _code(
    project: Project,
    document: Document,
    by_name: Mapping[str, str],
    exponent: int,
    *,
    at: datetime,
) -> None:
    """A campaign of one code for everybody, under a rule."""
    body = _filled(document, {}, exponent)
    rule = body.pop("rule")
    bounds = body.pop("limits", None)
    data = {
        **body,
        "type": "STANDALONE",
        "campaign_type": "DISCOUNT_COUPONS",
        "validation_rules": [by_name[rule]],
    }
    made = campaigns.create(project=project, data=data, at=at)
    if bounds:
        limits.put(project=project, owner=made, documents=bounds, at=at)


def _promotion(
    project: Project,
    plays: Plays,
    by_name: Mapping[str, str],
    ids: Mapping[str, str],
    owner: User,
    exponent: int,
    *,
    at: datetime,
) -> None:
    """Tiers and a stack; it pauses on holidays."""
    named = {"name": plays.holidays, "days": plays.days(at)}
    calendar = holidays.create(project=project, data=named, at=at)
    data = {
        "owner": owner,
        "holidays": {"calendar_id": calendar.public_id, "mode": "EXCEPT"},
        "name": plays.promotion,
        "campaign_type": "PROMOTION",
        "category": plays.promotion_section,
        "promotion": {"tiers": []},
    }
    campaign = campaigns.create(project=project, data=data, at=at)
    tiers: list[PromotionTier] = []
    for tier in plays.tiers:
        body = {
            "name": tier.name,
            "banner": tier.banner,
            "action": {"discount": _filled(tier.discount, ids, exponent)},
            "validation_rules": [by_name[tier.rule]] if tier.rule else [],
        }
        tiers.append(promotions.create(project=project, campaign=campaign, data=body, at=at))
    stack = {"name": plays.stack, "tiers": {"ids": [tier.public_id for tier in tiers[:2]]}}
    promotion_stacks.create(project=project, campaign=campaign, data=stack, at=at)


def _bounds(project: Project, plays: Plays, exponent: int, *, at: datetime) -> None:
    """A limit of the day and a floor of the margin for the whole shop."""
    daily = {"measure": "discount", "period": "day", "value": minor(plays.daily_limit, exponent)}
    limits.put(project=project, owner=None, documents=[daily], at=at)
    margin_floors.put(project=project, data={"percent": 10}, at=at)


def _filled(document: Any, ids: Mapping[str, str], exponent: int) -> Any:
    """A copy in minor units, with ids in the place of names."""
    if isinstance(document, Mapping):
        return {name: _filled(value, ids, exponent) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [_filled(value, ids, exponent) for value in document]
    if isinstance(document, Decimal):
        return minor(str(document), exponent)
    if isinstance(document, str) and document.startswith("{") and document.endswith("}"):
        return ids.get(document[1:-1], document)
    return document


def money(text: str) -> Decimal:
    """Major units, which become minor ones as they are written."""
    return Decimal(text)
