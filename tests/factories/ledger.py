from loyalty_project.core import clock
from rewards import ledger
from rewards.models import AccountKind, EntryKind


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
