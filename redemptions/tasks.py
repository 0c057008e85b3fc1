"""Jobs of this app, by name."""

from loyalty_project.core import bulk, clock, jobs
from loyalty_project.core.models import AsyncAction, Job
from redemptions.services import orders


@jobs.handler(orders.IMPORT_JOB, give_up=bulk.give_up)
def import_orders(job: Job) -> None:
    bulk.run(job, write=_write, message="Orders have been imported.", chunk=bulk.SMALL_CHUNK)


def _write(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return orders.write_imported(project=action.project, lines=lines, at=clock.now())
