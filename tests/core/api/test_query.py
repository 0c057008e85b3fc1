"""Query strings as the published clients write them."""

import pytest

from loyalty_project.core.api import query
from loyalty_project.core.api.errors import InvalidQuery


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", {}),
        ("limit=5&page=2", {"limit": "5", "page": "2"}),
        ("created_at[before]=x", {"created_at": {"before": "x"}}),
        ("[created_at][before]=x", {"created_at": {"before": "x"}}),
        ("created_at%5Bbefore%5D=x", {"created_at": {"before": "x"}}),
        ("ids[0]=a&ids[1]=b", {"ids": ["a", "b"]}),
        ("ids[1]=b&ids[0]=a", {"ids": ["a", "b"]}),
        ("ids[10]=k&ids[9]=j", {"ids": ["j", "k"]}),
        ("ids[]=a&ids[]=b", {"ids": ["a", "b"]}),
        ("ids=a&ids=b", {"ids": ["a", "b"]}),
        ("ids=%5B%27v_1%27%2C+%27v_2%27%5D", {"ids": ["v_1", "v_2"]}),
        ("code=[odd", {"code": "[odd"}),
        ("code=[1+2]", {"code": "[1 2]"}),
        ("limit=[{[]:1}]", {"limit": "[{[]:1}]"}),
        (f"limit=[0x{'f' * 5000}]", {"limit": f"[0x{'f' * 5000}]"}),
        (f"ids[{'9' * 5000}]=a", {"ids": {"9" * 5000: "a"}}),
        (
            "filters[junction]=or&filters[code][conditions][$in][0]=x",
            {"filters": {"junction": "or", "code": {"conditions": {"$in": ["x"]}}}},
        ),
        (
            "filters[voucher_code][conditions][$in]=%5B'a+b',+'c%26d'%5D",
            {"filters": {"voucher_code": {"conditions": {"$in": ["a b", "c&d"]}}}},
        ),
        (
            "filters[metadata.tier][conditions][%24is]=gold",
            {"filters": {"metadata.tier": {"conditions": {"$is": "gold"}}}},
        ),
    ],
)
def test_reads(text, tree):
    assert query.parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "x[a]=1&x=2",
        "x=2&x[a]=1",
        "x=%00",
        "x[a%00]=1",
        r"x=['\x00']",
        r"x=['\ud800']",
        "x=%ff",
        "=1",
        "a" + "[b]" * 9,
    ],
)
def test_refuses_with_a_sentence(text):
    with pytest.raises(InvalidQuery):
        query.parse(text)


def test_a_single_value_is_wanted_where_one_is():
    with pytest.raises(InvalidQuery, match="'campaign' must be a single value"):
        query.text(query.parse("campaign=a&campaign=b"), "campaign")


@pytest.mark.parametrize("value", ["0", "101", "1.5", "x", "٥"])
def test_bounds_are_named(value):
    with pytest.raises(InvalidQuery, match="'limit' must be an integer between 1 and 100"):
        query.whole({"limit": value}, "limit", default=10, low=1, high=100)
