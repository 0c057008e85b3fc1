"""What of the past a rule asks for, and where its windows begin."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.engine import rules
from campaigns.engine.counters import Counter, Measure, Scope
from campaigns.engine.facts import Customer
from campaigns.engine.history import Measure as PastMeasure
from campaigns.engine.history import Past, bounds
from campaigns.engine.redeemable import Campaign
from loyalty_project.core import durations
from tests.campaigns.engine.build import (
    BERLIN,
    asks,
    context,
    ruled,
    voucher,
)

VIP = Customer(id="cust_1", segments=frozenset({"seg_vip"}))

IS_VIP = asks("customer.segment", "$is", "seg_vip")

CAMPAIGN = Campaign("camp_1")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_lists_what_the_loader_must_bring():
    redeemable = ruled(
        voucher("A", campaign=CAMPAIGN),
        asks("wafa.customer.other_redemptions", "$is", 0, property="P6M"),
        asks("campaign.redemptions.customers_count", "$less_than", 5),
        IS_VIP,
    )

    needs = rules.needs(redeemable, context(redeemable, customer=VIP))

    assert needs.past == {Past(PastMeasure.REDEMPTIONS, "P6M", but="camp_1")}
    assert needs.counters == {
        Counter(Measure.CUSTOMERS, Scope.CAMPAIGN, "camp_1"),
        Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", per="customer:cust_1"),
    }


@pytest.mark.requirement(37)
def test_six_months_are_those_of_the_calendar():
    at = datetime(2025, 8, 31, 12, tzinfo=UTC)
    begin, end = bounds("P6M", at, BERLIN)

    assert end is None
    assert begin == datetime(2025, 2, 28, 13, tzinfo=UTC)
    assert begin - timedelta(days=1) < begin <= at


@pytest.mark.requirement(46)
@pytest.mark.parametrize(
    ("window", "begin", "end"),
    [
        ("", None, None),
        ("last_year", utc(2023, 12, 31, 23), utc(2024, 12, 31, 23)),
        ("this_year", utc(2024, 12, 31, 23), None),
        ("last_month", utc(2024, 12, 31, 23), utc(2025, 1, 31, 23)),
        ("this_month", utc(2025, 1, 31, 23), None),
        ("today", utc(2025, 2, 9, 23), None),
        ("P1D", utc(2025, 2, 9, 12), None),
    ],
)
def test_windows_of_the_calendar_begin_in_the_time_zone(window, begin, end):
    found = bounds(window, datetime(2025, 2, 10, 12, tzinfo=UTC), BERLIN)

    assert found == (begin, end)


def test_last_month_of_january_is_december():
    begin, _ = bounds("last_month", datetime(2025, 1, 10, 12, tzinfo=UTC), BERLIN)

    assert begin == datetime(2024, 11, 30, 23, tzinfo=UTC)


def test_a_window_from_before_the_calendar_begins_with_it():
    found = bounds("P3000Y", datetime(2025, 1, 10, 12, tzinfo=UTC), BERLIN)

    assert found == (durations.BEGINNING_OF_TIME, None)
