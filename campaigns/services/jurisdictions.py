"""Under whose law gift cards are sold: whether they may expire, whether the rest is paid out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campaigns.models import Campaign, CampaignType, CashOut, Jurisdiction, Voucher, VoucherType
from campaigns.services import state
from loyalty_project.core.errors import Conflict, Invalid, NotFound
from loyalty_project.core.models import Project
from loyalty_project.core.reading import wrong

_FIELDS = ("code", "name", "gift_cards_expire", "cash_out", "cash_out_below", "is_default")


class DuplicateJurisdiction(Conflict):
    message = "Duplicated resource found"


class JurisdictionInUse(Invalid):
    key = "resource_in_use"
    message = "Resource in use"


class MustNotExpire(Invalid):
    """The law does not let this gift card have an end."""


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> Jurisdiction:
    """Make one of `{code, name, gift_cards_expire, cash_out, cash_out_below, is_default}`.

    Raises DuplicateJurisdiction, WrongMember.
    """
    row = Jurisdiction(project=project, created_at=at)
    return _save(project, row, data)


def update(
    *, project: Project, jurisdiction: Jurisdiction, data: Mapping[str, Any], at: datetime
) -> Jurisdiction:
    """Change what is given. Cards that have an end keep it. Raises as `create`."""
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
    law = of_card(campaign=campaign)
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
        state.stamp(project=project)
    return row


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
