"""What several campaigns share: a budget, and the limits of the whole project."""

from collections.abc import Iterator

from campaigns.services import budgets
from loyalty_project.core import clock
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.scenarios.limits import fought
from redemptions.management.proving.shop import AMOUNT_OFF, Shop
from redemptions.models import Redemption


def run(shop: Shop) -> Iterator[Finding]:
    """A budget of two campaigns, then the whole project in all and per customer."""
    limit = {"measure": "discount", "value": shop.half * AMOUNT_OFF, "overflow": "CAP"}
    data = {"name": shop.name("budget"), "limits": [limit]}
    budget = budgets.create(project=shop.project, data=data, at=clock.now())
    codes = [shop.code(shop.campaign(budget_id=budget.public_id)).code for _ in range(2)]
    answers = shop.at_once([shop.buy(code) for code in codes] * shop.threads)
    yield equal("a budget of two campaigns", answers.discount, limit["value"])
    yield from _project(shop)


def _project(shop: Shop) -> Iterator[Finding]:
    """Limits that count what was before them; they go again, as others come after this."""
    before = Redemption.objects.filter(result="SUCCESS", rolled_back_at=None)
    before = before.exclude(voucher=None, promotion_tier=None)
    codes = [shop.code().code for _ in range(2)]
    jobs = [shop.buy(code) for code in codes] * shop.threads
    shop.limit(None, {"measure": "redemptions", "value": before.count() + shop.half})
    try:
        yield from fought(shop, "the whole project", jobs, wanted=shop.half)
        shop.limit(None, {"measure": "redemptions", "value": 1, "per_customer": True})
        buyer = {"source_id": shop.name("customer")}
        jobs = [shop.buy(code, customer=buyer) for code in codes] * shop.threads
        yield from fought(shop, "a customer in the whole project", jobs, wanted=1)
    finally:
        shop.limit(None)
