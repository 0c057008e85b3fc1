"""Taking what has expired off the balances."""

from datetime import datetime

from django.db import transaction

from loyalty_project.core import guarded
from loyalty_project.core.models import Project
from rewards.ledger import lots, statements
from rewards.ledger.statements import Posting
from rewards.models import EntryKind, LedgerAccount, Lot

BATCH = 500


def expire_due(*, project: Project, at: datetime) -> int:
    """Expire lots whose time is over; the number of accounts that lost something.

    What is held stays until it is spent or released. Accounts that others hold wait for the next
    run, which finds nothing where all is done.
    """
    del project
    done, last = 0, 0
    while keys := _due(at, after=last):
        for last in keys:
            with transaction.atomic():
                done += _expire(last, at)
    return done


def _due(at: datetime, *, after: int) -> list[int]:
    due = Lot.objects.filter(left__gt=0, expires_at__lte=at, account__gt=after)
    return list(due.order_by("account").values_list("account", flat=True).distinct()[:BATCH])


def _expire(key: int, at: datetime) -> int:
    rows = LedgerAccount.objects.select_for_update(no_key=True, skip_locked=True)
    account = rows.filter(pk=key).first()
    if account is None:
        return 0
    open_lots = statements.open_lots([account])[key]
    room = account.balance - account.held
    taken = []
    for lot in sorted(open_lots, key=lambda each: (each.expires_at, each.key)):
        part = min(lot.left, room) if lot.expires_at <= at else 0
        if part > 0:
            taken.append(lots.Taken(lot.key, part))
            room -= part
    if not taken:
        return 0
    amount = sum(one.amount for one in taken)
    source = f"expiry:{at.isoformat()}"
    posting = Posting(account, EntryKind.EXPIRE, -amount, source, at)
    guarded.run(statements.expire(posting, taken))
    return 1
