"""Recurring frames and hours across the changes of the clock and the ends of months."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from campaigns.engine import moments, validity
from campaigns.engine.redeemable import DailyHours, Timeframe, Validity
from loyalty_project.core import durations
from tests.campaigns.engine.build import BERLIN, context, voucher

TEHRAN = ZoneInfo("Asia/Tehran")
NEW_YORK = ZoneInfo("America/New_York")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def every(interval: str, duration: str, start: datetime) -> Validity:
    frame = Timeframe(durations.parse(interval), durations.parse(duration))
    return Validity(starts_at=start, timeframe=frame)


# Clocks in Berlin go forward on 30 March 2025 at 01:00 UTC, and back on 26 October at 01:00 UTC.
FROM_NOON = every("P1D", "PT1H", utc(2025, 3, 28, 11))


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (utc(2025, 3, 29, 10, 59, 59), False),
        (utc(2025, 3, 29, 11), True),
        (utc(2025, 3, 30, 9, 59, 59), False),
        (utc(2025, 3, 30, 10), True),  # noon again, an hour earlier in UTC
        (utc(2025, 3, 30, 10, 59, 59), True),
        (utc(2025, 3, 30, 11), False),
        (utc(2025, 10, 26, 10, 59, 59), False),
        (utc(2025, 10, 26, 11), True),
    ],
)
def test_daily_frames_follow_the_clock_on_the_wall(at, holds):
    assert validity.recurs_at(FROM_NOON, at, BERLIN) is holds


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (utc(2025, 3, 30, 0, 59, 59), True),
        (utc(2025, 3, 30, 1), False),
        (utc(2025, 3, 30, 2), True),
        (utc(2025, 3, 30, 3), False),
    ],
)
def test_hourly_frames_count_elapsed_hours(at, holds):
    frame = every("PT2H", "PT1H", utc(2025, 3, 30, 0))

    assert validity.recurs_at(frame, at, BERLIN) is holds


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (utc(2025, 2, 27, 22, 59, 59), False),
        (utc(2025, 2, 27, 23), True),  # midnight of the 28th in Berlin
        (utc(2025, 2, 28, 23), False),
        (utc(2025, 3, 30, 21, 59, 59), False),
        (utc(2025, 3, 30, 22), True),  # the 31st, in summer time
    ],
)
def test_monthly_frames_from_the_thirty_first_use_the_last_day(at, holds):
    frame = every("P1M", "P1D", utc(2025, 1, 30, 23))

    assert validity.recurs_at(frame, at, BERLIN) is holds


def test_an_hour_that_the_clock_skips_begins_when_the_clock_has_moved():
    frame = every("P1D", "PT30M", utc(2025, 3, 29, 1, 30))  # 02:30 in Berlin

    assert not validity.recurs_at(frame, utc(2025, 3, 30, 1, 29, 59), BERLIN)
    assert validity.recurs_at(frame, utc(2025, 3, 30, 1, 30), BERLIN)  # 03:30


def test_an_hour_that_the_clock_repeats_is_in_twice():
    happy = Validity(daily_hours=(DailyHours(start=time(2), expiration=time(3)),))

    assert not validity.recurs_at(happy, utc(2025, 10, 25, 23, 59, 59), BERLIN)
    assert validity.recurs_at(happy, utc(2025, 10, 26, 0), BERLIN)
    assert validity.recurs_at(happy, utc(2025, 10, 26, 1), BERLIN)
    assert not validity.recurs_at(happy, utc(2025, 10, 26, 2), BERLIN)


def test_a_day_begins_with_the_project_and_not_with_utc():
    saturday = Validity(days_of_week=frozenset({6}))
    at = utc(2025, 6, 13, 20, 30)

    assert validity.recurs_at(saturday, at, TEHRAN)
    assert not validity.recurs_at(saturday, at, NEW_YORK)


def test_a_frame_counts_from_the_campaign_where_the_voucher_has_no_start():
    frame = Validity(timeframe=FROM_NOON.timeframe)

    assert validity.recurs_at(frame, utc(2025, 3, 29, 11), BERLIN, anchor=FROM_NOON.starts_at)
    assert not validity.recurs_at(frame, utc(2025, 3, 29, 11), BERLIN)


def test_a_frame_longer_than_its_interval_never_ends():
    frame = every("P1D", "P2D", utc(2025, 1, 1))

    assert all(validity.recurs_at(frame, utc(2025, 1, day, 5), UTC) for day in range(1, 31))


def test_a_frame_beyond_the_calendar_lasts_from_its_start():
    frame = every("P9999Y", "P9999Y", utc(2025, 1, 1))

    assert validity.recurs_at(frame, utc(2025, 1, 1), UTC)
    assert not validity.recurs_at(frame, utc(2024, 12, 31), UTC)


def test_a_short_frame_is_found_after_many_years():
    frame = every("PT2S", "PT1S", utc(2000, 1, 1))

    assert validity.recurs_at(frame, utc(2025, 6, 11, 12, 0, 0), BERLIN)
    assert not validity.recurs_at(frame, utc(2025, 6, 11, 12, 0, 1), BERLIN)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P1D", durations.Duration(days=1)),
        ("P2W", durations.Duration(days=14)),
        ("PT1H", durations.Duration(seconds=3600)),
        ("P3M", durations.Duration(months=3)),
        ("PT90S", durations.Duration(seconds=90)),
        ("P1Y2M3DT4H5M6S", durations.Duration(14, 3, 14706)),
    ],
)
def test_reads_iso_durations(text, duration):
    assert durations.parse(text) == duration


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P0D", "PT0S", "1D", "P-1D", "P1H", "P1.5D", "P1D ", "p1d", "P١D"]
)
def test_refuses_what_is_no_duration(text):
    with pytest.raises(durations.InvalidDuration):
        durations.parse(text)


def test_what_lies_beyond_the_calendar_is_its_last_instant():
    days = durations.parse("P999999D")

    assert durations.add(utc(2025, 1, 1), days, BERLIN, times=10) == durations.END_OF_TIME


@pytest.mark.parametrize(
    ("start", "interval"),
    [(utc(2000, 1, 1), "P9000Y"), (utc(2000, 1, 1), "P7999Y"), (utc(9999, 12, 31, 23), "P1D")],
)
@pytest.mark.parametrize("zone", [UTC, TEHRAN, NEW_YORK])
def test_a_frame_that_never_opens_again_has_no_next_moment(start, interval, zone):
    redeemable = replace(voucher("A"), validity=every(interval, "PT1H", start))
    now = context(redeemable, at=utc(2026, 1, 1), time_zone=zone)

    assert moments.next_valid(redeemable, now) is None
