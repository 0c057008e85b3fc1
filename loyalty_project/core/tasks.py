"""Celery tasks of the platform. Messages carry nothing: the rows say what there is to do."""

from celery import shared_task

from loyalty_project.core import clock, dispatch, housekeeping, jobs, wakeup
from loyalty_project.core.models import Job
from loyalty_project.core.services import webhook_replays
from loyalty_project.core.webhooks import sending

SENDING_SECONDS = 300


@shared_task(name="core.work", ignore_result=True)
def work() -> None:
    """Dispatch events and run jobs until nothing is due; webhooks go out beside them."""
    jobs.beat("worker", at=clock.now())
    _wake_sender()
    while dispatch.dispatch(at=clock.now()) or jobs.run_due(limit=20):
        jobs.beat("worker", at=clock.now())
        _wake_sender()


@shared_task(name="core.send_webhooks", ignore_result=True)
def send_webhooks() -> None:
    """Send what is due to webhooks, for some minutes at most; one worker does so at a time."""
    sending.run(seconds=SENDING_SECONDS)


def _wake_sender() -> None:
    if sending.is_due(at=clock.now()):
        wakeup.wake_sender()


def _give_up_replay(job: Job) -> None:
    webhook_replays.give_up(job=job)


@jobs.handler(webhook_replays.JOB, give_up=_give_up_replay)
def replay_webhook(job: Job) -> None:
    webhook_replays.run(job=job)


@shared_task(name="core.purge", ignore_result=True)
def purge() -> None:
    """Delete what has passed its time: idempotency answers, tokens, sessions, finished jobs."""
    housekeeping.purge(at=clock.now())


@shared_task(name="core.beat", ignore_result=True)
def beat() -> None:
    """Beat sends this one for no other purpose than to be seen alive."""
    jobs.beat("beat", at=clock.now())
