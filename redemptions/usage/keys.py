"""The text by which a counter is found."""

from campaigns.engine.counters import Counter, Scope
from loyalty_project.core.models import Project

# Who waits for whom: counters of one customer first, those that everybody uses last.
_HEAT = {Scope.REDEEMABLE: 1, Scope.CAMPAIGN: 2, Scope.BUDGET: 3, Scope.PROJECT: 4}


def key_of(counter: Counter) -> str:
    """E.g. `discount:campaign:camp_1:month:2026-03-01:customer:cust_1`."""
    begins = counter.begins.isoformat() if counter.begins is not None else ""
    parts = (counter.measure, counter.scope, counter.scope_id, counter.period, begins, counter.per)
    return ":".join(parts)


def place(counter: Counter) -> tuple[int, str]:
    """Where a counter stands in the one order in which their rows are locked."""
    return (0 if counter.per else _HEAT[counter.scope]), key_of(counter)


def turnstile(project: Project, counter: Counter) -> str:
    """Whose rows are made one after the other: a customer's, or those of the scope."""
    return f"{project.pk}:{counter.per or f'{counter.scope}:{counter.scope_id}'}"
