"""Opening accounts, one or many at once, each with the entry of its first balance."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project, new_id
from rewards.models import AccountKind, EntryKind, LedgerAccount

NEXT_KEY = "nextval(pg_get_serial_sequence('rewards_ledgeraccount', 'id'))"
_NEXT_KEYS = (
    "SELECT nextval(pg_get_serial_sequence('rewards_ledgeraccount', 'id'))"
    " FROM generate_series(1, %s)"
)
ISSUED = "issue"
_OPEN = (
    "WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[])"
    " AS each (id, entry, amount)),"
    " opened AS (INSERT INTO rewards_ledgeraccount (id, project_id, kind, balance, held,"
    " overdraft, added, subtracted, created_at, updated_at)"
    " SELECT id, %s, %s, amount, 0, 0, amount, 0, %s, %s FROM wanted RETURNING id)"
    " INSERT INTO rewards_ledgerentry (project_id, account_id, public_id, kind, amount,"
    " balance_after, total_after, source, reason, details, related_id, channel, credential,"
    " created_at, updated_at)"
    " SELECT %s, opened.id, wanted.entry, %s, amount, amount, amount, %s, '', '{}', '', '', '',"
    " %s, %s"
    " FROM opened JOIN wanted USING (id)"
)


def open_one(*, project: Project, kind: AccountKind, amount: int, at: datetime) -> LedgerAccount:
    """An account with so much on it, in the caller's transaction."""
    (key,) = open_each(project=project, kind=kind, amounts=[amount], at=at)
    account: LedgerAccount = LedgerAccount.objects.get(pk=key)
    return account


def open_each(
    *, project: Project, kind: AccountKind, amounts: Sequence[int], at: datetime
) -> list[int]:
    """The keys of new accounts with these amounts, in the caller's transaction."""
    if not amounts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_KEYS, [len(amounts)])
        keys = [key for (key,) in cursor.fetchall()]
    _open(project, kind, keys, amounts, at=at)
    return keys


def open_many(
    *, project: Project, kind: AccountKind, keys: Sequence[int], amount: int, at: datetime
) -> None:
    """Accounts of these keys, drawn by `NEXT_KEY`, for rows that name them already.

    In the caller's transaction; one round trip.
    """
    _open(project, kind, keys, [amount] * len(keys), at=at)


def _open(
    project: Project,
    kind: AccountKind,
    keys: Sequence[int],
    amounts: Sequence[int],
    *,
    at: datetime,
) -> None:
    entries = [new_id("vtx_") for _ in keys]
    account = (project.pk, str(kind), at, at)
    entry = (project.pk, str(EntryKind.ISSUE), ISSUED, at, at)
    params = (list(keys), entries, list(amounts), *account, *entry)
    guarded.run([Statement(_OPEN, params, rows=len(keys), about="accounts")])
