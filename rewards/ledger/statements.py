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
from rewards.models import EntryKind, LedgerAccount, LedgerEntry, Lot

# These leave the sums of what came and went alone.
SPENDING = frozenset({EntryKind.REDEEM, EntryKind.REVERSE})
GRACE = timedelta(days=14)
_POST = (
    "WITH posted AS (UPDATE rewards_ledgeraccount SET balance = balance + %s,"
    " added = added + %s, subtracted = subtracted + %s, held = held - %s, updated_at = %s"
    " WHERE id = %s AND (%s >= 0 OR balance - held + %s - %s + %s >= -overdraft)"
    " RETURNING id, project_id, balance, added - subtracted AS total)"
    " INSERT INTO rewards_ledgerentry (project_id, account_id, public_id, kind, amount,"
    " balance_after, total_after, source, source_id, reason, details, reverses_id, related_id,"
    " channel, user_id, credential, created_at, updated_at)"
    " SELECT project_id, id, %s, %s, %s, balance, total, %s, %s, %s, %s::jsonb, %s::bigint, %s,"
    " %s, %s::bigint, %s, %s, %s FROM posted"
)
_HOLD = (
    "UPDATE rewards_ledgeraccount SET held = held + %s, updated_at = %s"
    " WHERE id = %s AND (%s <= 0 OR balance - held - %s - %s >= -overdraft)"
)
_OPEN_LOT = (
    'INSERT INTO rewards_lot (project_id, account_id, entry_id, amount, "left", expires_at,'
    " created_at, updated_at) SELECT project_id, account_id, id, %s, %s, %s, %s, %s"
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
    'WITH used AS (UPDATE rewards_lot SET "left" = "left" - %s, updated_at = %s'
    " WHERE id = %s RETURNING id)"
)
_USED = (
    " INSERT INTO rewards_lotuse (project_id, lot_id, entry_id, amount, created_at, updated_at)"
    " SELECT entry.project_id, used.id, entry.id, %s, %s, %s FROM used, rewards_ledgerentry entry"
    " WHERE entry.public_id = %s"
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement to come; `amount` below zero is a debit.

    `unspendable` is what of the balance has expired and was not swept yet, `held` what was held for
    this very debit and is not any more.
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
    held: int = 0
    public_id: str = field(default_factory=lambda: new_id("vtx_"))


@dataclass(frozen=True, slots=True)
class End:
    """So much of a credit expires then."""

    amount: int
    at: datetime


def post(posting: Posting) -> Statement:
    """Touches one row, none where the balance does not suffice."""
    one, amount, at = posting, posting.amount, posting.at
    reversed_kind = one.reverses.kind if one.reverses is not None else EntryKind.REDEEM
    counted = one.kind not in SPENDING or reversed_kind not in SPENDING
    added = max(amount, 0) if counted else 0
    subtracted = max(-amount, 0) if counted else 0
    actor = acting.actor()
    update = (
        *(amount, added, subtracted, one.held, at),
        *(one.account.pk, amount, amount, one.unspendable, one.held),
    )
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


def hold(
    *, account: LedgerAccount, amount: int, own: int, unspendable: int, at: datetime
) -> Statement:
    """Hold an amount in the place of the `own` one; touches no row where there is not enough."""
    more = amount - own
    params = (more, at, account.pk, more, more, unspendable)
    return Statement(_HOLD, params, rows=1, about=f"account {account.pk}")


def release(*, account: int, amount: int, at: datetime) -> Statement:
    """Let go of what is held of an account, by its key."""
    params = (-amount, at, account, -amount, 0, 0)
    return Statement(_HOLD, params, about=f"account {account}")


def credit(posting: Posting, ends: Sequence[End] = ()) -> list[Statement]:
    """With a lot of its own for each part that expires; the rest never does."""
    return [post(posting), *(_open(posting, end) for end in ends)]


def debit(posting: Posting, open_lots: Sequence[lots.OpenLot]) -> list[Statement]:
    """Takes from the lots that expire first."""
    taken = lots.split(-posting.amount, open_lots, posting.at)
    return [post(posting), *(_take(_TAKE, posting, one) for one in taken)]


def expire(posting: Posting, taken: Sequence[lots.Taken]) -> list[Statement]:
    """Takes what is left of expired lots."""
    return [post(posting), *(_take(_TAKE_EXPIRED, posting, one) for one in taken)]


def take_back(
    posting: Posting, own: Sequence[lots.OpenLot], others: Sequence[lots.OpenLot]
) -> list[Statement]:
    """Undoes a credit: what is left of its own lots goes first, also what has expired."""
    found = [post(posting)]
    for lot in own:
        text = _TAKE if lot.expires_at > posting.at else _TAKE_EXPIRED
        found.append(_take(text, posting, lots.Taken(lot.key, lot.left)))
    spent = -posting.amount - sum(lot.left for lot in own)
    taken = lots.split(spent, others, posting.at)
    return [*found, *(_take(_TAKE, posting, one) for one in taken)]


def put_back(posting: Posting, back: Sequence[lots.OpenLot], grace: timedelta) -> list[Statement]:
    """Undoes a debit: what came from lots goes `back` there, each with what it gets.

    What came from one that has expired is a new lot for the grace, for what else was left in the
    old one stays expired.
    """
    at, found, late = posting.at, [post(posting)], 0
    for lot in back:
        if lot.expires_at <= at:
            late += lot.left
            continue
        params = (-lot.left, at, lot.key, -lot.left, at, at, posting.public_id)
        found.append(Statement(_PUT_BACK + _USED, params, rows=1, about="lot"))
    return [*found, _open(posting, End(late, at + grace))] if late else found


def open_lots(accounts: Sequence[LedgerAccount]) -> dict[int, list[lots.OpenLot]]:
    """By account, those with something left; one query."""
    found: dict[int, list[lots.OpenLot]] = {account.pk: [] for account in accounts}
    rows = Lot.objects.filter(account__in=found, left__gt=0) if found else ()
    for row in rows:
        found[row.account_id].append(lots.OpenLot(row.pk, row.left, row.expires_at))
    return found


def _open(posting: Posting, end: End) -> Statement:
    params = (end.amount, end.amount, end.at, posting.at, posting.at, posting.public_id)
    return Statement(_OPEN_LOT, params, rows=1, about="lot")


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
