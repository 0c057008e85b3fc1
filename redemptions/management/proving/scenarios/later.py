"""A limit that comes to a running campaign, while what was before is taken back."""

from collections.abc import Iterator

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop


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
        mixed = [*undone, *jobs, *jobs]
        shop.rng.shuffle(mixed)
        answers = shop.at_once(mixed)
        yield equal(
            f"{measure}, limited while they are made and taken back",
            (len(answers.redeemed), len(answers.results), answers.failures),
            (len(jobs) * 2, len(mixed), []),
        )
