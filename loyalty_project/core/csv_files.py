"""CSV files in UTF-8, read from a byte on and never whole."""

import ast
import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import IO, Any

from loyalty_project.core import strict_json
from loyalty_project.core.errors import Invalid

# What a spreadsheet would run, also where it reads full-width signs as the usual ones:
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n\x00")


class Wrong(str):
    """Why a row cannot be read; stands in its place."""

    __slots__ = ()


class Lines:
    """Decoded lines of a file from a byte on.

    `offset` is the byte behind the last one read, `number` counts those of the file.
    """

    def __init__(self, source: IO[bytes], offset: int, number: int = 0) -> None:
        self.source, self.offset, self.number = source, offset, number

    def __iter__(self) -> Iterator[str]:
        self.source.seek(self.offset)
        while line := self.source.readline():
            first = not self.offset
            self.offset += len(line)
            self.number += 1
            yield line.decode("utf-8-sig" if first else "utf-8")


def headers(source: IO[bytes]) -> list[str]:
    """The names in the first line, trimmed. Raises csv.Error."""
    reader = csv.reader(Lines(source, 0), delimiter=_delimiter(source), strict=True)
    return [name.strip() for name in next(reader, [])]


def _delimiter(source: IO[bytes]) -> str:
    """A comma, or the semicolon and the tab of spreadsheets where the header has no comma."""
    source.seek(0)
    header = source.readline().decode("utf-8-sig")
    return next((mark for mark in (",", ";", "\t") if mark in header), ",")


def rows(
    source: IO[bytes], lines: Lines, *, headers: list[str], skip: bool
) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Rows with the line that each begins on, from where `lines` stands.

    A row is header → cell; what is wrong with one stands in its place.
    """
    mark = _delimiter(source)
    reader = csv.reader(lines, delimiter=mark, strict=True)
    if skip:
        next(reader, None)
    while True:
        place = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield place, Wrong(f"cannot be read up to line {lines.number}: {error}")
            # Whatever quotation it was in, the next line begins a row.
            reader = csv.reader(lines, delimiter=mark, strict=True)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(headers):
            yield place, Wrong(f"has {len(cells)} cells where the header names {len(headers)}")
        else:
            yield place, dict(zip(headers, _plain(cells), strict=False))


def header_of(headers: Collection[str], name: str) -> str:
    """The header under which the file has the member `name`, or the name itself."""
    named = (header for header in headers if _name(header) in {name, f"address_{name}"})
    return next(named, name)


def cell(cells: Mapping[str, str], name: str) -> str:
    """The cell of the column `name`, empty where there is none."""
    return next((text for header, text in cells.items() if _name(header) == name), "")


def _plain(cells: Sequence[str]) -> list[str]:
    """The cells trimmed, without the apostrophe that an export puts before a formula."""
    texts = [cell.strip() for cell in cells]
    return [original(text) if text[:1] == "'" else text for text in texts]


def neutral(value: Any) -> Any:
    """The text with an apostrophe before it where a spreadsheet would run it; numbers stay.

    One that begins so already gets another, so that `original` gives each text back as it was.
    """
    if not isinstance(value, str) or not _is_formula(value) or _is_number(value):
        return value
    return f"'{value}"


def original(value: Any) -> Any:
    """What `neutral` was given."""
    return (
        value[1:] if isinstance(value, str) and value[:1] == "'" and _is_formula(value) else value
    )


def _is_formula(text: str) -> bool:
    return text.lstrip("'")[:1] in FORMULA_STARTS


def _is_number(text: str) -> bool:
    digits = text[1:].replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdigit()


@lru_cache(maxsize=1024)
def _name(header: str) -> str:
    return header.lower().replace(" ", "_")


def split(
    cells: Mapping[str, str], columns: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The cells of known columns by column, and by header those of others that are not empty.

    Headers are compared in lower case with `_` for blanks.
    """
    known: dict[str, Any] = {}
    others: dict[str, str] = {}
    for header, text in cells.items():
        name = _name(header)
        if name in columns:
            known[name] = text
        elif header and text:
            others[header] = text
    return known, others


def json_object(text: str, name: str) -> dict[str, Any]:
    """A JSON object, also with single quotes as the published template has it."""
    if not text:
        return {}
    try:
        value = _value(text)
    except strict_json.InvalidJson as error:
        raise Invalid(f"Property .{name} must be object: {error.details}") from error
    if not isinstance(value, dict):
        raise Invalid(f"Property .{name} must be object")
    return value


def _value(text: str) -> Any:
    try:
        return strict_json.loads(text)
    except strict_json.InvalidJson:
        return strict_json.loads(_double_quoted(text))


def _double_quoted(text: str) -> str:
    """What is written as Python writes it, in JSON; any other text as it is."""
    try:
        value = ast.literal_eval(text)
        return json.dumps(value, allow_nan=False) if _has_names(value) else text
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text


def _has_names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)
