"""Every kind of limit of a code, campaign, tier or customer, fought over: never above, all used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import AMOUNT_OFF, ORDER, Job, Shop

PERIODS = ("day", "week", "month", "year")


def fought(shop: Shop, said: str, jobs: Sequence[Job], *, wanted: int) -> Iterator[Finding]:
    """That exactly as many get through as may, and that the others are told no."""
    answers = shop.at_once(jobs)
    yield equal(said, len(answers.redeemed), wanted)
    if answers.failures:
        yield Finding(f"{said}: everybody has an answer", False, answers.failures[0])


def codes(shop: Shop) -> Iterator[Finding]:
    """Codes for many and for one, and a promotion tier."""
    many, one = shop.code(limit=shop.half).code, shop.code(limit=1).code
    come = 2 * shop.threads
    yield from fought(shop, "a code for many uses", [shop.buy(many)] * come, wanted=shop.half)
    yield from fought(shop, "a code for one use", [shop.buy(one)] * come, wanted=1)
    tier = shop.tier()
    shop.limit(tier, _limit(value=shop.half))
    jobs = [shop.buy(tier.public_id, kind="promotion_tier")] * come
    yield from fought(shop, "a promotion tier", jobs, wanted=shop.half)


def periods(shop: Shop) -> Iterator[Finding]:
    """A campaign of two codes, in all and by the calendar."""
    for period in ("always", *PERIODS):
        campaign = shop.campaign(_limit(value=shop.half, period=period))
        jobs = [shop.buy(shop.code(campaign).code) for _ in range(2)] * shop.threads
        yield from fought(shop, f"a campaign, {period}", jobs, wanted=shop.half)


def customers(shop: Shop) -> Iterator[Finding]:
    """Limits per customer, for new ones and guests, and of different customers."""
    people = [shop.name("customer") for _ in range(3)]
    once = _limit(value=1, per_customer=True)
    daily = _limit(value=2, per_customer=True, period="day")
    for said, limit, each in (("in all", once, 1), ("per day", daily, 2)):
        code, wanted = shop.code(shop.campaign(limit)).code, each * len(people)
        known = [{"source_id": name} for name in people]
        jobs = _each_often(shop, code, known)
        yield from fought(shop, f"new customers, {said}", jobs, wanted=wanted)
        jobs = _each_often(shop, code, [{"email": f"{name}@example.com"} for name in people])
        yield from fought(shop, f"guests, {said}", jobs, wanted=wanted)
    code = shop.code(shop.campaign(_limit(value=2, measure="customers"))).code
    answers = shop.at_once(_each_often(shop, code, known))
    served = {result.order.customer_id for result in answers.redeemed}
    yield equal("different customers", len(served), 2)
    said = "different customers, each as often as they like"
    yield equal(said, len(answers.redeemed), 2 * shop.threads)


def _each_often(shop: Shop, code: str, people: Sequence[Mapping[str, str]]) -> list[Job]:
    """The same person again and again, before it is the turn of the next."""
    return [shop.buy(code, customer=one) for one in people for _ in range(shop.threads)]


def amounts(shop: Shop) -> Iterator[Finding]:
    """Budgets of discounts that refuse and that cap, and an amount of orders."""
    wanted, jobs = shop.half, 2 * shop.threads
    refused = _limit(measure="discount", value=wanted * AMOUNT_OFF + 100)
    code = shop.code(shop.campaign(refused)).code
    said = "a budget of discounts that refuses"
    yield from fought(shop, said, [shop.buy(code)] * jobs, wanted=wanted)
    spent = _limit(measure="discount", value=wanted * AMOUNT_OFF + 100, overflow="CAP")
    code = shop.code(shop.campaign(spent)).code
    answers = shop.at_once([shop.buy(code)] * jobs)
    yield equal("a budget of discounts that caps", answers.discount, spent["value"])
    orders = _limit(measure="orders", value=wanted * (ORDER - AMOUNT_OFF))
    code = shop.code(shop.campaign(orders)).code
    yield from fought(shop, "an amount of orders", [shop.buy(code)] * jobs, wanted=wanted)


def _limit(**values: Any) -> Mapping[str, Any]:
    return {"measure": "redemptions", **values}
