"""Moving a balance: credit, debit, adjust, cash out, transfer, reverse.

Each runs in the caller's transaction, moves the balance and writes its entry together, and does
nothing a second time for the same source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from loyalty_project.core import guarded
from loyalty_project.core.errors import Invalid
from loyalty_project.core.guarded import GuardRefused, Statement
from loyalty_project.core.models import Project, new_id
from rewards.ledger import lots, statements
from rewards.ledger.statements import GRACE, End, Posting
from rewards.models import EntryKind, LedgerAccount, LedgerEntry, Lot

_FINAL = frozenset({EntryKind.REVERSE, EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT})


class InsufficientBalance(Invalid):
    """More than there is, or than is not held."""

    key = "invalid_balance"
    message = "Invalid balance"


class NotReversible(Invalid):
    """A transfer has two sides, and what was undone stays so."""


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
    ends = [End(amount, expires_at)] if expires_at is not None else []
    return _run(posting, statements.credit(posting, ends))


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

    Raises NotReversible, and InsufficientBalance where a credit was spent meanwhile.
    """
    del project
    if entry.kind in _FINAL:
        raise NotReversible(
            f"A movement of kind {entry.kind} is not undone: make one the other way round"
        )
    if entry.amount > 0:
        return _take_back(entry, at=at, details=details or {})
    posting, found = reversal(entry, at=at, details=details or {}, grace=grace)
    return _run(posting, found)


def reversal(
    entry: LedgerEntry,
    *,
    at: datetime,
    details: Mapping[str, Any],
    amount: int | None = None,
    source: str = "",
    grace: timedelta = GRACE,
) -> tuple[Posting, list[Statement]]:
    """The statements that `reverse` a debit, for those who send them with others.

    An `amount` above zero is a part of what is left of it, with a `source` of its own; what was
    taken last goes back first. Without one it is all that is left.
    """
    prefetch_related_objects([entry], "lot_uses__lot", "reversals__lot_uses__lot")
    parts = [each for each in entry.reversals.all() if each.source != entry.source]
    left = -entry.amount - sum(part.amount for part in parts)
    used = [*entry.lot_uses.all(), *(use for part in parts for use in part.lot_uses.all())]
    posting = replace(_undoing(entry, at=at, details=details), amount=amount or left)
    if source:
        posting = replace(posting, source=source)
    back = lots.given_back(used, all_of_it=left, amount=posting.amount)
    return posting, statements.put_back(posting, back, grace)


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

    What expires goes first and keeps its end. Raises InsufficientBalance, and Invalid for one
    account or two kinds.
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
    posting = Posting(
        held[taker.pk],
        EntryKind.TRANSFER_IN,
        amount,
        source,
        at,
        reason=common["reason"],
        public_id=there,
        related_id=here,
    )
    uses = out.lot_uses.select_related("lot").order_by("lot__expires_at", "lot")
    ends = [End(use.amount, use.lot.expires_at) for use in uses]
    return out, _run(posting, statements.credit(posting, ends))


def _undoing(entry: LedgerEntry, *, at: datetime, details: Mapping[str, Any]) -> Posting:
    return Posting(
        entry.account,
        EntryKind.REVERSE,
        -entry.amount,
        entry.source,
        at,
        details=details,
        reverses=entry,
    )


def _take_back(entry: LedgerEntry, *, at: datetime, details: Mapping[str, Any]) -> LedgerEntry:
    account = _held(entry.account)
    mine = set(Lot.objects.filter(entry=entry).values_list("pk", flat=True))
    open_lots = statements.open_lots([account])[account.pk]
    own = [lot for lot in open_lots if lot.key in mine]
    others = [lot for lot in open_lots if lot.key not in mine]
    posting = replace(_undoing(entry, at=at, details=details), unspendable=lots.expired(others, at))
    return _run(posting, statements.take_back(posting, own, others))


def _held(account: LedgerAccount) -> LedgerAccount:
    """The row under its lock, so that its lots are those that it will pay from."""
    row: LedgerAccount = LedgerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    return row


def _run(posting: Posting, found: Sequence[Statement]) -> LedgerEntry:
    """The entry, also where the same cause had moved the account before."""
    rows = LedgerEntry.objects.select_related("account")
    same = rows.filter(account=posting.account, kind=posting.kind, source=posting.source)
    try:
        with transaction.atomic():
            guarded.run(found)
    except GuardRefused as error:
        before: LedgerEntry | None = same.first()
        if before is not None:
            return before
        raise InsufficientBalance("There is not enough on the card") from error
    except IntegrityError as error:
        if "rewards_entry_source_id" in str(error):
            raise DuplicateSource(f"Source id {posting.source_id} was used before") from error
        if "rewards_entry_once" not in str(error):
            raise
        once: LedgerEntry = same.get()
        return once
    made: LedgerEntry = rows.get(public_id=posting.public_id)
    return made
