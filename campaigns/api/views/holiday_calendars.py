"""`/v1/holiday-calendars`; a resource of our own, which the published API does not have."""

from typing import Literal, TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.inputs.limit import HolidayCalendarInput
from campaigns.models import HolidayCalendar
from campaigns.serializers.holiday_calendar import HolidayCalendarJson, holiday_calendar_json
from campaigns.services import holidays
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import complete
from loyalty_project.core.api.views import ApiView


class HolidayCalendarsJson(TypedDict):
    """All holiday calendars; there are no pages."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[HolidayCalendarJson]
    total: int


class HolidayCalendarsView(ApiView):
    resource = "campaigns"

    @documented(summary="List holiday calendars", response=HolidayCalendarsJson)
    def list(self, _request: Request) -> Response:
        rows = HolidayCalendar.objects.order_by("-created_at", "-pk")
        found = [holiday_calendar_json(row) for row in rows]
        return Response(complete(found))

    @documented(
        summary="Create a holiday calendar",
        request=HolidayCalendarInput,
        response=HolidayCalendarJson,
        errors=[409],
    )
    def create(self, _request: Request) -> Response:
        calendar = holidays.create(
            project=self.project, data=self.parse(HolidayCalendarInput), at=self.at
        )
        return Response(holiday_calendar_json(calendar))

    @documented(summary="Get a holiday calendar", response=HolidayCalendarJson)
    def retrieve(self, _request: Request, calendar_id: str) -> Response:
        return Response(holiday_calendar_json(self._calendar(calendar_id)))

    @documented(
        summary="Update a holiday calendar; its days hold at once for all campaigns",
        request=HolidayCalendarInput,
        response=HolidayCalendarJson,
        errors=[409],
    )
    def update(self, _request: Request, calendar_id: str) -> Response:
        calendar = holidays.update(
            project=self.project,
            calendar=self._calendar(calendar_id),
            data=self.parse(HolidayCalendarInput, partial=True),
            at=self.at,
        )
        return Response(holiday_calendar_json(calendar))

    @documented(summary="Delete a holiday calendar that no campaign has", status=204)
    def destroy(self, _request: Request, calendar_id: str) -> Response:
        holidays.delete(project=self.project, calendar=self._calendar(calendar_id), at=self.at)
        return Response(status=204)

    def _calendar(self, calendar_id: str) -> HolidayCalendar:
        return holidays.find(project=self.project, reference=calendar_id)
