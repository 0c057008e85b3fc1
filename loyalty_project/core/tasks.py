"""Celery tasks of the platform. Messages carry nothing: the rows say what there is to do."""

from celery import shared_task

from loyalty_project.core import clock, dispatch, housekeeping, jobs


@shared_task(name="core.work", ignore_result=True)
def work() -> None:
    """Dispatch events and run jobs until nothing is due."""
    jobs.beat("worker", at=clock.now())
    while dispatch.dispatch(at=clock.now()) or jobs.run_due(limit=20):
        jobs.beat("worker", at=clock.now())


@shared_task(name="core.purge", ignore_result=True)
def purge() -> None:
    """Delete what has passed its time: idempotency answers, tokens, sessions, finished jobs."""
    housekeeping.purge(at=clock.now())


@shared_task(name="core.beat", ignore_result=True)
def beat() -> None:
    """Beat sends this one for no other purpose than to be seen alive."""
    jobs.beat("beat", at=clock.now())
