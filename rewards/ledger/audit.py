"""Whether balances are what their entries say, lots what their uses say; asked every night."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from loyalty_project.core.models import Project
from rewards.models import LedgerAccount, LedgerAudit

MOST = 100
KEPT = timedelta(days=90)
# One statement sees one state, whatever is posted meanwhile.
_ACCOUNTS = (
    "SELECT account.id, account.balance, coalesce(sum(entry.amount), 0)"
    " FROM rewards_ledgeraccount account"
    " LEFT JOIN rewards_ledgerentry entry ON entry.account_id = account.id"
    " WHERE account.project_id = %s GROUP BY account.id"
    " HAVING account.balance <> coalesce(sum(entry.amount), 0)"
    " OR account.balance < -account.overdraft OR account.held < 0"
    " OR account.balance <> coalesce((array_agg(entry.balance_after ORDER BY entry.id DESC))[1], 0)"
    " ORDER BY account.id LIMIT %s"
)
_LOTS = (
    'SELECT lot.account_id, lot."left", lot.amount - coalesce(sum(used.amount), 0)'
    " FROM rewards_lot lot LEFT JOIN rewards_lotuse used ON used.lot_id = lot.id"
    " WHERE lot.project_id = %s GROUP BY lot.id"
    ' HAVING lot."left" <> lot.amount - coalesce(sum(used.amount), 0)'
    " ORDER BY lot.account_id LIMIT %s"
)
# What never expires cannot be less than nothing.
_MORE = (
    'SELECT lot.account_id, sum(lot."left"), greatest(account.balance, 0)'
    " FROM rewards_lot lot JOIN rewards_ledgeraccount account ON account.id = lot.account_id"
    ' WHERE lot.project_id = %s AND lot."left" > 0 GROUP BY lot.account_id, account.balance'
    ' HAVING sum(lot."left") > greatest(account.balance, 0)'
    " ORDER BY lot.account_id LIMIT %s"
)


def verify(*, project: Project, at: datetime) -> LedgerAudit:
    """Check every account of a project and keep the result; what differs stands in it, at most 100.

    A difference is `{"account", "kind": "balance" | "lot" | "lots", "is", "should_be"}`; `lots`
    hold more together than the balance.
    """
    with transaction.atomic():
        found = [
            *_differences("balance", _ACCOUNTS, project),
            *_differences("lot", _LOTS, project),
            *_differences("lots", _MORE, project),
        ]
        LedgerAudit.objects.filter(checked_at__lt=at - KEPT).delete()
        made: LedgerAudit = LedgerAudit.objects.create(
            project=project,
            accounts=LedgerAccount.objects.count(),
            differences=found[:MOST],
            checked_at=at,
        )
    return made


def latest() -> LedgerAudit | None:
    """The last check of the project of the scope."""
    found: LedgerAudit | None = LedgerAudit.objects.order_by("-checked_at").first()
    return found


def _differences(kind: str, sql: str, project: Project) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [project.pk, MOST])
        return [
            {"account": account, "kind": kind, "is": int(is_), "should_be": int(should)}
            for account, is_, should in cursor.fetchall()
        ]
