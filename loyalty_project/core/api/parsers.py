"""Request bodies: lenient where the published clients need it, strict where data would break."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from loyalty_project.core.errors import Invalid, LoyaltyError

MAX_BYTES = 10_485_760
MAX_DEPTH = 40
# NUL and lone surrogates cannot be stored; only bodies that mention them are searched for them.
_SUSPECT = re.compile(rb"\\u0000|\\u[dD][89abAB]", re.ASCII)


class TooLarge(LoyaltyError):
    """The body exceeds 10 MB; the published answer has a shape of its own."""

    status = 413
    key = "request_entity_too_large"
    message = f"Payload content length greater than maximum allowed: {MAX_BYTES}"


class InvalidJson(Invalid):
    """The body is not JSON, or JSON that cannot be kept."""

    message = "Invalid request payload JSON format"


class LenientJSONParser(BaseParser):
    """JSON; an empty body and a bare scalar are `{}`, as some clients send them."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        del media_type, parser_context
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge
        if not body.strip():
            return {}
        data = _loads(body)
        return data if isinstance(data, (dict, list)) else {}


def _loads(body: bytes) -> Any:
    try:
        data = json.loads(
            body.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise InvalidJson(_reason(error)) from error
    if _depth(data) > MAX_DEPTH:
        raise InvalidJson(f"The body is nested deeper than {MAX_DEPTH} levels")
    if _SUSPECT.search(body):
        _refuse_unstorable(data)
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "The body is not UTF-8"
    return "The body cannot be read as JSON"


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
