"""Each published operator on each kind of column."""

from datetime import timedelta

import pytest

from loyalty_project.core.api import filters, metadata_filters, query
from loyalty_project.core.api.errors import InvalidQuery
from loyalty_project.core.models import AsyncAction

FIELDS = {
    "name": filters.Text("subject"),
    "upper": filters.Text("subject", convert=str.lower),
    "total": filters.Number("total"),
    "created_at": filters.Date("created_at"),
    "finished_at": filters.Date("finished_at"),
    "state": filters.Choice("status", {"running": "IN_PROGRESS", "done": "DONE"}),
    "resumed": filters.Choice("cursor__resumed", {"true": True, "false": False}),
    "active": filters.Custom(
        lambda condition: filters.Q(finished_at__isnull=condition.operator == "$active"),
        frozenset({"$active", "$expired"}),
    ),
    "metadata": metadata_filters.Metadata("params"),
}


@pytest.fixture
def rows(in_project, at):
    rows = {
        "apple": ("DONE", 10, 0, {"tier": "gold", "age": 30, "tags": ["a", "b"], "99999999999": 5}),
        "apricot": ("DONE", 20, 5, {"tier": "silver", "age": 40, "vip": True, "contains": "x"}),
        "banana": (
            "IN_PROGRESS",
            30,
            40,
            {"age": "30", "day": "2026-01-05", "tier": None, "0": "b"},
        ),
        "": ("ENQUEUED", 0, 400, {}),
    }
    for name, (status, total, days, params) in rows.items():
        action = AsyncAction.objects.create(
            type="X", subject=name, status=status, total=total, params=params
        )
        AsyncAction.objects.filter(pk=action.pk).update(
            created_at=at - timedelta(days=days), finished_at=at if status == "DONE" else None
        )


def found(text, at):
    tree = query.parse(text).get("filters")
    rows = AsyncAction.objects.filter(filters.build(tree, FIELDS, at=at))
    return sorted(rows.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("name][conditions][$is]=apple", ["apple"]),
        ("name][conditions][$is][0]=apple", ["apple"]),
        ("upper][conditions][$is]=APPLE", ["apple"]),
        ("name][conditions][$is_not]=apple", ["", "apricot", "banana"]),
        ("name][conditions][$in]=['apple', 'banana']", ["apple", "banana"]),
        ("name][conditions][$not_in]=['apple', 'banana']", ["", "apricot"]),
        ("name][conditions][$starts_with]=ap", ["apple", "apricot"]),
        ("name][conditions][$ends_with]=a", ["banana"]),
        ("name][conditions][$contains]=r", ["apricot"]),
        ("name][conditions][$contains]=%", []),
        ("name][conditions][$not_contain]=a", [""]),
        ("name][conditions][$has_value]=", ["apple", "apricot", "banana"]),
        ("name][conditions][$is_unknown]=", [""]),
        ("total][conditions][$is]=10", ["apple"]),
        (
            "total][conditions][$in][0]=10&filters[total][conditions][$in][1]=20",
            ["apple", "apricot"],
        ),
        ("total][conditions][$more_than]=10", ["apricot", "banana"]),
        ("total][conditions][$more_than_equal]=20.0", ["apricot", "banana"]),
        ("total][conditions][$less_than]=10", [""]),
        ("total][conditions][$less_than_equal]=10", ["", "apple"]),
        ("total][conditions][$not_in]=10", ["", "apricot", "banana"]),
        ("total][conditions][$has_value]=", ["", "apple", "apricot", "banana"]),
        ("created_at][conditions][$after]=2026-02-01T00:00:00Z", ["apple", "apricot"]),
        ("created_at][conditions][$before]=2026-02-01T00:00:00.000Z", ["", "banana"]),
        ("created_at][conditions][$more_than]=30", ["", "banana"]),
        ("created_at][conditions][$less_than]=30", ["apple", "apricot"]),
        ("finished_at][conditions][$is_unknown]=", ["", "banana"]),
        ("finished_at][conditions][$has_value]=", ["apple", "apricot"]),
        ("state][conditions][$is]=running", ["banana"]),
        ("state][conditions][$not_in]=done", ["", "banana"]),
        ("active][conditions][$active]=true", ["", "banana"]),
        ("metadata.tier][conditions][$is]=gold", ["apple"]),
        ("metadata.tier][conditions][$is_not]=gold", ["", "apricot", "banana"]),
        ("metadata.tier][conditions][$in]=['gold', 'silver']", ["apple", "apricot"]),
        ("metadata.tier][conditions][$has_value]=", ["apple", "apricot"]),
        ("metadata.tier][conditions][$is_unknown]=", ["", "banana"]),
        ("metadata.tier][conditions][$starts_with]=si", ["apricot"]),
        ("metadata.tier][conditions][$not_contain]=il", ["", "apple", "banana"]),
        ("metadata.tags][conditions][$is]=b", ["apple"]),
        ("metadata.vip][conditions][$is]=true", ["apricot"]),
        ("metadata.age][conditions][$is]=30", ["apple", "banana"]),
        ("metadata.age][conditions][$more_than]=35", ["apricot"]),
        ("metadata.age][conditions][$less_than]=35", ["apple"]),
        ("metadata.day][conditions][$after]=2026-01-01", ["banana"]),
        ("metadata.age][conditions][$is]=--30", []),
        ("metadata.99999999999][conditions][$more_than]=4", ["apple"]),
        ("metadata.99999999999][conditions][$starts_with]=5", ["apple"]),
        ("metadata.0][conditions][$after]=a", ["banana"]),
        ("metadata.contains][conditions][$is]=x", ["apricot"]),
        ("metadata.contains][conditions][$contains]=x", ["apricot"]),
    ],
)
def test_finds(rows, at, condition, names):
    assert found(f"filters[{condition}", at) == names


