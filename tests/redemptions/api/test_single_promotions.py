"""The older endpoints of promotions: validate all, validate one, redeem one."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.services import promotions
from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, Redemption
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.customer import CustomerFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
FORTY = {"type": "PERCENT", "percent_off": 40}
ORDER = {"amount": 20000}


def tier_of(project, at, *, rules=(), campaign=None, **values):
    data = {"name": "Tier", "action": {"discount": FORTY}, "validation_rules": list(rules)}
    campaign = campaign or PromotionFactory()
    return promotions.create(project=project, campaign=campaign, data={**data, **values}, at=at)


def rule(api, **conditions):
    body = {"name": "Rule", "rules": {"1": conditions, "logic": "1"}}
    answer = api.post("/v1/validation-rules", body)
    assert answer.status_code == 200, answer.content
    return answer.json()["id"]


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [promotion["id"] for promotion in answer.json()["promotions"]]


def test_says_what_one_tier_gives(project, api, at):
    tier = tier_of(project, at, banner="Get 40% off", metadata={"level": "A"})

    body = api.post(f"/v1/promotions/tiers/{tier.public_id}/validation", {"order": ORDER}).json()

    assert body == {
        **body,
        "valid": True,
        "id": tier.public_id,
        "name": "Tier",
        "banner": "Get 40% off",
        "discount": {**FORTY, "effect": "APPLY_TO_ORDER", "is_dynamic": False},
        "campaign": {
            "id": tier.campaign.public_id,
            "start_date": None,
            "expiration_date": None,
            "active": True,
            "object": "campaign",
        },
        "hierarchy": 1,
        "discount_amount": 8000,
        "applied_discount_amount": 8000,
        "metadata": {"level": "A"},
        "object": "promotion_tier",
    }
    assert body["order"]["total_amount"] == 12000
    assert body["tracking_id"].startswith("track_")
    assert not Redemption.objects.exists()


def test_says_why_one_tier_gives_nothing(project, api, at):
    tier = tier_of(project, at, active=False)

    body = api.post(f"/v1/promotions/tiers/{tier.public_id}/validation", {"order": ORDER}).json()

    assert (body["valid"], body["reason"]) == (False, body["error"]["message"])
    assert body["error"]["key"] == "promotion_inactive"
    assert (body["id"], body["discount"]) == (tier.public_id, FORTY)
    assert "order" not in body


def test_redeems_one_tier(project, api, at):
    tier = tier_of(project, at)
    customer = {"source_id": "annie@lemon.com", "name": "Annie Lemon"}

    answer = api.post(
        f"/v1/promotions/tiers/{tier.public_id}/redemption", {"order": ORDER, "customer": customer}
    )

    body = answer.json()
    assert answer.status_code == 200, body
    redemption = Redemption.objects.get()
    assert body["id"] == redemption.public_id
    assert (body["result"], body["voucher"]) == ("SUCCESS", None)
    assert (body["related_object_type"], body["related_object_id"]) == (
        "promotion_tier",
        tier.public_id,
    )
    assert body["promotion_tier"]["summary"] == {
        "redemptions": {"total_redeemed": 1},
        "orders": {"total_amount": 20000, "total_discount_amount": 8000},
    }
    assert body["promotion_tier"]["action"] == {"discount": FORTY}
    assert (body["order"]["status"], body["order"]["total_amount"]) == ("PAID", 12000)
    assert redemption.promotion_tier == tier
    assert Customer.objects.get().source_id == "annie@lemon.com"


def test_a_refused_redemption_of_a_tier_is_kept_as_published(project, api, at):
    tier = tier_of(project, at, active=False)

    answer = api.post(f"/v1/promotions/tiers/{tier.public_id}/redemption", {"order": ORDER})

    body, failed = answer.json(), Redemption.objects.get()
    assert (answer.status_code, body["key"]) == (400, "promotion_inactive")
    assert body["details"] == f"Promotion Tier with id: {tier.public_id} is disabled."
    assert (body["resource_id"], body["resource_type"]) == (failed.public_id, "redemption")
    assert not Order.objects.exists()


@pytest.mark.parametrize("act", ["redemption", "validation"])
def test_an_unknown_tier_is_not_found(api, act):
    answer = api.post(f"/v1/promotions/tiers/promo_1/{act}", {"order": {"amount": 5}})

    assert answer.status_code == 404
    assert answer.json()["details"] == "Cannot find promotion_tier with id promo_1"
    assert answer.json()["resource_type"] == "promotion_tier"
    assert not Redemption.objects.exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.requirement(22)
def test_finds_the_tiers_that_apply_to_a_cart_without_any_code(project, api, at):
    """Each by itself; as the cart grows and the customer becomes another one, they change."""
    from_100 = rule(api, name="order.amount", conditions={"$more_than_or_equal": [10000]})
    gold = rule(api, name="customer.metadata", property="level", conditions={"$is": ["gold"]})
    campaign = PromotionFactory()
    tiers = {
        "big": tier_of(project, at, campaign=campaign, rules=[from_100]),
        "gold": tier_of(project, at, campaign=campaign, rules=[gold], hierarchy=0),
        "all": tier_of(project, at, campaign=campaign),
    }
    VoucherFactory(redemption_limit=None)
    named = {name: tier.public_id for name, tier in tiers.items()}
    person = CustomerFactory(metadata={"level": "silver"})

    def found(amount):
        customer = {"id": person.public_id}
        body = {"order": {"amount": amount}, "customer": customer}
        return ids(api.post("/v1/promotions/validation", body))

    assert found(9999) == [named["all"]]
    assert found(10000) == [named["big"], named["all"]]
    api.put(f"/v1/customers/{person.public_id}", {"metadata": {"level": "gold"}})
    assert found(10000) == [named["gold"], named["big"], named["all"]]
    api.post(f"/v1/promotions/tiers/{named['all']}/disable")
    assert found(9999) == [named["gold"]]


@pytest.mark.requirement(69)
def test_a_promotion_that_is_scheduled_starts_at_its_second_by_itself(api, set_clock, at):
    """From tomorrow at nine in Berlin, the project's clock; no person and no job takes part."""
    set_clock(at)
    body = {
        "name": "Tomorrow",
        "campaign_type": "PROMOTION",
        "start_date": "2026-03-03T09:00:00+01:00",
        "promotion": {"tiers": [{"name": "Tier", "action": {"discount": FORTY}}]},
    }
    tier_id = api.post("/v1/campaigns", body).json()["promotion"]["tiers"][0]["id"]
    begins = datetime(2026, 3, 3, 8, tzinfo=UTC)

    def bought(moment):
        set_clock(moment)
        answer = api.post(f"/v1/promotions/tiers/{tier_id}/redemption", {"order": ORDER}).json()
        return answer.get("key") or answer["result"]

    assert bought(begins - timedelta(seconds=1)) == "promotion_not_active_now"
    assert bought(begins) == "SUCCESS"


