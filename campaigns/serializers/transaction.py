"""Movements of money on gift cards, as published."""

from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Voucher
from loyalty_project.core import wire
from rewards.models import EntryKind, LedgerEntry

# The published types know four movements of money; the details of ours say more.
_TYPES = {EntryKind.REDEEM: "CREDITS_REDEMPTION", EntryKind.REVERSE: "CREDITS_REFUND"}
_CHANNELS = {"USER_PORTAL": "web-ui"}


class RelatedObjectJson(TypedDict):
    type: Literal["voucher"]
    id: str


class BalanceJson(TypedDict):
    """`total` is what was put on the card less what was taken off without being spent."""

    amount: int
    total: int
    balance: int
    type: Literal["gift_voucher"]
    object: Literal["balance"]
    related_object: RelatedObjectJson
    operation_type: NotRequired[Literal["MANUAL"]]


class TransactionJson(TypedDict):
    """`wafa_kind` is the kind of movement as the ledger calls it."""

    id: str
    source_id: str | None
    voucher_id: str
    campaign_id: str | None
    source: str | None
    reason: str | None
    type: str
    details: dict[str, Any]
    related_transaction_id: str | None
    created_at: str
    wafa_kind: str


def balance_json(entry: LedgerEntry, voucher: Voucher) -> BalanceJson:
    """The balance right after a movement."""
    return {
        "amount": entry.amount,
        "total": entry.total_after,
        "balance": entry.balance_after,
        "type": "gift_voucher",
        "object": "balance",
        "related_object": {"type": "voucher", "id": voucher.public_id},
        "operation_type": "MANUAL",
    }


def transaction_json(entry: LedgerEntry) -> TransactionJson:
    """An entry of `queries.transactions`."""
    voucher: Voucher = entry.account.voucher
    balance = balance_json(entry, voucher)
    balance.pop("operation_type", None)
    manual = entry.kind not in _TYPES
    return {
        "id": entry.public_id,
        "source_id": entry.source_id,
        "voucher_id": voucher.public_id,
        "campaign_id": voucher.campaign.public_id if voucher.campaign else None,
        "source": _CHANNELS.get(entry.channel, entry.channel) or None if manual else None,
        "reason": entry.reason or None,
        "type": type_of(entry),
        "details": {"balance": balance, **entry.details},
        "related_transaction_id": entry.related_id or None,
        "created_at": wire.instant(entry.created_at),
        "wafa_kind": entry.kind,
    }


def type_of(entry: LedgerEntry) -> str:
    """The published type."""
    known = _TYPES.get(EntryKind(entry.kind))
    return known or ("CREDITS_ADDITION" if entry.amount >= 0 else "CREDITS_REMOVAL")
