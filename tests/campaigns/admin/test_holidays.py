"""The pages of holiday calendars: a day per line, Gregorian or Jalali."""

import re

import pytest
from django.urls import reverse

from campaigns.models import HolidayCalendar
from loyalty_project.core.models import User
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import HolidayCalendarFactory

pytestmark = pytest.mark.usefixtures("in_project")
ADD = "admin:campaigns_holidaycalendar_add"
NOWRUZ = {"date": "2027-03-21", "name": "Nowruz"}


def page(calendar):
    return reverse("admin:campaigns_holidaycalendar_change", args=[calendar.pk])


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_days_are_lines(person):
    lines = "2027-04-02, Sizdah Bedar\n\n2027-03-21 Nowruz\n2027/3/22\n"

    person("Marketer").post(reverse(ADD), {"name": "Iran 1406", "days": lines})

    assert HolidayCalendar.objects.get().days == [
        NOWRUZ,
        {"date": "2027-03-22", "name": ""},
        {"date": "2027-04-02", "name": "Sizdah Bedar"},
    ]


@pytest.mark.parametrize("line", ["1406-01-01 نوروز", "۱۴۰۶/۱/۱ نوروز", "۱۴۰۶-۰۱-۰۱ نوروز"])
def test_jalali_days_are_understood(person, line):
    person("Marketer").post(reverse(ADD), {"name": "Iran", "days": line})

    assert HolidayCalendar.objects.get().days == [{"date": "2027-03-21", "name": "نوروز"}]


@pytest.mark.parametrize(
    ("calendar", "written"), [("GREGORIAN", "2027-03-21"), ("JALALI", "1406-01-01")]
)
def test_days_are_written_in_the_calendar_of_the_person(person, calendar, written):
    row = HolidayCalendarFactory(days=[NOWRUZ])
    http = person("Marketer")
    User.objects.filter(pk=http.session["_auth_user_id"]).update(calendar=calendar)

    body = http.get(page(row)).content.decode()

    assert f"{written} Nowruz</textarea>" in body
    http.post(page(row), {"name": row.name, "days": f"{written} Nowruz"})
    row.refresh_from_db()
    assert row.days == [NOWRUZ]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("2027-03-21\nNowruz", "Line 2: write the day as 2027-03-21, then its name."),
        ("2027-02-30", "Line 1: write the day as 2027-03-21, then its name."),
        ("1406-12-31", "Line 1: write the day as 2027-03-21, then its name."),
        ("9999-01-01", "Line 1: write the day as 2027-03-21, then its name."),
        ("2027-03-21\n1406-01-01", "21 Mar 2027 is there twice."),
    ],
)
def test_names_the_line_that_is_wrong(person, lines, problem):
    answer = person("Marketer").post(reverse(ADD), {"name": "Iran", "days": lines})

    assert answer.context["adminform"].form.errors == {"days": [problem]}
    assert not HolidayCalendar.objects.exists()


def test_shows_the_days_in_words_and_their_number(person):
    row = HolidayCalendarFactory(name="Iran", days=[NOWRUZ])
    http = person("Viewer")

    assert "21 Mar 2027 Nowruz" in text_of(http.get(page(row)))
    listed = text_of(http.get(reverse("admin:campaigns_holidaycalendar_changelist")))
    assert "Iran 1" in listed


def test_keeps_a_calendar_in_use(person):
    row = HolidayCalendarFactory()
    CampaignFactory(holiday_calendar=row)
    delete = reverse("admin:campaigns_holidaycalendar_delete", args=[row.pk])

    person("Marketer").post(delete, {"post": "yes"})

    assert HolidayCalendar.objects.count() == 1
