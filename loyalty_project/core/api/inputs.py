"""Request shapes: they say which members are known and of which type, and name the wrong one.

Unknown members are ignored. On create, null means "not given". On update, null is kept for members
with `allow_null=True` (it clears them) and ignored for the others.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import empty

BIGGEST = 2**63 - 1
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)


class InputList(serializers.ListSerializer):
    """Many of an Input."""

    default_error_messages = {
        "not_a_list": "must be array",
        "null": "must be array",
        "empty": "must NOT have fewer than 1 items",
        "min_length": "must NOT have fewer than {min_length} items",
        "max_length": "must NOT have more than {max_length} items",
    }


class Input(serializers.Serializer):
    """Base of request shapes; `validated_data` holds only what was given."""

    default_error_messages = {"invalid": "must be object", "null": "must be object"}

    class Meta:
        list_serializer_class = InputList

    def __init__(self, *args: Any, **options: Any) -> None:
        """With `many=True`, `min_length` and `max_length` bound the list."""
        super().__init__(*args, **options)

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if self._is_given(name, value)}
        return super().run_validation(data)

    def _is_given(self, name: str, value: Any) -> bool:
        if value is not None:
            return True
        field = self.fields.get(name)
        return field is not None and field.allow_null and bool(getattr(self.root, "partial", False))


class Text(serializers.CharField):
    """A string, trimmed; numbers are not strings."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": "must be string",
        "null": "must be string",
        "blank": "must NOT be empty",
        "max_length": "must NOT have more than {max_length} characters",
        "min_length": "must NOT have fewer than {min_length} characters",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """An integer, also as a numeric string or as 5.0; never a boolean or a fraction."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": "must be integer",
        "null": "must be integer",
        "max_value": "must be <= {max_value}",
        "min_value": "must be >= {min_value}",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_value", BIGGEST)
        kwargs.setdefault("min_value", -BIGGEST)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool):
            self.fail("invalid")
        if isinstance(data, str) and _WHOLE.fullmatch(data.strip()):
            return int(data)
        if isinstance(data, int) or (isinstance(data, float) and data.is_integer()):
            return int(data)
        return self.fail("invalid")


class Money(Whole):
    """An amount in minor units, not negative."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs)


class Number(serializers.FloatField):
    """A number, also as a numeric string; an integer stays an integer."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": "must be number",
        "null": "must be number",
        "max_value": "must be <= {max_value}",
        "min_value": "must be >= {min_value}",
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (int, float, str)):
            self.fail("invalid")
        if isinstance(data, int):
            return data
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return int(number) if number.is_integer() and abs(number) < 2**53 else number


class Flag(serializers.BooleanField):
    """true or false, also as the words."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": "must be boolean",
        "null": "must be boolean",
    }

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if isinstance(data, str) and data.lower() in {"true", "false"}:
            return data.lower() == "true"
        return self.fail("invalid")


class Moment(serializers.DateTimeField):
    """An instant: ISO 8601 with Z, an offset or nothing (UTC), or a day (midnight UTC)."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": 'must match format "date-time"',
        "null": 'must match format "date-time"',
    }

    def to_internal_value(self, value: Any) -> datetime:
        found = moment(value)
        return self.fail("invalid") if found is None else found


class Day(serializers.DateField):
    """A calendar day, `YYYY-MM-DD`; of an instant, the day that it names."""

    default_error_messages = {
        "required": "should have required property",
        "invalid": 'must match format "date"',
        "null": 'must match format "date"',
    }

    def to_internal_value(self, value: Any) -> date:
        if isinstance(value, str):
            try:
                found = parse_date(value[:10])
            except ValueError:
                found = None
            if found is not None and (len(value) == 10 or moment(value) is not None):
                return found
        return self.fail("invalid")


class OneOf(serializers.ChoiceField):
    """One of listed strings."""

    default_error_messages = {
        "required": "should have required property",
        "null": "must be equal to one of the allowed values",
    }

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices, **kwargs)
        allowed = ", ".join(str(choice) for choice in self.choices)
        message = f"must be equal to one of the allowed values: {allowed}"
        self.error_messages["invalid_choice"] = message.replace("{", "{{").replace("}", "}}")

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class ListOf(serializers.ListField):
    """`ListOf(child=Text())`; for lists of objects use `SomeInput(many=True)`."""

    default_error_messages = {
        "required": "should have required property",
        "not_a_list": "must be array",
        "null": "must be array",
        "empty": "must NOT have fewer than 1 items",
        "min_length": "must NOT have fewer than {min_length} items",
        "max_length": "must NOT have more than {max_length} items",
    }


class Object(serializers.DictField):
    """Any JSON object."""

    default_error_messages = {
        "required": "should have required property",
        "not_a_dict": "must be object",
        "null": "must be object",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("not_a_dict")
        return data


class Metadata(Object):
    """Free attributes; the service checks them against the schema of the resource."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if data == []:  # how PHP writes an empty object
            return {}
        return super().to_internal_value(data)


class Anything(serializers.JSONField):
    """Any JSON value, unchecked."""

    default_error_messages = {"required": "should have required property"}


def moment(value: Any) -> datetime | None:
    """An aware instant in UTC from any ISO 8601 form, or None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip().replace(" ", "+") if "T" in value else value.strip()
    try:
        found = parse_datetime(text)
        if found is None:
            day = parse_date(text)
            found = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
        if found is None:
            return None
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def first_failure(details: Any, path: str = "") -> str:
    """The published sentence for the first wrong member of DRF's `get_full_details()`."""
    if _is_leaf(details):
        return _sentence(path, str(details["code"]), str(details["message"]))
    if isinstance(details, Mapping):
        for name, inner in details.items():
            if name == "non_field_errors":
                return first_failure(inner, path)
            step = f"[{name}]" if isinstance(name, int) else f".{name}"
            return first_failure(inner, path + step)
    if isinstance(details, list):
        for index, inner in enumerate(details):
            if not inner:
                continue
            return first_failure(inner, path if _is_leaf(inner) else f"{path}[{index}]")
    return "Payload is not valid"


def _is_leaf(details: Any) -> bool:
    return isinstance(details, Mapping) and isinstance(details.get("message"), ErrorDetail)


def _sentence(path: str, code: str, message: str) -> str:
    where = f"Property {path}" if path else "Payload"
    if code == "required":
        parent, _, name = path.rpartition(".")
        where = f"Property {parent}" if parent else "Payload"
        return f"{where} should have required property '{name}'"
    return f"{where} {message}"
