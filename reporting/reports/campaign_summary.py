"""What a campaign has done, in numbers; amounts in minor units.

A redemption that was rolled back stays among the succeeded ones, and its discount among the
discounted amounts, as published; what was taken back stands beside them. Validations leave no
trace, so none are counted.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.models import Campaign, CampaignType, Publication, PublicationResult, Voucher
from loyalty_project.core.models import Project
from redemptions.models import Redemption, RedemptionRollback, Result
from redemptions.queries.returns import DISCOUNT_LEFT
from rewards.models import EntryKind, LedgerEntry

_SUCCEEDED = Q(result=Result.SUCCESS)
_TAKEN_BACK = Q(result=Result.SUCCESS, rolled_back_at__isnull=False)
_STANDS = Q(result=Result.SUCCESS, rolled_back_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the project's clock, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def within(self, column: str, project: Project) -> Q:
        zone = ZoneInfo(project.timezone)
        found = Q()
        if self.first is not None:
            found &= Q(**{f"{column}__gte": datetime.combine(self.first, time(), tzinfo=zone)})
        if self.last is not None and self.last < date.max:
            end = datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone)
            found &= Q(**{f"{column}__lt": end})
        return found


def summary(*, project: Project, campaign: Campaign, period: Period) -> dict[str, int]:
    """The published counts of a campaign of its type, by their published names."""
    rows: QuerySet[Redemption] = Redemption.objects.filter(
        period.within("redeemed_at", project), campaign=campaign
    )
    uses = rows.aggregate(
        redemptions=Count("pk"),
        redemptions_succeeded=Count("pk", filter=_SUCCEEDED),
        redemptions_failed=Count("pk", filter=~_SUCCEEDED),
        discounted_amount=Sum("applied_amount", filter=_SUCCEEDED, default=0),
        rolledback_discounted_amount=Sum("applied_amount", filter=_TAKEN_BACK, default=0)
        + Sum("returned_discount", filter=_STANDS, default=0),
        orders_amount=Sum("order__amount", filter=_SUCCEEDED, default=0),
        orders_rolledback_amount=Sum("order__amount", filter=_TAKEN_BACK, default=0),
    )
    if campaign.campaign_type == CampaignType.GIFT_VOUCHERS:
        # Cards take nothing off: they have their own amounts in the place of discounts.
        del uses["discounted_amount"], uses["rolledback_discounted_amount"]
        uses |= _gifts(project, campaign, period)
    return {
        **uses,
        **_rollbacks(project, campaign, period),
        "validations": 0,
        "validations_succeeded": 0,
        "validations_failed": 0,
        **_codes(project, campaign, period),
        **_publications(project, campaign, period),
    }


def discount_given(campaign: Campaign) -> int:
    """Of all its redemptions that stand."""
    standing = Redemption.objects.filter(_STANDS, campaign=campaign)
    return int(standing.aggregate(total=Sum(DISCOUNT_LEFT, default=0))["total"])


def _gifts(project: Project, campaign: Campaign, period: Period) -> dict[str, int]:
    """What moved on the cards; each positive. Paid out and expired credit is subtracted."""
    deleted = Voucher.objects.filter(
        period.within("deleted_at", project), campaign=campaign, deleted_at__isnull=False
    )

    def of(kind: EntryKind, **more: Any) -> Sum:
        return Sum("amount", filter=Q(kind=kind, **more), default=0)

    moved = LedgerEntry.objects.filter(
        period.within("created_at", project), account__voucher__campaign=campaign
    ).aggregate(
        issued=of(EntryKind.ISSUE),
        added=of(EntryKind.ADJUST, amount__gt=0),
        taken=of(EntryKind.ADJUST, amount__lt=0),
        paid_out=of(EntryKind.CASH_OUT),
        expired=of(EntryKind.EXPIRE),
        redeemed=of(EntryKind.REDEEM),
        given_back=of(EntryKind.REVERSE),
    )
    return {
        "created_vouchers_amount": moved["issued"],
        "amount_added": moved["added"],
        "amount_deleted": deleted.aggregate(left=Sum("account__balance", default=0))["left"],
        "amount_redeemed": -moved["redeemed"],
        "amount_rolledback": moved["given_back"],
        "amount_subtracted": -(moved["taken"] + moved["paid_out"] + moved["expired"]),
    }


def _rollbacks(project: Project, campaign: Campaign, period: Period) -> dict[str, Any]:
    return RedemptionRollback.objects.filter(
        period.within("rolled_back_at", project), redemption__campaign=campaign
    ).aggregate(
        rollbacks=Count("pk"),
        rollbacks_succeeded=Count("pk", filter=_SUCCEEDED),
        rollbacks_failed=Count("pk", filter=~_SUCCEEDED),
    )


def _codes(project: Project, campaign: Campaign, period: Period) -> dict[str, Any]:
    return Voucher.objects.filter(campaign=campaign).aggregate(
        vouchers_created=Count("pk", filter=period.within("created_at", project)),
        vouchers_deleted=Count(
            "pk", filter=Q(deleted_at__isnull=False) & period.within("deleted_at", project)
        ),
    )


def _publications(project: Project, campaign: Campaign, period: Period) -> dict[str, Any]:
    given = Q(result=PublicationResult.SUCCESS)
    return Publication.objects.filter(
        period.within("created_at", project), campaign=campaign
    ).aggregate(
        publications=Count("pk"),
        publications_succeeded=Count("pk", filter=given),
        publications_failed=Count("pk", filter=~given),
    )
