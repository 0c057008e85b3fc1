"""A code without limit: its uses are appended, and folded while they are made and taken back."""

from collections.abc import Iterator

from campaigns.services import counting
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop


def run(shop: Shop) -> Iterator[Finding]:
    """The invariants compare the count of the code with its redemptions."""
    code = shop.code().code
    jobs = [shop.buy(code)] * (2 * shop.threads)
    bought = shop.at_once(jobs).redeemed
    storm = [*jobs, *(shop.undo(one.redemptions[0]) for one in bought)]
    storm += [lambda: counting.fold(project=shop.project)] * shop.threads
    shop.rng.shuffle(storm)
    answers = shop.at_once(storm)
    yield equal("all are answered", (len(answers.results), answers.failures), (len(storm), []))
