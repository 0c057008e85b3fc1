"""Holiday calendars: days of the project's clock on which a campaign pauses, or runs alone."""

from datetime import UTC, date, datetime, time

import pytest

from campaigns.engine import checks, explain, moments, trace, validity
from campaigns.engine.changes import Wait
from campaigns.engine.evaluate import evaluate
from campaigns.engine.explain import Suggestion
from campaigns.engine.redeemable import Campaign, DailyHours, HolidayMode, Validity
from tests.campaigns.engine.build import BERLIN, amount_off, cart, context, voucher

CHRISTMAS = frozenset({date(2025, 12, 25), date(2025, 12, 26)})
EXCEPT = Validity(holidays=CHRISTMAS)
ONLY = Validity(holidays=CHRISTMAS, holiday_mode=HolidayMode.ONLY)
# Midnight in Berlin is 23:00 UTC.
BEFORE, BEGIN = (
    datetime(2025, 12, 24, 22, 59, 59, tzinfo=UTC),
    datetime(2025, 12, 24, 23, tzinfo=UTC),
)
LAST, END = datetime(2025, 12, 26, 22, 59, 59, tzinfo=UTC), datetime(2025, 12, 26, 23, tzinfo=UTC)


def of_campaign(window):
    campaign = Campaign("camp_1", validity=window)
    return voucher("A", amount_off(100), campaign=campaign)


@pytest.mark.parametrize(
    ("at", "is_holiday"), [(BEFORE, False), (BEGIN, True), (LAST, True), (END, False)]
)
def test_a_holiday_is_a_day_of_the_projects_clock(at, is_holiday):
    assert validity.recurs_at(ONLY, at, BERLIN) is is_holiday
    assert validity.recurs_at(EXCEPT, at, BERLIN) is not is_holiday


def test_a_calendar_without_days_never_pauses_and_never_opens():
    assert validity.recurs_at(Validity(), BEGIN, BERLIN)
    assert not validity.recurs_at(Validity(holiday_mode=HolidayMode.ONLY), BEGIN, BERLIN)


def test_hours_hold_on_holidays_too():
    happy = Validity(
        daily_hours=(DailyHours(start=time(14), expiration=time(16)),),
        holidays=CHRISTMAS,
        holiday_mode=HolidayMode.ONLY,
    )

    assert not validity.recurs_at(happy, datetime(2025, 12, 25, 12, 59, 59, tzinfo=UTC), BERLIN)
    assert validity.recurs_at(happy, datetime(2025, 12, 25, 13, tzinfo=UTC), BERLIN)
    assert not validity.recurs_at(happy, datetime(2025, 12, 25, 15, tzinfo=UTC), BERLIN)
    assert not validity.recurs_at(happy, datetime(2025, 12, 27, 13, tzinfo=UTC), BERLIN)


@pytest.mark.parametrize("by", ["holidays", "recurrence"])
def test_the_refusal_says_what_kept_it_shut(by):
    window = EXCEPT if by == "holidays" else Validity(days_of_week=frozenset({0}))
    redeemable = of_campaign(window)

    reason = checks.first_refusal(redeemable, context(redeemable, at=BEGIN), None)

    assert reason.key == "voucher_not_active_now"
    assert reason.details == {"scope": "campaign", "by": by}


def test_the_trace_has_the_day_beside_the_holidays():
    redeemable = of_campaign(EXCEPT)
    asked = context(redeemable, at=BEGIN)

    (turn,) = trace.turns(asked, evaluate(asked))

    (step,) = [each for each in trace.steps(turn) if each.check == "holidays"]
    assert (step.holds, step.fact, step.operator) == (False, "campaign.holidays", "$is_not")
    assert (step.required, step.actual) == (tuple(sorted(CHRISTMAS)), date(2025, 12, 25))


@pytest.mark.parametrize(("window", "at", "opens"), [(EXCEPT, BEGIN, END), (ONLY, BEFORE, BEGIN)])
def test_the_suggestion_is_the_midnight_at_which_it_opens(window, at, opens):
    redeemable = of_campaign(window)
    asked = context(redeemable, at=at, order=cart(("tea", 1, 1000)))

    assert explain.suggest(asked, redeemable) == Suggestion((Wait(opens),))


def test_a_holiday_in_years_is_found_with_its_hours():
    window = Validity(
        daily_hours=(DailyHours(start=time(14), expiration=time(16)),),
        holidays=frozenset({date(2031, 3, 21)}),
        holiday_mode=HolidayMode.ONLY,
    )
    redeemable = of_campaign(window)

    opens = moments.next_valid(redeemable, context(redeemable, at=BEFORE))

    assert opens == datetime(2031, 3, 21, 13, tzinfo=UTC)


def test_holidays_that_are_over_never_come_again():
    redeemable = of_campaign(ONLY)

    assert moments.next_valid(redeemable, context(redeemable, at=END)) is None
