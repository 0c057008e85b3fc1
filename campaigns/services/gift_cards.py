"""Money on gift cards: put on, taken off, paid out, each with an entry that says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns import events, queries
from campaigns.models import Voucher, VoucherType
from campaigns.services import definitions, jurisdictions
from loyalty_project.core.errors import Invalid
from loyalty_project.core.models import Project
from rewards import ledger
from rewards.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry


class NoBalance(Invalid):
    """A code that holds no money."""

    key = "invalid_voucher"
    message = "Invalid Voucher"


class NoCashOut(Invalid):
    """The law under which the card was sold does not let it be paid out."""

    key = "invalid_balance"
    message = "Invalid balance"


def change_balance(
    *,
    project: Project,
    voucher: Voucher,
    amount: int,
    at: datetime,
    reason: str = "",
    source_id: str | None = None,
) -> LedgerEntry:
    """Put an amount on a card, or take one below zero off.

    Raises NoBalance for a code that is no card, Invalid for 0 or more than a card can hold,
    InsufficientBalance, DuplicateSource.
    """
    account = account_of(voucher=voucher)
    if not amount:
        raise Invalid("Property .amount must not be 0", key="invalid_amount")
    most = definitions.MAX_AMOUNT
    if abs(amount) > most:
        raise Invalid(f"Property .amount must be >= -{most} and <= {most}", key="invalid_amount")
    with transaction.atomic():
        entry = ledger.adjust(
            project=project,
            account=account,
            amount=amount,
            reason=reason,
            source_id=source_id,
            at=at,
        )
        _announce(voucher, entry, at=at)
    return entry


def cash_out(*, project: Project, voucher: Voucher, reason: str, at: datetime) -> LedgerEntry:
    """Pay out all that is on a card and not held. Raises NoBalance, NoCashOut."""
    account = account_of(voucher=voucher)
    with transaction.atomic():
        rows = LedgerAccount.objects.select_for_update(no_key=True)
        account = rows.get(pk=account.pk)
        amount = ledger.available(accounts=[account], at=at)[account.pk]
        law = jurisdictions.of_card(campaign=voucher.campaign)
        may = jurisdictions.may_cash_out(jurisdiction=law, balance=account.balance)
        if amount <= 0 or not may:
            where = f" in {law.code}" if law is not None else ""
            raise NoCashOut(f"The balance of {voucher.code} cannot be paid out{where}")
        entry = ledger.debit(
            project=project,
            account=account,
            kind=EntryKind.CASH_OUT,
            amount=amount,
            source=f"cash_out:{at.isoformat()}",
            reason=reason[:500],
            at=at,
        )
        _announce(voucher, entry, at=at)
    return entry


def change_gift(
    *, project: Project, voucher: Voucher, gift: Mapping[str, Any], at: datetime
) -> None:
    """Give a card another effect, or more in all, before it is saved by the caller.

    Raises NoBalance, InvalidDiscount, and Invalid for less: money is taken off the balance.
    """
    account = account_of(voucher=voucher)
    account.refresh_from_db()
    current = voucher.definition.data["gift"]
    wanted = definitions.read_gift(gift={**current, "amount": account.added, **gift})
    more = wanted["amount"] - account.added
    if more < 0:
        raise NoBalance(
            f"Property .gift.amount must be >= {account.added}: take money off the balance"
        )
    if more:
        change_balance(project=project, voucher=voucher, amount=more, reason="gift.amount", at=at)
    if wanted["effect"] != current["effect"]:
        document = {"type": voucher.type, "gift": {**current, "effect": wanted["effect"]}}
        voucher.definition = definitions.make(project=project, document=document)


def account_of(*, voucher: Voucher) -> LedgerAccount:
    """Raises NoBalance."""
    if voucher.account is None:
        raise NoBalance(f"Voucher {voucher.code} has no balance")
    return voucher.account


def open_account(*, project: Project, voucher: Voucher, at: datetime) -> None:
    """Give a new card its account, before it is saved; other codes get none."""
    if voucher.type == VoucherType.GIFT_VOUCHER:
        amount = voucher.definition.data["gift"]["amount"]
        voucher.account = ledger.open_one(
            project=project, kind=AccountKind.GIFT, amount=amount, at=at
        )


def _announce(voucher: Voucher, entry: LedgerEntry, *, at: datetime) -> None:
    voucher = queries.all_vouchers().get(pk=voucher.pk)
    events.balance_changed(voucher=voucher, entry=entry, at=at)
