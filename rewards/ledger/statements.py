"""Guarded statements of postings: one UPDATE of the balance with its entry, then the lots."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from loyalty_project.core import context as acting
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import new_id
from rewards.ledger import lots
from rewards.models import EntryKind, LedgerAccount, LedgerEntry, Lot, LotUse

# These leave the sums of what came and went alone.
SPENDING = frozenset({EntryKind.REDEEM, EntryKind.REVERSE})
GRACE = timedelta(days=14)
_POST = (
    "WITH posted AS (UPDATE rewards_ledgeraccount SET balance = balance + %s,"
    " added = added + %s, subtracted = subtracted + %s, updated_at = %s"
    " WHERE id = %s AND (%s >= 0 OR balance - held + %s - %s >= -overdraft)"
    " RETURNING id, project_id, balance, added - subtracted AS total)"
    " INSERT INTO rewards_ledgerentry (project_id, account_id, public_id, kind, amount,"
    " balance_after, total_after, source, source_id, reason, details, reverses_id, related_id,"
    " channel, user_id, credential, created_at, updated_at)"
    " SELECT project_id, id, %s, %s, %s, balance, total, %s, %s, %s, %s::jsonb, %s::bigint, %s,"
    " %s, %s::bigint, %s, %s, %s FROM posted"
)
_OPEN_LOT = (
    'INSERT INTO rewards_lot (project_id, account_id, entry_id, amount, "left", expires_at,'
    " created_at, updated_at) SELECT project_id, account_id, id, amount, amount, %s, %s, %s"
    " FROM rewards_ledgerentry WHERE public_id = %s"
)
_TAKE = (
    'WITH used AS (UPDATE rewards_lot SET "left" = "left" - %s, updated_at = %s'
    ' WHERE id = %s AND "left" >= %s AND expires_at > %s RETURNING id)'
)
_TAKE_EXPIRED = (
    'WITH used AS (UPDATE rewards_lot SET "left" = "left" - %s, updated_at = %s'
    ' WHERE id = %s AND "left" >= %s AND expires_at <= %s RETURNING id)'
)
_PUT_BACK = (
    'WITH used AS (UPDATE rewards_lot SET "left" = "left" - %s, updated_at = %s, expires_at ='
    " CASE WHEN expires_at <= %s THEN %s ELSE expires_at END WHERE id = %s RETURNING id)"
)
_USED = (
    " INSERT INTO rewards_lotuse (project_id, lot_id, entry_id, amount, created_at, updated_at)"
    " SELECT entry.project_id, used.id, entry.id, %s, %s, %s FROM used, rewards_ledgerentry entry"
    " WHERE entry.public_id = %s"
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement to come; `amount` below zero is a debit.

    `unspendable` is what of the balance has expired and was not swept yet.
    """

    account: LedgerAccount
    kind: EntryKind
    amount: int
    source: str
    at: datetime
    source_id: str | None = None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    reverses: LedgerEntry | None = None
    related_id: str = ""
    unspendable: int = 0
    public_id: str = field(default_factory=lambda: new_id("vtx_"))


def post(posting: Posting) -> Statement:
    """Touches one row, none where the balance does not suffice."""
    one, amount, at = posting, posting.amount, posting.at
    reversed_kind = one.reverses.kind if one.reverses is not None else EntryKind.REDEEM
    counted = one.kind not in SPENDING or reversed_kind not in SPENDING
    added = max(amount, 0) if counted else 0
    subtracted = max(-amount, 0) if counted else 0
    actor = acting.actor()
    update = (amount, added, subtracted, at, one.account.pk, amount, amount, one.unspendable)
    entry = (
        one.public_id,
        str(one.kind),
        amount,
        one.source,
        one.source_id,
        one.reason,
        json.dumps(dict(one.details)),
        one.reverses.pk if one.reverses is not None else None,
        one.related_id,
        actor.channel[:12],
        actor.user.pk if actor.user is not None else None,
        acting.current_credential()[:200],
        at,
        at,
    )
    return Statement(_POST, (*update, *entry), rows=1, about=f"account {one.account.pk}")


def credit(posting: Posting, *, expires_at: datetime | None = None) -> list[Statement]:
    """With a lot of its own where the credit expires."""
    found = [post(posting)]
    if expires_at is not None:
        params = (expires_at, posting.at, posting.at, posting.public_id)
        found.append(Statement(_OPEN_LOT, params, rows=1, about="lot"))
    return found


def debit(posting: Posting, open_lots: Sequence[lots.OpenLot]) -> list[Statement]:
    """Takes from the lots that expire first."""
    taken = lots.split(-posting.amount, open_lots, posting.at)
    return [post(posting), *(_take(_TAKE, posting, one) for one in taken)]


def expire(posting: Posting, taken: Sequence[lots.Taken]) -> list[Statement]:
    """Takes what is left of expired lots."""
    return [post(posting), *(_take(_TAKE_EXPIRED, posting, one) for one in taken)]


def put_back(posting: Posting, uses: Sequence[LotUse], grace: timedelta) -> list[Statement]:
    """A reversal: what came from lots goes back there; one that expired lives for the grace."""
    at = posting.at
    found = [post(posting)]
    for use in uses:
        params = (-use.amount, at, at, at + grace, use.lot_id, -use.amount, at, at)
        text = _PUT_BACK + _USED
        found.append(Statement(text, (*params, posting.public_id), rows=1, about="lot"))
    return found


def open_lots(accounts: Sequence[LedgerAccount]) -> dict[int, list[lots.OpenLot]]:
    """By account, those with something left; one query."""
    found: dict[int, list[lots.OpenLot]] = {account.pk: [] for account in accounts}
    rows = Lot.objects.filter(account__in=found, left__gt=0) if found else ()
    for row in rows:
        found[row.account_id].append(lots.OpenLot(row.pk, row.left, row.expires_at))
    return found


def _take(text: str, posting: Posting, taken: lots.Taken) -> Statement:
    at, amount = posting.at, taken.amount
    params = (amount, at, taken.key, amount, at, amount, at, at, posting.public_id)
    return Statement(text + _USED, params, rows=1, about=f"lot {taken.key}")


def available(*, accounts: Sequence[LedgerAccount], at: datetime) -> dict[int, int]:
    """What can be spent of each account by its key: not what is held or has expired. One query."""
    found = open_lots(accounts) if accounts else {}
    return {
        account.pk: account.balance - account.held - lots.expired(found[account.pk], at)
        for account in accounts
    }
