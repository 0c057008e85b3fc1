"""The free codes of a campaign, taken so that nobody else gets the same."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from campaigns import queries
from campaigns.models import Campaign, PoolType, Voucher
from campaigns.services import generation, state, vouchers
from loyalty_project.core import durations
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project


class NotPublished(Invalid):
    """The codes that were asked for cannot be given."""


class NoVoucherSuitable(NotPublished):
    key = "no_voucher_suitable_for_publication"
    message = "No voucher suitable for publication"


class TooManyRequested(NotPublished):
    key = "too_many_vouchers_requested"
    message = "Too many vouchers requested"


class AlreadyPublished(NotPublished):
    key = "voucher_already_published"
    message = "Voucher already published"


class CannotBePublished(NotPublished):
    key = "voucher_cannot_be_published"
    message = "Voucher cannot be published"


def take_one(*, voucher: Voucher) -> list[Voucher]:
    """Lock a code for its publication. Raises AlreadyPublished, NoVoucherSuitable.

    A code of its own and the code of a STANDALONE campaign are for everybody.
    """
    row = Voucher.objects.select_for_update(no_key=True).get(pk=voucher.pk)
    if not row.active or row.deleted_at is not None:
        raise NoVoucherSuitable(f"Voucher '{row.public_id}' is disabled")
    if row.publish_count and not is_for_everybody(voucher=voucher):
        raise AlreadyPublished(f"Voucher '{row.public_id}' has already been published")
    row.campaign = voucher.campaign
    return [row]


def take(*, campaign: Campaign | None, count: int, at: datetime) -> list[Voucher]:
    """Lock free codes of a campaign; one that grows makes those that are missing.

    Raises NoVoucherSuitable, TooManyRequested, NotFound for a campaign in the bin.
    """
    if campaign is None:
        raise NoVoucherSuitable("There is no campaign to take a code from")
    if campaign.type == PoolType.STANDALONE:
        return _the_one(campaign, count)
    if campaign.type == PoolType.AUTO_UPDATE:
        # Before the rows, as everybody does who takes both.
        state.hold(campaign=campaign)
    free = list(_free(campaign, at=at)[:count])
    missing = count - len(free)
    if missing and campaign.type == PoolType.AUTO_UPDATE:
        free += _make(campaign, missing, at=at)
    elif missing and not free:
        raise NoVoucherSuitable(
            f"Campaign {campaign.name} has no free codes left",
            resource_id=campaign.public_id,
            resource_type="campaign",
        )
    elif missing:
        raise TooManyRequested(f"Only up to {len(free)} can be published")
    for voucher in free:
        voucher.campaign = campaign
    return free


def is_for_everybody(*, voucher: Voucher) -> bool:
    return voucher.campaign is None or voucher.campaign.type == PoolType.STANDALONE


def end_of_life(*, project: Project, voucher: Voucher, at: datetime) -> datetime | None:
    """When a published code ends: after its campaign's lifetime of codes, else as it did."""
    campaign = voucher.campaign
    if campaign is None or is_for_everybody(voucher=voucher):
        return voucher.expires_at
    if not campaign.activity_duration_after_publishing:
        return voucher.expires_at
    lifetime = durations.parse(campaign.activity_duration_after_publishing)
    return durations.add(at, lifetime, ZoneInfo(project.timezone))


def _free(campaign: Campaign, *, at: datetime) -> QuerySet[Voucher]:
    """Oldest first; codes that others are taking are passed over."""
    open_ = Q(redemption_limit__isnull=True) | Q(redeemed_count__lt=F("redemption_limit"))
    return (
        Voucher.objects.filter(
            open_,
            Q(expires_at__isnull=True) | Q(expires_at__gt=at),
            campaign=campaign,
            publish_count=0,
            active=True,
            deleted_at__isnull=True,
        )
        .select_for_update(skip_locked=True, no_key=True)
        .order_by("pk")
    )


def _the_one(campaign: Campaign, count: int) -> list[Voucher]:
    if count > 1:
        raise TooManyRequested("Only up to 1 can be published")
    voucher = queries.vouchers().filter(campaign=campaign, active=True).first()
    if voucher is None:
        raise NoVoucherSuitable(f"The code of campaign {campaign.name} is disabled")
    return take_one(voucher=voucher)


def _make(campaign: Campaign, count: int, *, at: datetime) -> list[Voucher]:
    prototype = generation.like_campaign(campaign=campaign, at=at)
    config = vouchers.config_of(project=campaign.project, campaign=campaign, data={})
    keys = generation.add(prototype=prototype, config=config, count=count)
    generation.count_made(campaign=campaign, count=count)
    return list(Voucher.objects.filter(pk__in=keys).order_by("pk"))
