"""Apology coupons: a code for one use that support gives to one customer, within its bounds."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from campaigns import events
from campaigns.models import Apology, ApologyPolicy
from campaigns.services import apology_policies, publications, vouchers
from customers.models import Customer
from loyalty_project.core import durations, money, reading
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project, User

CHANNEL = "support"
PREFIX = "SORRY-"
REASON_MAX = 500


class InvalidApology(Invalid):
    """An apology that is not within the bounds of the project; `field` says what."""

    key = "invalid_apology"
    message = "Invalid apology"


class AllowanceExceeded(Invalid):
    """The agent has given as much today as the project allows."""

    key = "apology_allowance_exceeded"
    message = "Apology allowance exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`amount` in minor units or `percent` in millionths, one of both; `days` until it ends."""

    days: int
    reason: str
    amount: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What an agent gave today: how many codes, and how much in amounts, minor units."""

    count: int
    amount: int


def issue(
    *, project: Project, customer: Customer, wish: Wish, agent: User, at: datetime
) -> Apology:
    """Make a code for one use, give it to the customer, who alone can redeem it, and record why.

    Raises InvalidApology, AllowanceExceeded.
    """
    reason = reading.text(wish.reason, "reason", longest=REASON_MAX)
    policy = apology_policies.of_project(project=project)
    _check(policy, wish, reason)
    with transaction.atomic():
        rule = apology_policies.rule_of(project=project, at=at)
        voucher = vouchers.create(
            project=project,
            data={**_document(project, wish, at=at), "validation_rules": [rule.public_id]},
            at=at,
        )
        _, (voucher,) = publications.publish(
            project=project,
            data={
                "voucher": voucher.code,
                "customer": customer.public_id,
                "channel": CHANNEL,
            },
            at=at,
        )
        # The agent's own row: two of his apologies at once would both find room for one.
        User.objects.select_for_update(no_key=True).get(pk=agent.pk)
        _check_allowance(project, policy, wish, agent, at=at)
        apology = Apology.objects.create(
            project=project,
            voucher=voucher,
            customer=customer,
            agent=agent,
            reason=reason,
            amount=wish.amount,
            percent=wish.percent,
            created_at=at,
        )
        events.apology_issued(apology=apology, voucher=voucher, at=at)
    return apology


def given_today(*, project: Project, agent: User, at: datetime) -> Given:
    """What the agent gave since midnight in the project's time zone."""
    zone = ZoneInfo(project.timezone)
    midnight = datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone)
    rows = Apology.objects.filter(agent=agent, created_at__gte=midnight)
    found = rows.aggregate(count=Count("pk"), amount=Sum("amount"))
    return Given(found["count"], int(found["amount"] or 0))


def forget_customer(*, public_id: str) -> None:
    """Remove the reasons that name a customer; that there was an apology stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wafa.erase', 'on', true)")
        Apology.objects.filter(customer__public_id=public_id).update(reason="")
        cursor.execute("SELECT set_config('wafa.erase', '', true)")


def _check(policy: ApologyPolicy, wish: Wish, reason: str) -> None:
    if not reason:
        raise _invalid("reason", _("Say why the customer gets it; it is kept with the code."))
    if (wish.amount is None) is (wish.percent is None):
        raise _invalid("amount", _("Fill in the amount or the percent, one of both."))
    highest = {"amount": policy.max_amount, "percent": policy.max_percent, "days": policy.max_days}
    for name, most in highest.items():
        value = getattr(wish, name)
        if value is not None and not 1 <= value <= (most or 0):
            raise _invalid(name, _("This is outside of what the project allows for apologies."))


def _check_allowance(
    project: Project, policy: ApologyPolicy, wish: Wish, agent: User, *, at: datetime
) -> None:
    given = given_today(project=project, agent=agent, at=at)
    if policy.daily_count is not None and given.count + 1 > policy.daily_count:
        raise AllowanceExceeded(
            explanation=_(
                "You have issued as many apology coupons today as the project allows. "
                "Ask a marketer, or issue it tomorrow."
            ),
        )
    amount = given.amount + (wish.amount or 0)
    if wish.amount and policy.daily_amount is not None and amount > policy.daily_amount:
        raise AllowanceExceeded(
            explanation=_(
                "With this amount you would give more today than the project allows. "
                "Give less, or ask a marketer."
            ),
            extra={"field": "amount"},
        )


def _document(project: Project, wish: Wish, *, at: datetime) -> dict[str, Any]:
    """The published body of the code."""
    life = durations.parse(f"P{wish.days}D")
    if wish.amount is not None:
        discount = {"type": "AMOUNT", "amount_off": wish.amount}
    else:
        percent = money.to_percent(wish.percent or 0)
        discount = {"type": "PERCENT", "percent_off": float(percent)}
    return {
        "type": "DISCOUNT_VOUCHER",
        "discount": {**discount, "effect": "APPLY_TO_ORDER"},
        "redemption": {"quantity": 1},
        "expiration_date": durations.add(at, life, ZoneInfo(project.timezone)),
        "code_config": {"prefix": PREFIX},
    }


def _invalid(name: str, explanation: Any) -> InvalidApology:
    return InvalidApology(extra={"field": name}, explanation=explanation)
