"""JSON from outside: refused where it could not be stored or would exhaust the reader."""

import json
import re
from typing import Any

from loyalty_project.core.errors import Invalid

MAX_DEPTH = 40
# NUL and lone surrogates cannot be stored; only texts that mention them are searched for them.
_SUSPECT = re.compile(r"\\u0000|\\u[dD][89abAB]|[\ud800-\udfff]", re.ASCII)


class InvalidJson(Invalid):
    """No JSON, or JSON that cannot be kept."""

    message = "Invalid request payload JSON format"


def loads(source: bytes | str) -> Any:
    """The value of a JSON text, in UTF-8 where it is bytes. Raises InvalidJson."""
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        data = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidJson(_reason(error)) from error
    if _depth(data) > MAX_DEPTH:
        raise InvalidJson(f"The text is nested deeper than {MAX_DEPTH} levels")
    if _SUSPECT.search(text):
        _refuse_unstorable(data)
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "The text is not UTF-8"
    return "The text cannot be read as JSON"


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return number


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _depth(data: Any) -> int:
    level, depth = [data], 0
    while level and depth <= MAX_DEPTH:
        level = [child for value in level for child in _children(value)]
        depth += 1
    return depth


def _refuse_unstorable(data: Any) -> None:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        waiting.extend(_children(value))
        texts = [*value, *value.values()] if isinstance(value, dict) else [value]
        for text in texts:
            if isinstance(text, str) and ("\x00" in text or not _encodable(text)):
                raise InvalidJson("Texts must not contain NUL or lone surrogates")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
