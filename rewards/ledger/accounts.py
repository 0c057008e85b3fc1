"""Opening accounts, one or many at once, each with the entry of its first balance."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from loyalty_project.core import guarded
from loyalty_project.core.guarded import Statement
from loyalty_project.core.models import Project, new_id
from rewards.models import AccountKind, EntryKind, LedgerAccount

NEXT_KEY = "nextval(pg_get_serial_sequence('rewards_ledgeraccount', 'id'))"
ISSUED = "issue"
_OPEN = (
    "WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS each (id, entry)),"
    " opened AS (INSERT INTO rewards_ledgeraccount (id, project_id, kind, balance, held,"
    " overdraft, added, subtracted, created_at, updated_at)"
    " SELECT id, %s, %s, %s, 0, 0, %s, 0, %s, %s FROM wanted RETURNING id)"
    " INSERT INTO rewards_ledgerentry (project_id, account_id, public_id, kind, amount,"
    " balance_after, total_after, source, reason, details, related_id, channel, credential,"
    " created_at, updated_at)"
    " SELECT %s, opened.id, wanted.entry, %s, %s, %s, %s, %s, '', '{}', '', '', '', %s, %s"
    " FROM opened JOIN wanted USING (id)"
)


def open_one(*, project: Project, kind: AccountKind, amount: int, at: datetime) -> LedgerAccount:
    """An account with so much on it, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NEXT_KEY}")
        (key,) = cursor.fetchone()
    open_many(project=project, kind=kind, keys=[key], amount=amount, at=at)
    account: LedgerAccount = LedgerAccount.objects.get(pk=key)
    return account


def open_many(
    *, project: Project, kind: AccountKind, keys: Sequence[int], amount: int, at: datetime
) -> None:
    """Accounts of these keys, drawn by `NEXT_KEY`, for rows that name them already.

    In the caller's transaction; one round trip.
    """
    entries = [new_id("vtx_") for _ in keys]
    account = (project.pk, str(kind), amount, amount, at, at)
    entry = (project.pk, str(EntryKind.ISSUE), amount, amount, amount, ISSUED, at, at)
    params = (list(keys), entries, *account, *entry)
    guarded.run([Statement(_OPEN, params, rows=len(keys), about="accounts")])
