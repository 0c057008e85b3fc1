"""Changed voucher settings reach the codes that are neither published nor redeemed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns import events
from campaigns.models import Campaign, GenerationStatus, UsageDelta, Voucher
from campaigns.services import state
from loyalty_project.core import async_actions, clock, jobs
from loyalty_project.core.models import AsyncAction, AsyncActionStatus, Job, Project

JOB = "campaigns.modify_vouchers"
CHUNK = 5_000
# While these are set, nobody redeems a code of the campaign.
CHUNK_ALONE = 500


def start(
    *, project: Project, campaign: Campaign, changes: Mapping[str, Any], at: datetime
) -> AsyncAction:
    """Begin to set the fields `changes` on the codes, in the caller's transaction."""
    Campaign.objects.filter(pk=campaign.pk).update(generation_status=GenerationStatus.MODIFYING)
    campaign.generation_status = GenerationStatus.MODIFYING
    return async_actions.start(
        "CAMPAIGN.VOUCHERS_UPDATE",
        project=project,
        job=JOB,
        params={"campaign": campaign.pk, "changes": dict(changes)},
        total=campaign.vouchers_count,
        at=at,
        subject=campaign.public_id,
    )


def run(*, job: Job) -> None:
    """Go through the codes by key. Safe to run again after a crash at any point."""
    action = async_actions.of_job(job)
    if action.status in async_actions.ENDED:
        return
    while _change_chunk(action, job=job):
        jobs.let_others(job)
    _end(action, job=job, message=f"{action.done} codes were looked at", ok=True)


def give_up(*, job: Job) -> None:
    """Say that the codes are not changed, in the transaction that fails the job."""
    action = async_actions.of_job(job)
    _end(action, job=job, message=async_actions.GIVEN_UP, ok=False)


def _change_chunk(action: AsyncAction, *, job: Job) -> bool:
    """A code that gets a limit must not be in use: uses without limit do not lock its row."""
    limits = "redemption_limit" in action.params["changes"]
    size = CHUNK_ALONE if limits else CHUNK
    with transaction.atomic():
        if limits:
            state.alone(campaign_pk=action.params["campaign"])
        last = action.cursor.get("last", 0)
        rows = Voucher.objects.filter(campaign=action.params["campaign"], pk__gt=last)
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:size])
        if not keys:
            return False
        # Locked in order first: the guard below then sees what a publication just committed.
        list(rows.filter(pk__lte=keys[-1]).select_for_update(no_key=True).order_by("pk"))
        untouched = Voucher.objects.filter(
            pk__in=keys, publish_count=0, redeemed_count=0, held_count=0
        )
        used = UsageDelta.objects.filter(voucher=OuterRef("pk"))
        untouched.exclude(Exists(used)).update(**action.params["changes"], updated_at=clock.now())
        async_actions.advance(action, job=job, done=len(keys), cursor={"last": keys[-1]})
    return True


def _end(action: AsyncAction, *, job: Job, message: str, ok: bool) -> None:
    with transaction.atomic():
        if not async_actions.finish(action, job=job, message=message, ok=ok):
            return
        open_ = AsyncAction.objects.filter(
            subject=action.subject,
            status__in=[AsyncActionStatus.ENQUEUED, AsyncActionStatus.IN_PROGRESS],
        )
        types = set(open_.values_list("type", flat=True))
        status = GenerationStatus.DONE if ok else GenerationStatus.FAILED
        if "CAMPAIGN.VOUCHERS_GENERATE" in types:
            status = GenerationStatus.IN_PROGRESS
        elif "CAMPAIGN.VOUCHERS_UPDATE" in types:
            status = GenerationStatus.MODIFYING
        found = Campaign.objects.filter(pk=action.params["campaign"])
        found.update(generation_status=status)
        for campaign in found.select_related("category", "project"):
            events.campaign_changed("campaign.updated", campaign=campaign, at=clock.now())
