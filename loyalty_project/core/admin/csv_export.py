"""CSV files of any length, sent row by row while they are read."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from loyalty_project.core.admin import resources


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def download(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Rows are read after the scope is closed: give an iterator whose query was made before."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets read UTF-8 only where a file says so.
    yield "\ufeff" + str(writer.writerow([resources.neutral(cell) for cell in header]))
    for row in rows:
        yield str(writer.writerow([resources.neutral(cell) for cell in row]))
