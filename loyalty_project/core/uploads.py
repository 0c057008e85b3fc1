"""Uploaded CSV files: refused at once where no row of them could be read."""

import csv
from collections.abc import Sequence

from django.core.files.base import File

from loyalty_project.core import csv_files
from loyalty_project.core.errors import Invalid

MAX_FILE_BYTES = 1_073_741_824
MAX_LINE_BYTES = 1_048_576
MAX_COLUMNS = 1_000


class UnreadableFile(Invalid):
    """Not a CSV file in UTF-8 with the columns that are needed."""


def check(upload: File) -> int:
    """The number of lines. Raises UnreadableFile unless it is text in UTF-8."""
    if not upload.size:
        raise UnreadableFile("The file is empty")
    if upload.size > MAX_FILE_BYTES:
        raise UnreadableFile(f"The file is larger than {MAX_FILE_BYTES} bytes")
    lines = 0
    source = upload.open("rb")
    while line := source.readline(MAX_LINE_BYTES + 1):
        lines += 1
        if len(line) > MAX_LINE_BYTES:
            raise UnreadableFile(f"Line {lines} is longer than {MAX_LINE_BYTES} bytes")
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"Line {lines} of the file is not UTF-8") from error
        if "\x00" in text:
            raise UnreadableFile(f"Line {lines} of the file holds a NUL character")
    return lines


def headers(upload: File, *, required: Sequence[str], one_of: Sequence[str]) -> list[str]:
    """The names of the columns. Raises UnreadableFile for those that no row could be read by."""
    try:
        found = csv_files.headers(upload.open("rb"))
    except csv.Error as error:
        raise UnreadableFile(f"The first line of the file cannot be read: {error}") from error
    if len(found) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has more than {MAX_COLUMNS} columns")
    names = [header.lower() for header in found if header]
    for name in required:
        if name not in names:
            raise UnreadableFile(f"The file should have the column '{name}'")
    if one_of and not set(one_of) & set(names):
        listed = ", ".join(one_of)
        raise UnreadableFile(f"The file should have at least one of the columns {listed}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UnreadableFile(f"The file has the column '{twice}' twice")
    return found
