"""ISO 8601 durations, read and written."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty_project.core import durations


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("P1D", "P1D"),
        ("PT1H", "PT1H"),
        ("P3M", "P3M"),
        ("P1Y2M3W4DT5H6M7S", "P14M25DT5H6M7S"),
        ("PT90M", "PT1H30M"),
        ("PT3600S", "PT1H"),
    ],
)
def test_writes_what_reads_as_the_same_duration(text, written):
    duration = durations.parse(text)

    assert durations.text(duration) == written
    assert durations.parse(written) == duration


@pytest.mark.parametrize("text", ["P100Y", "P1200M", "P36525D", "PT876600H"])
def test_a_hundred_years_are_not_too_long(text):
    assert durations.bounded(text) == durations.parse(text)


@pytest.mark.parametrize("text", ["P101Y", "P1200M1D", "P36526D", "PT876601H", "P9999Y"])
def test_more_than_a_hundred_years_are_too_long(text):
    with pytest.raises(durations.TooLong):
        durations.bounded(text)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tehran", "America/New_York"])
@pytest.mark.parametrize(("text", "times"), [("P3000Y", -1), ("P2026Y", -1), ("P999999D", -1)])
def test_what_lies_before_the_calendar_is_its_first_instant(zone, text, times):
    at = datetime(2026, 1, 1, tzinfo=UTC)

    found = durations.add(at, durations.parse(text), ZoneInfo(zone), times=times)

    assert found == durations.BEGINNING_OF_TIME


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tehran", "America/New_York"])
@pytest.mark.parametrize("text", ["P9000Y", "P1D", "PT1S"])
def test_the_end_of_time_is_no_begin_of_a_frame(zone, text):
    start, interval = datetime(2000, 1, 1, tzinfo=UTC), durations.parse(text)

    last = durations.last_begin(start, interval, durations.END_OF_TIME, ZoneInfo(zone))

    assert start <= last < durations.END_OF_TIME
