"""Customers of a CSV file into a segment."""

from datetime import datetime

from django.core.files.base import File

from customers import queries
from customers.models import Segment
from customers.services import segments
from loyalty_project.core import bulk, clock
from loyalty_project.core.models import AsyncAction, Project

CSV_JOB = "customers.import_segment_csv"


def start_csv(*, project: Project, segment: Segment, upload: File, at: datetime) -> AsyncAction:
    """Add the customers of the column `source_id`, which holds ids or source ids.

    Those who are in the segment stay; nobody is taken out. Raises uploads.UnreadableFile.
    """
    return bulk.start_csv(
        "SEGMENTS.IMPORT_CSV",
        project=project,
        job=CSV_JOB,
        upload=upload,
        at=at,
        subject=segment.public_id,
        required=["source_id"],
    )


def write_csv(*, action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    """Add one chunk; rows that name nobody."""
    segment = Segment.objects.filter(public_id=action.subject).first()
    wanted = [(line, _source_id(line)) for line in lines]
    if segment is None:
        return [_failure(line, name, "The segment was deleted") for line, name in wanted]
    known = queries.by_references(references={name for _line, name in wanted})
    refused = [
        _failure(line, name, f"Cannot find customer with id {name}")
        for line, name in wanted
        if name not in known
    ]
    found = [(line, name) for line, name in wanted if name in known]
    try:
        segments.add(
            project=action.project,
            segment=segment,
            customers=[known[name] for _line, name in found],
            at=clock.now(),
        )
    except segments.SegmentFull as error:
        refused += [_failure(line, name, error.details) for line, name in found]
    return refused


def _source_id(line: bulk.Line) -> str:
    cells = {header.lower(): text for header, text in line.data.items()}
    return str(cells.get("source_id") or "")


def _failure(line: bulk.Line, source_id: str, reason: str) -> bulk.Failure:
    return {"source_id": source_id, "row": line.number, "reason": reason}
