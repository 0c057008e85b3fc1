"""When something is valid, in the reader's language, calendar and time zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from campaigns.engine.redeemable import Campaign, DailyHours, HolidayMode, Timeframe, Validity
from campaigns.sentences import dates, windows
from loyalty_project.core import durations
from tests.campaigns.engine.build import AT, voucher
from tests.campaigns.sentences.spoken import WORDS

ZONE = "(time zone Europe/Berlin)."


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def said(words=WORDS, campaign=None, **facts):
    campaign = Campaign("camp_1", validity=campaign) if campaign is not None else None
    return windows.of_redeemable(voucher("A", campaign=campaign, validity=Validity(**facts)), words)


@pytest.mark.requirement(78)
@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (utc(2026, 5, 1, 7), utc(2026, 5, 31, 18, 30),
         "Valid from 1 May 2026 09:00 to 31 May 2026 20:30"),
        (utc(2026, 4, 30, 22), utc(2026, 5, 31, 22),
         "Valid from 1 May 2026 to the end of 31 May 2026"),
        (utc(2026, 5, 1, 7), None, "Valid from 1 May 2026 09:00 on"),
        (None, utc(2026, 5, 31, 22), "Valid to the end of 31 May 2026"),
    ],
)  # fmt: skip
def test_says_from_when_to_when(start, end, sentence):
    assert said(starts_at=start, ends_at=end) == [f"{sentence} {ZONE}"]


def test_says_nothing_of_what_is_always_valid():
    assert said() == []


@pytest.mark.requirement(78)
def test_says_days_of_the_jalali_calendar_on_the_clock_of_tehran():
    tehran = replace(WORDS, time_zone=ZoneInfo("Asia/Tehran"), jalali=True)

    found = said(tehran, starts_at=utc(2026, 3, 20, 20, 30), ends_at=utc(2026, 4, 3, 8, 30))

    assert found == [
        "Valid from 1 Farvardin 1405 to 14 Farvardin 1405 12:00 (time zone Asia/Tehran)."
    ]


def test_the_narrower_of_two_windows_counts():
    campaign = Validity(starts_at=utc(2026, 5, 1, 7), ends_at=utc(2026, 8, 1, 7))

    found = said(campaign=campaign, starts_at=utc(2026, 4, 1, 7), ends_at=utc(2026, 7, 1, 7))

    assert found == [f"Valid from 1 May 2026 09:00 to 1 Jul 2026 09:00 {ZONE}"]


EVENING = DailyHours(start=time(18), expiration=time(20, 30))
WEEKEND = DailyHours(frozenset({0, 6}), time(10))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"days_of_week": frozenset({0, 1, 5})}, ["Valid only on Monday, Friday and Sunday."]),
        ({"daily_hours": (EVENING,)}, ["Valid only from 18:00 to 20:30."]),
        ({"daily_hours": (WEEKEND, EVENING)},
         [("Valid only from 10:00 to the end of the day on Saturday and Sunday or from 18:00 to "
          "20:30.")]),
        ({"daily_hours": (replace(WEEKEND, expiration=time(12)),)},
         ["Valid only from 10:00 to 12:00 on Saturday and Sunday."]),
        ({"daily_hours": (DailyHours(start=time(9)),)},
         ["Valid only from 09:00 to the end of the day."]),
        ({"starts_at": utc(2026, 5, 1, 7),
          "timeframe": Timeframe(durations.parse("P2D"), durations.parse("PT1H30M"))},
         [f"Valid from 1 May 2026 09:00 on {ZONE}",
          ("Valid only for 1 hour and 30 minutes every 2 days, counted from 1 May 2026 09:00.")]),
        ({"timeframe": Timeframe(durations.parse("P1W"), durations.parse("P1D"))},
         ["Valid only for 1 day every week."]),
        ({"holidays": frozenset({date(2025, 12, 25), date(2025, 6, 20), date(2025, 1, 1)})},
         ["Not valid on these days: 20 Jun 2025, 25 Dec 2025."]),
        ({"holidays": frozenset({date(2025, 6, 20)}), "holiday_mode": HolidayMode.ONLY},
         ["Valid only on these days: 20 Jun 2025."]),
        ({"holidays": frozenset({date(2025, 1, 1)})}, []),
        ({"holidays": frozenset({date(2025, 1, 1)}), "holiday_mode": HolidayMode.ONLY},
         ["Valid only on holidays, of which none is to come."]),
    ],
)  # fmt: skip
def test_says_when_it_recurs(facts, expected):
    assert said(**facts) == expected


def test_names_the_next_ten_holidays():
    found = said(holidays=frozenset(date(2025, 7, day) for day in range(1, 13)))

    assert found[0].endswith("9 Jul 2025, 10 Jul 2025 and 2 more days.")


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        ("P1Y", "1 year"), ("P18M", "1 year and 6 months"), ("P1D", "1 day"), ("P2W", "14 days"),
        ("PT1H", "1 hour"), ("PT90M", "1 hour and 30 minutes"), ("PT1S", "1 second"),
        ("P1Y2M3DT4H5M6S", "1 year, 2 months, 3 days, 4 hours, 5 minutes and 6 seconds"),
    ],
)  # fmt: skip
def test_says_how_long(duration, text):
    assert dates.length(durations.parse(duration)) == text


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ("P1D", "every day"), ("P2D", "every 2 days"), ("P7D", "every week"),
        ("P14D", "every 2 weeks"), ("P1M", "every month"), ("P24M", "every 2 years"),
        ("PT1H", "every hour"), ("PT45M", "every 45 minutes"),
        ("P1DT12H", "every 1 day and 12 hours"),
    ],
)  # fmt: skip
def test_says_how_often(interval, text):
    assert dates.every(durations.parse(interval)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (utc(2025, 6, 11, 16), "today 18:00"),
        (utc(2025, 6, 16, 7), "Monday 09:00"),
        (utc(2025, 6, 18, 7), "18 Jun 2025 09:00"),
        (utc(2025, 6, 11, 22, 0, 30), "Thursday 00:00:30"),
    ],
)
def test_says_when_it_is_soon(at, text):
    assert utc(2025, 6, 11, 12) == AT
    assert dates.soon(at, WORDS) == text


def test_does_not_know_what_is_soon_without_a_clock():
    assert dates.soon(utc(2025, 6, 11, 16), replace(WORDS, at=None)) == "11 Jun 2025 18:00"
