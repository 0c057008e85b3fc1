"""Gift cards and what moved on them."""

from django.db.models import QuerySet

from campaigns.models import Campaign, Voucher
from rewards.models import EntryKind, LedgerEntry


def transactions() -> QuerySet[LedgerEntry]:
    """Movements with their cards."""
    found: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(account__voucher__isnull=False)
    return found.select_related("account__voucher__campaign", "user")


def transactions_of(voucher: Voucher) -> QuerySet[LedgerEntry]:
    return transactions().filter(account=voucher.account_id)


def transactions_of_campaign(campaign: Campaign) -> QuerySet[LedgerEntry]:
    return transactions().filter(account__voucher__campaign=campaign)


def moved(found: QuerySet[LedgerEntry]) -> bool:
    """Whether money came or went since the cards were made."""
    return found.exclude(kind=EntryKind.ISSUE).exists()
