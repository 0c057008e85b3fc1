"""Moving a balance: credit, debit, adjust, cash out, transfer, reverse.

Each runs in the caller's transaction, moves the balance and writes its entry together, and does
nothing a second time for the same source.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from loyalty_project.core import guarded
from loyalty_project.core.errors import Invalid
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project, new_id
from rewards.ledger import lots, statements
from rewards.ledger.statements import GRACE, Posting
from rewards.models import EntryKind, LedgerAccount, LedgerEntry


class InsufficientBalance(Invalid):
    """More than there is, or than is not held."""

    key = "invalid_balance"
    message = "Invalid balance"


class DuplicateSource(Invalid):
    """The caller's own id of a movement was used before on this account."""

    key = "duplicate_source_id"
    message = "Duplicate source id"


def credit(
    *,
    project: Project,
    account: LedgerAccount,
    kind: EntryKind,
    amount: int,
    source: str,
    at: datetime,
    expires_at: datetime | None = None,
    **more: Any,
) -> LedgerEntry:
    """Put an amount above zero on an account; one that expires is a lot of its own."""
    del project
    posting = Posting(account, kind, amount, source, at, **more)
    return _run(posting, statements.credit(posting, expires_at=expires_at))


def debit(
    *,
    project: Project,
    account: LedgerAccount,
    kind: EntryKind,
    amount: int,
    source: str,
    at: datetime,
    **more: Any,
) -> LedgerEntry:
    """Take an amount above zero, from what expires first. Raises InsufficientBalance."""
    del project
    account = _held(account)
    open_lots = statements.open_lots([account])[account.pk]
    unspendable = lots.expired(open_lots, at)
    posting = Posting(account, kind, -amount, source, at, unspendable=unspendable, **more)
    return _run(posting, statements.debit(posting, open_lots))


def adjust(
    *,
    project: Project,
    account: LedgerAccount,
    amount: int,
    reason: str,
    at: datetime,
    source: str = "",
    expires_at: datetime | None = None,
    source_id: str | None = None,
) -> LedgerEntry:
    """Change a balance by hand, up or down, and say why.

    Raises InsufficientBalance, and DuplicateSource for a `source_id` that was used before.
    """
    given = {"reason": reason[:500], "source_id": source_id}
    cause = source or f"adjust:{new_id('')}"
    common: dict[str, Any] = {"project": project, "account": account, "at": at, **given}
    if amount < 0:
        return debit(kind=EntryKind.ADJUST, amount=-amount, source=cause, **common)
    return credit(
        kind=EntryKind.ADJUST, amount=amount, source=cause, expires_at=expires_at, **common
    )


def reverse(
    *,
    project: Project,
    entry: LedgerEntry,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    grace: timedelta = GRACE,
) -> LedgerEntry:
    """Undo an entry whole and once, into the same lots; expired ones come back for the grace.

    Raises InsufficientBalance where a credit was spent meanwhile.
    """
    del project
    made = reversal(entry, at=at, details=details or {}, grace=grace)
    return _run(made[0], made[1])


def reversal(
    entry: LedgerEntry, *, at: datetime, details: Mapping[str, Any], grace: timedelta = GRACE
) -> tuple[Posting, list[Statement]]:
    """The statements of `reverse`, for those who send them with others."""
    posting = Posting(
        entry.account,
        EntryKind.REVERSE,
        -entry.amount,
        entry.source,
        at,
        details=details,
        reverses=entry,
    )
    return posting, statements.put_back(posting, list(entry.lot_uses.all()), grace)


def transfer(
    *,
    project: Project,
    giver: LedgerAccount,
    taker: LedgerAccount,
    amount: int,
    source: str,
    reason: str,
    at: datetime,
) -> tuple[LedgerEntry, LedgerEntry]:
    """Move an amount above zero between accounts of one kind; the two entries name each other.

    Raises InsufficientBalance, and Invalid for one account or two kinds.
    """
    if giver.pk == taker.pk or giver.kind != taker.kind:
        raise Invalid("Only another account of the same kind can receive")
    # In the one order of all locks, whoever gives.
    keys = [giver.pk, taker.pk]
    rows = LedgerAccount.objects.select_for_update(no_key=True).filter(pk__in=keys)
    held = {row.pk: row for row in rows.order_by("pk")}
    there, here = new_id("vtx_"), new_id("vtx_")
    common: dict[str, Any] = {
        "project": project,
        "amount": amount,
        "source": source,
        "reason": reason[:500],
        "at": at,
    }
    out = debit(
        account=held[giver.pk],
        kind=EntryKind.TRANSFER_OUT,
        public_id=here,
        related_id=there,
        **common,
    )
    into = credit(
        account=held[taker.pk],
        kind=EntryKind.TRANSFER_IN,
        public_id=there,
        related_id=here,
        **common,
    )
    return out, into


def _held(account: LedgerAccount) -> LedgerAccount:
    """The row under its lock, so that its lots are those that it will pay from."""
    row: LedgerAccount = LedgerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    return row


def _run(posting: Posting, found: Sequence[Statement]) -> LedgerEntry:
    """The entry, also where the same cause had moved the account before."""
    rows = LedgerEntry.objects.select_related("account")
    try:
        with transaction.atomic():
            guarded.run(found)
    except GuardRefused as error:
        raise InsufficientBalance("There is not enough on the card") from error
    except IntegrityError as error:
        if "rewards_entry_source_id" in str(error):
            raise DuplicateSource(f"Source id {posting.source_id} was used before") from error
        if "rewards_entry_once" not in str(error):
            raise
        once: LedgerEntry = rows.get(
            account=posting.account, kind=posting.kind, source=posting.source
        )
        return once
    made: LedgerEntry = rows.get(public_id=posting.public_id)
    return made
