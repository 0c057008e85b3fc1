"""The stories of a run; a new one is a file here and an entry in the table."""

from collections.abc import Callable, Iterable, Mapping

from redemptions.management.proving.findings import Finding
from redemptions.management.proving.scenarios import (
    cards,
    carts,
    edges,
    folds,
    holds,
    kills,
    later,
    limits,
    pauses,
    returns,
    rollbacks,
    shared,
    submits,
    switches,
)
from redemptions.management.proving.shop import Shop

SCENARIOS: Mapping[str, Callable[[Shop], Iterable[Finding]]] = {
    "codes": limits.codes,
    "periods": limits.periods,
    "customers": limits.customers,
    "amounts": limits.amounts,
    "shared": shared.run,
    "cards": cards.run,
    "carts": carts.run,
    "later": later.run,
    "rollbacks": rollbacks.run,
    "returns": returns.run,
    "folds": folds.run,
    "holds": holds.run,
    "submits": submits.run,
    "edges": edges.run,
    "switches": switches.run,
    "kills": kills.run,
    "pauses": pauses.run,
}
