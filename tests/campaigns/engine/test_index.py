"""The index leaves nothing out that applies, and most of what does not."""

import random
from dataclasses import replace

from campaigns.engine import rules
from campaigns.engine.evaluate import evaluate
from campaigns.engine.facts import Caller, Customer, Line, Order, Product, Sku
from campaigns.engine.index import Index, floor, required
from tests.campaigns.engine.build import amount_off, asks, context, rule, ruled, tier

TEA = {"id": "prod_tea", "object": "product"}
VIP = asks("customer.segment", "$is", "seg_vip")


def keys(*conditions, logic=None):
    return required(ruled(tier("T"), *conditions, logic=logic))


def test_files_a_promotion_under_what_it_requires():
    channel = asks("wafa.context.channel", "$in", "app", "web")

    assert keys(VIP) == {("segment", "seg_vip")}
    assert keys(channel) == {("channel", "app"), ("channel", "web")}
    assert keys(asks("order.items.any", "$is", TEA)) == {("item", "prod_tea")}
    assert keys(VIP, channel, logic="1 and 2") == {("segment", "seg_vip")}
    assert keys(VIP, channel, logic="1 or 2") == {
        ("segment", "seg_vip"), ("channel", "app"), ("channel", "web"),
    }  # fmt: skip
    assert keys(VIP, asks("order.amount", "$more_than", 5), logic="1 and 2") == {
        ("segment", "seg_vip")
    }


def test_an_amount_is_looked_up():
    at_least = asks("order.amount", "$more_than_or_equal", 5)
    more = asks("order.amount", "$more_than", 5)

    def least(*conditions, logic=None):
        return floor(ruled(tier("T"), *conditions, logic=logic).rules[0].tree)

    assert (least(at_least), least(more)) == (5, 6)
    assert least(at_least, more, logic="1 and 2") == 6
    assert least(at_least, more, logic="1 or 2") == 5
    assert least(at_least, VIP, logic="1 or 2") is None
    assert least(at_least, VIP, logic="1 and 2") == 5
    assert least(at_least, logic="not 1") is None
    assert least(asks("order.amount", "$less_than", 5)) is None
    assert least(asks("order.total_amount", "$more_than", 5)) is None


def test_of_two_rules_the_higher_amount_is_looked_up():
    asked = [rule(asks("order.amount", "$more_than_or_equal", n)) for n in (3, 5)]
    index = Index([rules.assign(tier("T"), asked)])

    found = [len(list(index.candidates(context(order=Order(amount=n))))) for n in (2, 4, 5)]

    assert found == [0, 0, 1]


def test_who_is_looked_up_by_something_else_needs_the_amount_too():
    index = Index([ruled(tier("T"), VIP, asks("order.amount", "$more_than_or_equal", 3))])
    vip = Customer("c", segments=frozenset({"seg_vip"}))

    found = [
        len(list(index.candidates(context(order=Order(amount=n), customer=vip)))) for n in (2, 3)
    ]

    assert found == [0, 1]


def test_an_order_reaches_the_amounts_up_to_its_own():
    promotions = [
        ruled(tier(str(n)), asks("order.amount", "$more_than_or_equal", n)) for n in (3, 1, 2)
    ]
    index = Index(promotions)

    def names(**facts):
        return [each.name for each in index.candidates(context(**facts))]

    assert names(order=Order(amount=2)) == ["1", "2"]
    assert names(order=Order(amount=0)) == []
    assert names() == []


def test_looks_up_only_what_is_asked():
    promotion = ruled(tier("T"), VIP, asks("order.amount", "$more_than", 5))
    stranger = context(order=Order(amount=1))

    assert Index([promotion]).candidates(stranger) == ()
    assert Index([promotion], frozenset({"item"})).candidates(stranger) == (promotion,)


def test_what_requires_nothing_is_always_a_candidate():
    free = asks("order.amount", "$more_than", 5)

    assert keys(free) is None
    assert keys(VIP, free, logic="1 or 2") is None
    assert keys(VIP, logic="not 1") is None
    assert keys(asks("customer.segment", "$is_not", "seg_vip")) is None
    assert keys(asks("order.items.none", "$is", TEA)) is None
    assert keys(asks("order.items.any", "$is_not", TEA)) is None
    assert required(tier("T")) is None


def random_condition(rng):
    some = rng.choice("abcd")
    return rng.choice([
        asks("customer.segment", rng.choice(["$is", "$is_not", "$in"]), f"seg_{some}"),
        asks("customer.loyalty_tier", "$is", f"ltr_{some}"),
        asks("wafa.context.channel", "$is", some),
        asks("order.items.any", "$is", {"id": f"prod_{some}", "object": "product"}),
        asks("order.items.every", "$is", {"id": f"pc_{some}", "object": "products_collection"}),
        asks("order.items.none", "$is", {"id": f"prod_{some}", "object": "product"}),
        asks("product.id", "$is", f"source-{some}"),
        asks("sku.id", "$is", f"sku_{some}"),
        asks("order.amount", "$more_than", rng.randint(0, 3000)),
    ])  # fmt: skip


def random_line(rng):
    name, price = rng.choice("abcd"), rng.randint(1, 900)
    product = Product(f"prod_{name}", source_id=f"source-{name}")
    known = rng.choice([
        {"product_id": f"prod_{name}"},
        {"product_id": f"prod_{name}", "product": product},
        {"sku": Sku(f"sku_{name}", product), "sku_id": f"sku_{name}"},
        {"source_id": f"source-{name}", "related_object": "product"},
    ])  # fmt: skip
    collections = frozenset({f"pc_{rng.choice('abcd')}"})
    return Line(price=price, collection_ids=collections, **known)


def test_leaves_out_nothing_that_applies():
    rng = random.Random(7)
    logics = ["1", "1 and 2", "1 or 2", "not 1", "1 and (2 or 3)", "(1 or 2) and not 3"]
    promotions = [
        ruled(
            tier(str(n), amount_off(1)),
            *(random_condition(rng) for _ in range(3)),
            logic=rng.choice(logics),
        )
        for n in range(200)
    ]
    index = Index(promotions)
    left_out = 0
    for _ in range(60):
        request = context(
            order=Order(lines=tuple(random_line(rng) for _ in range(rng.randint(0, 3)))),
            customer=Customer(
                "c",
                segments=frozenset(rng.sample(["seg_a", "seg_b", "seg_c"], rng.randint(0, 2))),
                loyalty_tiers=frozenset({f"ltr_{rng.choice('abcd')}"}),
            ),
            caller=Caller(context={"channel": rng.choice([*"abcd", ["a", "b"], None])}),
        )
        found = {each.id for each in index.candidates(request)}
        left_out += len(promotions) - len(found)
        for promotion in promotions:
            if promotion.id not in found:
                assert evaluate(replace(request, redeemables=(promotion,))).valid is False
    assert left_out > 1000


def test_candidates_keep_their_sequence():
    promotions = [ruled(tier(str(n)), VIP) if n % 2 else tier(str(n)) for n in range(6)]
    request = context(customer=Customer("c", segments=frozenset({"seg_vip"})))

    assert [each.name for each in Index(promotions).candidates(request)] == list("012345")
    assert [each.name for each in Index(promotions).candidates(context())] == list("024")
