"""`/v1/holiday-calendars` over HTTP."""

import pytest

from campaigns.models import Campaign, HolidayCalendar
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import HolidayCalendarFactory

pytestmark = pytest.mark.usefixtures("in_project")

NOWRUZ = {"date": "2027-03-21", "name": "Nowruz"}
NATURE = {"date": "2027-04-02", "name": "Sizdah Bedar"}


def test_creates_changes_and_deletes(api, set_clock, at):
    set_clock(at)
    made = api.post("/v1/holiday-calendars", {"name": "Iran 1406", "days": [NATURE, NOWRUZ]}).json()

    assert made == {
        "id": HolidayCalendar.objects.get().public_id,
        "name": "Iran 1406",
        "days": [NOWRUZ, NATURE],
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": "2026-03-02T12:00:00.000Z",
        "object": "holiday_calendar",
    }
    path = f"/v1/holiday-calendars/{made['id']}"

    renamed = api.put(path, {"name": "Iran"}).json()
    assert (renamed["name"], renamed["days"]) == ("Iran", [NOWRUZ, NATURE])
    shorter = api.put(path, {"days": [{"date": "2027-03-21"}]}).json()
    assert shorter["days"] == [{"date": "2027-03-21", "name": ""}]
    assert api.get(path).json() == shorter
    assert api.get("/v1/holiday-calendars").json()["data"] == [shorter]

    assert api.delete(path).status_code == 204
    assert api.get(path).json()["details"] == f"Cannot find holiday calendar with id {made['id']}"


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "Payload should have required property 'name'"),
        ({"name": "A", "days": ["2027-03-21"]}, "Property .days[0] must be object"),
        ({"name": "A", "days": [{"name": "x"}]},
         "Property .days[0] should have required property 'date'"),
        ({"name": "A", "days": [{"date": "2027-02-30"}]},
         'Property .days[0].date must match format "date"'),
        ({"name": "A", "days": [{"date": "9999-12-31"}]},
         "Property .days[0].date must be of the years 2000 to 2199"),
        ({"name": "A", "days": [NOWRUZ, NOWRUZ]}, "Property .days[1].date must NOT be there twice"),
    ],
)  # fmt: skip
def test_names_what_is_wrong(api, body, details):
    answer = api.post("/v1/holiday-calendars", body)

    assert (answer.status_code, answer.json()["details"]) == (400, details)
    assert not HolidayCalendar.objects.exists()


def test_refuses_a_name_twice_and_the_deletion_of_one_in_use(api):
    calendar = HolidayCalendarFactory(name="Iran")
    CampaignFactory(holiday_calendar=calendar)

    twice = api.post("/v1/holiday-calendars", {"name": "Iran"})
    used = api.delete(f"/v1/holiday-calendars/{calendar.public_id}")

    assert (twice.status_code, twice.json()["key"]) == (409, "duplicate_found")
    assert (used.status_code, used.json()["key"]) == (400, "resource_in_use")
    assert HolidayCalendar.objects.count() == 1


@pytest.mark.parametrize(("change", "version"), [({"days": [NOWRUZ]}, 2), ({"name": "Other"}, 1)])
def test_other_days_reach_all_campaigns_with_the_calendar(api, change, version):
    calendar = HolidayCalendarFactory()
    CampaignFactory(holiday_calendar=calendar)

    api.put(f"/v1/holiday-calendars/{calendar.public_id}", change)

    assert Campaign.objects.get().version == version
