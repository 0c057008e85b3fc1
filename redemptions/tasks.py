"""Jobs of this app, by name, and the sweep that lets go of expired holds."""

import structlog
from celery import shared_task
from django.db import DatabaseError

from loyalty_project.core import async_actions, bulk, clock, jobs, tenancy
from loyalty_project.core.errors import Busy
from loyalty_project.core.models import AsyncAction, Job, Project
from redemptions.models import Hold
from redemptions.services import checks, order_imports, orders, releases, replays

log = structlog.get_logger(__name__)


@jobs.handler(orders.IMPORT_JOB, give_up=bulk.give_up)
def import_orders(job: Job) -> None:
    bulk.run(job, write=_write, message="Orders have been imported.", chunk=bulk.SMALL_CHUNK)


@jobs.handler(order_imports.CSV_JOB, give_up=bulk.give_up)
def import_orders_csv(job: Job) -> None:
    bulk.run(job, write=order_imports.write_csv, message="Orders have been imported.")


def _write(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return orders.write_imported(project=action.project, lines=lines, at=clock.now())


def _no_replay(job: Job) -> None:
    action, text = async_actions.of_job(job), async_actions.GIVEN_UP
    async_actions.finish(action, job=job, message=text, ok=False)


@jobs.handler(replays.JOB, give_up=_no_replay)
def replay(job: Job) -> None:
    replays.run(job=job)


@shared_task(name="redemptions.check", ignore_result=True)
def check() -> None:
    """See that all projects are as they must be; what is not is logged, counted and shown."""
    for project in Project.objects.all():
        with tenancy.scope(project):
            found = checks.check(project=project, at=clock.now())
            if found.breaches or found.unfinished:
                log.error(
                    "nightly_check_failed",
                    project=project.public_id,
                    breaches=found.breaches,
                    unfinished=found.unfinished,
                )


@shared_task(name="redemptions.release", ignore_result=True)
def release() -> None:
    """Let go of what sessions of all projects hold beyond their time; nobody waits for this."""
    at = clock.now()
    with tenancy.all_projects():
        due = Hold.objects.filter(expires_at__lte=at).order_by().values("project").distinct()
        projects = list(Project.objects.filter(pk__in=due))
    for project in projects:
        with tenancy.scope(project):
            try:
                while releases.sweep(project=project, at=at) == releases.BATCH:
                    continue
            except (Busy, DatabaseError):
                log.exception("holds_not_released", project=project.public_id)
