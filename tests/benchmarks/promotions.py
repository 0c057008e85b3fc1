"""One cart of 20 lines against many automatic promotions, beside the same decisions by hand.

By hand is what a programmer would write for one shop without an engine, `by_hand.py`. Both answer
the same: for each promotion that applies all amounts of the order and of each line, which lines it
chose, what of its amount found no use, and what is left of its limit.
"""

import random
from datetime import datetime

from campaigns.engine import evaluate
from campaigns.engine.counters import Counter, Measure, Scope
from campaigns.engine.facts import Customer, Line, Order
from campaigns.engine.index import Index
from campaigns.engine.redeemable import Campaign, Limit, Validity
from campaigns.engine.scenarios import Scenario, qualify
from tests.benchmarks import timing
from tests.benchmarks.by_hand import ITEM_AMOUNTS, LINES, ORDER_AMOUNTS, Cart, Wish, functions_of
from tests.campaigns.engine.build import (
    AT,
    amount_off,
    asks,
    context,
    percent_off,
    ruled,
    tier,
)

KINDS = ("product", "collection", "segment", "amount")
BEGAN, ENDS = datetime(2025, 1, 1, tzinfo=AT.tzinfo), datetime(2026, 1, 1, tzinfo=AT.tzinfo)
CAMPAIGN = Campaign("camp_1", validity=Validity(BEGAN, ENDS))
LIMIT = Limit("lim_1", Measure.REDEMPTIONS, Scope.REDEEMABLE, 5, per_customer=True)
ROUNDS = 40


def wish(number, rng, *, matches):
    """Every third one is limited to five uses per customer."""
    kind = KINDS[number % len(KINDS)]
    name = rng.randrange(LINES) if matches else LINES + rng.randrange(5000)
    floor = rng.randint(1, 90) * 100
    if not matches and kind == "amount":
        floor += 10_000_000
    off = rng.randint(1, 9) * 100 if number % 8 > 3 and kind != "product" else 0
    percent = 0 if off else rng.randint(1, 20)
    limit = LIMIT.value if number % 3 == 0 else None
    return Wish(f"promo_{number}", kind, f"{kind}_{name}", floor, off, percent, limit, BEGAN, ENDS)


def by_engine(wanted):
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
    limits = () if wanted.limit is None else (LIMIT,)
    number = wanted.id.removeprefix("promo_")
    return ruled(tier(number, discount, campaign=CAMPAIGN, limits=limits), *conditions, **more)


def carts(rng, wishes):
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
    used = {each.id: rng.randrange(LIMIT.value) for each in wishes if each.limit is not None}
    request = context(
        order=Order(lines=lines),
        customer=Customer("cust_1", segments=segments, metadata={"tier": "gold"}),
        counters={
            Counter(LIMIT.measure, LIMIT.scope, one, per="customer:cust_1"): count
            for one, count in used.items()
        },
    )
    held = {
        kind: frozenset(f"{kind}_{name}" for name in names)
        for kind in ("product", "collection", "segment")
    }
    plain = tuple((line.product_id, line.quantity, line.price) for line in lines)
    return request, Cart(AT, plain, held, "gold", used)


def told(found):
    """What the engine found, as it is said by hand."""
    applied = found.evaluation.applied[0]
    lines = applied.order.lines
    shown = ({"product_id": line.line.product_id, "line": line} for line in lines)
    return {
        "id": applied.redeemable.id,
        "effect": applied.effect,
        "unused_amount": applied.unused_amount,
        "left": applied.limits[0].left if applied.limits else None,
        "applicable_to": [n for each in applied.applicable_to for n in each.order_item_indices],
        **{name: getattr(applied.order, name) for name in ORDER_AMOUNTS},
        "items": [
            {"product_id": each["product_id"]}
            | {name: getattr(each["line"], name) for name in ITEM_AMOUNTS}
            for each in shown
        ],
    }  # fmt: skip


def compare(count, matching):
    """Milliseconds of both, and their ratio, for so many promotions of which so many match."""
    rng = random.Random(count + matching)
    chosen = set(rng.sample(range(count), matching))
    wishes = [wish(number, rng, matches=number in chosen) for number in range(count)]
    index = Index([by_engine(each) for each in wishes])
    by_hand = functions_of(wishes)
    request, cart = carts(rng, wishes)

    def engine():
        start = evaluate.begin(request)
        candidates = index.candidates(request, start.order)
        asked = (qualify(request, (each,), Scenario.ALL, start) for each in candidates)
        return [found for found in asked if found is not None]

    def hand():
        return by_hand(cart)

    assert list(map(told, engine())) == hand()
    assert len(hand()) == matching
    ours, theirs = timing.interleaved(engine, hand, ROUNDS)
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
