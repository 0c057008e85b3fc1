"""What a body may hold, and the sentence for what it may not."""

from datetime import UTC, date, datetime

import pytest
from rest_framework.exceptions import ValidationError

from loyalty_project.core.api import inputs


class ItemInput(inputs.Input):
    id = inputs.Text()
    quantity = inputs.Whole(required=False, min_value=1)


class OrderInput(inputs.Input):
    code = inputs.Text(required=False, max_length=5)
    amount = inputs.Money(required=False)
    active = inputs.Flag(required=False)
    expires = inputs.Moment(required=False, allow_null=True)
    birthdate = inputs.Day(required=False)
    kind = inputs.OneOf(["A", "B"], required=False)
    tags = inputs.ListOf(child=inputs.Text(), required=False, max_length=2)
    metadata = inputs.Metadata(required=False)
    message = inputs.Text(required=False)
    item = ItemInput(required=False)
    items = ItemInput(many=True, required=False)


def read(data, *, partial=False):
    shape = OrderInput(data=data, partial=partial)
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)


def failure(data):
    with pytest.raises(ValidationError) as refused:
        read(data)
    return inputs.first_failure(refused.value.get_full_details())


@pytest.mark.parametrize(
    ("name", "given", "read_as"),
    [
        ("code", " ABC ", "ABC"),
        ("amount", 1999, 1999),
        ("amount", "1999", 1999),
        ("amount", 19000.0, 19000),
        ("active", True, True),
        ("active", "false", False),
        ("expires", "2090-10-08T12:57:09.386Z", datetime(2090, 10, 8, 12, 57, 9, 386000, UTC)),
        (
            "expires",
            "2090-10-08T12:57:09.386000+00:00",
            datetime(2090, 10, 8, 12, 57, 9, 386000, UTC),
        ),
        ("expires", "2090-10-08T14:57:09+02:00", datetime(2090, 10, 8, 12, 57, 9, 0, UTC)),
        ("expires", "2090-10-08T12:57", datetime(2090, 10, 8, 12, 57, 0, 0, UTC)),
        ("expires", "2090-10-08", datetime(2090, 10, 8, 0, 0, 0, 0, UTC)),
        ("birthdate", "1990-02-28", date(1990, 2, 28)),
        ("birthdate", "1990-02-28T00:00:00.000Z", date(1990, 2, 28)),
        ("kind", "B", "B"),
        ("tags", ["a"], ["a"]),
        ("metadata", {"a": {"b": [1, None]}}, {"a": {"b": [1, None]}}),
        ("metadata", [], {}),
        ("items", [{"id": "1", "quantity": "2", "x": 1}], [{"id": "1", "quantity": 2}]),
    ],
)
def test_reads(name, given, read_as):
    value = read({name: given})[name]
    assert value == read_as
    assert type(value) is type(read_as)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"code": 5}, "Property .code must be string"),
        ({"code": True}, "Property .code must be string"),
        ({"code": "toolong"}, "Property .code must NOT have more than 5 characters"),
        ({"amount": -1}, "Property .amount must be >= 0"),
        ({"amount": 1.5}, "Property .amount must be integer"),
        ({"amount": False}, "Property .amount must be integer"),
        ({"amount": "1e3"}, "Property .amount must be integer"),
        ({"amount": []}, "Property .amount must be integer"),
        ({"active": 1}, "Property .active must be boolean"),
        ({"expires": 5}, 'Property .expires must match format "date-time"'),
        ({"expires": "2026-13-01"}, 'Property .expires must match format "date-time"'),
        (
            {"expires": "0001-01-01T00:00:00+14:00"},
            'Property .expires must match format "date-time"',
        ),
        ({"birthdate": "28.2.1990"}, 'Property .birthdate must match format "date"'),
        ({"birthdate": "1990-02-30"}, 'Property .birthdate must match format "date"'),
        ({"kind": "C"}, "Property .kind must be equal to one of the allowed values: A, B"),
        ({"kind": ["A"]}, "Property .kind must be equal to one of the allowed values: A, B"),
        ({"tags": "a"}, "Property .tags must be array"),
        ({"tags": ["a", 2]}, "Property .tags[1] must be string"),
        ({"tags": ["a", "b", "c"]}, "Property .tags must NOT have more than 2 items"),
        ({"metadata": "x"}, "Property .metadata must be object"),
        ({"metadata": [1]}, "Property .metadata must be object"),
        ({"item": "x"}, "Property .item must be object"),
        ({"item": {}}, "Property .item should have required property 'id'"),
        ({"items": {}}, "Property .items must be array"),
        ({"items": [{"id": "1"}, {}]}, "Property .items[1] should have required property 'id'"),
        ({"items": [None]}, "Property .items[0] must be object"),
        ({"items": [{"id": "1", "quantity": 0}]}, "Property .items[0].quantity must be >= 1"),
        ({"code": 5, "message": 5}, "Property .code must be string"),
        ("text", "Payload must be object"),
    ],
)
def test_names_the_wrong_member(data, sentence):
    assert failure(data) == sentence


def test_null_means_not_given_on_create_and_clears_on_update():
    given = {"code": None, "expires": None, "items": None, "metadata": None, "unknown": 1}
    assert read(given) == {}
    assert read(given, partial=True) == {"expires": None}
    assert read({}, partial=True) == {}
