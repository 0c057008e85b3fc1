"""What keeps a campaign within bounds: budget, limits, margin floor, holidays, rollout, offers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaigns.models import Campaign, HolidayMode
from campaigns.services import budgets, holidays, jurisdictions, limits, margin_floors
from loyalty_project.core.models import Project
from loyalty_project.core.reading import wrong


def set_fields(*, project: Project, campaign: Campaign, data: Mapping[str, Any]) -> None:
    """Set what stands on the campaign itself and is given, before it is saved.

    `budget_id`, `holidays` as `{calendar_id, mode}`, `rollout_percent`, `listed`, `jurisdiction`.
    Raises NotFound for an unknown budget, calendar or jurisdiction, WrongMember, errors.Busy.
    """
    if "budget_id" in data:
        _set_budget(project, campaign, data["budget_id"])
    if "holidays" in data:
        _set_holidays(project, campaign, data["holidays"])
    if data.get("rollout_percent") is not None:
        campaign.rollout_percent = _percent(data["rollout_percent"])
    if data.get("listed") is not None:
        campaign.listed = data["listed"]
    if "jurisdiction" in data:
        _set_jurisdiction(project, campaign, data["jurisdiction"])


def set_rows(
    *, project: Project, campaign: Campaign, data: Mapping[str, Any], at: datetime
) -> None:
    """Set limits and margin floor where they are given, once the campaign is saved.

    The caller holds the campaign alone, raises its version and stamps. Raises WrongMember.
    """
    limits.set_given(project=project, owner=campaign, data=data, at=at)
    if "margin_floor" in data:
        margin_floors.set_row(project=project, campaign=campaign, data=data["margin_floor"], at=at)


def _set_budget(project: Project, campaign: Campaign, reference: str | None) -> None:
    if not reference:
        campaign.budget = None
    elif campaign.budget is None or campaign.budget.public_id != reference:
        campaign.budget = budgets.hold(project=project, reference=reference)


def _set_jurisdiction(project: Project, campaign: Campaign, reference: str | None) -> None:
    """By code or id."""
    campaign.jurisdiction = (
        jurisdictions.find(project=project, reference=reference) if reference else None
    )
    jurisdictions.check_cards(campaign=campaign)


def _set_holidays(project: Project, campaign: Campaign, given: Mapping[str, Any] | None) -> None:
    if not given:
        campaign.holiday_calendar = None
        return
    reference = given.get("calendar_id")
    if not reference:
        raise wrong("holidays", "should have required property 'calendar_id'")
    mode = given.get("mode") or HolidayMode.EXCEPT
    if mode not in HolidayMode.values:
        raise wrong("holidays.mode", "must be equal to one of the allowed values")
    calendar = campaign.holiday_calendar
    if calendar is None or calendar.public_id != reference:
        campaign.holiday_calendar = holidays.hold(project=project, reference=reference)
    campaign.holiday_mode = mode


def _percent(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise wrong("rollout_percent", "must be >= 0 and <= 100")
    return value
