"""Holiday calendars: create, change, delete."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaigns.models import Campaign, HolidayCalendar
from campaigns.services import state
from loyalty_project.core import locks, reading
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project

MAX_DAYS = 1000
YEARS = range(2000, 2200)


class DuplicateCalendar(Conflict):
    message = "Duplicated resource found"


class CalendarInUse(Invalid):
    key = "resource_in_use"
    message = "Resource in use"


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> HolidayCalendar:
    """Make a calendar from `{name, days: [{date, name}]}`; a date is an ISO text or a date.

    Raises DuplicateCalendar, WrongMember.
    """
    days = read_days(days=data.get("days") or [])
    with _unique_name(data["name"]), transaction.atomic():
        calendar = HolidayCalendar.objects.create(
            project=project, name=data["name"], days=days, created_at=at
        )
        state.stamp(project=project)
    return calendar


def update(
    *, project: Project, calendar: HolidayCalendar, data: Mapping[str, Any], at: datetime
) -> HolidayCalendar:
    """Change what is given; days hold at once for all campaigns.

    Raises as `create`, NotFound and errors.Busy.
    """
    del at
    with _unique_name(data.get("name", calendar.name)), transaction.atomic():
        # A campaign that takes the calendar waits for this row, or is among the campaigns already.
        _alone(calendar)
        if data.get("name") is not None:
            calendar.name = data["name"]
        if "days" in data:
            calendar.days = read_days(days=data["days"] or [])
            users = Campaign.objects.filter(holiday_calendar=calendar)
            state.revise(campaign_pks=users.values_list("pk", flat=True))
        calendar.save()
        state.stamp(project=project)
    return calendar


def delete(*, project: Project, calendar: HolidayCalendar, at: datetime) -> None:
    """Delete a calendar that no campaign has. Raises CalendarInUse, NotFound, errors.Busy."""
    del at
    public_id = calendar.public_id
    try:
        with transaction.atomic():
            _alone(calendar)
            calendar.delete()
            state.stamp(project=project)
    except ProtectedError as error:
        raise CalendarInUse(
            f"Holiday calendar {calendar.name} is used by {len(error.protected_objects)} campaigns",
            resource_id=public_id,
            resource_type="holiday_calendar",
        ) from error


def hold(*, project: Project, reference: str) -> HolidayCalendar:
    """As `find`, for a campaign that joins: it stays there until the commit. Raises errors.Busy."""
    found = find(project=project, reference=reference)
    _alone(found)
    return found


def find(*, project: Project, reference: str) -> HolidayCalendar:
    """By id. Raises NotFound."""
    rows = HolidayCalendar.objects.filter(project=project, public_id=reference)
    found: HolidayCalendar | None = rows.first()
    if found is None:
        raise NotFound.of("holiday_calendar", reference)
    return found


def read_days(*, days: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The days in their sequence, as they are stored. Raises WrongMember."""
    found: dict[date, str] = {}
    for index, entry in enumerate(days):
        path = f"days[{index}]"
        day = reading.day(entry.get("date"), f"{path}.date")
        if day is None:
            raise _wrong(f"Property .{path} should have required property 'date'")
        if day.year not in YEARS:
            raise _wrong(f"Property .{path}.date must be of the years {YEARS[0]} to {YEARS[-1]}")
        if day in found:
            raise _wrong(f"Property .{path}.date must NOT be there twice")
        found[day] = reading.text(entry.get("name"), f"{path}.name", longest=120)
    if len(found) > MAX_DAYS:
        raise _wrong(f"Property .days must NOT have more than {MAX_DAYS} items")
    return [{"date": day.isoformat(), "name": found[day]} for day in sorted(found)]


def _wrong(details: str) -> reading.WrongMember:
    return reading.WrongMember(details, extra={"field": "days"})


def _alone(calendar: HolidayCalendar) -> None:
    """Wait for whoever changes, deletes or joins it. Raises NotFound, errors.Busy."""
    public_id = calendar.public_id
    try:
        with locks.waiting():
            calendar.refresh_from_db(from_queryset=HolidayCalendar.objects.select_for_update())
    except HolidayCalendar.DoesNotExist as error:
        raise NotFound.of("holiday_calendar", public_id) from error


@contextmanager
def _unique_name(name: str) -> Iterator[None]:
    """Turns the clash of names into the published answer."""
    try:
        yield
    except IntegrityError as error:
        if "campaigns_holidays_name" not in str(error):
            raise
        raise DuplicateCalendar(
            f"Duplicated holiday calendar exists with name {name}",
            resource_id=name,
            resource_type="holiday_calendar",
            extra={"field": "name"},
        ) from error