def test_fields_are_joined_by_and_or_by_or(rows, at):
    two = "filters[name][conditions][$starts_with]=a&filters[total][conditions][$more_than]=15"
    assert found(two, at) == ["apricot"]
    for junction in ("or", "OR"):
        assert found(f"{two}&filters[junction]={junction}", at) == ["apple", "apricot", "banana"]


def test_the_same_tree_in_json_may_hold_numbers_and_flags(rows, at):
    tree = {
        "junction": "and",
        "total": {"conditions": {"$in": [10, 20]}},
        "metadata.vip": {"conditions": {"$is": True}},
    }
    assert [
        row.subject for row in AsyncAction.objects.filter(filters.build(tree, FIELDS, at=at))
    ] == ["apricot"]


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ("text", "Query param 'filters' must be an object"),
        ({"junction": "xor"}, "filters[junction] must be 'and' or 'or'"),
        ({"nope": {"conditions": {"$is": "1"}}}, "Filter 'nope' is not known"),
        ({"name.x": {"conditions": {"$is": "1"}}}, "Filter 'name.x' is not known"),
        ({"name": {}}, "Filter 'name' must have 'conditions'"),
        ({"name": {"conditions": "x"}}, "Filter 'name' must have 'conditions'"),
        ({"name": {"conditions": {"$near": "x"}}}, "Filter 'name': unknown operator '$near'"),
        ({"name": {"conditions": {"$starts_with": ["a", "b"]}}}, "takes one value"),
        ({"name": {"conditions": {"$is": {"a": 1}}}}, "takes texts"),
        ({"name": {"conditions": {"$in": ["x"] * 201}}}, "$in takes at most 200 values"),
        ({"total": {"conditions": {"$is": "ten"}}}, "Filter 'total': $is takes a number"),
        ({"total": {"conditions": {"$is": "NaN"}}}, "takes a number up to"),
        ({"total": {"conditions": {"$is": "1e40"}}}, "takes a number up to"),
        ({"created_at": {"conditions": {"$after": "x"}}}, "takes a date and time in ISO 8601"),
        ({"created_at": {"conditions": {"$more_than": "1e9"}}}, "takes a number up to 36500"),
        ({"state": {"conditions": {"$is": "lost"}}}, "takes one of running, done"),
    ],
)
def test_names_what_it_does_not_understand(at, tree, sentence):
    with pytest.raises(InvalidQuery) as refused:
        filters.build(tree, FIELDS, at=at)
    assert sentence in refused.value.details
