"""What could be used: offers by scenario, pages, filters, and that validation accepts them."""

from datetime import timedelta

import pytest

from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.product import ProductFactory
from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory
from tests.factories.segment import SegmentFactory
from tests.redemptions.terms import ruled

URL = "/v1/qualifications"
ORDER = {"amount": 4000}


def ids(response):
    assert response.status_code == 200, response.content.decode()
    return [offer["id"] for offer in response.json()["redeemables"]["data"]]


def offered(api, **body):
    return ids(api.post(URL, {"order": ORDER, **body}))


@pytest.mark.requirement(192)
def test_offers_codes_for_everybody_and_those_that_the_customer_holds(api, code, in_project):
    ada = CustomerFactory(source_id="ada")
    pool = CampaignFactory(type="STATIC")
    code("PUBLIC", campaign=CampaignFactory(type="STANDALONE"))
    code("ALONE")
    code("MINE", campaign=pool, holder=ada)
    code("FREE", campaign=pool)
    code("THEIRS", campaign=pool, holder=CustomerFactory())

    assert set(offered(api, customer={"source_id": "ada"})) == {"PUBLIC", "ALONE", "MINE"}
    assert set(offered(api)) == {"PUBLIC", "ALONE"}
    assert offered(api, customer={"source_id": "ada"}, scenario="CUSTOMER_WALLET") == ["MINE"]


@pytest.mark.requirement(22)
def test_offers_promotions_without_a_code_as_soon_as_they_fit(api, in_project):
    vip = SegmentFactory()
    tier = PromotionTierFactory(banner="10 off")
    ruled(tier, ("customer.segment", {"$is": [vip.public_id]}))
    ada = CustomerFactory(source_id="ada")

    assert offered(api, customer={"source_id": "ada"}) == []
    vip.memberships.create(customer=ada)
    body = api.post(URL, {"order": ORDER, "customer": {"source_id": "ada"}}).json()

    offer = body["redeemables"]["data"][0]
    assert (offer["id"], offer["object"], offer["banner"]) == (
        tier.public_id,
        "promotion_tier",
        "10 off",
    )
    assert offer["order"]["total_amount"] == 3000
    assert offer["result"]["discount"]["amount_off"] == 1000


@pytest.mark.requirement(195)
def test_a_discount_for_a_segment_is_seen_by_it_alone(api, code, in_project):
    vip = SegmentFactory(customers=[CustomerFactory(source_id="ada")])
    CustomerFactory(source_id="bob")
    ruled(code("VIP"), ("customer.segment", {"$is": [vip.public_id]}))

    assert offered(api, customer={"source_id": "ada"}) == ["VIP"]
    assert offered(api, customer={"source_id": "bob"}) == []
    assert offered(api) == []


@pytest.mark.requirement(53, 57)
def test_an_offer_belongs_to_its_placement_and_hour(api, in_project, set_clock, at):
    tier = PromotionTierFactory(
        validity_hours={"daily": [{"start_time": "10:00", "expiration_time": "12:00"}]}
    )
    ruled(
        tier,
        ("wafa.context.placement", {"$is": ["cart"]}),
        ("wafa.customer.attribute", "country", {"$is": ["IR"]}),
    )

    def seen(placement="cart", country="IR", hour=10, second=59):
        set_clock(at.replace(hour=hour, minute=59 if second else 0, second=second))
        return offered(
            api,
            context={"placement": placement},
            customer={"source_id": "x", "address": {"country": country}},
        )

    assert seen() == [tier.public_id]
    assert seen(placement="product") == []
    assert seen(country="TR") == []
    assert seen(hour=11, second=0) == []


@pytest.mark.requirement(193)
def test_an_offer_for_a_product_is_there_with_the_product(api, in_project):
    ProductFactory(source_id="x", price=1000)
    y = ProductFactory(source_id="y", price=800)
    tier = PromotionTierFactory(
        definition__data={
            "type": "PROMOTION_TIER",
            "discount": {"type": "PERCENT", "percent_off": 50, "effect": "APPLY_TO_ITEMS"},
        }
    )
    ruled(
        tier,
        ("order.items.any", {"$is": [{"id": "x", "source_id": "x", "object": "product"}]}),
        ("order.items.any", {"$is": [{"id": "y", "source_id": "y", "object": "product"}]}),
        applicable_to={"included": [{"object": "product", "id": y.public_id}]},
    )

    def cart(*names):
        return {"items": [{"source_id": n, "related_object": "product"} for n in names]}

    assert offered(api, order=cart("y")) == []
    found = api.post(URL, {"order": cart("x", "y")}).json()["redeemables"]["data"]
    assert [offer["order"]["total_discount_amount"] for offer in found] == [400]


def test_what_is_used_up_or_ended_is_not_offered(api, code, campaign, in_project, at, set_clock):
    set_clock(at)
    code("FULL", limit=1, redeemed_count=1)
    code("OVER", expires_at=at)
    code("OFF", active=False)
    code("HIDDEN", campaign=CampaignFactory(type="STANDALONE", listed=False))
    code("SPENT", campaign=CampaignFactory(type="STANDALONE"))
    LimitFactory(voucher=code("NONE"), value=0)
    code("LATER", starts_at=at + timedelta(seconds=1))
    code("GOOD", starts_at=at)

    assert set(offered(api)) == {"GOOD", "SPENT"}


