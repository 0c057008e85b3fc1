"""The kill switch while everybody buys: when it says off, nothing is sold any more."""

import threading
from collections.abc import Iterator

from campaigns.services import campaigns
from loyalty_project.core import clock
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop
from redemptions.models import Redemption


def run(shop: Shop) -> Iterator[Finding]:
    """Somebody switches off in the middle, counts, and counts again at the end."""
    campaign = shop.campaign()
    code = shop.code(campaign).code
    sold = Redemption.objects.filter(campaign=campaign, result="SUCCESS")
    seen: list[int] = []
    some = threading.Event()
    buy = shop.buy(code)

    def buyer() -> object:
        result = buy()
        some.set()
        return result

    def off() -> None:
        some.wait(10)
        campaigns.disable(project=shop.project, campaign=campaign, at=clock.now())
        seen.append(sold.count())

    answers = shop.at_once([off, *[buyer] * (4 * shop.threads)])
    yield equal("sold after the switch was off", sold.count() - seen[0], 0)
    yield equal("everybody has an answer", answers.failures, [])
    key = "campaign_not_active"
    yield equal("the others are told why", answers.refused[key], 4 * shop.threads - sold.count())
