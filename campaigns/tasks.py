"""Jobs of campaigns, the sweep that folds appended uses, and the one that tells of starts."""

import structlog
from celery import shared_task
from django.db import DatabaseError

from campaigns.models import UsageDelta
from campaigns.services import (
    archiving,
    bulk_updates,
    counting,
    deletion,
    generation,
    imports,
    propagation,
    running,
)
from loyalty_project.core import bulk, clock, jobs, tenancy
from loyalty_project.core.models import AsyncAction, Job, Project

log = structlog.get_logger(__name__)


def _give_up_generation(job: Job) -> None:
    generation.give_up(job=job)


def _give_up_propagation(job: Job) -> None:
    propagation.give_up(job=job)


def _give_up_deletion(job: Job) -> None:
    deletion.give_up(job=job)


@jobs.handler(generation.JOB, give_up=_give_up_generation)
def generate_vouchers(job: Job) -> None:
    generation.run(job=job)


@jobs.handler(propagation.JOB, give_up=_give_up_propagation)
def modify_vouchers(job: Job) -> None:
    propagation.run(job=job)


@jobs.handler(deletion.JOB, give_up=_give_up_deletion)
def delete_vouchers(job: Job) -> None:
    deletion.run(job=job)


@jobs.handler(imports.JOB, give_up=bulk.give_up)
def import_vouchers(job: Job) -> None:
    bulk.run(job, write=_import_rows, message="Vouchers have been imported")


@jobs.handler(imports.CSV_JOB, give_up=bulk.give_up)
def import_vouchers_csv(job: Job) -> None:
    bulk.run(job, write=_import_csv, message="Vouchers have been imported")


@jobs.handler(bulk_updates.JOB, give_up=bulk.give_up)
def update_vouchers(job: Job) -> None:
    bulk.run(job, write=_update_rows, message="Vouchers have been updated", chunk=bulk.SMALL_CHUNK)


def _import_rows(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return imports.write_rows(action=action, lines=lines)


def _import_csv(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return imports.write_csv(action=action, lines=lines)


def _update_rows(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return bulk_updates.write_rows(action=action, lines=lines)


@shared_task(name="campaigns.fold", ignore_result=True)
def fold() -> None:
    """Fold the open uses of all projects that have some."""
    with tenancy.all_projects():
        waiting = UsageDelta.objects.order_by().values("project").distinct()
        projects = list(Project.objects.filter(pk__in=waiting))
    for project in projects:
        with tenancy.scope(project):
            try:
                while counting.fold(project=project):
                    continue
            except DatabaseError:
                log.exception("fold_failed", project=project.public_id)


@shared_task(name="campaigns.announce", ignore_result=True)
def announce() -> None:
    """Tell of campaigns that began or ended since the last time."""
    for project in Project.objects.order_by("pk"):
        with tenancy.scope(project):
            while running.announce_due(project=project, at=clock.now()) == running.BATCH:
                continue


@shared_task(name="campaigns.archive", ignore_result=True)
def archive() -> None:
    """Take campaigns that ended long ago out of the lists of all projects."""
    for project in Project.objects.order_by("pk"):
        with tenancy.scope(project):
            try:
                found = archiving.archive_ended(project=project, at=clock.now())
            except DatabaseError:
                log.exception("archive_failed", project=project.public_id)
                continue
            if found:
                log.info("campaigns_archived", project=project.public_id, number=found)
