"""Jobs of this app, by name."""

from loyalty_project.core import async_actions, bulk, clock, jobs
from loyalty_project.core.models import AsyncAction, Job
from redemptions.services import orders, replays


@jobs.handler(orders.IMPORT_JOB, give_up=bulk.give_up)
def import_orders(job: Job) -> None:
    bulk.run(job, write=_write, message="Orders have been imported.", chunk=bulk.SMALL_CHUNK)


def _write(action: AsyncAction, lines: list[bulk.Line]) -> list[bulk.Failure]:
    return orders.write_imported(project=action.project, lines=lines, at=clock.now())


def _no_replay(job: Job) -> None:
    action, text = async_actions.of_job(job), async_actions.GIVEN_UP
    async_actions.finish(action, job=job, message=text, ok=False)


@jobs.handler(replays.JOB, give_up=_no_replay)
def replay(job: Job) -> None:
    replays.run(job=job)
