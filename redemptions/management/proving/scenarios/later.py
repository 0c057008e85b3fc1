"""A limit that comes to a running campaign, while what was before is taken back."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from redemptions import usage
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Answers, Job, Shop
from redemptions.management.proving.swapping import swapped

_MOMENT_SECONDS = 0.3


def run(shop: Shop) -> Iterator[Finding]:
    """The counter begins with what the redemptions say; the invariants compare the two."""
    for measure in ("redemptions", "customers", "discount"):
        campaign = shop.campaign()
        code = shop.code(campaign).code
        people = [shop.name("customer") for _ in range(3)]
        jobs = [shop.buy(code, customer={"source_id": name}) for name in people]
        before = shop.at_once(jobs * 2).redeemed
        shop.limit(campaign, {"measure": measure, "value": 10**6})
        undone = [shop.undo(result.redemptions[0]) for result in before]
        answers = _in_between(shop, undone, jobs)
        yield equal(
            f"{measure}, limited while they are made and taken back",
            (len(answers.redeemed), len(answers.results), answers.failures),
            (len(jobs), len(jobs) + len(undone), []),
        )


def _in_between(shop: Shop, undone: Sequence[Job], jobs: Sequence[Job]) -> Answers:
    """Rollbacks that have seen that there is no counter wait for who makes one, for a moment."""
    seen, made = threading.Event(), threading.Event()

    def first() -> Any:
        seen.wait(_MOMENT_SECONDS * 10)
        result = jobs[0]()
        made.set()
        return result

    give_back = usage.give_back

    def patient(**values: Any) -> Any:
        found = give_back(**values)
        seen.set()
        made.wait(_MOMENT_SECONDS)
        return found

    with swapped(usage, "give_back", patient):
        return shop.at_once([first, *undone, *jobs[1:]])
