"""Rules about what a customer bought before, from the rule over HTTP to the list of offers."""

from datetime import timedelta

import pytest

from redemptions.models import OrderItem
from tests.factories.collection import CollectionFactory
from tests.factories.customer import CustomerFactory
from tests.factories.order import OrderFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionTierFactory
from tests.factories.sku import SkuFactory
from tests.redemptions.terms import ruled, why

pytestmark = pytest.mark.usefixtures("in_project")


@pytest.fixture
def bought(at):
    """`bought(ada, product, days=10)`: a paid order of then."""

    def buy(customer, row, *, days=10, status="PAID"):
        made = at - timedelta(days=days)
        order = OrderFactory(customer=customer, status=status, created_at=made)
        kind = f"{row._meta.model_name}_id"
        OrderItem.objects.create(order=order, position=0, **{kind: row.public_id})

    return buy


@pytest.fixture
def offered(api, set_clock, at):
    set_clock(at)

    def look(customer, **options):
        body = {"customer": {"source_id": customer.source_id}, "order": {"amount": 10_000}}
        found = api.post("/v1/qualifications", {**body, "options": options}).json()
        return [offer["id"] for offer in found["redeemables"]["data"]]

    return look


def tier(name, percent, **values):
    data = {"type": "PROMOTION_TIER", "discount": {"type": "PERCENT", "percent_off": percent}}
    return PromotionTierFactory(name=name, definition__data=data, **values)


@pytest.mark.requirement(63)
def test_who_bought_of_a_category_is_offered_its_discount_first(api, offered, bought, at):
    """The rule comes over HTTP; the offer is the newest and saves most, so both sequences agree."""
    tea, cup = ProductFactory.create_batch(2)
    teas = CollectionFactory(name="Teas", members=[tea])
    anybody = tier("Anybody", 5, created_at=at - timedelta(days=2))
    for_tea = tier("Tea", 15, created_at=at - timedelta(days=1))
    rule = api.post(
        "/v1/validation-rules",
        {
            "name": "Tea drinkers",
            "rules": {
                "1": {
                    "name": "wafa.customer.orders_with",
                    "property": f"P6M;{teas.public_id}",
                    "conditions": {"$more_than_or_equal": [1]},
                }
            },
        },
    ).json()
    assigned = {"promotion_tier": for_tea.public_id, "voucher": None}
    assert api.post(f"/v1/validation-rules/{rule['id']}/assignments", assigned).status_code == 200
    ada, bob, eve, dan = CustomerFactory.create_batch(4)
    bought(ada, tea)
    bought(bob, cup)
    bought(eve, tea, days=200)
    bought(dan, tea, status="CANCELED")

    assert offered(ada) == [for_tea.public_id, anybody.public_id]
    assert offered(ada, sorting_rule="BEST_DEAL") == [for_tea.public_id, anybody.public_id]
    for other in (bob, eve, dan):
        assert offered(other, sorting_rule="BEST_DEAL") == [anybody.public_id]


@pytest.mark.requirement(63)
def test_an_older_offer_for_what_was_bought_is_first_by_what_it_saves(offered, bought, at):
    product = ProductFactory()
    mine = tier("Mine", 15, created_at=at - timedelta(days=2))
    newer = tier("Newer", 5, created_at=at - timedelta(days=1))
    once = {"$more_than": [0]}
    ruled(mine, ("wafa.customer.orders_with", f";{product.public_id}", once))
    ada = CustomerFactory()
    bought(ada, product)

    assert offered(ada) == [newer.public_id, mine.public_id]
    assert offered(ada, sorting_rule="BEST_DEAL") == [mine.public_id, newer.public_id]


def test_skus_products_and_filters_all_name_what_was_bought(code, bought, at, in_project):
    sku = SkuFactory(product=ProductFactory(name="Sencha"))
    by_filter = CollectionFactory(
        filter={"junction": "and", "name": {"conditions": {"$is": ["Sencha"]}}}
    )
    ada = CustomerFactory(source_id="ada")
    bought(ada, sku)
    bought(ada, sku.product, days=400)
    asked = {
        "A": (f"P1Y;{sku.public_id}", 1),
        "B": (f"P1Y;{sku.product.public_id}", 1),
        "C": (f";{sku.product.public_id}", 2),
        "D": (f";{by_filter.public_id}", 2),
        "E": (";pc_unknown", 0),
    }
    for name, (wanted, number) in asked.items():
        ruled(code(name), ("wafa.customer.orders_with", wanted, {"$is": [number]}))

    assert [why(in_project, at, name, customer="ada") for name in asked] == [None] * 5
    assert why(in_project, at, "A", customer={"source_id": "bob"}) == "customer_rules_violated"


def test_a_rule_without_goods_is_refused_and_its_collection_stays(api):
    def rule(wanted):
        conditions = {"name": "wafa.customer.orders_with", "conditions": {"$is": [1]}, **wanted}
        return api.post("/v1/validation-rules", {"name": "Tea", "rules": {"1": conditions}})

    teas = CollectionFactory(name="Teas")

    refused = rule({"property": "P6M"})
    assert rule({"property": f"P6M;{teas.public_id}"}).status_code == 200
    kept = api.delete(f"/v1/product-collections/{teas.public_id}")

    assert (refused.status_code, "must name a collection" in str(refused.json())) == (400, True)
    assert (kept.status_code, kept.json()["key"]) == (400, "resource_in_use")
