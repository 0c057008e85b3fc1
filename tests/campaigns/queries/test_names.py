"""What the ids in rules, limits and discounts are called."""

import pytest

from campaigns import sentences
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.redeemable import Bundle, Campaign, Component, Limit
from campaigns.queries.names import names_of
from loyalty_project.core import tenancy
from tests.campaigns.engine.build import asks, in_category, product, ruled, units, voucher
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.collection import CollectionFactory
from tests.factories.limit import BudgetFactory
from tests.factories.product import ProductFactory
from tests.factories.segment import SegmentFactory
from tests.factories.sku import SkuFactory


@pytest.mark.django_db
def test_names_everything_in_one_query(in_project, django_assert_num_queries):
    rows = {
        SegmentFactory(name="VIP"): "VIP",
        ProductFactory(name="Tea"): "Tea",
        SkuFactory(sku="250 g"): "250 g",
        CollectionFactory(name="Summer"): "Summer",
        CategoryFactory(name="Coupons"): "Coupons",
        CampaignFactory(name="Spring"): "Spring",
        BudgetFactory(name="Marketing"): "Marketing",
    }
    ids = [row.public_id for row in rows]

    with django_assert_num_queries(1):
        found = names_of(ids=[*ids, "seg_nobody", "source-7"])

    assert found == {row.public_id: name for row, name in rows.items()}


@pytest.mark.django_db
def test_asks_for_nothing_without_ids(in_project, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert names_of(ids=["source-7"]) == {}


@pytest.mark.django_db
def test_does_not_know_what_another_project_has(project, other_project):
    with tenancy.scope(other_project):
        foreign = SegmentFactory(name="VIP")

    with tenancy.scope(project):
        assert names_of(ids=[foreign.public_id]) == {}


def test_asks_for_every_id_that_a_sentence_names():
    tea = {"id": "prod_tea", "object": "product"}
    limit = Limit(
        "lim_1", Measure.DISCOUNT, Scope.BUDGET, 5, scope_id="bud_1", relaxed={"seg_gold": None}
    )
    code = ruled(
        voucher(
            "A",
            units(1, "prod_gift"),
            campaign=Campaign("camp_own"),
            applicable_to=(product("cup"),),
            inapplicable_to=(product("mug"),),
            bundle=Bundle((Component("products_collection", "pc_1"),)),
            limits=(limit,),
            categories=in_category("x"),
        ),
        asks("customer.segment", "$is", "seg_vip"),
        asks("wafa.customer.redemptions", "$is", 0, property="P6M;camp_1"),
        asks("order.items.any", "$is", tea, rules={"1": asks("customer.segment", "$is", "seg_in")}),
        asks("order.metadata", "$is", "seg_no", property="x"),
    )
    shared = Limit("lim_2", Measure.DISCOUNT, Scope.BUDGET, 5, scope_id="bud_2")

    assert sentences.ids_in([code], [shared]) == {
        "seg_vip", "seg_in", "seg_gold", "camp_1", "prod_tea", "prod_cup", "prod_mug",
        "prod_gift", "pc_1", "bud_1", "bud_2", "cat_x",
    }  # fmt: skip
