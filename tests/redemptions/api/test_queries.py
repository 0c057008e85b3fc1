"""How many queries a question costs: the same however many campaigns are on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import PromotionTier, Voucher
from campaigns.services import state
from rewards.models import Product
from tests.benchmarks.recording import recorded, trips
from tests.factories.campaign import CampaignFactory
from tests.factories.collection import CollectionFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import ruled

BEANS = {"source_id": "beans", "related_object": "product", "quantity": 2}
CART = {"customer": {"source_id": "ada"}, "order": {"items": [BEANS]}}


@pytest.fixture
def campaigns(in_project, code):
    """`campaigns(3)`: three more, each with a code, a promotion and rules on both."""
    beans = ProductFactory(source_id="beans", price=2000)
    vip = SegmentFactory()
    vip.memberships.create(customer=CustomerFactory(source_id="ada"))

    def make(count):
        for _ in range(count):
            campaign = CampaignFactory(type="STATIC")
            code(f"CODE-{campaign.pk}", campaign=campaign)
            ruled(campaign, ("customer.segment", {"$is": [vip.public_id]}))
            LimitFactory(campaign=campaign, per_customer=True, value=5)
            item = {"id": beans.public_id, "object": "product"}
            ruled(PromotionTierFactory(), ("order.items.any", {"$is": [item]}))
        state.stamp(project=in_project)
        return f"CODE-{campaign.pk}"

    return make


def queries(api, url, body):
    """Of the second call: the first one reads what is kept."""
    assert api.post(url, body).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert api.post(url, body).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def count(api, url, body):
    return len(queries(api, url, body))


def wanted(*codes):
    return {"redeemables": [{"object": "voucher", "id": each} for each in codes], **CART}


@pytest.fixture
def bought(api):
    """Ada has paid for beans before."""
    api.post("/v1/orders", {**CART["order"], "customer": {"source_id": "ada"}, "status": "PAID"})


def test_a_validation(api, campaigns):
    few = count(api, "/v1/validations", wanted(campaigns(1)))
    name = campaigns(30)
    many = count(api, "/v1/validations", wanted(name))
    three = count(api, "/v1/validations", wanted(name, campaigns(1), campaigns(1)))

    assert (few, many, three) == (6, 6, 6)


@pytest.mark.parametrize("kind", ["product", "STATIC", "AUTO_UPDATE"])
def test_a_validation_under_a_rule_about_goods_that_were_bought(api, campaigns, bought, kind):
    name = campaigns(1)
    beans = Product.objects.get(source_id="beans")
    held = {"STATIC": {"members": [beans]}, "AUTO_UPDATE": {"filter": {"junction": "and"}}}
    goods = beans if kind == "product" else CollectionFactory(**held[kind])
    campaign = Voucher.objects.get(code=name).campaign
    past = f"P6M;{goods.public_id}"
    ruled(campaign, ("wafa.customer.orders_with", past, {"$more_than_or_equal": [1]}))
    ruled(campaign, ("wafa.customer.spend", "P1M", {"$more_than_or_equal": [1]}))
    state.stamp(project=campaign.project)

    assert api.post("/v1/validations", wanted(name)).json()["valid"]
    assert count(api, "/v1/validations", wanted(name)) == 8


def test_a_validation_with_promotions_that_nobody_named(api, campaigns):
    body = {**CART, "auto": True}
    campaigns(1)
    few = count(api, "/v1/validations", body)
    name = campaigns(30)
    many = count(api, "/v1/validations", body)
    beside = count(api, "/v1/validations", {**body, **wanted(name)})

    assert (few, many, beside) == (4, 4, 7)


def test_a_thousand_promotions_that_nobody_named(api, campaigns):
    """Codes are read a hundred at a time, promotions not at all."""
    name = campaigns(1)
    beans = Product.objects.get(source_id="beans")
    campaign = PromotionFactory()
    tiers = [PromotionTierFactory.build(campaign=campaign) for _ in range(1000)]
    project = campaign.project
    definition = PromotionTierFactory(campaign=campaign).definition
    for tier in tiers:
        tier.project, tier.definition = project, definition
    PromotionTier.objects.bulk_create(tiers)
    ruled(campaign, ("order.items.any", {"$is": [{"id": beans.public_id, "object": "product"}]}))
    state.stamp(project=project)

    body = {**wanted(name), "auto": True}
    assert len(api.post("/v1/validations", body).json()["left_out"]) > 10
    assert count(api, "/v1/validations", body) == 7


def test_a_qualification(api, campaigns):
    campaigns(1)
    few = count(api, "/v1/qualifications", CART)
    campaigns(30)
    many = count(api, "/v1/qualifications", CART)

    assert (few, many) == (7, 7)


def asked(api, body):
    """How often a redemption asks the database, but for what begins and ends its transaction."""
    assert api.post("/v1/redemptions", body).status_code == 200
    with recorded() as statements:
        assert api.post("/v1/redemptions", body).status_code == 200
    return trips(statements)


def test_a_redemption_of_a_limited_code(api, campaigns, code):
    """With COMMIT it is one more; BEGIN goes in the first pipeline."""
    limited = Voucher.objects.filter(code=campaigns(1))
    limited.update(redemption_limit=100)
    few = asked(api, wanted(limited.get().code))
    campaigns(30)
    many = asked(api, wanted(limited.get().code))
    code("ALONE", limit=5)
    alone = asked(api, {**wanted("ALONE"), "order": {"amount": 2000}})

    assert (few, many, alone) == (10, 10, 8)
