"""What would help, as one would say it to a shopper."""

import random
from datetime import UTC, datetime

import pytest

from campaigns import sentences
from campaigns.engine.changes import AddAmount, AddItems, RemoveItems, Say, Wait, Without
from campaigns.engine.explain import explain
from campaigns.engine.facts import Customer, Line, Order, Product, Sku
from tests.campaigns.engine.build import amount_off, asks, context, ruled, voucher
from tests.campaigns.engine.test_suggestions import refused_cart
from tests.campaigns.sentences.spoken import AT_LEAST, FOR_SHOPPERS, WORDS

CART = Order(
    lines=(
        Line(product_id="prod_tea"),
        Line(sku_id="sku_9", sku=Sku("sku_9", Product("prod_9"), sku="Mug, blue")),
        Line(product_id="prod_8", product=Product("prod_8", name="Kettle")),
        Line(source_id="item-7"),
        Line(),
    )
)


@pytest.mark.requirement(197)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (AddAmount(800), "Add 8.00 EUR more to the order."),
        (AddItems("any", "", 1, 0), "Add 1 more product."),
        (AddItems("any", "", 2), "Add 2 more products."),
        (AddItems("any", "", 1, 901), "Add 1 more product, for example at 9.01 EUR."),
        (AddItems("any", "", 2, 901), "Add 2 more products, for example at 9.01 EUR each."),
        (AddItems("product", "prod_tea", 3), "Add 3 units of Tea."),
        (AddItems("product", "prod_tea", 1, 501), "Add 1 unit of Tea, for example at 5.01 EUR."),
        (AddItems("products_collection", "pc_sum", 2, 500),
         "Add 2 units of the collection Summer, for example at 5.00 EUR each."),
        (RemoveItems(0), "Take Tea out of the order."),
        (RemoveItems(1), "Take Mug, blue out of the order."),
        (RemoveItems(2), "Take Kettle out of the order."),
        (RemoveItems(3), "Take item-7 out of the order."),
        (RemoveItems(4), "Take line 5 out of the order."),
        (Wait(datetime(2025, 6, 16, 7, tzinfo=UTC)), "Use it from Monday 09:00 on."),
        (Wait(datetime(2025, 7, 16, 7, tzinfo=UTC)), "Use it from 16 Jul 2025 09:00 on."),
        (Say("context", "channel", "app"), "Use it in the channel “app”."),
        (Say("context", "placement", "cart"), "Use it in the placement “cart”."),
        (Say("context", "store", "Tehran"), "Use it in the store “Tehran”."),
        (Say("context", "mood", "good"), "Send “good” as “mood” of the request."),
        (Say("order.metadata", "weather", "rain"), "Send “rain” as “weather” of the order."),
        (Say("redemption.metadata", "n", 4), "Send “4” as “n” of the redemption."),
        (Without("camp_1"), "Leave out Spring."),
    ],
)  # fmt: skip
def test_says_each_change(change, sentence):
    assert sentences.advice([change], CART, WORDS) == sentence


def test_says_several_changes_in_one_sentence():
    changes = [AddAmount(800), AddItems("product", "prod_tea"), Without("camp_1")]

    assert sentences.advice(changes, CART, WORDS) == (
        "Add 8.00 EUR more to the order, add 1 unit of Tea and leave out Spring."
    )


def impossible(*conditions, words=WORDS, **facts):
    target = ruled(voucher("A", amount_off(100), **facts), *conditions)
    (found,) = explain(context(target, order=Order(amount=4200), customer=Customer("cust_1")))
    return sentences.why_nothing_helps(found, words)


@pytest.mark.requirement(64, 197)
def test_says_for_whom_it_is_where_it_is_not_for_this_customer():
    vip = asks("customer.segment", "$is", "seg_vip")
    from_50 = asks("order.amount", AT_LEAST, 5000)

    assert impossible(vip, from_50) == (
        "Impossible for this customer: the customer must be in the segment VIP."
    )
    assert impossible(vip, words=FOR_SHOPPERS) == "It is not for this customer."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"exists": False}, "Check the spelling."),
        ({"active": False}, "It is switched off; no change of the order helps."),
    ],
)
def test_says_why_nothing_helps(facts, sentence):
    assert impossible(**facts) == sentence


@pytest.mark.requirement(197)
def test_has_words_for_what_is_suggested_for_500_refused_carts():
    """That the changes make them valid is tested with the engine."""
    rng = random.Random(500)
    said = set()
    for _ in range(500):
        now, _target = refused_cart(rng)
        for found in explain(now):
            if found.suggestion is None:
                continue
            changes = found.suggestion.changes
            sentence = (
                sentences.advice(changes, now.order, WORDS)
                if changes
                else sentences.why_nothing_helps(found, WORDS)
            )
            assert sentence.endswith(".")
            for change in changes:
                if isinstance(change, AddAmount):
                    assert WORDS.amount(change.amount) in sentence
            said.add(sentence)
    assert len(said) > 150
