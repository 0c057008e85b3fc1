"""CSV files of any length, sent row by row while they are read."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from loyalty_project.core import csv_files


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


CSV = "text/csv; charset=utf-8"


def download(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Rows are read after the scope is closed: give an iterator whose query was made before."""
    return attachment(file_name, lines(_neutral(header), map(_neutral, rows)), CSV)


def attachment(file_name: str, parts: Iterable[str], content_type: str) -> StreamingHttpResponse:
    """The parts as a file that the browser saves."""
    response = StreamingHttpResponse(parts, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, of cells that no spreadsheet runs."""
    writer = csv.writer(_Echo())
    # Spreadsheets read UTF-8 only where a file says so.
    yield "\ufeff" + str(writer.writerow(header))
    for row in rows:
        yield str(writer.writerow(row))


def _neutral(row: Sequence[Any]) -> list[Any]:
    return [csv_files.neutral(cell) for cell in row]
