"""When a failed attempt is made again."""

from datetime import timedelta

import pytest

from loyalty_project.core.webhooks import schedule

SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]


@pytest.mark.parametrize(("roll", "factor"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)])
def test_waits_as_standard_webhooks_says_give_or_take_a_fifth(roll, factor):
    waits = [schedule.wait(attempts, roll=roll) for attempts in range(1, 11)]

    assert waits == [*(timedelta(seconds=seconds * factor) for seconds in SECONDS), None]
    assert sum(SECONDS) == (75 * 60 + 35) * 60 + 5


def test_waits_as_long_as_it_is_asked_to_but_not_for_days():
    assert schedule.wait(1, roll=0.5, asked=timedelta(seconds=60)) == timedelta(seconds=60)
    assert schedule.wait(2, roll=0.5, asked=timedelta(seconds=60)) == timedelta(minutes=5)
    assert schedule.wait(1, roll=0.5, asked=timedelta(days=9)) == timedelta(days=1)


def test_warns_after_one_and_three_days_and_ends_after_five(at):
    warned, seen = 0, []
    for hours in range(0, 121, 12):
        now = at + timedelta(hours=hours)
        days = schedule.warning(since=at, at=now, warned=warned)
        if days:
            warned = days
            seen.append((hours, days))

    assert seen == [(24, 1), (72, 3)]
    assert not schedule.is_over(since=at, at=at + timedelta(hours=119))
    assert schedule.is_over(since=at, at=at + timedelta(hours=120))


def test_an_endpoint_that_does_not_answer_rests_for_a_minute_at_most():
    seconds = [schedule.rest(failures).total_seconds() for failures in (1, 2, 5, 6, 5000)]

    assert seconds == [2, 4, 32, 60, 60]
