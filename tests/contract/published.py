"""The published OpenAPI files, where they lie beside the checkout; nothing of them is committed."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("WAFA_SPEC_DIR") or ROOT.parent / "shared" / "spec")
RESOURCES = [
    "customers",
    "products",
    "product-collections",
    "segments",
    "orders",
    "categories",
    "vouchers",
    "campaigns",
    "publications",
    "validation-rules",
    "promotions",
    "validations",
    "redemptions",
    "async-actions",
    "oauth",
    "metadata-schemas",
]
METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class Example:
    """One published example: of a request body (`status` 0) or of a response."""

    resource: str
    method: str
    path: str
    name: str
    status: int
    media: str
    value: Any

    @property
    def id(self) -> str:
        return f"{self.method} {self.path} · {self.name}"

    @property
    def key(self) -> tuple[str, str]:
        return f"{self.method} {self.path}", self.name


def available() -> bool:
    return FOLDER.is_dir()


def request_examples() -> list[Example]:
    return list(_examples(of_requests=True))


def response_examples() -> list[Example]:
    return list(_examples(of_requests=False))


def example(resource: str, method: str, path: str, status: int) -> Any:
    """The first published response example of any file; None where the files do not lie here."""
    if not available():
        return None
    content = _file(resource)["paths"][path][method.lower()]["responses"][str(status)]["content"]
    return next(value for _name, value in _values(content["application/json"], resource))


def operations() -> list[tuple[str, str, str]]:
    """(resource, METHOD, path) of each published operation of the resources."""
    return [
        (resource, method.upper(), path)
        for resource in RESOURCES
        for path, methods in (_file(resource)["paths"] if available() else {}).items()
        for method in METHODS
        if method in methods
    ]


def errors(resource: str, method: str, path: str, status: int, body: Any) -> list[str]:
    """What the published response schema says against `body`, save what it says of its own example.

    Some published examples do not fit their own schema; a strict reading would refuse both.
    """
    own = _refused_examples(resource, method, path, status)
    return [text for text in _errors(resource, method, path, status, body) if text not in own]


def _errors(resource: str, method: str, path: str, status: int, body: Any) -> list[str]:
    schema = _response_schema(resource, method, path, status)
    if schema is None:
        return []
    found = jsonschema.Draft202012Validator(schema).iter_errors(body)
    return [text for error in found for text in _flat(error)]


@cache
def _refused_examples(resource: str, method: str, path: str, status: int) -> set[str]:
    return {
        text
        for example in response_examples()
        if (example.resource, example.method, example.path) == (resource, method, path)
        and example.status == status
        for text in _errors(resource, method, path, status, example.value)
    }


def _flat(error: jsonschema.ValidationError) -> list[str]:
    """An error without list positions; of alternatives, the one that comes closest."""
    if error.validator == "anyOf" and error.context:
        branches: dict[Any, list[str]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).extend(_flat(inner))
        return min(branches.values(), key=len)
    where = re.sub(r"\[\d+\]", "[]", error.json_path)
    what = error.message if error.validator == "required" else f"is not {error.validator_value}"
    return [f"{where} {what}"[:300]]


@cache
def _file(resource: str) -> dict[str, Any]:
    text = (FOLDER / f"{resource}.json").read_text()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _components(resource: str) -> dict[str, Any]:
    return {"schemas": _converted(_file(resource).get("components", {}).get("schemas", {}))}


def _response_schema(resource: str, method: str, path: str, status: int) -> dict[str, Any] | None:
    responses = _file(resource)["paths"][path][method.lower()].get("responses", {})
    content = responses.get(str(status), {}).get("content", {}).get("application/json")
    if content is None or "schema" not in content:
        return None
    return {"components": _components(resource), "allOf": [_converted(content["schema"])]}


def _converted(node: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema in which each value may be null.

    The published examples send null where their own schemas do not say so, in 100 of 267 cases,
    and the published clients take it. `oneOf` becomes `anyOf` for the same reason.
    """
    if isinstance(node, list):
        return [_converted(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kept = {
        "anyOf" if key == "oneOf" else key: (
            {name: _converted(value) for name, value in member.items()}
            if key == "properties"
            else _converted(member)
        )
        for key, member in node.items()
        if key not in _DROPPED
    }
    if isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
    if isinstance(kept.get("enum"), list):
        kept["enum"] = [*kept["enum"], None]
    return kept


_DROPPED = {"example", "discriminator", "xml", "externalDocs", "title", "nullable"}


def _examples(*, of_requests: bool) -> Iterator[Example]:
    for resource, method, path in operations():
        operation = _file(resource)["paths"][path][method.lower()]
        if of_requests:
            contents = [(0, operation.get("requestBody", {}).get("content", {}))]
        else:
            responses = operation.get("responses", {})
            contents = [(int(s), r.get("content", {})) for s, r in responses.items()]
        for status, content in contents:
            for media, body in content.items():
                for name, value in _values(body, resource):
                    yield Example(resource, method, path, name, status, media, value)


def _values(body: dict[str, Any], resource: str) -> Iterator[tuple[str, Any]]:
    if "example" in body:
        yield "example", body["example"]
    for name, example in body.get("examples", {}).items():
        reference = example.get("$ref")
        if reference:
            named = _file(resource)["components"]["examples"][reference.rsplit("/", 1)[-1]]
            yield name, named["value"]
        else:
            yield name, example["value"]
