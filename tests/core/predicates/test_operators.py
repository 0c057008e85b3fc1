"""Each operator, on facts that match, that do not, and that are missing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from loyalty_project.core import predicates
from loyalty_project.core.predicates import InvalidCondition, Kind, Moment, operators

# Wednesday 11 June 2025, 14:00 in Berlin.
NOW = Moment(datetime(2025, 6, 11, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))

HOLDS = [
    ("$is", ["London"], "London"),
    ("$is", ["London"], ["Leeds", "London"]),
    ("$is", [5], 5),
    ("$is", [0.1], Decimal("0.1")),
    ("$is", [True], True),
    ("$is_not", ["London"], "Leeds"),
    ("$is_not", ["London"], []),
    ("$in", ["a", "b"], "b"),
    ("$not_in", ["a", "b"], "c"),
    ("$from", ["pc_1"], frozenset({"pc_1"})),
    ("$not_intersect", ["a", "b"], ["c", "d"]),
    ("$not_differ", ["a", "b"], ["b", "a"]),
    ("$less_than", [5], 4.5),
    ("$less_than_or_equal", [5], 5),
    ("$more_than", [5], 6),
    ("$more_than_or_equal", [5], 5),
    ("$greater_than_or_equal", [5], Decimal("5.0")),
    ("$more_than", ["2025-06-01"], "2025-06-02"),
    ("$more_than", [5], ["x", 1, 6]),
    ("$starts_with", ["Lon"], "London"),
    ("$ends_with", ["don"], "London"),
    ("$contains", ["ond"], "London"),
    ("$contains", ["b"], ["a", "b"]),
    ("$count", [2], ["a", "b"]),
    ("$count_more", [1], ["a", "b"]),
    ("$count_less", [3], ["a", "b"]),
    ("$after", ["2025-06-10"], "2025-06-11"),
    ("$before", ["2025-06-11T12:00:00Z"], "2025-06-11T13:59:59+02:00"),
    ("$more_than_ago", [3], "2025-06-07"),
    ("$less_than_ago", [3], "2025-06-09"),
    ("$is_days_ago", [3], "2025-06-08"),
    ("$more_than_future", [3], "2025-06-15"),
    ("$less_than_future", [3], "2025-06-13"),
    ("$is_days_in_future", [3], "2025-06-14"),
    ("$timeframe", ["2025-06-01T12:00:00.000Z;P1D;PT1H"], "2025-06-11T12:30:00Z"),
    ("$timeframe_absolute", ["2025-06-11T12:00:00Z;2025-06-11T13:00:00Z"], "2025-06-11T12:00:00Z"),
    ("$timeframe_daily_hours", ["14:00;16:00;3"], "2025-06-11T12:00:00Z"),
    ("$timeframe_daily_hours", ["22:00;02:00;3"], "2025-06-11T23:59:00Z"),
    ("$timeframe_daily_hours", ["22:00;02:00;3"], "2025-06-11T20:00:00Z"),
    ("$dow", [1, 3], "2025-06-11"),
    ("$has_value", [True], 0),
    ("$has_value", [], ""),
]
FAILS = [
    ("$is", ["London"], "london"),
    ("$is", [1], True),
    ("$is", [True], 1),
    ("$is", ["5"], 5),
    ("$is_not", ["London"], ["Leeds", "London"]),
    ("$in", ["a"], "b"),
    ("$not_in", ["a"], "a"),
    ("$not_intersect", ["a", "b"], ["b", "c"]),
    ("$not_differ", ["a", "b"], ["a"]),
    ("$not_differ", ["a"], ["a", "b"]),
    ("$less_than", [5], 5),
    ("$more_than", [5], 5),
    ("$more_than", [5], "6"),
    ("$more_than", [5], ["x", 1, 5]),
    ("$more_than_or_equal", [5], 4.99),
    ("$starts_with", ["Lon"], "in London"),
    ("$starts_with", ["1"], 12),
    ("$contains", ["x"], "London"),
    ("$contains", ["1"], 1),
    ("$count", [1], "a"),
    ("$count_more", [2], ["a", "b"]),
    ("$count_less", [2], ["a", "b"]),
    ("$after", ["2025-06-11"], "2025-06-11T21:59:59Z"),
    ("$before", ["2025-06-11"], "2025-06-11"),
    ("$more_than_ago", [3], "2025-06-08"),
    ("$less_than_ago", [3], "2025-06-08"),
    ("$less_than_ago", [3], "2025-06-12"),
    ("$more_than_future", [3], "2025-06-14"),
    ("$timeframe", ["2025-06-01T12:00:00.000Z;P1D;PT1H"], "2025-06-11T13:00:00Z"),
    ("$timeframe", ["2025-06-01T12:00:00.000Z;P1D;PT1H"], "not a date"),
    ("$timeframe_absolute", ["2025-06-11T12:00:00Z;2025-06-11T13:00:00Z"], "2025-06-11T13:00:00Z"),
    ("$timeframe_daily_hours", ["14:00;16:00;3"], "2025-06-11T14:00:00Z"),
    ("$timeframe_daily_hours", ["22:00;02:00;3"], "2025-06-12T00:00:00Z"),
    ("$timeframe_daily_hours", ["22:00;02:00;3"], "2025-06-11T19:59:59Z"),
    ("$timeframe_daily_hours", ["22:00;02:00;3"], "2025-06-12T20:30:00Z"),
    ("$dow", [1], "2025-06-11"),
    ("$is_unknown", [True], 0),
]


def holds(operator, required, fact, kind=Kind.ANY):
    (comparison,) = operators.read(kind, {operator: required}, "Rule '1'")
    return comparison.holds(fact, NOW)


@pytest.mark.parametrize(("operator", "required", "fact"), HOLDS)
def test_holds(operator, required, fact):
    assert holds(operator, required, fact) is True


@pytest.mark.parametrize(("operator", "required", "fact"), FAILS)
def test_does_not_hold(operator, required, fact):
    assert holds(operator, required, fact) is False


@pytest.mark.requirement(51)
@pytest.mark.parametrize(("operator", "required"), [(o, r) for o, r, _ in HOLDS + FAILS[:-1]])
def test_is_false_for_a_missing_fact(operator, required):
    assert holds(operator, required, None) is False


def test_only_unknown_holds_for_a_missing_fact():
    assert holds("$is_unknown", [], None) is True
    assert holds("$is_unknown", [False], None) is False
    assert holds("$has_value", [False], None) is True


def test_every_operator_is_tested():
    assert {o for o, _, _ in HOLDS + FAILS} == set(operators.OPERATORS) - {"$greater_than"}


def test_days_are_those_of_the_time_zone():
    assert holds("$is", ["2025-06-12"], "2025-06-11T22:00:00Z", Kind.DATE) is True
    assert holds("$is", ["2025-06-12"], date(2025, 6, 12), Kind.DATE) is True
    assert holds("$dow", [4], datetime(2025, 6, 11, 22, tzinfo=UTC), Kind.DATE) is True


WRONG = [
    (Kind.NUMBER, {"$more_than": ["5"]}, "Rule '1' $more_than compares a number with '5'"),
    (Kind.NUMBER, {"$is": [True]}, "Rule '1' $is compares a number with 'True'"),
    (Kind.TEXT, {"$is": [5]}, "Rule '1' $is compares a text with '5'"),
    (Kind.TEXT, {"$more_than": [5]}, "Rule '1' cannot use $more_than on a text"),
    (Kind.NUMBER, {"$starts_with": ["5"]}, "Rule '1' cannot use $starts_with on a number"),
    (Kind.BOOLEAN, {"$is": ["yes"]}, "Rule '1' $is compares a switch with 'yes'"),
    (Kind.DATE, {"$after": ["soon"]}, "Rule '1' $after compares a date with 'soon'"),
    (Kind.DATE, {"$after": [5]}, "Rule '1' $after compares a date with '5'"),
    (Kind.ANY, {"$more_than": ["high"]}, "Rule '1' $more_than compares a date with 'high'"),
    (Kind.ANY, {"$in": [1, "a"]}, "Rule '1' $in mixes values of several kinds"),
    (Kind.ANY, {"$is": [None]}, "Rule '1' $is compares metadata with 'None'"),
    (Kind.ANY, {"$is": [{}]}, "Rule '1' $is compares metadata with '{}'"),
    (Kind.ANY, {"$is": [float("nan")]}, "Rule '1' $is compares metadata with 'nan'"),
    (Kind.ANY, {"$is": [10**40]}, "Rule '1' $is must not have more than 30 digits"),
    (Kind.ANY, {"$is": ["x" * 2001]}, "Rule '1' must not have texts of more than 2000 characters"),
    (Kind.ANY, {"$is": []}, "Rule '1' must have 1 to 1000 values after $is"),
    (Kind.ANY, {"$more_than": [1, 2]}, "Rule '1' must have one value after $more_than"),
    (Kind.ANY, {"$is": "x"}, "Rule '1' must have an array after $is"),
    (Kind.ANY, {"$like": ["x"]}, "Rule '1' has an unknown condition '$like'"),
    (Kind.ANY, {}, "Rule '1' must have conditions"),
    (Kind.ANY, None, "Rule '1' must have conditions"),
    (Kind.ANY, {"$count": [1.5]}, "Rule '1' $count must be followed by a whole number, 0 or more"),
    (Kind.ANY, {"$contains": [1, "a"]}, "Rule '1' $contains mixes values of several kinds"),
    (Kind.ANY, {"$starts_with": [1]}, "Rule '1' $starts_with compares a text with '1'"),
    (Kind.ANY, {"$dow": [7]}, "Rule '1' $dow must have days from 0 (Sunday) to 6"),
    (
        Kind.ANY,
        {"$timeframe": ["P1D"]},
        "Rule '1' $timeframe must be written as a start;interval;duration",
    ),
    (
        Kind.ANY,
        {"$timeframe": ["x;P1D;PT1H"]},
        "Rule '1' $timeframe has no instant in 'x'",
    ),
    (
        Kind.ANY,
        {"$timeframe": ["2025-06-01T12:00:00Z;P1D;1 hour"]},
        "Rule '1' $timeframe has no duration in '1 hour'",
    ),
    (
        Kind.ANY,
        {"$timeframe_absolute": ["2025-06-02T00:00:00Z;2025-06-01T00:00:00Z"]},
        "Rule '1' $timeframe_absolute must have two instants, the later one last",
    ),
    (
        Kind.ANY,
        {"$timeframe_daily_hours": ["18:00;19:00;8"]},
        "Rule '1' $timeframe_daily_hours must have two times and days from 0 to 6",
    ),
    (
        Kind.ANY,
        {"$timeframe_daily_hours": ["6 pm;19:00;1"]},
        "Rule '1' $timeframe_daily_hours must have two times and days from 0 to 6",
    ),
]


@pytest.mark.parametrize(("kind", "conditions", "details"), WRONG)
def test_refuses_when_it_is_saved(kind, conditions, details):
    with pytest.raises(InvalidCondition) as refused:
        operators.read(kind, conditions, "Rule '1'")

    assert refused.value.details == details
    assert refused.value.key == "invalid_validation_rules"


def test_several_conditions_of_one_rule_must_all_hold():
    adult = predicates.build(
        {"1": {"name": "age", "conditions": {"$more_than_or_equal": [18], "$less_than": [65]}}},
        {"age": Kind.NUMBER},
    )

    assert [adult({"age": age}, NOW) for age in (17, 18, 64, 65, None)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_names_the_operators_of_a_kind():
    assert "$more_than" in operators.names(Kind.NUMBER)
    assert "$starts_with" not in operators.names(Kind.NUMBER)


DATED = {
    "$timeframe": ["2025-06-01T12:00:00Z;P1D;PT1H"],
    "$timeframe_absolute": ["2025-06-11T12:00:00Z;2025-06-11T13:00:00Z"],
    "$timeframe_daily_hours": ["22:00;02:00;0,1,2,3,4,5,6"],
    "$dow": [0, 1, 2, 3, 4, 5, 6],
    "$after": ["2025-06-11"],
    "$before": ["2025-06-11T12:00:00Z"],
    "$is": ["9999-12-31"],
    "$is_not": ["0001-01-01"],
    "$in": ["9999-12-31T23:59:59Z"],
    "$more_than": ["9999-12-31"],
    "$less_than_or_equal": ["0001-01-01"],
    **{
        f"${name}": [1_000_000]
        for name in (
            "more_than_ago", "less_than_ago", "is_days_ago",
            "more_than_future", "less_than_future", "is_days_in_future",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("operator", DATED)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "Asia/Tehran"])
def test_the_ends_of_the_calendar_are_answered(operator, zone):
    holds = predicates.build(
        {"1": {"name": "on", "conditions": {operator: DATED[operator]}}}, {"on": Kind.DATE}
    )
    moment = Moment(datetime(2026, 3, 2, 12, tzinfo=UTC), ZoneInfo(zone))

    for fact in ("9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
                 "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+12:00"):  # fmt: skip
        assert holds({"on": fact}, moment) in {True, False}


def test_a_last_day_has_hours_and_a_day_of_the_week():
    def on(operator, *required):
        document = {"1": {"name": "on", "conditions": {operator: [*required]}}}
        holds = predicates.build(document, {"on": Kind.DATE})
        moment = Moment(datetime(2026, 3, 2, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
        return [holds({"on": fact}, moment) for fact in ("9999-12-31", "9999-12-31T23:30:00Z")]

    assert on("$dow", 5) == [True, False]  # in Berlin the second one is in no year
    assert on("$timeframe_daily_hours", "22:00;02:00;5") == [False, False]
    assert on("$timeframe_daily_hours", "22:00;02:00;4") == [True, False]
    assert on("$more_than_future", 10_000) == [True, False]
