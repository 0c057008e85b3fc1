"""Below what discounts never take a product: for one campaign, or for the whole project."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.models import Campaign, MarginFloor
from campaigns.services import state
from loyalty_project.core import money
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from loyalty_project.core.reading import WrongMember

MAX_AMOUNT = 2**53 - 1
MAX_PERCENT = 1000
_SETTINGS = ("amount", "percent", "skips")


def put(*, project: Project, data: Mapping[str, Any] | None, at: datetime) -> None:
    """Set the floor of the whole project, `{amount, percent, skips}`; None takes it away.

    True for everybody when it returns. Raises WrongMember, errors.Busy.
    """
    with transaction.atomic():
        state.exclusive_combinations(project=project)
        if set_row(project=project, campaign=None, data=data, at=at):
            state.stamp(project=project)


def set_row(
    *, project: Project, campaign: Campaign | None, data: Mapping[str, Any] | None, at: datetime
) -> bool:
    """The floor of a campaign, whose lock the caller holds, or of the project.

    `amount` is minor units per unit above the cost, `percent` as on the wire, 12.5, of the cost.
    Whether anything changed. Raises WrongMember.
    """
    values = None if data is None else _values(data)
    row = of(campaign=campaign)
    if values is None:
        if row is not None:
            row.delete()
        return row is not None
    if row is None:
        row = MarginFloor(project=project, campaign=campaign, created_at=at)
    elif all(getattr(row, name) == values[name] for name in _SETTINGS):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True


def of(*, campaign: Campaign | None) -> MarginFloor | None:
    found: MarginFloor | None = MarginFloor.objects.filter(campaign=campaign).first()
    return found


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    amount = data.get("amount") or 0
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= MAX_AMOUNT:
        raise _wrong("amount", f"must be >= 0 and <= {MAX_AMOUNT}")
    return {"amount": amount, "percent": _percent(data), "skips": bool(data.get("skips"))}


def _percent(data: Mapping[str, Any]) -> int:
    percent = data.get("percent") or 0
    if not 0 <= percent <= MAX_PERCENT:
        raise _wrong("percent", f"must be >= 0 and <= {MAX_PERCENT}")
    try:
        return money.to_millionths(str(percent))
    except Invalid:
        raise _wrong("percent", "must have at most 4 decimals") from None


def _wrong(name: str, why: str) -> WrongMember:
    return WrongMember(f"Property .margin_floor.{name} {why}", extra={"field": f"margin_{name}"})
