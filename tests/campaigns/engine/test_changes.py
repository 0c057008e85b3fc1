"""Changes of a request, and the request that has them."""

from datetime import UTC, datetime

from campaigns.engine import changes, pricing
from campaigns.engine.changes import AddAmount, AddItems, RemoveItems, Say, Wait, Without
from campaigns.engine.facts import Order
from tests.campaigns.engine.build import (
    AT,
    cart,
    context,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_merges_changes_of_one_kind():
    merged = changes.merge(
        (AddAmount(5), AddItems("product", "p"), Wait(AT), Say("context", "a", 1), Without("x")),
        (AddAmount(7), AddItems("product", "p", 2), Wait(utc(2026, 1, 1)), Say("context", "a", 2),
         Without("x"), AddItems("product", "q")),
    )  # fmt: skip

    assert merged == (
        AddAmount(12), AddItems("product", "p", 3), Wait(utc(2026, 1, 1)), Say("context", "a", 2),
        Without("x"), AddItems("product", "q"),
    )  # fmt: skip


def test_little_is_better_than_much_and_much_better_than_taking_out():
    for small, big in [
        (AddAmount(1), AddAmount(10**12)),
        (AddItems("product", "p", 1, 900), AddItems("product", "p", 2, 900)),
        (AddItems("product", "p", 1, 900), AddItems("product", "p", 1, 901)),
        (AddItems("product", "p"), AddItems("product", "p", 10**6)),
    ]:
        assert changes.cost([small]) < changes.cost([big]) < changes.cost([RemoveItems(0)])


def test_applies_changes_to_orders_with_a_given_amount():
    order = Order(lines=cart(("tea", 1, 500)).lines, amount=500, initial_amount=500)
    now = context(order=order)

    more = changes.apply(now, [AddItems("product", "prod_tea", 2), AddAmount(30)]).order
    less = changes.apply(now, [RemoveItems(0)]).order

    assert (more.amount, more.initial_amount, len(more.lines)) == (1530, 1530, 3)
    assert (less.amount, less.initial_amount, less.lines) == (0, 0, ())
    assert pricing.begin(more).total_amount == 1530

    two = Order(lines=cart(("tea", 1, 500), ("cup", 1, 200)).lines, amount=700, initial_amount=700)
    left = changes.apply(context(order=two), [RemoveItems(0)]).order
    assert (left.amount, left.initial_amount, len(left.lines)) == (200, 200, 1)
