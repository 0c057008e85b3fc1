"""The calendar of campaigns and tiers; the project lies in Berlin, it is 28 March 2026 there."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.queries import timeline
from loyalty_project.core import calendars
from loyalty_project.core.models import Membership, User
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import HolidayCalendarFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory

pytestmark = pytest.mark.usefixtures("in_project")
CALENDAR = "admin:campaigns_campaign_calendar"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_march(set_clock):
    set_clock(utc(2026, 3, 28, 22))


@pytest.fixture
def seen(person):
    """`seen(day="2026-03-01")`: what the template of the page is given."""
    http = person("Marketer")

    def look(**query):
        return http.get(reverse(CALENDAR), query)

    return look


def pieces(answer):
    """`(name, ISO day of the first column, days, state)` of all bars in the weeks."""
    return [
        (
            piece["bar"].name,
            week["days"][piece["column"] - 1]["iso"],
            piece["width"],
            piece["bar"].state,
        )
        for week in answer.context["weeks"]
        for piece in (*week["pieces"], *week["more"])
    ]


@pytest.mark.requirement(69)
def test_a_campaign_of_tomorrow_at_nine_is_on_its_day_and_starts_by_itself(
    api, person, seen, set_clock
):
    """Summer time begins in that night."""
    voucher = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1000}}
    body = {
        "name": "Spring",
        "type": "AUTO_UPDATE",
        "voucher": voucher,
        "start_date": "2026-03-29T09:00:00+02:00",
        "expiration_date": "2026-04-01T00:00:00+02:00",
    }
    campaign = api.post("/v1/campaigns", body).json()
    code = api.post(f"/v1/campaigns/{campaign['id']}/vouchers", {}).json()["code"]
    wanted = {"redeemables": [{"object": "voucher", "id": code}], "order": {"amount": 5000}}

    before = seen()
    set_clock(utc(2026, 3, 29, 6, 59, 59))
    early = api.post("/v1/redemptions", wanted).json()["key"]
    set_clock(utc(2026, 3, 29, 7))
    at_nine = api.post("/v1/redemptions", wanted).status_code
    after = person("Marketer").get(reverse(CALENDAR))

    assert pieces(before) == [
        ("Spring", "2026-03-29", 1, "later"),
        ("Spring", "2026-03-30", 2, "later"),
    ]
    assert ">09:00</bdi>" in before.content.decode()
    assert "29 Mar 2026 09:00 – 31 Mar 2026" in before.content.decode()
    assert (early, at_nine) == ("voucher_not_active", 200)
    assert [piece[-1] for piece in pieces(after)] == ["on", "on"]


def test_bars_say_switches_ends_and_tiers_with_dates_of_their_own(seen):
    CampaignFactory(name="Ever")
    CampaignFactory(name="Off", active=False, expires_at=utc(2026, 3, 3, 12))
    CampaignFactory(name="Over", starts_at=utc(2026, 2, 27), expires_at=utc(2026, 3, 3, 23))
    CampaignFactory(name="Bin", starts_at=utc(2026, 3, 3), deleted_at=utc(2026, 3, 4))
    CampaignFactory(name="April", starts_at=utc(2026, 4, 9))
    club = PromotionFactory(name="Club", expires_at=utc(2026, 3, 26, 11))
    PromotionTierFactory(campaign=club, name="Happy", starts_at=utc(2026, 3, 24, 11))
    PromotionTierFactory(campaign=club, name="As the club")
    PromotionTierFactory(campaign=club, name="Never", starts_at=utc(2026, 3, 27, 11))

    march, april = seen(), seen(day="2026-04-30")

    assert [bar.name for bar in march.context["always"]] == ["Ever"]
    assert pieces(march) == [
        ("Club", "2026-02-23", 7, "ended"),
        ("Off", "2026-02-23", 7, "off"),
        ("Over", "2026-02-27", 3, "ended"),
        ("Club", "2026-03-02", 7, "ended"),
        ("Off", "2026-03-02", 2, "off"),
        ("Over", "2026-03-02", 2, "ended"),
        ("Club", "2026-03-09", 7, "ended"),
        ("Club", "2026-03-16", 7, "ended"),
        ("Club", "2026-03-23", 4, "ended"),
        ("Club · Happy", "2026-03-24", 3, "ended"),
    ]
    assert [bar[0] for bar in pieces(april)] == ["April"] * 4
    assert "?day=2026-03-31" in april.context["before"]
    assert "?day=2026-05-01" in april.context["after"]
    assert "?day=2026-03-28" in april.context["now"]


def test_a_jalali_month_runs_from_right_to_left_from_saturday(seen):
    HolidayCalendarFactory(days=[{"date": "2026-03-21", "name": "نوروز"}])
    CampaignFactory(name="نوروزی", starts_at=utc(2026, 3, 20, 23))
    User.objects.update(calendar="JALALI", language="fa")

    answer = seen(day="2026-03-21")

    body = answer.content.decode()
    first = answer.context["weeks"][0]["days"]
    assert 'dir="rtl"' in body
    assert ">فروردین 1405</h2>" in body
    assert '<ol class="week-names" aria-hidden="true"><li>شنبه</li>' in body
    assert (first[0]["iso"], first[0]["number"], first[0]["holidays"]) == (
        "2026-03-21",
        1,
        ["نوروز"],
    )
    assert pieces(answer)[0] == ("نوروزی", "2026-03-21", 7, "on")
    assert answer.context["before"].endswith("?day=2026-03-20")
    assert answer.context["after"].endswith("?day=2026-04-21")
    assert re.search(r'<li class="[^"]*holiday">', body)


def test_a_phone_reads_days_on_which_something_changes(seen):
    CampaignFactory(name="Spring", starts_at=utc(2026, 3, 10), expires_at=utc(2026, 3, 12, 17))
    HolidayCalendarFactory(name="Days off", days=[{"date": "2026-03-20", "name": ""}])

    agenda = seen().context["agenda"]

    assert [
        (day["iso"], [bar.name for bar in day["starts"]], [bar.name for bar in day["ends"]])
        for day in agenda
    ] == [
        ("2026-03-10", ["Spring"], []),
        ("2026-03-12", [], ["Spring"]),
        ("2026-03-20", [], []),
        ("2026-03-28", [], []),
    ]
    assert agenda[1]["ends"][0].stops == "18:00"
    assert agenda[2]["holidays"] == ["Days off"]


def test_it_asks_as_often_for_many_as_for_one(seen):
    club = PromotionFactory(name="Club", holiday_calendar=HolidayCalendarFactory())
    PromotionTierFactory(campaign=club, starts_at=utc(2026, 3, 2))
    seen()
    with CaptureQueriesContext(connection) as few:
        seen()
    CampaignFactory.create_batch(10, starts_at=utc(2026, 3, 4), expires_at=utc(2026, 3, 6))
    for _number in range(5):
        own = HolidayCalendarFactory()
        campaign = PromotionFactory(holiday_calendar=own, expires_at=utc(2026, 3, 9))
        PromotionTierFactory(campaign=campaign, starts_at=utc(2026, 3, 2))

    with CaptureQueriesContext(connection) as many:
        body = seen().content.decode()

    assert len(many) == len(few)
    assert body.count('class="more-bars"') == 2


def test_it_says_when_there_are_too_many(seen, monkeypatch):
    monkeypatch.setattr(timeline, "MOST", 2)
    CampaignFactory.create_batch(2, starts_at=utc(2026, 3, 4), expires_at=utc(2026, 3, 6))
    two = seen()
    CampaignFactory(starts_at=utc(2026, 3, 5), expires_at=utc(2026, 3, 6))

    three = seen()

    assert [len(pieces(answer)) for answer in (two, three)] == [2, 2]
    notice = "Only 2 are shown; the lists of campaigns and tiers have all."
    assert [notice in answer.content.decode() for answer in (two, three)] == [False, True]


@pytest.mark.parametrize("day", ["yesterday", "", "0001-01-01", "9999-12-31"])
def test_an_odd_day_shows_the_current_month(seen, day):
    assert seen(day=day).context["month"].title == "March 2026"


def test_others_do_not_see_it(staff, other_project):
    CampaignFactory(name="Ours", starts_at=utc(2026, 3, 4))
    stranger = staff("Marketer", in_project=other_project)

    foreign = stranger.get(reverse(CALENDAR))
    Membership.objects.all().delete()

    assert (foreign.status_code, b"Ours" in foreign.content) == (200, False)
    assert stranger.get(reverse(CALENDAR)).status_code == 403


def test_months_of_both_calendars_meet_without_a_gap():
    day, seen = date(2020, 1, 1), []
    while day < date(2029, 1, 1):
        month = calendars.month_of(day, jalali=True)
        assert calendars.day_of_month(month.first, jalali=True) == 1
        assert calendars.month_of(month.end, jalali=True).first == month.end
        seen.append((month.end - month.first).days)
        day = month.end
    assert set(seen) == {29, 30, 31}
    assert calendars.month_of(date(2028, 2, 29)).end == date(2028, 3, 1)
