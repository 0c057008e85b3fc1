"""Gift cards in money: sold, spent, paid out, and what the shop still owes on them.

Sold is what cards of the period held at first. Spent is what they paid less what was given back.
Outstanding is all that was ever put on cards less all that ever left them, at the end of the
period; cards whose end has come are in it, for their money is not taken. Minor units.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from campaigns.models import Campaign
from loyalty_project.core.models import Project
from reporting.reports.campaign_summary import Period
from rewards.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry

_OUT = (EntryKind.REDEEM, EntryKind.REVERSE)
_CHANGED = (EntryKind.ADJUST, EntryKind.EXPIRE, EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT)


@dataclass(frozen=True, slots=True)
class Totals:
    """`changed` is what was put on or taken off by hand, or expired."""

    cards: int
    sold: int
    changed: int
    spent: int
    paid_out: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Row:
    """`name` and `key` are those of a campaign, empty for cards of their own."""

    name: str
    key: int | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class OnCards:
    """How many cards hold anything, and how much together."""

    cards: int
    amount: int


def on_cards(*, project: Project) -> OnCards:
    """As of now; one query."""
    rows = LedgerAccount.objects.filter(
        project=project, kind=AccountKind.GIFT, balance__gt=0, voucher__isnull=False
    )
    found = rows.aggregate(cards=Count("pk"), amount=Sum("balance", default=0))
    return OnCards(**found)


def totals(*, project: Project, period: Period) -> Totals:
    """Of all cards of a project; one query."""
    found = _entries(project, period).aggregate(**_sums(project, period))
    return _totals(found)


def of_campaign(*, campaign: Campaign) -> Totals:
    """Of all cards of a campaign since it is there; one query."""
    project, always = campaign.project, Period()
    mine = _entries(project, always).filter(account__voucher__campaign=campaign)
    return _totals(mine.aggregate(**_sums(project, always)))


def by_campaign(*, project: Project, period: Period) -> Sequence[Row]:
    """One row per campaign, those on which most is outstanding first; one query."""
    name, key = "account__voucher__campaign__name", "account__voucher__campaign"
    found = (
        _entries(project, period).order_by().values(name, key).annotate(**_sums(project, period))
    )
    rows = [Row(row[name] or "", row[key], _totals(row)) for row in found]
    return sorted(rows, key=lambda row: (-row.totals.outstanding, row.name))


def _entries(project: Project, period: Period) -> QuerySet[LedgerEntry]:
    """Up to the end of the period; cards that were deleted for good never were."""
    until = Period(last=period.last).within("created_at", project)
    found: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(
        until, account__kind=AccountKind.GIFT, account__voucher__isnull=False, project=project
    )
    return found


def _sums(project: Project, period: Period) -> dict[str, Count | Sum]:
    inside = period.within("created_at", project)

    def of(*kinds: EntryKind) -> Sum:
        return Sum("amount", filter=inside & Q(kind__in=kinds), default=0)

    return {
        "cards": Count("pk", filter=inside & Q(kind=EntryKind.ISSUE)),
        "sold": of(EntryKind.ISSUE),
        "changed": of(*_CHANGED),
        "spent": of(*_OUT),
        "paid_out": of(EntryKind.CASH_OUT),
        "outstanding": Sum("amount", default=0),
    }


def _totals(found: dict[str, int]) -> Totals:
    return Totals(
        cards=found["cards"],
        sold=found["sold"],
        changed=found["changed"],
        spent=-found["spent"],
        paid_out=-found["paid_out"],
        outstanding=found["outstanding"],
    )
