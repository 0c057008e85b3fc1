"""Under whose law gift cards are sold: whether they may expire, whether the rest is paid out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q, QuerySet

from campaigns.models import Campaign, CampaignType, CashOut, Jurisdiction, Voucher, VoucherType
from campaigns.services import state
from loyalty_project.core import tenancy
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project
from loyalty_project.core.reading import wrong

# So many of those in the way are named.
_NAMED = 5
_CARDS_WITH_END = {
    "type": VoucherType.GIFT_VOUCHER,
    "expires_at__isnull": False,
    "deleted_at__isnull": True,
}
_FIELDS = ("code", "name", "gift_cards_expire", "cash_out", "cash_out_below", "is_default")


class DuplicateJurisdiction(Conflict):
    message = "Duplicated resource found"


class JurisdictionInUse(Invalid):
    key = "resource_in_use"
    message = "Resource in use"


class MustNotExpire(Invalid):
    """The law does not let this gift card have an end, or cards that have one be under it."""


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Jurisdiction:
    """Make one of `{code, name, gift_cards_expire, cash_out, cash_out_below, is_default}`.

    Raises DuplicateJurisdiction, WrongMember, and MustNotExpire with the names of campaigns and
    cards that have an end where the law forbids one.
    """
    row = Jurisdiction(project=project, created_at=at)
    return _save(project, row, data)


def update(
    *, project: Project, jurisdiction: Jurisdiction, data: Mapping[str, Any], at: datetime
) -> Jurisdiction:
    """Change what is given. Raises as `create`."""
    del at
    return _save(project, jurisdiction, data)


def delete(*, project: Project, jurisdiction: Jurisdiction, at: datetime) -> None:
    """Raises JurisdictionInUse where a campaign names it."""
    del at
    try:
        with transaction.atomic():
            jurisdiction.delete()
            state.stamp(project=project)
    except ProtectedError as error:
        raise JurisdictionInUse(f"Campaigns are under {jurisdiction.code}") from error


def find(*, project: Project, reference: str) -> Jurisdiction:
    """By id or code. Raises NotFound."""
    rows = Jurisdiction.objects.filter(project=project)
    row: Jurisdiction | None = (
        rows.filter(public_id=reference).first() or rows.filter(code=reference).first()
    )
    if row is None:
        raise NotFound.of("jurisdiction", reference)
    return row


def of_card(*, campaign: Campaign | None) -> Jurisdiction | None:
    """That of the campaign of a card, else that of the project."""
    if campaign is not None and campaign.jurisdiction is not None:
        return campaign.jurisdiction
    found: Jurisdiction | None = Jurisdiction.objects.filter(is_default=True).first()
    return found


def check_campaign(*, campaign: Campaign) -> None:
    """Raise MustNotExpire for gift cards with an end where the law forbids one."""
    if campaign.campaign_type != CampaignType.GIFT_VOUCHERS:
        return
    if campaign.expires_at is not None:
        _refuse_end(campaign, "expiration_date", "expires_at")
    if campaign.activity_duration_after_publishing:
        name = "activity_duration_after_publishing"
        _refuse_end(campaign, name, name)


def check_cards(*, campaign: Campaign) -> None:
    """Raise MustNotExpire where cards of the campaign have an end that its law forbids."""
    law = of_card(campaign=campaign)
    if not campaign.pk or law is None or law.gift_cards_expire:
        return
    cards = Voucher.objects.filter(campaign=campaign, **_CARDS_WITH_END)
    _refuse(law, "cards", cards.order_by("pk"), "code", field="jurisdiction")


def check_card(*, voucher: Voucher) -> None:
    """The same for one card."""
    if voucher.type == VoucherType.GIFT_VOUCHER and voucher.expires_at is not None:
        _refuse_end(voucher.campaign, "expiration_date", "expires_at")


def may_cash_out(*, jurisdiction: Jurisdiction | None, balance: int) -> bool:
    """Whether a card with so much on it may be paid out."""
    if jurisdiction is None or jurisdiction.cash_out == CashOut.NEVER or balance <= 0:
        return False
    below = jurisdiction.cash_out_below
    return below is None or balance < below


def _refuse_end(campaign: Campaign | None, name: str, field: str) -> None:
    """As the law is once nobody changes it any more, in the caller's transaction."""
    state.share_laws(project=tenancy.current_project())
    law = of_card(campaign=campaign)
    if law is not None:
        law.refresh_from_db()
    if law is not None and not law.gift_cards_expire:
        raise MustNotExpire(
            f"Property .{name} must be absent: gift cards must not expire in {law.code}",
            extra={"field": field},
        )


def _save(project: Project, row: Jurisdiction, data: Mapping[str, Any]) -> Jurisdiction:
    for name in _FIELDS:
        if name in data:
            setattr(row, name, data[name])
    if row.cash_out not in CashOut.values:
        raise wrong("cash_out", "must be equal to one of the allowed values")
    if row.cash_out_below is not None and row.cash_out_below < 0:
        raise wrong("cash_out_below", "must be >= 0")
    with _unique(row), transaction.atomic():
        if row.is_default:
            others = Jurisdiction.objects.filter(is_default=True).exclude(pk=row.pk)
            for other in others:
                other.is_default = False
                other.save(update_fields=["is_default", "updated_at"])
        row.save()
        if not row.gift_cards_expire:
            state.alone_with_laws(project=project)
            _refuse_ends(row)
        state.stamp(project=project)
    return row


def _refuse_ends(law: Jurisdiction) -> None:
    """Raise MustNotExpire where gift cards under a law that forbids it have an end already."""
    of_campaign, of_card = Q(jurisdiction=law), Q(campaign__jurisdiction=law)
    if law.is_default:
        of_campaign |= Q(jurisdiction=None)
        of_card |= Q(campaign__jurisdiction=None)
    has_end = Q(expires_at__isnull=False)
    lives = Q(activity_duration_after_publishing__isnull=False)
    lives &= ~Q(activity_duration_after_publishing="")
    campaigns = Campaign.objects.filter(
        of_campaign,
        has_end | lives,
        campaign_type=CampaignType.GIFT_VOUCHERS,
        deleted_at__isnull=True,
    )
    cards = Voucher.objects.filter(of_card, **_CARDS_WITH_END)
    for what, rows, name in (("campaigns", campaigns, "name"), ("cards", cards, "code")):
        _refuse(law, what, rows.order_by("pk"), name, field="gift_cards_expire")


def _refuse(law: Jurisdiction, what: str, rows: QuerySet[Any], name: str, *, field: str) -> None:
    """Name the first of the rows, if there are any."""
    names = list(rows.values_list(name, flat=True)[: _NAMED + 1])
    if names:
        more = ", …" if len(names) > _NAMED else ""
        raise MustNotExpire(
            f"Gift cards must not expire in {law.code}, but these {what} have an end:"
            f" {', '.join(names[:_NAMED])}{more}",
            extra={"field": field},
        )


@contextmanager
def _unique(row: Jurisdiction) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "campaigns_jurisdiction_code" not in str(error):
            raise
        raise DuplicateJurisdiction(
            f"Duplicated jurisdiction exists with code {row.code}", extra={"field": "code"}
        ) from error
