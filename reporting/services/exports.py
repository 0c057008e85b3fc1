"""Exports: asked for, written by a job, downloaded by an address that ends, deleted."""

import csv
import io
import secrets
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from loyalty_project.core import async_actions, context, tenancy
from loyalty_project.core.errors import Invalid, LoyaltyError, NotFound, Unauthenticated
from loyalty_project.core.models import Job, Project
from reporting.models import Export
from reporting.reports import exports as kinds

JOB = "reporting.export"
# Hidden from the published list of background tasks, whose clients do not know it.
ACTION_TYPE = "WAFA.EXPORT"
FOLDER = "exports"
LINK_SECONDS = 24 * 60 * 60
KEPT = timedelta(days=30)
MISSING = {"points_expiration": "points are not supported yet"}
_SALT = "reporting.export"


class InvalidToken(Unauthenticated):
    message = "Unauthorized"


def start(
    *, project: Project, exported_object: str, parameters: Mapping[str, Any], at: datetime
) -> Export:
    """Check an export and let a job write it. Raises InvalidExportFields and Invalid."""
    if exported_object in MISSING:
        raise Invalid(f"Property .exported_object is not available: {MISSING[exported_object]}")
    if exported_object not in kinds.by_name():
        known = ", ".join(kinds.by_name())
        raise Invalid(f"Property .exported_object must be one of {known}")
    wanted = kinds.check(exported_object, parameters, at=at)
    with transaction.atomic():
        action = async_actions.start(
            ACTION_TYPE,
            project=project,
            job=JOB,
            params={"exported_object": exported_object},
            total=wanted.rows.count(),
            at=at,
        )
        export: Export = Export.objects.create(
            project=project,
            exported_object=exported_object,
            parameters=_listed(parameters),
            action=action,
            channel="WEBSITE" if context.actor().user is not None else "API",
            created_at=at,
        )
    return export


def _listed(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Checked parameters as published: the values of every condition in an array."""
    filters = {
        name: node
        if name == "junction"
        else {
            "conditions": {
                operator: values if isinstance(values, list) else [values]
                for operator, values in node["conditions"].items()
            }
        }
        for name, node in (parameters.get("filters") or {}).items()
    }
    return {**parameters, **({"filters": filters} if filters else {})}


def run(*, job: Job) -> None:
    """Write the file from its beginning, also after a crash: rows are read in one query."""
    action = async_actions.of_job(job)
    export = Export.objects.select_related("action").filter(action=action).first()
    if export is None or action.status in async_actions.ENDED:
        return
    if action.done:
        action.done = 0
        action.save(update_fields=["done"])
    try:
        wanted = kinds.check(export.exported_object, export.parameters, at=export.created_at)
    except LoyaltyError as error:
        async_actions.finish(action, job=job, message=error.details, ok=False)
        return
    name = f"{FOLDER}/{export.project.public_id}/{secrets.token_hex(16)}.csv"
    with tempfile.TemporaryFile() as target:
        text = io.TextIOWrapper(target, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(wanted.fields)
        for rows in kinds.lines(wanted, project=export.project):
            writer.writerows(rows)
            async_actions.advance(action, job=job, done=len(rows))
        target.seek(0)
        stored = default_storage.save(name, File(target))
        text.detach()
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(file=stored)
        async_actions.finish(action, job=job, message="Export has been completed")


def give_up(*, job: Job) -> None:
    action = async_actions.of_job(job)
    async_actions.finish(action, job=job, message=async_actions.GIVEN_UP, ok=False)


def find(*, project: Project, public_id: str) -> Export:
    """Raises NotFound."""
    rows = Export.objects.select_related("action").filter(project=project)
    export: Export | None = rows.filter(public_id=public_id).first()
    if export is None:
        raise NotFound.of("export", public_id)
    return export


def delete(*, project: Project, public_id: str) -> None:
    """With its file. Raises NotFound."""
    export = find(project=project, public_id=public_id)
    with transaction.atomic():
        export.delete()
        if export.file:
            transaction.on_commit(lambda: default_storage.delete(export.file))


def purge(*, project: Project, at: datetime) -> int:
    """Delete exports, with their files, that are older than 30 days; how many."""
    old = list(Export.objects.filter(project=project, created_at__lt=at - KEPT))
    for export in old:
        delete(project=project, public_id=export.public_id)
    return len(old)


def token(*, export: Export) -> str:
    """What lets anybody download the file for a day."""
    return signing.dumps(export.public_id, salt=_SALT)


def opened(*, public_id: str, given: str) -> File:
    """The file of an export, by the token in its address. Raises InvalidToken and NotFound."""
    try:
        signed = signing.loads(given, salt=_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        signed = None
    if signed != public_id:
        raise InvalidToken("The token is wrong or has expired: get the export once more")
    with tenancy.all_projects():
        export = Export.objects.filter(public_id=public_id).first()
    if export is None or not export.is_there:
        raise NotFound.of("export", public_id)
    return default_storage.open(export.file, "rb")
