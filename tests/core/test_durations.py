"""ISO 8601 durations, read and written."""

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
