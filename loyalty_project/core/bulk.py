"""Bulk work on rows from a CSV file or a list: checked and stored at once, written in chunks.

The rows lie in a file of the default storage, never in a column; a chunk is a transaction, and the
cursor is the byte behind it, so that a crash repeats nothing and leaves nothing out.
"""

import gc
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from loyalty_project.core import (
    async_actions,
    chunks,
    context,
    csv_files,
    jobs,
    metadata,
    uploads,
)
from loyalty_project.core.async_actions import MAX_REPORTED_FAILURES
from loyalty_project.core.errors import Busy, LoyaltyError
from loyalty_project.core.models import ApiKey, AsyncAction, Job, Project, RefusedRows
from loyalty_project.core.services import projects

CHUNK = 2_000
# For rows that take locks of configuration or of people: nobody waits long for so few.
SMALL_CHUNK = 20
FOLDER = "imports"

Failure = dict[str, Any]
Line = chunks.Line


class Fewer(Exception):
    """Some of the rows take locks of their own: give them a few at a time, in as many steps."""


class Writer(Protocol):
    """Writes one chunk inside its transaction; answers what it refused.

    A Failure is what `failure` makes. A LoyaltyError that it raises ends the
    action, for no row could be written; Busy alone is tried again. Before it writes it may raise
    Fewer of more than SMALL_CHUNK rows.
    """

    def __call__(self, *, action: AsyncAction, lines: list[Line]) -> list[Failure]: ...


def failure(line: Line, error: LoyaltyError, **who: Any) -> Failure:
    """`{"source_id" or "code", "row", "reason"}` as published, and the "column" for the report."""
    column = str(error.extra.get("field", ""))
    if isinstance(error, metadata.MetadataValidationFailed):
        column = error.details.partition(":")[0]
    return {**who, "row": line.number, "reason": error.details, "column": column}


def start_csv(
    action_type: str,
    *,
    project: Project,
    job: str,
    upload: File,
    at: datetime,
    params: Mapping[str, Any] | None = None,
    subject: str = "",
    required: Sequence[str] = (),
    one_of: Sequence[str] = (),
) -> AsyncAction:
    """Store an uploaded CSV file and record the action that will read it.

    `required` names columns that must all be there, `one_of` those of which one must, in lower
    case. Raises uploads.UnreadableFile.
    """
    lines = uploads.check(upload)
    headers = uploads.headers(upload, required=required, one_of=one_of)
    upload.seek(0)
    return _start(
        action_type,
        project=project,
        job=job,
        content=upload,
        extension="csv",
        total=max(lines - 1, 0),
        at=at,
        params={**(params or {}), "headers": headers},
        subject=subject,
    )


