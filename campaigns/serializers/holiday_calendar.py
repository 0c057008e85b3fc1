from typing import Literal, TypedDict

from campaigns.models import HolidayCalendar
from loyalty_project.core import wire


class HolidayJson(TypedDict):
    date: str
    name: str


class HolidayCalendarJson(TypedDict):
    """Days of the project's clock."""

    id: str
    name: str
    days: list[HolidayJson]
    created_at: str
    updated_at: str
    object: Literal["holiday_calendar"]


def holiday_calendar_json(calendar: HolidayCalendar) -> HolidayCalendarJson:
    return {
        "id": calendar.public_id,
        "name": calendar.name,
        "days": [{"date": day["date"], "name": day["name"]} for day in calendar.days],
        "created_at": wire.instant(calendar.created_at),
        "updated_at": wire.instant(calendar.updated_at),
        "object": "holiday_calendar",
    }
