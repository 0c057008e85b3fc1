import factory

from loyalty_project.core import clock
from rewards import ledger
from rewards.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry


def account_of(project, amount=0, *, at=None):
    """A gift account with so much on it that never expires."""
    return ledger.open_one(
        project=project, kind=AccountKind.GIFT, amount=amount, at=at or clock.now()
    )


def lot_of(project, account, amount, *, expires_at, at, source):
    """Credit that expires."""
    return ledger.credit(
        project=project,
        account=account,
        kind=EntryKind.EARN,
        amount=amount,
        source=source,
        at=at,
        expires_at=expires_at,
    )


class LedgerAccountFactory(factory.django.DjangoModelFactory):
    """An account without entries, which no service makes."""

    class Meta:
        model = LedgerAccount

    kind = AccountKind.GIFT


class LedgerEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LedgerEntry

    account = factory.SubFactory(LedgerAccountFactory)
    kind = EntryKind.ISSUE
    amount = balance_after = total_after = 0
    source = "issue"
