"""The text by which a counter is found."""

from campaigns.engine.counters import Counter, Scope
from loyalty_project.core.models import Project

# Who waits for whom: counters of one customer first, those that everybody uses last.
_HEAT = {Scope.REDEEMABLE: 1, Scope.CAMPAIGN: 2, Scope.BUDGET: 3, Scope.PROJECT: 4}
_PARTS = 5  # before whose it is


def key_of(counter: Counter) -> str:
    """E.g. `discount:campaign:camp_1:month:2026-03-01:customer:cust_1`."""
    begins = counter.begins.isoformat() if counter.begins is not None else ""
    parts = (counter.measure, counter.scope, counter.scope_id, counter.period, begins, counter.per)
    return ":".join(parts)


def place(counter: Counter) -> tuple[int, str]:
    """Where a counter stands in the one order in which their rows are locked."""
    return place_of(key_of(counter))


def place_of(key: str) -> tuple[int, str]:
    """The same of a counter of which only the key is known."""
    scope, _, per = _read(key)
    return (0 if per else _HEAT[Scope(scope)]), key


def turnstile(project: Project, counter: Counter) -> str:
    """Whose rows are made one after the other: a customer's, or those of the scope."""
    return turnstile_of(project, key_of(counter))


def turnstile_of(project: Project, key: str) -> str:
    """The same of a counter of which only the key is known."""
    scope, scope_id, per = _read(key)
    return f"{project.pk}:{per or f'{scope}:{scope_id}'}"


def _read(key: str) -> tuple[str, str, str]:
    """Scope, its id, and whose it is."""
    parts = key.split(":", _PARTS)
    return parts[1], parts[2], parts[_PARTS]
