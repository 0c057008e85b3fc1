"""How much support may give by itself: the bounds of apology coupons."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import ApologyPolicy, ValidationRule
from campaigns.services import rules
from loyalty_project.core import reading
from loyalty_project.core.models import Project

MAX_AMOUNT = 2**53 - 1
MAX_PERCENT = 1_000_000
MAX_DAYS = 365
MAX_COUNT = 1000
_HIGHEST = {
    "max_amount": MAX_AMOUNT,
    "max_percent": MAX_PERCENT,
    "max_days": MAX_DAYS,
    "daily_count": MAX_COUNT,
    "daily_amount": MAX_AMOUNT,
}


def of_project(*, project: Project) -> ApologyPolicy:
    """The stored one, else the defaults, unsaved."""
    found: ApologyPolicy | None = ApologyPolicy.objects.first()
    return found or ApologyPolicy(project=project)


def put(*, project: Project, data: Mapping[str, Any], at: datetime) -> ApologyPolicy:
    """Set what is given: `max_amount`, `max_percent` (millionths), `max_days`, `daily_count` and
    `daily_amount`; null takes one away, but not the days. Raises WrongMember."""
    values = {name: _value(name, data[name]) for name in _HIGHEST if name in data}
    with transaction.atomic():
        policy = _held(project, at=at)
        for name, value in values.items():
            setattr(policy, name, value)
        policy.save()
    return policy


def rule_of(*, project: Project, at: datetime) -> ValidationRule:
    """The rule by which only its holder can redeem a code; made when it is first needed.

    In the caller's transaction.
    """
    policy = of_project(project=project)
    if policy.rule is None:
        policy = _held(project, at=at)
    if policy.rule is None:
        policy.rule = rules.create(project=project, data=_document(project), at=at)
        policy.save()
    return policy.rule


def _held(project: Project, *, at: datetime) -> ApologyPolicy:
    ApologyPolicy.objects.get_or_create(project=project, defaults={"created_at": at})
    return ApologyPolicy.objects.select_for_update(no_key=True, of=("self",)).get(project=project)


def _document(project: Project) -> dict[str, Any]:
    """In the language of the project, as shoppers read it."""
    with translation.override(project.locale):
        return {
            "name": _("Only for whom it was given to"),
            "rules": {
                "1": {
                    "name": "publication.redeemable_by_linked_customer",
                    "conditions": {"$is": [True]},
                }
            },
            "error": {"message": _("This code is for the customer to whom it was given.")},
        }


def _value(name: str, value: Any) -> int | None:
    found = reading.amount(value, name)
    if found is None and name != "max_days":
        return None
    lowest = 1 if name == "max_days" else 0
    if found is None or not lowest <= found <= _HIGHEST[name]:
        raise reading.wrong(name, f"must be >= {lowest} and <= {_HIGHEST[name]}")
    return found
