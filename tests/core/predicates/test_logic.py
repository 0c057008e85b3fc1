"""Logic strings and trees against a truth table."""

import random
from datetime import UTC, datetime

import pytest

from loyalty_project.core import predicates
from loyalty_project.core.predicates import InvalidCondition, Kind, Moment

NOW = Moment(datetime(2025, 6, 11, 12, tzinfo=UTC), UTC)
KINDS = dict.fromkeys("abc", Kind.BOOLEAN) | {"metadata": Kind.ANY}


def rule(name, *values):
    return {"name": name, "conditions": {"$is": list(values) or [True]}}


def built(logic, **more):
    return predicates.build(
        {"1": rule("a"), "2": rule("b"), "3": rule("c"), "logic": logic, **more}, KINDS
    )


def random_logic(rng, depth):
    if depth == 0 or rng.random() < 0.25:
        return rng.choice("123")
    parts = [random_logic(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    joined = f" {rng.choice(['and', 'or'])} ".join(parts)
    return f"{rng.choice(['', '', 'not '])}({joined})"


@pytest.mark.requirement(52)
def test_random_trees_agree_with_a_truth_table():
    rng = random.Random(52)
    for _ in range(500):
        logic = random_logic(rng, 4)
        holds = built(logic)
        for case in range(8):
            a, b, c = bool(case & 1), bool(case & 2), bool(case & 4)
            expected = eval(logic.replace("1", "a").replace("2", "b").replace("3", "c"))
            assert holds({"a": a, "b": b, "c": c}, NOW) is expected, logic


@pytest.mark.parametrize(
    ("logic", "facts", "expected"),
    [
        ("(1 and 2) or 3", "c", True),
        ("(1 and 2) or 3", "a", False),
        ("1 or 2 and 3", "a", True),
        ("not 1 and 2", "b", True),
        ("not (1 and 2)", "ab", False),
        ("  1  AND 2 ", "ab", True),
        (None, "ab", False),
        ("", "abc", True),
    ],
)
def test_reads_logic(logic, facts, expected):
    assert built(logic)({name: name in facts for name in "abc"}, NOW) is expected


def test_reads_logic_up_to_its_bounds():
    longest = "1" + "or 2".rjust(1999)
    assert len(longest) == 2000

    assert built(longest)({"a": False, "b": True}, NOW) is True
    assert built("(" * 20 + "1" + ")" * 20)({"a": True}, NOW) is True
    assert built(" or ".join(["1"] * 150))({"a": True}, NOW) is True


@pytest.mark.parametrize(
    ("logic", "details"),
    [
        ("1 and 4", "logic names rule 4, which does not exist"),
        ("1 and", "logic must name a rule by its number"),
        ("(1 and 2", "logic lacks a closing bracket"),
        ("1 2", "logic has '2' too much"),
        ("1 xor 2", "logic has 'xor' too much"),
        ("1 & 2", "logic cannot be read from '& 2' on"),
        ("(" * 30 + "1" + ")" * 30, "logic must not be nested deeper than 20"),
        ("not " * 30 + "1", "logic must not be nested deeper than 20"),
        (" or ".join(["1"] * 301), "logic must not have more than 300 parts"),
        ("1 or " * 500 + "1", "logic must not be longer than 2000 characters"),
        (5, "logic must be a text"),
    ],
)
def test_refuses_logic(logic, details):
    with pytest.raises(InvalidCondition) as refused:
        built(logic)

    assert refused.value.details == details


def test_a_hundred_conditions_are_not_too_many():
    hundred = predicates.build({str(n): rule("a") for n in range(100)}, KINDS)
    kinds = {f"a{n}": Kind.BOOLEAN for n in range(100)}
    filtered = predicates.of_filter({"junction": "and", **{n: rule(n) for n in kinds}}, kinds)

    assert hundred({"a": True}, NOW) is True
    assert filtered(dict.fromkeys(kinds, True), NOW) is True
    assert filtered({**dict.fromkeys(kinds, True), "a99": False}, NOW) is False


def test_refuses_names_and_shapes():
    for document, details in [
        ({"1": rule("z")}, "Rule '1' has an unknown name 'z'"),
        ({"x": rule("a")}, "'x' is no numbered rule"),
        ({"1": "a"}, "'1' is no numbered rule"),
        ({str(n): rule("a") for n in range(101)}, "must not have more than 100 rules"),
    ]:
        with pytest.raises(InvalidCondition) as refused:
            predicates.build(document, KINDS)
        assert refused.value.details == details
    with pytest.raises(InvalidCondition):
        predicates.build([], KINDS)


def test_follows_a_path_into_metadata():
    inside = predicates.build({"1": rule("metadata.address.city", "Bonn")}, KINDS)

    assert inside({"metadata": {"address": {"city": "Bonn"}}}, NOW) is True
    assert inside({"metadata": {"address.city": "Bonn"}}, NOW) is True
    assert inside({"metadata": {"address": "Bonn"}}, NOW) is False
    assert inside({}, NOW) is False


def test_reads_filters():
    either = predicates.of_filter({"junction": "OR", "a": rule("a"), "b": rule("b")}, KINDS)
    both = predicates.of_filter({"a": rule("a"), "b": rule("b")}, KINDS)

    assert either({"a": False, "b": True}, NOW) is True
    assert both({"a": False, "b": True}, NOW) is False


@pytest.mark.parametrize(
    ("document", "details"),
    [
        ({"junction": "nor"}, "junction must be 'and' or 'or'"),
        ({"z": rule("z")}, "Filter 'z' has an unknown name 'z'"),
        ({"a": 5}, "Filter 'a' (a) must have conditions"),
        ({str(n): {} for n in range(101)}, "must not have more than 100 conditions"),
    ],
)
def test_refuses_filters(document, details):
    with pytest.raises(InvalidCondition) as refused:
        predicates.of_filter(document, KINDS)

    assert refused.value.details == details


@pytest.mark.parametrize(
    ("kind", "conditions", "fact", "holds"),
    [
        (Kind.TEXT, {"$is": "gold"}, "gold", True),
        (Kind.TEXT, {"$not_contain": ["ol"]}, "gold", False),
        (Kind.TEXT, {"$not_contain": ["ol"]}, "silver", True),
        (Kind.TEXT, {"$not_contain": ["ol"]}, None, False),
        (Kind.TEXT, {"$has_value": ""}, "gold", True),
        (Kind.TEXT, {"$is_unknown": ""}, None, True),
        (Kind.NUMBER, {"$more_than_equal": [5], "$less_than_equal": 5}, 5, True),
        (Kind.DATE, {"$more_than": [3]}, "2020-01-01", True),
        (Kind.DATE, {"$less_than": 3}, "2020-01-01", False),
        (Kind.DATE, {"$more_than": "2020-01-01"}, "2020-01-02", True),
    ],
)
def test_a_filter_has_the_published_operators(kind, conditions, fact, holds):
    asked = predicates.of_filter({"a": {"conditions": conditions}}, {"a": kind})

    assert asked({"a": fact}, NOW) is holds


def test_a_filter_refuses_operators_of_rules():
    with pytest.raises(InvalidCondition) as refused:
        predicates.of_filter({"a": {"conditions": {"$dow": [1]}}}, {"a": Kind.DATE})

    assert refused.value.details.startswith(
        "Filter 'a' (a) has an unknown condition '$dow'; use one of $is, $is_not, $in"
    )
