"""Which facts the loader must bring for what a request wants to use."""

from campaigns.engine import asks
from campaigns.engine.asks import Asks
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.redeemable import Bundle, Component, Limit
from tests.campaigns.engine.build import asks as condition
from tests.campaigns.engine.build import collection, product, ruled, voucher

PLAIN = voucher("PLAIN")
SEGMENT = condition("customer.segment", "$is", "seg_vip")
LIMIT = Limit("l", Measure.REDEMPTIONS, Scope.CAMPAIGN, 5)


def test_segments_are_asked_for_by_rules_and_by_relaxed_limits():
    relaxed = Limit("l", Measure.REDEMPTIONS, Scope.CAMPAIGN, 5, relaxed={"seg_vip": None})

    assert asks.of([PLAIN]) == Asks()
    assert asks.of([ruled(PLAIN, condition("order.amount", "$more_than", 5))]) == Asks()
    assert asks.of([ruled(PLAIN, SEGMENT)]) == Asks(segments=True)
    assert asks.of([voucher("L", limits=(LIMIT,))]) == Asks()
    assert asks.of([voucher("L", limits=(relaxed,))]) == Asks(segments=True)


def test_collections_are_asked_for_by_entries_bundles_and_rules():
    bundle = Bundle((Component("products_collection", "pc_tea"),))
    item = condition("order.items.any", "$is", {"id": "pc_tea", "object": "products_collection"})
    asking = Asks(collections=True)

    assert asks.of([voucher("P", applicable_to=(product("tea"),))]) == Asks()
    assert asks.of([voucher("C", applicable_to=(collection("tea"),))]) == asking
    assert asks.of([voucher("C", inapplicable_to=(collection("tea"),))]) == asking
    assert asks.of([voucher("B", bundle=bundle)]) == asking
    assert asks.of([ruled(PLAIN, item)]) == asking


def test_what_one_of_several_asks_for_is_asked_for():
    found = asks.of(
        [ruled(PLAIN, SEGMENT), voucher("C", applicable_to=(collection("tea"),)), PLAIN]
    )

    assert found == Asks(segments=True, collections=True)
