"""Into the bin, or away for good where no record of fact names what goes."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from campaigns import events, queries
from campaigns.models import Campaign, PromotionStack, PromotionTier, UsageDelta, Voucher
from campaigns.queries import cards
from campaigns.services import generation, protection, running, state
from loyalty_project.core import async_actions, clock, jobs, wire
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import AsyncAction, Job, Project
from rewards.models import LedgerAccount

JOB = "campaigns.delete_vouchers"
CHUNK = 5_000


class ResourceInUse(Invalid):
    """Redemptions or publications name it, or money on it was moved."""

    key = "resource_in_use"
    message = "Resource in use"


def delete_voucher(*, project: Project, voucher: Voucher, force: bool, at: datetime) -> None:
    """Put a code into the bin, where it stays taken, or delete it for good (force).

    Raises ResourceInUse for a forced one that was published or redeemed, NotFound for one that
    somebody else deleted meanwhile.
    """
    with transaction.atomic():
        state.exclusive_voucher(voucher=voucher)
        voucher.deleted_at = at
        voucher.save(update_fields=["deleted_at", "updated_at"])
        if voucher.campaign is not None:
            generation.count_made(campaign=voucher.campaign, count=-1)
        events.voucher_changed("voucher.deleted", voucher=voucher, at=at)
        if force:
            _erase(voucher)
        state.stamp(project=project)


def delete_campaign(
    *, project: Project, campaign: Campaign, force: bool, at: datetime
) -> AsyncAction:
    """Put a campaign into the bin at once and its codes by a job, or delete them all (force).

    Raises Protected, NotFound for one that somebody else deleted meanwhile, and ResourceInUse for
    a forced one with published or redeemed codes.
    """
    with transaction.atomic():
        state.exclusive(campaign=campaign)
        protection.refuse(campaign=campaign)
        is_moved = cards.moved(cards.transactions_of_campaign(campaign))
        if force and (is_moved or queries.is_referred(campaign)):
            raise ResourceInUse(
                f"Campaign {campaign.name} has published or redeemed codes",
                resource_id=campaign.public_id,
                resource_type="campaign",
            )
        campaign.deleted_at = at
        campaign.version += 1
        campaign.save(update_fields=["deleted_at", "version", "updated_at"])
        state.stamp(project=project)
        events.campaign_changed(
            "campaign.deleted", campaign=campaign, at=at, deleted_at=wire.instant(at)
        )
        running.announce(project=project, campaign=campaign, at=at)
        return async_actions.start(
            "CAMPAIGN.VOUCHERS_DELETE",
            project=project,
            job=JOB,
            params={"campaign": campaign.pk, "force": force},
            total=campaign.vouchers_count,
            at=at,
            subject=campaign.public_id,
        )


def run(*, job: Job) -> None:
    """Go through the codes of a deleted campaign. Safe to run again after a crash."""
    action = async_actions.of_job(job)
    if action.status in async_actions.ENDED:
        return
    while _delete_chunk(action, job=job):
        jobs.let_others(job)
    with transaction.atomic():
        if action.params["force"]:
            for campaign in Campaign.objects.filter(pk=action.params["campaign"]):
                PromotionStack.objects.filter(campaign=campaign).delete()
                PromotionTier.objects.filter(campaign=campaign).delete()
                campaign.delete()
        text = f"{action.done} codes were deleted"
        async_actions.finish(action, job=job, message=text)


def give_up(*, job: Job) -> None:
    """Say that not all codes are deleted, in the transaction that fails the job."""
    action = async_actions.of_job(job)
    async_actions.finish(action, job=job, message=async_actions.GIVEN_UP, ok=False)


def _delete_chunk(action: AsyncAction, *, job: Job) -> bool:
    with transaction.atomic():
        rows = Voucher.objects.filter(
            campaign=action.params["campaign"], pk__gt=action.cursor.get("last", 0)
        )
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return False
        chunk = Voucher.objects.filter(pk__in=keys)
        if action.params["force"]:
            chunk.delete()
        else:
            chunk.filter(deleted_at__isnull=True).update(deleted_at=clock.now())
        async_actions.advance(action, job=job, done=len(keys), cursor={"last": keys[-1]})
    return True


def _erase(voucher: Voucher) -> None:
    # Whoever moves its money has done so, or waits.
    list(LedgerAccount.objects.select_for_update(no_key=True).filter(voucher=voucher))
    if UsageDelta.objects.filter(voucher=voucher).exists():
        raise _in_use(voucher)
    if cards.moved(cards.transactions_of(voucher)):
        raise _in_use(voucher)
    try:
        voucher.delete()
    except ProtectedError as error:
        raise _in_use(voucher) from error


def _in_use(voucher: Voucher) -> ResourceInUse:
    return ResourceInUse(
        f"Voucher {voucher.code} is published or redeemed, or its balance was changed",
        resource_id=voucher.code,
        resource_type="voucher",
    )