@pytest.mark.requirement(24)
def test_a_hidden_code_still_works_for_those_who_know_it(api, code, in_project):
    code("HIDDEN", campaign=CampaignFactory(type="STANDALONE", listed=False))

    body = {"redeemables": [{"object": "voucher", "id": "HIDDEN"}], "order": ORDER}

    assert offered(api) == []
    assert api.post("/v1/validations", body).json()["valid"] is True


def test_pages_go_from_the_newest_to_the_oldest(api, code, in_project, at):
    for number in range(7):
        code(f"C{number}", created_at=at + timedelta(minutes=number))

    first = api.post(URL, {"order": ORDER, "options": {"limit": 3}})
    page = first.json()["redeemables"]
    second = api.post(
        URL,
        {"order": ORDER, "options": {"limit": 9, "starting_after": page["more_starting_after"]}},
    )

    assert (ids(first), page["has_more"]) == (["C6", "C5", "C4"], True)
    assert ids(second) == ["C3", "C2", "C1", "C0"]
    assert second.json()["redeemables"]["has_more"] is False


def test_sorts_by_what_is_saved(api, code, in_project):
    code("LITTLE", {"type": "AMOUNT", "amount_off": 100})
    code("MUCH", {"type": "AMOUNT", "amount_off": 900})
    code("SOME", {"type": "AMOUNT", "amount_off": 500})

    def sorted_by(rule):
        return offered(api, options={"sorting_rule": rule})

    assert sorted_by("BEST_DEAL") == ["MUCH", "SOME", "LITTLE"]
    assert sorted_by("LEAST_DEAL") == ["LITTLE", "SOME", "MUCH"]


def test_filters_by_kind_campaign_and_code(api, code, in_project):
    campaign = CampaignFactory(type="STANDALONE")
    code("ONE", campaign=campaign)
    code("TWO")
    tier = PromotionTierFactory()

    def filtered(**tree):
        return set(offered(api, options={"filters": tree}))

    def named(name, *values, operator="$is"):
        return filtered(**{name: {"conditions": {operator: list(values)}}})

    assert named("resource_type", "promotion_tier") == {tier.public_id}
    assert named("resource_type", "promotion_tier", operator="$is_not") == {"ONE", "TWO"}
    assert named("campaign_id", campaign.public_id) == {"ONE"}
    assert named("campaign_type", "PROMOTION") == {tier.public_id}
    assert named("code", "TWO") == {"TWO"}
    refused = api.post(URL, {"options": {"filters": {"colour": {"conditions": {"$is": ["red"]}}}}})
    assert (refused.status_code, refused.json()["key"]) == (400, "invalid_query_params")


def test_stacks_come_with_their_tiers(api, in_project):
    promotion = PromotionFactory()
    tiers = [PromotionTierFactory(campaign=promotion) for _ in range(2)]
    stack = PromotionStackFactory(campaign=promotion, tiers=tiers)

    body = api.post(URL, {"order": ORDER, "scenario": "PROMOTION_STACKS"}).json()

    (offer,) = body["redeemables"]["data"]
    assert (offer["id"], offer["object"]) == (stack.public_id, "promotion_stack")
    assert [one["id"] for one in offer["redeemables"]] == [tier.public_id for tier in tiers]
    assert offer["order"]["total_amount"] == 2000


def test_the_audience_scenario_leaves_rules_of_the_order_out_and_says_so(api, code, in_project):
    voucher = code("GOLD")
    rule = ruled(
        voucher,
        ("customer.metadata", "tier", {"$is": ["gold"]}),
        ("order.amount", {"$more_than": [999999]}),
    )

    def seen(tier):
        return api.post(
            URL,
            {
                "scenario": "AUDIENCE_ONLY",
                "customer": {"source_id": "x", "metadata": {"tier": tier}},
            },
        )

    assert ids(seen("basic")) == []
    (offer,) = seen("gold").json()["redeemables"]["data"]
    (assignment,) = offer["validation_rules_assignments"]["data"]
    assert (assignment["rule_id"], assignment["validation_status"]) == (
        rule.public_id,
        "PARTIALLY_VALID",
    )
    assert assignment["validation_omitted_rules"] == ["2"]


def test_the_product_scenarios_ask_about_items_alone(api, code, in_project):
    beans = ProductFactory(source_id="beans", price=1000)
    percent = {"type": "PERCENT", "percent_off": 10, "effect": "APPLY_TO_ITEMS"}
    ruled(
        code("BEANS", percent),
        ("order.items.any", {"$is": [{"id": beans.public_id, "object": "product"}]}),
        ("customer.metadata", "tier", {"$is": ["gold"]}),
        applicable_to={"included": [{"object": "product", "id": beans.public_id}]},
    )
    code("ORDER")
    items = [{"source_id": "beans", "related_object": "product"}]

    def seen(scenario):
        return set(offered(api, scenario=scenario, order={"items": items}))

    assert seen("PRODUCTS") == {"BEANS", "ORDER"}
    assert seen("PRODUCTS_DISCOUNT") == {"BEANS"}
    assert seen("PRODUCTS_DISCOUNT_BY_CUSTOMER") == set()
    assert seen("ALL") == {"ORDER"}