def test_answers_an_empty_list_where_nothing_applies(api):
    body = api.post("/v1/promotions/validation", {"order": {"amount": 5}}).json()

    assert (body["valid"], body["promotions"]) == (False, [])
    assert body["tracking_id"].startswith("track_")


def test_narrows_the_tiers_by_promotion_and_metadata(project, api, at):
    first = tier_of(project, at, metadata={"level": "A"})
    second = tier_of(project, at, metadata={"level": "B"})
    path, body = "/v1/promotions/validation", {"order": ORDER}

    of_campaign = f"filters[promotion_id][conditions][$is][0]={first.campaign.public_id}"
    assert ids(api.post(f"{path}?{of_campaign}", body)) == [first.public_id]
    by_metadata = "filters[metadata.level][conditions][$is][0]=B"
    assert ids(api.post(f"{path}?{by_metadata}", body)) == [second.public_id]


def test_may_look_at_the_customer_alone(project, api, at):
    never = rule(api, name="order.amount", conditions={"$more_than": [99999999]})
    tier = tier_of(project, at, rules=[never])
    path, body = "/v1/promotions/validation", {"order": ORDER}

    assert ids(api.post(path, body)) == []
    assert ids(api.post(f"{path}?audienceRulesOnly=true", body)) == [tier.public_id]


def test_browsers_find_the_tiers_that_apply(project, client_api, at):
    tier = tier_of(project, at)

    answer = client_api.get(
        "/client/v1/promotions/validation",
        {"amount": "5000", "customer[source_id]": "ada", "tracking_id": "ada"},
    )

    assert ids(answer) == [tier.public_id]
    assert answer.json()["promotions"][0]["order"]["total_amount"] == 3000
    assert not Customer.objects.exists()


def test_tills_may_validate_and_redeem_tiers(project, at):
    tier = tier_of(project, at)
    till = ApiClient(server_headers(project, role="MERCHANT"))
    path = f"/v1/promotions/tiers/{tier.public_id}"

    assert till.post(f"{path}/validation", {"order": ORDER}).json()["valid"] is True
    assert till.post(f"{path}/redemption", {"order": ORDER}).status_code == 200
    assert till.put(path, {"name": "New"}).status_code == 403


def test_a_deleted_tier_is_not_found(project, api, at):
    tier = PromotionTierFactory(deleted_at=at)

    answer = api.post(f"/v1/promotions/tiers/{tier.public_id}/redemption", {"order": ORDER})

    assert answer.status_code == 404
