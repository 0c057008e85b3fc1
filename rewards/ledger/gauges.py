"""What Prometheus learns about the ledger."""

from rewards.models import LedgerAudit

NAME = "wafa_ledger_differences"
HELP = "Accounts and lots that the last check of their project found wrong."


def differences() -> int:
    """Of all projects together, each by its last check; the caller opens the scope."""
    last = LedgerAudit.objects.order_by("project", "-checked_at").distinct("project")
    return sum(len(found) for found in last.values_list("differences", flat=True))
