"""Bulk work that people watch: start, advance in resumable chunks, end with a report."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from loyalty_project.core import clock, context, jobs
from loyalty_project.core.models import AsyncAction, AsyncActionStatus, Job, Project

MAX_REPORTED_FAILURES = 1000
GIVEN_UP = "The work failed and is not tried again"
ENDED = frozenset({AsyncActionStatus.DONE, AsyncActionStatus.FAILED})


def start(
    action_type: str,
    *,
    project: Project,
    job: str,
    params: Mapping[str, Any],
    total: int,
    at: datetime,
    subject: str = "",
) -> AsyncAction:
    """Record the action and its job in the caller's transaction; `job` names the handler.

    The handler gets a Job whose `params["action"]` is the primary key of the action.
    """
    actor = context.actor()
    with transaction.atomic():
        action = AsyncAction.objects.create(
            project=project,
            type=action_type,
            subject=subject,
            params=dict(params),
            total=total,
            user=actor.user,
        )
        jobs.enqueue(
            job,
            project=project,
            params={"action": action.pk, "request_id": actor.request_id},
            at=at,
        )
    return action


def of_job(job: Job) -> AsyncAction:
    """The action of a job, marked as running."""
    action: AsyncAction = AsyncAction.objects.get(pk=job.params["action"])
    if action.status == AsyncActionStatus.ENQUEUED:
        action.status, action.started_at = AsyncActionStatus.IN_PROGRESS, clock.now()
        action.save(update_fields=["status", "started_at", "updated_at"])
    return action


def advance(
    action: AsyncAction,
    *,
    job: Job,
    done: int = 0,
    failed: int = 0,
    cursor: Mapping[str, Any] | None = None,
) -> None:
    """Count a chunk in the transaction that wrote it, and keep the lease.

    Raises jobs.LeaseLost to a worker that was taken for dead, so that its chunk is rolled back.
    """
    at = clock.now()
    jobs.renew(job, at=at, progress=True)
    changes: dict[str, Any] = {"done": F("done") + done, "failed": F("failed") + failed}
    if cursor is not None:
        changes["cursor"] = dict(cursor)
    AsyncAction.objects.filter(pk=action.pk).update(updated_at=at, **changes)
    action.refresh_from_db()


def finish(
    action: AsyncAction,
    *,
    job: Job,
    message: str,
    failures: list[dict[str, Any]] | None = None,
    ok: bool = True,
) -> bool:
    """End the action with the published result `{message, done_count, failed_count, failed}`.

    False when it had ended before: what belongs to an end has been done then. Raises
    jobs.LeaseLost, so that what else is in the transaction is rolled back.
    """
    at = clock.now()
    with transaction.atomic():
        jobs.renew(job, at=at)
        action.refresh_from_db(from_queryset=AsyncAction.objects.select_for_update(no_key=True))
        if action.status in ENDED:
            return False
        action.status = AsyncActionStatus.DONE if ok else AsyncActionStatus.FAILED
        action.finished_at = at
        action.result = {
            "message": message,
            "done_count": action.done,
            "failed_count": action.failed,
            "failed": (failures or [])[:MAX_REPORTED_FAILURES],
        }
        action.save(update_fields=["status", "finished_at", "result", "updated_at"])
    return True
