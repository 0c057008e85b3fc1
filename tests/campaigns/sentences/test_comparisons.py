"""What each operator asks, and its contrary."""

import pytest

from campaigns import sentences
from tests.campaigns.engine.build import asks, rule
from tests.campaigns.sentences.spoken import WORDS

FRAME = "2025-06-01T10:00:00Z;P1D;PT1H"
JUNE = "2025-06-01T00:00:00Z;2025-07-01T00:00:00Z"
UNKNOWN = ", or it must be unknown."


@pytest.mark.parametrize(
    ("operator", "values", "yes", "no"),
    [
        ("$is", ["a", "b"], "be “a” or “b”", "not be “a” or “b”"),
        ("$is", [True], "be yes", "not be yes"),
        ("$is_not", ["a"], "not be “a”", "be “a”"),
        ("$not_in", ["a", "b"], "not be “a” or “b”", "be “a” or “b”"),
        ("$not_differ", ["a", "b"], "be exactly “a” and “b”", "not be exactly “a” and “b”"),
        ("$less_than", [5], "be less than 5", "be at least 5"),
        ("$less_than_or_equal", [5], "be at most 5", "be more than 5"),
        ("$greater_than", [2.5], "be more than 2.5", "be at most 2.5"),
        ("$greater_than_or_equal", [5], "be at least 5", "be less than 5"),
        ("$less_than", ["2027-01-01"], "be before 1 Jan 2027", "not be before 1 Jan 2027"),
        ("$more_than_or_equal", ["2027-01-01"],
         "not be before 1 Jan 2027", "be before 1 Jan 2027"),
        ("$after", ["2027-01-01T00:00:00Z"],
         "be after 1 Jan 2027 01:00", "not be after 1 Jan 2027 01:00"),
        ("$before", ["2026-12-31T23:00:00Z"],
         "be before 1 Jan 2027", "not be before 1 Jan 2027"),
        ("$starts_with", ["a", "b"], "start with “a” or “b”", "not start with “a” or “b”"),
        ("$ends_with", ["a"], "end with “a”", "not end with “a”"),
        ("$contains", ["a"], "contain “a”", "not contain “a”"),
        ("$count", [1], "have exactly 1 entry", "not have exactly 1 entry"),
        ("$count_more", [2], "have at least 3 entries", "have at most 2 entries"),
        ("$count_less", [2], "have at most 1 entry", "have at least 2 entries"),
        ("$more_than_ago", [30], "be more than 30 days ago", "not be more than 30 days ago"),
        ("$less_than_ago", [1], "be less than 1 day ago", "not be less than 1 day ago"),
        ("$is_days_ago", [0], "be exactly 0 days ago", "not be exactly 0 days ago"),
        ("$more_than_future", [7], "be more than 7 days ahead", "not be more than 7 days ahead"),
        ("$less_than_future", [7], "be less than 7 days ahead", "not be less than 7 days ahead"),
        ("$is_days_in_future", [7], "be exactly 7 days ahead", "not be exactly 7 days ahead"),
        ("$dow", [5, 0, 1], "be on Monday, Friday or Sunday", "not be on Monday, Friday or Sunday"),
        ("$timeframe", [FRAME], "be in a frame of 1 hour every day, counted from 1 Jun 2025 12:00",
         "not be in a frame of 1 hour every day, counted from 1 Jun 2025 12:00"),
        ("$timeframe_absolute", [JUNE], "be between 1 Jun 2025 02:00 and 1 Jul 2025 02:00",
         "not be between 1 Jun 2025 02:00 and 1 Jul 2025 02:00"),
        ("$timeframe_daily_hours", ["18:00;20:01;2,3"],
         "be from 18:00 to 20:01 on Tuesday and Wednesday",
         "not be from 18:00 to 20:01 on Tuesday and Wednesday"),
        ("$timeframe_daily_hours", ["22:00;02:00;"],
         "be from 22:00 to 02:00", "not be from 22:00 to 02:00"),
    ],
)  # fmt: skip
def test_says_an_operator_and_its_contrary(operator, values, yes, no):
    condition = asks("order.metadata", operator, *values, property="x")

    assert sentences.conditions(rule(condition), WORDS) == [f"“x” of the order must {yes}."]
    assert sentences.conditions(rule(condition, logic="not 1"), WORDS) == [
        f"“x” of the order must {no}{UNKNOWN}"
    ]


@pytest.mark.parametrize(
    ("operator", "values", "yes", "no"),
    [
        ("$has_value", [], "be known", "not be known"),
        ("$has_value", [False], "not be known", "be known"),
        ("$is_unknown", [], "not be known", "be known"),
        ("$is_unknown", [True], "not be known", "be known"),
        ("$is_unknown", [False], "be known", "not be known"),
    ],
)
def test_says_whether_something_must_be_known(operator, values, yes, no):
    condition = asks("order.metadata", operator, *values, property="x")

    assert sentences.conditions(rule(condition), WORDS) == [f"“x” of the order must {yes}."]
    assert sentences.conditions(rule(condition, logic="not 1"), WORDS) == [
        f"“x” of the order must {no}."
    ]


def test_what_is_always_there_needs_no_word_about_unknown_values():
    condition = asks("wafa.time", "$dow", 6)

    assert sentences.conditions(rule(condition, logic="not 1"), WORDS) == [
        "The time of use must not be on Saturday."
    ]