def start_rows(
    action_type: str,
    *,
    project: Project,
    job: str,
    rows: Sequence[Any],
    at: datetime,
    params: Mapping[str, Any] | None = None,
    subject: str = "",
) -> AsyncAction:
    """Record an action on JSON values of a request, stored as one line each."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return _start(
        action_type,
        project=project,
        job=job,
        content=ContentFile(text.encode()),
        extension="jsonl",
        total=len(rows),
        at=at,
        params=params or {},
        subject=subject,
    )


def start_metadata(
    action_type: str,
    *,
    project: Project,
    job: str,
    source_ids: Sequence[str],
    values: Mapping[str, Any],
    at: datetime,
) -> AsyncAction:
    """As `start_rows`, giving all of those the same metadata, merged per key."""
    rows = [{"source_id": source_id, "metadata": dict(values)} for source_id in source_ids]
    return start_rows(action_type, project=project, job=job, rows=rows, at=at)


def run(job: Job, *, write: Writer, message: str, chunk: int | None = None) -> None:
    """Read the action's file in chunks and give each to `write`, inside its transaction.

    Ends the action with `message`; safe to run again after a crash. `chunk` is how many rows one
    transaction writes.
    """
    action = async_actions.of_job(job)
    if action.status not in async_actions.ENDED:
        with context.acting(user=action.user, api_key=_api_key(action)):
            _write_all(action, job=job, write=write, message=message, chunk=chunk or CHUNK)
    default_storage.delete(action.params["file"])


def give_up(job: Job) -> None:
    """End the action of a job that is not tried again, and remove its file."""
    action = async_actions.of_job(job)
    text = async_actions.GIVEN_UP
    async_actions.finish(action, job=job, message=text, failures=_failures(action), ok=False)
    transaction.on_commit(lambda: default_storage.delete(action.params["file"]))


def _start(
    action_type: str,
    *,
    project: Project,
    job: str,
    content: File,
    extension: str,
    total: int,
    at: datetime,
    params: Mapping[str, Any],
    subject: str,
) -> AsyncAction:
    key = context.actor().api_key
    name = f"{FOLDER}/{project.public_id}/{secrets.token_hex(16)}.{extension}"
    stored = default_storage.save(name, content)
    return async_actions.start(
        action_type,
        project=project,
        job=job,
        params={**params, "file": stored, "api_key": key.pk if key is not None else None},
        total=total,
        at=at,
        subject=subject,
    )


def _api_key(action: AsyncAction) -> ApiKey | None:
    found: ApiKey | None = ApiKey.objects.filter(pk=action.params.get("api_key")).first()
    return found


def _write_all(action: AsyncAction, *, job: Job, write: Writer, message: str, chunk: int) -> None:
    try:
        while _written(action, job=job, write=write, chunk=chunk):
            jobs.let_others(job)
        text, ok = message, True
    except Busy:
        raise
    except LoyaltyError as error:
        text, ok = error.details or error.message, False
    async_actions.finish(action, job=job, message=text, failures=_failures(action), ok=ok)


def _written(action: AsyncAction, *, job: Job, write: Writer, chunk: int) -> bool:
    """A chunk makes many objects and no cycles: to look for some is a fifth of its time."""
    gc.disable()
    try:
        return _write_chunk(action, job=job, write=write, chunk=chunk)
    finally:
        gc.enable()


def _write_chunk(action: AsyncAction, *, job: Job, write: Writer, chunk: int) -> bool:
    lines = chunks.read(action, chunk)
    if not lines:
        return False
    try:
        _commit(action, lines, job=job, write=write)
    except Fewer:
        for part in chunks.parts(action, lines, SMALL_CHUNK):
            _commit(action, part, job=job, write=write)
    return True


def _commit(action: AsyncAction, lines: list[Line], *, job: Job, write: Writer) -> None:
    whole = [line for line in lines if not isinstance(line.data, csv_files.Wrong)]
    refused: list[Failure] = [
        {"source_id": None, "row": line.number, "reason": str(line.data)}
        for line in lines
        if isinstance(line.data, csv_files.Wrong)
    ]
    with transaction.atomic():
        with projects.bumping_once():
            refused += write(action=action, lines=whole)
        refused.sort(key=lambda failure: failure["row"])
        failed = [*_failures(action), *map(_published, refused)]
        _report(action, lines, refused)
        async_actions.advance(
            action,
            job=job,
            done=len(lines) - len(refused),
            failed=len(refused),
            cursor={
                "offset": lines[-1].end,
                "row": lines[-1].number,
                "line": lines[-1].last,
                "failed": failed[:MAX_REPORTED_FAILURES],
            },
        )


def _failures(action: AsyncAction) -> list[Failure]:
    return list(action.cursor.get("failed", []))


def _published(failure: Failure) -> Failure:
    return {name: value for name, value in failure.items() if name != "column"}


def _report(action: AsyncAction, lines: list[Line], refused: list[Failure]) -> None:
    """Keep all that was refused, however much, with where it stands in the file."""
    if not refused:
        return
    places = {line.number: line.place for line in lines}
    headers = action.params.get("headers", [])
    RefusedRows.objects.create(
        project=action.project,
        action=action,
        failures=[
            {
                **failure,
                "line": places[failure["row"]],
                "column": csv_files.header_of(headers, failure.get("column", "")),
            }
            for failure in refused
        ],
    )
