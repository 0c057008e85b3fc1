"""Jobs as rows: enqueued in a transaction, leased with a fence, offered again after a crash."""

import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from loyalty_project.core import clock, context, tenancy
from loyalty_project.core.models import Heartbeat, Job, JobStatus, Project
from loyalty_project.core.wakeup import wake_workers

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
SHARE_SECONDS = 5.0
Handler = Callable[[Job], None]
_handlers: dict[str, Handler] = {}
_endings: dict[str, Handler] = {}


class LeaseLost(RuntimeError):
    """Another worker holds the job now; the caller's transaction must not commit."""


class Paused(Exception):
    """A long job has had its share of a worker, and goes on when others had theirs."""


def handler(name: str, *, give_up: Handler | None = None) -> Callable[[Handler], Handler]:
    """Register the function that runs jobs called `name`; it must be safe to run again.

    `give_up` tells people that the job is not tried again, in the transaction that fails it.
    """

    def register(function: Handler) -> Handler:
        _handlers[name] = function
        if give_up is not None:
            _endings[name] = give_up
        return function

    return register


def enqueue(
    name: str,
    *,
    project: Project,
    params: Mapping[str, Any],
    at: datetime,
    run_at: datetime | None = None,
) -> Job:
    """Add a job to the caller's transaction; a worker is woken after commit."""
    job = Job.objects.create(project=project, name=name, params=dict(params), run_at=run_at or at)
    transaction.on_commit(wake_workers)
    return job


def lease_next(*, at: datetime) -> Job | None:
    """Take the oldest due job whose lease is free, and raise its fence."""
    with tenancy.all_projects(), transaction.atomic():
        due = Job.objects.filter(
            Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, leased_until__lt=at),
            run_at__lte=at,
        ).order_by("run_at", "pk")
        job: Job | None = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.status, job.leased_until = JobStatus.RUNNING, at + LEASE
        job.fence, job.attempts = job.fence + 1, job.attempts + 1
        job.save(update_fields=["status", "leased_until", "fence", "attempts", "updated_at"])
        return job


def renew(job: Job, *, at: datetime, progress: bool = False) -> None:
    """Keep the lease; call it in each chunk's transaction. Raises LeaseLost to a late worker.

    After `progress` the attempts begin anew.
    """
    changes: dict[str, Any] = {"leased_until": at + LEASE}
    if progress:
        changes["attempts"] = job.attempts = 0
    held = Job.objects.filter(pk=job.pk, fence=job.fence, status=JobStatus.RUNNING)
    if not held.update(**changes):
        raise LeaseLost(job.pk)


def let_others(job: Job) -> None:
    """Raise Paused where the job has run for long, for events and short jobs wait behind it.

    For those that go on where they stopped; to be called between chunks, not in a transaction.
    """
    began = vars(job).get("began")
    if began is not None and time.monotonic() - began > SHARE_SECONDS:
        raise Paused(job.pk)


def run(job: Job) -> None:
    """Run a leased job in its project's scope; a failure is tried again with back-off."""
    with tenancy.all_projects():
        project: Project = job.project
    with tenancy.scope(project), context.acting(request_id=job.params.get("request_id", "")):
        if job.attempts > MAX_ATTEMPTS:
            # Nobody put it back: its workers died of it.
            _give_up(job, job.error or "Every worker that ran it stopped before its end")
            return
        vars(job)["began"] = time.monotonic()
        try:
            _handlers[job.name](job)
        except Paused:
            _queue_again(job)
        except LeaseLost:
            log.warning("job_lease_lost", job=job.pk, name=job.name)
        except Exception as error:
            log.exception("job_failed", job=job.pk, name=job.name)
            _put_back(job, error)
        else:
            _finish(job, status=JobStatus.DONE)


def run_due(*, limit: int = 1000, seconds: float | None = None) -> int:
    """Run due jobs until none is left or `limit` is reached; the number run.

    None begins after `seconds`.
    """
    began = time.monotonic()
    for count in range(limit):
        late = seconds is not None and time.monotonic() - began > seconds
        job = None if late and count else lease_next(at=clock.now())
        if job is None:
            return count
        run(job)
    return limit


def _queue_again(job: Job) -> None:
    Job.objects.filter(pk=job.pk, fence=job.fence).update(
        status=JobStatus.QUEUED, leased_until=None, attempts=0, run_at=clock.now()
    )


def _put_back(job: Job, error: Exception) -> None:
    text = "".join(traceback.format_exception(error))[-4000:]
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, text)
        return
    Job.objects.filter(pk=job.pk, fence=job.fence).update(
        status=JobStatus.QUEUED,
        leased_until=None,
        error=text,
        run_at=clock.now() + timedelta(seconds=2**job.attempts),
    )


def _give_up(job: Job, text: str) -> None:
    try:
        with transaction.atomic():
            renew(job, at=clock.now())
            if job.name in _endings:
                _endings[job.name](job)
            _finish(job, status=JobStatus.FAILED, error=text)
    except LeaseLost:
        log.warning("job_lease_lost", job=job.pk, name=job.name)
    except Exception:
        log.exception("job_not_given_up", job=job.pk, name=job.name)
        _finish(job, status=JobStatus.FAILED, error=text)


def _finish(job: Job, *, status: JobStatus, error: str = "") -> None:
    Job.objects.filter(pk=job.pk, fence=job.fence).update(
        status=status, leased_until=None, error=error, finished_at=clock.now()
    )


def beat(name: str, *, at: datetime) -> None:
    """Record that the process called `name` (worker, beat) is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": at})


def open_count() -> int:
    """Due and running jobs of all projects, for `doctor` and /metrics."""
    with tenancy.all_projects():
        return int(Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).count())
