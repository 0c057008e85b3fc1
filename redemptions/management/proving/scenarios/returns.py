"""Goods of the same orders come back at the same moment, in parts and then whole."""

from collections.abc import Iterator

from redemptions.management.proving.findings import Finding, equal
from redemptions.management.proving.shop import ORDER, Shop
from redemptions.models import OrderReturn
from redemptions.services.returns import Wish

PART, PAID = 700, 301


def run(shop: Shop) -> Iterator[Finding]:
    """Three parts of each order that has room for two, then everything that is left."""
    campaign = shop.campaign(
        {"measure": "discount", "value": 10**6}, {"measure": "orders", "value": 10**7}
    )
    code, card = shop.code(campaign, limit=10**3).code, shop.card(PAID * shop.threads)
    bought = shop.at_once([shop.buy(code, card.code, spent=PAID)] * shop.threads).redeemed
    names = [one.order.public_id for one in bought]
    parts = [shop.bring_back(name, Wish(amount=PART)) for name in names for _ in range(3)]
    shop.rng.shuffle(parts)
    first = shop.at_once(parts).results
    room = ORDER // PART
    yield equal("no more comes back than there is", len(first), room * len(bought))
    rest = [shop.bring_back(name, Wish(everything=True)) for name in names for _ in range(2)]
    last = shop.at_once(rest).results
    yield equal("what is left comes back once", len(last), len(bought))
    made: list[OrderReturn] = [*first, *last]
    yield equal("the parts sum to the goods", sum(m.amount for m in made), ORDER * len(bought))
    paid = sum(m.credits_amount for m in made)
    yield equal("and to what the card paid", paid, PAID * len(bought))
