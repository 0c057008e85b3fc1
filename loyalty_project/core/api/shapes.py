"""JSON schemas of the TypedDicts that say how answers look."""

import types
from collections.abc import Sequence
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
    dict: {"type": "object", "additionalProperties": {}},
    list: {"type": "array", "items": {}},
    object: {},
    type(None): {"type": "string", "nullable": True, "enum": [None]},
}
_components: dict[str, Any] = {}


class UnknownShape(TypeError):
    """A TypedDict says something that has no JSON schema here: a programming error."""


def of(shape: Any) -> Schema:
    """The JSON schema of a type: TypedDicts become components named without `Json`."""
    if shape in _PLAIN:
        return dict(_PLAIN[shape])
    if is_typeddict(shape):
        return {"$ref": f"#/components/schemas/{_component(shape)}"}
    return _of_generic(shape, get_origin(shape), get_args(shape))


def _of_generic(shape: Any, origin: Any, arguments: Sequence[Any]) -> Schema:
    if origin in {Required, NotRequired}:
        return of(arguments[0])
    if origin is Literal:
        return {"type": _literal_type(shape, arguments), "enum": list(arguments)}
    if origin in {Union, types.UnionType}:
        return _union(arguments)
    if origin is list:
        return {"type": "array", "items": of(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": of(arguments[1])}
    raise UnknownShape(shape)


def _literal_type(shape: Any, values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values}
    if len(kinds) != 1:
        raise UnknownShape(shape)
    return str(_PLAIN[kinds.pop()]["type"])


def _union(arguments: Sequence[Any]) -> Schema:
    kept = [of(argument) for argument in arguments if argument is not type(None)]
    found = kept[0] if len(kept) == 1 else {"oneOf": kept}
    if len(kept) == len(arguments):
        return found
    if "$ref" in found:
        return {"allOf": [found], "nullable": True}
    return {**found, "nullable": True}


def _component(shape: Any) -> str:
    name = str(shape.__name__).removesuffix("Json")
    known = _components.setdefault(name, shape)
    if known is not shape:
        raise UnknownShape(f"two shapes are called {name}: {known.__module__}, {shape.__module__}")
    return name


def _object(shape: Any) -> Schema:
    hints = get_type_hints(shape, include_extras=True)
    found: Schema = {
        "type": "object",
        "properties": {name: of(hint) for name, hint in hints.items()},
    }
    required = [name for name in hints if name in shape.__required_keys__]
    if required:
        found["required"] = required
    if shape.__doc__:
        found["description"] = shape.__doc__.strip().partition("\n")[0]
    return found


def components() -> dict[str, Schema]:
    """The schemas of all TypedDicts that were named, and of those that they name."""
    found: dict[str, Schema] = {}
    while set(_components) - set(found):
        for name in set(_components) - set(found):
            found[name] = _object(_components[name])
    return found
