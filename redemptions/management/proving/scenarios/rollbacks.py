"""Everything is taken back several times at once, while others buy what becomes free."""

from collections.abc import Iterator

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop
from redemptions.services.rollbacks import RolledBack


def run(shop: Shop) -> Iterator[Finding]:
    """One code with a limit, one of a campaign that counts everything, alone and together."""
    campaign = shop.campaign(
        {"measure": "redemptions", "value": 10**6},
        {"measure": "discount", "value": 10**6, "period": "day"},
        {"measure": "customers", "value": 10**3},
        {"measure": "redemptions", "value": 10**3, "per_customer": True},
    )
    codes = shop.code(limit=10**3).code, shop.code(campaign).code
    people = [{"source_id": shop.name("customer")} for _ in range(3)]
    jobs = [
        shop.buy(*codes[number % 2 :], customer=people[number % 3])
        for number in range(2 * shop.threads)
    ]
    bought = shop.at_once(jobs).redeemed
    undone = [shop.undo(one.parent or one.redemptions[0]) for one in bought]
    storm = [*(undone * 3), *jobs]
    shop.rng.shuffle(storm)
    answers = shop.at_once(storm)
    back = [result for result in answers.results if isinstance(result, RolledBack)]
    yield equal("each is taken back once", len(back), len(bought))
    yield equal("the others are told so", answers.refused["already_rolled_back"], 2 * len(bought))
    yield equal("and nobody is in the way", len(answers.redeemed), len(jobs))
