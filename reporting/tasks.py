"""The job that writes exports, and the sweep that deletes old ones."""

from celery import shared_task

from loyalty_project.core import clock, jobs, tenancy
from loyalty_project.core.models import Job, Project
from reporting.services import exports


def _give_up_export(job: Job) -> None:
    exports.give_up(job=job)


@jobs.handler(exports.JOB, give_up=_give_up_export)
def write_export(job: Job) -> None:
    exports.run(job=job)


@shared_task(name="reporting.purge_exports", ignore_result=True)
def purge_exports() -> None:
    for project in Project.objects.order_by("pk"):
        with tenancy.scope(project):
            exports.purge(project=project, at=clock.now())
