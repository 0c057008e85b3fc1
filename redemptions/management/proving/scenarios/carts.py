"""Several codes in one order, in any sequence: all of them or none."""

from collections.abc import Iterator

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop


def run(shop: Shop) -> Iterator[Finding]:
    """Three codes of which one is scarcer than the others, by its campaign."""
    scarce = shop.campaign({"measure": "redemptions", "value": shop.half})
    codes = [
        shop.code(limit=2 * shop.threads).code,
        shop.code(scarce).code,
        shop.code(shop.campaign()).code,
    ]
    jobs = []
    for _ in range(2 * shop.threads):
        shop.rng.shuffle(codes)
        jobs.append(shop.buy(*codes))
    answers = shop.at_once(jobs)
    yield equal("carts of three codes", len(answers.redeemed), shop.half)
    whole = all(len(result.redemptions) == len(codes) for result in answers.redeemed)
    yield Finding("no cart in part", whole and not answers.failures, "; ".join(answers.failures))
