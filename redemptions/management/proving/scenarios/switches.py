"""The kill switch while everybody buys: when it says off, nothing is sold any more."""

import threading
from collections.abc import Iterator
from typing import Any

from campaigns.services import campaigns
from loyalty_project.core import clock
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import Shop
from redemptions.management.proving.swapping import swapped
from redemptions.models import Redemption
from redemptions.services import uses

_MOMENT_SECONDS = 0.3


def run(shop: Shop) -> Iterator[Finding]:
    """Somebody switches off in the middle, counts, and counts again at the end."""
    campaign = shop.campaign()
    buy = shop.buy(shop.code(campaign).code)
    sold = Redemption.objects.filter(campaign=campaign, result="SUCCESS")
    seen: list[int] = []
    inside, is_off = threading.Event(), threading.Event()
    write = uses.write

    def patient(**values: Any) -> Any:
        written = write(**values)
        inside.set()
        is_off.wait(_MOMENT_SECONDS)
        return written

    def off() -> None:
        inside.wait(_MOMENT_SECONDS * 10)
        campaigns.disable(project=shop.project, campaign=campaign, at=clock.now())
        seen.append(sold.count())
        is_off.set()

    with swapped(uses, "write", patient):
        answers = shop.at_once([off, *[buy] * (3 * shop.threads)])
    yield equal("sold after the switch was off", sold.count() - seen[0], 0)
    yield equal("everybody has an answer", answers.failures, [])
    told = answers.refused["campaign_not_active"]
    yield equal("the others are told why", told, 3 * shop.threads - sold.count())
