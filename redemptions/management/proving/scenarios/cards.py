"""Gift cards: more come than can be paid; then they are spent, given back and changed at once."""

from collections.abc import Iterator

from campaigns.models import Voucher
from campaigns.services import gift_cards
from loyalty_project.core import clock
from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.scenarios.limits import fought
from redemptions.management.proving.shop import Job, Shop
from redemptions.services.rollbacks import RolledBack

SPENT = 300


def run(shop: Shop) -> Iterator[Finding]:
    """One card for half of those who come, and for one of them a part; then two on each order."""
    card = shop.card(shop.half * SPENT + SPENT - 1)
    jobs = [shop.buy(card.code, spent=SPENT)] * (2 * shop.threads)
    yield from fought(shop, "a gift card", jobs, wanted=shop.half)
    answers = shop.at_once([shop.buy(card.code)] * shop.threads)
    paid = [one.redemptions[0].credits_amount for one in answers.redeemed]
    yield equal("and the rest of it once", paid, [SPENT - 1])
    yield from _storm(shop)


def _storm(shop: Shop) -> Iterator[Finding]:
    cards = [shop.card(100 * shop.threads * SPENT) for _ in range(2)]
    codes = [card.code for card in cards]
    jobs = [shop.buy(*codes[:: 1 - 2 * (n % 2)], spent=SPENT) for n in range(2 * shop.threads)]
    bought = shop.at_once(jobs).redeemed
    undone = [shop.undo(one.parent or one.redemptions[0]) for one in bought]
    storm = [*jobs, *undone, *undone]
    for amount in (SPENT, -SPENT):
        storm += [_change(shop, card, amount) for card in cards] * shop.threads
    shop.rng.shuffle(storm)
    answers = shop.at_once(storm)
    back = sum(isinstance(result, RolledBack) for result in answers.results)
    yield equal("each payment is given back once", back, len(bought))
    yield equal("and nobody is in the way", (len(bought), answers.failures), (len(jobs), []))
    left = [gift_cards.account_of(voucher=Voucher.objects.get(pk=card.pk)) for card in cards]
    wanted = 100 * shop.threads * SPENT - len(jobs) * SPENT
    yield equal("what is left on both", [each.balance for each in left], [wanted] * 2)


def _change(shop: Shop, card: Voucher, amount: int) -> Job:
    """Money is put on the card, or taken off."""

    def job() -> None:
        gift_cards.change_balance(project=shop.project, voucher=card, amount=amount, at=clock.now())

    return job
