"""Promotions are looked up by what a scenario asks, and by nothing else."""

from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import ruled


def test_a_scenario_finds_promotions_whose_other_rules_do_not_hold(api, in_project):
    beans = ProductFactory(source_id="beans", price=1000)
    tier = PromotionTierFactory()
    ruled(
        tier,
        ("order.items.any", {"$is": [{"id": beans.public_id, "object": "product"}]}),
        ("customer.segment", {"$is": [SegmentFactory().public_id]}),
        ("order.amount", {"$more_than": [5000]}),
        logic="1 and (2 or 3)",
    )
    order = {"items": [{"source_id": "beans", "related_object": "product"}]}

    def seen(scenario, **more):
        body = {"scenario": scenario, "order": order, **more}
        found = api.post("/v1/qualifications", body).json()
        return [offer["id"] for offer in found["redeemables"]["data"]]

    assert seen("ALL") == []
    assert seen("PRODUCTS") == [tier.public_id]
    assert seen("PRODUCTS_BY_CUSTOMER") == [tier.public_id]
    assert seen("AUDIENCE_ONLY", customer={"source_id": "ada"}) == [tier.public_id]


def test_the_audience_scenario_finds_a_promotion_for_a_product_that_is_not_there(api, in_project):
    item = {"id": ProductFactory().public_id, "object": "product"}
    tier = PromotionTierFactory()
    ruled(tier, ("order.items.any", {"$is": [item]}))

    def seen(scenario):
        body = {"scenario": scenario, "customer": {"source_id": "ada"}, "order": {"amount": 4000}}
        found = api.post("/v1/qualifications", body).json()
        return [offer["id"] for offer in found["redeemables"]["data"]]

    assert seen("AUDIENCE_ONLY") == [tier.public_id]
    assert seen("ALL") == []
