"""Query strings as trees: `filters[code][conditions][$in][0]=x` and its relatives."""

import ast
import re
from typing import Any
from urllib.parse import parse_qsl

from loyalty_project.core.api.errors import InvalidQuery

_PART = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"\d{1,9}", re.ASCII)
_MAX_DEPTH = 8
_MAX_PARAMETERS = 1000

Tree = dict[str, Any]


def parse(query_string: str) -> Tree:
    """The nested parameters of a query string. Lists stay lists, all else is text.

    `a[b]=c`, `[a][b]=c`, `a[0]=x&a[1]=y`, `a[]=x`, repeated keys, and Python's own way of writing
    a list (`a=['x', 'y']`) are understood. Raises InvalidQuery.
    """
    try:
        pairs = parse_qsl(
            query_string, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS, errors="strict"
        )
    except ValueError as error:
        raise InvalidQuery("The query string cannot be read") from error
    tree: Tree = {}
    for name, value in pairs:
        found = _value(value)
        for part in (name, *_list(found)):
            _refuse_unstorable(part)
        _put(tree, _path(name), found)
    return {name: _with_lists(value) for name, value in tree.items()}


def _path(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    parts = [head] if head else []
    parts += _PART.findall(bracket + rest)
    if not parts or len(parts) > _MAX_DEPTH:
        raise InvalidQuery(f"The parameter {name[:80]!r} cannot be read")
    return parts


def _value(text: str) -> Any:
    if text.startswith("[") and text.endswith("]"):
        try:
            return [str(item) for item in ast.literal_eval(text)]
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return text
    return text


def _refuse_unstorable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidQuery("The query string must not contain lone surrogates") from error
    if "\x00" in text:
        raise InvalidQuery("The query string must not contain NUL")


def _put(tree: Tree, path: list[str], value: Any) -> None:
    *parents, last = path
    node = tree
    for part in parents:
        inner = node.setdefault(part, {})
        if not isinstance(inner, dict):
            raise InvalidQuery(f"The parameter {path[0]!r} is given in two ways")
        node = inner
    if last == "":
        last = str(len(node))
    if isinstance(node.get(last), dict):
        raise InvalidQuery(f"The parameter {path[0]!r} is given in two ways")
    if last in node:
        value = [*_list(node[last]), *_list(value)]
    node[last] = value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(_INDEX.fullmatch(key) for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _with_lists(inner) for key, inner in value.items()}


def text(tree: Tree, name: str) -> str | None:
    """A plain parameter, or None. Raises InvalidQuery for a list or an object."""
    value = tree.get(name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidQuery(f"Query param {name!r} must be a single value")


def flag(tree: Tree, name: str) -> bool:
    """Whether a parameter is true, also as Python writes it."""
    return text(tree, name) in {"true", "True", "1"}


def whole(tree: Tree, name: str, *, default: int, low: int, high: int) -> int:
    """An integer parameter within bounds. Raises InvalidQuery naming them."""
    value = text(tree, name)
    if value is None or value == "":
        return default
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not low <= int(value) <= high:
        raise InvalidQuery(f"Query param {name!r} must be an integer between {low} and {high}")
    return int(value)
