"""The rows of a stored file, a chunk at a time, from where the last one ended.

Where an action has the parameter `together`, the name of a column, rows that follow one another
with the same cell there are one thing, and never come in two chunks.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.storage import default_storage

from loyalty_project.core import csv_files
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import AsyncAction

# So many rows more than a chunk are read to have all that belong together.
MAX_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `number` counts from 1 without the header; `data` maps headers to texts, or JSON.

    `place` is the line of the file that it begins on, which is further down where texts have
    several lines; `end` and `last` are the byte behind it and the line that it ends on. `torn`:
    the row before or after it cannot be read, and may belong to it.
    """

    number: int
    data: Any
    place: int = 0
    end: int = 0
    last: int = 0
    torn: bool = False


def read(action: AsyncAction, chunk: int) -> list[Line]:
    """The next rows; what is wrong with a row stands in its place.

    Raises Invalid where too many rows follow that belong together.
    """
    together = action.params.get("together")
    found: list[Line] = []
    for line in _following(action):
        if len(found) >= chunk and not (together and _are_one(found[-1], line, together)):
            break
        if len(found) == chunk + MAX_TOGETHER:
            raise Invalid(f"Too many rows with the same {together} end at line {line.place}")
        found.append(line)
    return _torn(found) if together else found


def parts(action: AsyncAction, lines: list[Line], size: int) -> Iterator[list[Line]]:
    """The lines, so many at a time, with what belongs together."""
    together = action.params.get("together")
    part: list[Line] = []
    for line in lines:
        if len(part) >= size and not (together and _are_one(part[-1], line, together)):
            yield part
            part = []
        part.append(line)
    yield part


def _following(action: AsyncAction) -> Iterator[Line]:
    cursor, headers = action.cursor, action.params.get("headers")
    offset, number = cursor.get("offset", 0), cursor.get("row", 0)
    with default_storage.open(action.params["file"], "rb") as source:
        lines = csv_files.Lines(source, offset, cursor.get("line", 0))
        if headers is not None:
            rows = csv_files.rows(source, lines, headers=headers, skip=not offset)
        else:
            rows = ((lines.number, json.loads(text)) for text in lines)
        for place, data in rows:
            number += 1
            yield Line(number, data, place, lines.offset, lines.number)


def _are_one(line: Line, after: Line, together: str) -> bool:
    """Also where one of them cannot be read."""
    if _is_wrong(line) or _is_wrong(after):
        return True
    return csv_files.cell(line.data, together) == csv_files.cell(after.data, together)


def _torn(lines: list[Line]) -> list[Line]:
    beside = {line.number + step for line in lines if _is_wrong(line) for step in (-1, 1)}
    return [replace(line, torn=True) if line.number in beside else line for line in lines]


def _is_wrong(line: Line) -> bool:
    return isinstance(line.data, csv_files.Wrong)
