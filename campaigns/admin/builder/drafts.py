"""Reading what a page sends: JSON of any shape, as the shapes that are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from loyalty_project.core.predicates import InvalidCondition

_ROW = ("fact", "period", "property", "window", "kind", "operator", "values", "message")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a `field` of what stands at `path`, e.g. "parts.0.inner.parts.1".

    `missing` is what was not typed yet, which is no news while somebody types.
    """

    path: str
    field: str
    message: str
    missing: bool = False


@dataclass(slots=True)
class Problems:
    """`places` is where the numbered rules of the document stand in the draft."""

    found: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, name: str, error: ValidationError) -> None:
        self.found.append(Problem(path, name, error.messages[0], error.code == "required"))

    def refuse(self, path: str, error: InvalidCondition) -> None:
        self.found.append(Problem(path, "", error.problem))

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in self.found]


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def parts(group: Mapping[str, Any], path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The rows and groups of a group, each with its path."""
    for place, part in enumerate(listing(group.get("parts"))):
        yield mapping(part), f"{path}parts.{place}."


def numbers(group: Mapping[str, Any]) -> Iterator[str]:
    """The numbers that rows of a level had when they were stored."""
    for part, _ in (
        *parts(group, ""),
        *((mapping(each), "") for each in listing(group.get("unused"))),
    ):
        if is_group(part):
            yield from numbers(part)
        else:
            yield text(part.get("number"))


def is_group(part: Mapping[str, Any]) -> bool:
    return "parts" in part


def asks_the_same(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows, inner ones aside, were typed alike."""
    return all(row.get(name) == other.get(name) for name in _ROW if name != "message")


def essence(part: Any) -> Any:
    """A part of a draft without what is stored with it, to see whether it was changed."""
    part = mapping(part)
    if part.get("kept"):
        return {"kept": part.get("source"), "not": bool(part.get("not"))}
    if is_group(part):
        return {
            "join": part.get("join"),
            "not": bool(part.get("not")),
            "parts": [essence(each) for each in listing(part.get("parts"))],
            "unused": [essence(each) for each in listing(part.get("unused"))],
        }
    inner = essence(part["inner"]) if part.get("inner") else None
    row = {name: part.get(name) for name in _ROW}
    return {**row, "not": bool(part.get("not")), "inner": inner}
