"""Celery tasks of the platform. Messages carry nothing: the rows say what there is to do."""

import time

from celery import shared_task

from loyalty_project.core import clock, dispatch, housekeeping, jobs, wakeup
from loyalty_project.core.models import Job
from loyalty_project.core.services import webhook_replays
from loyalty_project.core.webhooks import sending

SENDING_SECONDS = 300
WORK_SECONDS = 20


@shared_task(name="core.work", ignore_result=True)
def work() -> None:
    """Dispatch events and run jobs until nothing is due, for some seconds at most.

    Webhooks go out beside them, and other tasks have their turn after them.
    """
    began = time.monotonic()
    jobs.beat("worker", at=clock.now())
    _wake_sender()
    while dispatch.dispatch(at=clock.now()) or jobs.run_due(limit=20, seconds=jobs.SHARE_SECONDS):
        jobs.beat("worker", at=clock.now())
        _wake_sender()
        if time.monotonic() - began > WORK_SECONDS:
            wakeup.wake_workers()
            break


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
