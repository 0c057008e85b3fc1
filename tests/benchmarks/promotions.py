"""One cart of 20 lines against many automatic promotions, beside the same decisions by hand.

By hand is what a programmer would write for one shop without an engine: each promotion a function
of plain Python that is asked in turn, with sets where they help, and that answers what it takes off
the order and off each line, and what is left to pay. Both must save the same.
"""

import random
from dataclasses import dataclass
from datetime import datetime

from campaigns.engine import evaluate
from campaigns.engine.facts import Customer, Line, Order
from campaigns.engine.index import Index
from campaigns.engine.redeemable import Campaign, Validity
from campaigns.engine.scenarios import Scenario, qualify
from tests.benchmarks import timing
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    context,
    percent_off,
    ruled,
    tier,
)

LINES = 20
KINDS = ("product", "collection", "segment", "amount")
BEGAN, ENDS = datetime(2025, 1, 1, tzinfo=AT.tzinfo), datetime(2026, 1, 1, tzinfo=AT.tzinfo)
CAMPAIGN = Campaign("camp_1", validity=Validity(BEGAN, ENDS))


@dataclass(frozen=True)
class Cart:
    """What the functions by hand are given; `lines` are pairs of product and amount."""

    at: datetime
    lines: tuple[tuple[str, int], ...]
    held: dict[str, frozenset[str]]
    tier: str
    total: int


@dataclass(frozen=True)
class Wish:
    """A promotion as both sides read it: `percent` or `off`, on one product or the order."""

    kind: str
    name: str
    floor: int
    off: int
    percent: int


def wish(number, rng, *, matches):
    kind = KINDS[number % len(KINDS)]
    name = rng.randrange(LINES) if matches else LINES + rng.randrange(5000)
    floor = rng.randint(1, 90) * 100
    if not matches and kind == "amount":
        floor += 10_000_000
    off = rng.randint(1, 9) * 100 if number % 8 > 3 and kind != "product" else 0
    return Wish(kind, f"{kind}_{name}", floor, off, 0 if off else rng.randint(1, 20))


def by_engine(number, wanted):
    conditions = [asks("order.amount", "$more_than_or_equal", wanted.floor)]
    more = {}
    effect = "APPLY_TO_ORDER"
    if wanted.kind == "product":
        item = {"id": wanted.name, "object": "product"}
        conditions.append(asks("order.items.any", "$is", item))
        effect, more = "APPLY_TO_ITEMS", {"applicable_to": {"included": [item]}}
    elif wanted.kind == "collection":
        item = {"id": wanted.name, "object": "products_collection"}
        conditions.append(asks("order.items.any", "$is", item))
    elif wanted.kind == "segment":
        conditions.append(asks("customer.segment", "$is", wanted.name))
        conditions.append(asks("customer.metadata", "$is", "gold", property="tier"))
    discount = amount_off(wanted.off, effect) if wanted.off else percent_off(wanted.percent, effect)
    return ruled(tier(str(number), discount, campaign=CAMPAIGN), *conditions, **more)


def by_hand(wanted):
    """None, or what is off the order, off the lines, and left to pay."""
    kind, name, floor = wanted.kind, wanted.name, wanted.floor
    off, percent = wanted.off, wanted.percent

    def decide(cart):
        if not BEGAN <= cart.at < ENDS or cart.total < floor:
            return None
        if kind != "amount" and name not in cart.held[kind]:
            return None
        if kind == "segment" and cart.tier != "gold":
            return None
        if kind == "product":
            lines = [(a * percent * 2 + 100) // 200 if p == name else 0 for p, a in cart.lines]
            return 0, lines, cart.total - sum(lines)
        taken = min(off, cart.total) if off else (cart.total * percent * 2 + 100) // 200
        return taken, (), cart.total - taken

    return decide


def carts(rng):
    """The same cart for the engine and by hand."""
    names = [str(number) for number in range(LINES)]
    lines = tuple(
        Line(
            product_id=f"product_{name}",
            quantity=rng.randint(1, 3),
            price=rng.randint(500, 9000),
            collection_ids=frozenset({f"collection_{name}"}),
        )
        for name in names
    )
    segments = frozenset(f"segment_{name}" for name in names)
    request = context(
        order=Order(lines=lines),
        customer=Customer("cust_1", segments=segments, metadata={"tier": "gold"}),
    )
    plain = tuple((line.product_id, line.price * line.quantity) for line in lines)
    held = {
        kind: frozenset(f"{kind}_{name}" for name in names)
        for kind in ("product", "collection", "segment")
    }
    return request, Cart(AT, plain, held, "gold", sum(amount for _, amount in plain))


def compare(count, matching):
    """Milliseconds of both, and their ratio, for so many promotions of which so many match."""
    rng = random.Random(count + matching)
    chosen = set(rng.sample(range(count), matching))
    wishes = [wish(number, rng, matches=number in chosen) for number in range(count)]
    index = Index([by_engine(number, each) for number, each in enumerate(wishes)])
    functions = [by_hand(each) for each in wishes]
    request, cart = carts(rng)

    def engine():
        start = evaluate.begin(request)
        asked = (qualify(request, (r,), Scenario.ALL, start) for r in index.candidates(request))
        return [found.saving for found in asked if found is not None]

    def hand():
        answers = (decide(cart) for decide in functions)
        return [each[0] + sum(each[1]) for each in answers if each is not None]

    assert engine() == hand()
    assert len(hand()) == matching
    ours, theirs = timing.least(engine), timing.least(hand)
    return {
        "engine_ms": round(ours, 2),
        "by_hand_ms": round(theirs, 2),
        "ratio": round(ours / theirs, 1),
    }


def measure():
    return {
        f"{count:,} promotions, {matching} match": compare(count, matching)
        for count, matching in (
            (1_000, 5), (1_000, 20), (10_000, 5), (10_000, 20), (10_000, 200), (1_000, 1_000),
        )
    }  # fmt: skip
