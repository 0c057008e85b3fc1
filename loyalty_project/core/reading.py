"""Members of wire objects that services read themselves: rows of bulk work, embedded objects.

Each function names the member in the published sentence, and raises WrongMember.
"""

import re
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from loyalty_project.core.errors import Invalid

BIGGEST = 2**63 - 1
_WHOLE = re.compile(r"\d{1,19}", re.ASCII)


class WrongMember(Invalid):
    """A member has the wrong type, length or size."""


def wrong(name: str, why: str) -> WrongMember:
    """The error for the member `name`, e.g. `address.city`; forms show it at the last part."""
    return WrongMember(f"Property .{name} {why}", extra={"field": name.rpartition(".")[2]})


def text(value: Any, name: str, *, longest: int | None = None) -> str:
    """A trimmed string; null is ""."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong(name, "must be string")
    found = value.strip()
    if longest is not None and len(found) > longest:
        raise wrong(name, f"must NOT have more than {longest} characters")
    return found


def amount(value: Any, name: str) -> int | None:
    """Minor units, not negative, also as a numeric string; null and "" are None."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(name, "must be integer")
    if not 0 <= value <= BIGGEST:
        raise wrong(name, f"must be >= 0 and <= {BIGGEST}")
    return value


def mapping(value: Any, name: str) -> dict[str, Any]:
    """A JSON object; an empty list is one too, as PHP writes it, and so is null."""
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise wrong(name, "must be object")
    return value


def texts(value: Any, name: str) -> list[str]:
    """A list of strings; null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong(name, "must be array of strings")
    return value


def day(value: Any, name: str) -> date | None:
    """A calendar day, also as the day of an instant; null and "" are None."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        found = parse_date(value[:10]) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise wrong(name, 'must match format "date"')
    return found


def rows(value: Any, *, key: str) -> None:
    """Refuse what is not a list of objects, each with a text under `key`."""
    if not isinstance(value, list):
        raise WrongMember("Payload must be array")
    for index, row in enumerate(value):
        if not isinstance(row, dict):
            raise WrongMember(f"Property [{index}] must be object")
        if row.get(key) is None or row[key] == "":
            raise WrongMember(f"Property [{index}] should have required property '{key}'")
        if not isinstance(row[key], str):
            raise WrongMember(f"Property [{index}].{key} must be string")
