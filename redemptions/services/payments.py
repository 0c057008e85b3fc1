"""What gift cards pay: off their accounts with the redemption, back with its rollback."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns import events as campaign_events
from campaigns.engine.results import Applied
from campaigns.models import Voucher
from loyalty_project.core import guarded
from loyalty_project.core.errors import Invalid
from loyalty_project.core.guarded import Statement
from loyalty_project.core.outbox import Happening
from redemptions.models import Order, OrderReturn, Redemption, RedemptionRollback
from redemptions.usage import Own
from rewards import ledger
from rewards.models import EntryKind, LedgerAccount, LedgerEntry


class MissingOrder(Invalid):
    """A gift card has nothing to pay."""

    key = "missing_order"
    message = "Order is required to validate rules"


def require_order(*, applied: Sequence[Applied]) -> None:
    """Raise MissingOrder for a card that would be used without an order."""
    for one in applied:
        if one.redeemable.pays and one.order is None:
            raise MissingOrder("Property .order is required to redeem a gift card")


def debit(
    *, order: Order, redemptions: Sequence[Redemption], own: Own, at: datetime
) -> list[Happening]:
    """Take what cards paid off their accounts; what there is to announce.

    In the caller's transaction, before any code or counter is locked; nothing happens, not even a
    query, where no card paid or was held. What the `own` holds keep is given up with it. Raises
    GuardRefused where a card holds less than was decided on.
    """
    cards = [
        (one.voucher.account, one.voucher, one)
        for one in redemptions
        if one.credits_amount and one.voucher is not None and one.voucher.account is not None
    ]
    if not cards and not own.credits:
        return []
    paying = {account.pk for account, _, _ in cards}
    found = {
        pk: [ledger.release(account=pk, amount=held, at=at)]
        for pk, held in own.credits.items()
        if pk not in paying
    }
    lots = ledger.open_lots([account for account, _, _ in cards])
    settled = []
    for account, voucher, one in cards:
        posting = ledger.Posting(
            account,
            EntryKind.REDEEM,
            -(one.credits_amount or 0),
            source_of(redemption=one),
            at,
            details=_details(order, one),
            unspendable=ledger.expired(lots[account.pk], at),
            held=own.credits.get(account.pk, 0),
        )
        found[account.pk] = ledger.debit_statements(posting, lots[account.pk])
        settled.append((posting.public_id, voucher))
    return _settled([each for _, some in sorted(found.items()) for each in some], settled)


def hold(
    *, credits_of: Mapping[int, int], accounts: Sequence[LedgerAccount], own: Own, at: datetime
) -> list[Statement]:
    """Keep credits by the key of their account, in the place of the `own` ones; accounts by key."""
    lots = ledger.open_lots(accounts)
    found = {
        account.pk: ledger.hold(
            account=account,
            amount=credits_of[account.pk],
            own=own.credits.get(account.pk, 0),
            unspendable=ledger.expired(lots[account.pk], at),
            at=at,
        )
        for account in accounts
    }
    for pk, held in own.credits.items():
        found.setdefault(pk, ledger.release(account=pk, amount=held, at=at))
    return [statement for _, statement in sorted(found.items())]


def source_of(*, redemption: Redemption) -> str:
    """The cause of the entry of a redemption, by which its rollback finds it."""
    return f"redemption:{redemption.public_id}"


def give_back(
    *,
    rows: Sequence[Redemption],
    made: Sequence[RedemptionRollback],
    vouchers: Mapping[int, Voucher],
    order: Order | None,
    at: datetime,
) -> list[Happening]:
    """Put back what cards paid and have not got back, to the last unit; what to announce.

    In the caller's transaction, which holds the redemptions. Nothing happens where no card paid.
    """
    rollbacks = {rollback.redemption_id: rollback for rollback in made}
    statements, settled = [], []
    for entry, row in _payments([row for row in rows if row.credits_left]):
        details = _details(order, row) | {"rollback": {"id": rollbacks[row.pk].public_id}}
        posting, mine = ledger.reversal(entry, at=at, details=details)
        statements += mine
        settled.append((posting.public_id, vouchers.get(row.pk)))
    return _settled(statements, settled)


def give_back_parts(
    *,
    parts: Mapping[Redemption, int],
    returned: OrderReturn,
    vouchers: Mapping[int, Voucher],
    at: datetime,
) -> list[Happening]:
    """As `give_back`, a part of each payment, for goods that came back."""
    statements, settled = [], []
    for entry, row in _payments([row for row, amount in parts.items() if amount]):
        details = _details(returned.order, row) | {"return": {"id": returned.public_id}}
        source = f"return:{returned.public_id}:{row.public_id}"
        posting, mine = ledger.reversal(
            entry, at=at, details=details, amount=parts[row], source=source
        )
        statements += mine
        settled.append((posting.public_id, vouchers.get(row.pk)))
    return _settled(statements, settled)


def _payments(rows: Sequence[Redemption]) -> Iterator[tuple[LedgerEntry, Redemption]]:
    """The entries that the redemptions made, in the order in which accounts are locked."""
    sources = {source_of(redemption=row): row for row in rows}
    entries = LedgerEntry.objects.filter(source__in=sources, kind=EntryKind.REDEEM)
    found = entries.select_related("account").order_by("account")
    for entry in found.prefetch_related("lot_uses__lot", "reversals__lot_uses__lot"):
        yield entry, sources[entry.source]


def _settled(
    statements: Sequence[Statement], cards: Iterable[tuple[str, Voucher | None]]
) -> list[Happening]:
    """Move the balances, show on the cards what they hold now, and tell of the movements."""
    if not statements:
        return []
    guarded.run(statements)
    known = dict(cards)
    rows = LedgerEntry.objects.filter(public_id__in=known)
    entries = {entry.public_id: entry for entry in rows.select_related("account")}
    found = []
    for public_id, voucher in known.items():
        if voucher is not None:
            voucher.account = entries[public_id].account
            found += campaign_events.balance_happenings(voucher=voucher, entry=entries[public_id])
    return found


def _details(order: Order | None, redemption: Redemption) -> dict[str, Any]:
    found: dict[str, Any] = {"redemption": {"id": redemption.public_id}}
    if order is not None:
        found["order"] = {"id": order.public_id, "source_id": order.source_id}
    return found
