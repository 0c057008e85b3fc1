"""`/v1/campaigns` for campaigns of the kind PROMOTION."""

import pytest
import voucherify

from campaigns.models import Campaign, PromotionTier, Voucher
from loyalty_project.core.models import OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory

pytestmark = pytest.mark.usefixtures("in_project")
FORTY = {"discount": {"type": "PERCENT", "percent_off": 40, "effect": "APPLY_TO_ORDER"}}
THIRTY = {"discount": {"type": "AMOUNT", "amount_off": 3000, "effect": "APPLY_TO_ORDER"}}
# The published example, without its rule.
BODY = {
    "name": "Promotion - API - 4",
    "campaign_type": "PROMOTION",
    "type": "STATIC",
    "start_date": "2020-08-16T00:00:00Z",
    "expiration_date": "2033-12-26T00:00:00Z",
    "active": False,
    "promotion": {
        "tiers": [
            {"name": "Percent Discount", "banner": "Get 40% off", "action": FORTY},
            {"name": "Order more than $100", "action": THIRTY, "active": False},
        ]
    },
    "metadata": {"region": "APAC"},
}


def test_makes_a_promotion_with_its_tiers_as_published(api):
    answer = api.post("/v1/campaigns", BODY)

    assert answer.status_code == 200
    data = answer.json()
    voucherify.CampaignsCreateResponseBody.model_validate(data)
    assert "voucher" not in data
    assert "vouchers_count" not in data
    assert data == {
        **data,
        "campaign_type": "PROMOTION",
        "type": "STATIC",
        "active": False,
        "use_voucher_metadata_schema": False,
        "creation_status": "DONE",
        "vouchers_generation_status": "DONE",
        "metadata": {"region": "APAC"},
    }
    tiers = data["promotion"]["tiers"]
    assert {**data["promotion"], "tiers": []} == {
        "object": "list",
        "data_ref": "tiers",
        "tiers": [],
        "total": 2,
        "has_more": False,
    }
    assert [(tier["name"], tier["hierarchy"], tier["active"]) for tier in tiers] == [
        ("Percent Discount", 1, True),
        ("Order more than $100", 2, False),
    ]
    assert [tier["action"] for tier in tiers] == [FORTY, THIRTY]
    assert api.get(f"/v1/campaigns/{data['id']}").json() == data
    assert not Voucher.objects.exists()
    event = OutboxEvent.objects.get()
    assert (event.type, event.data["campaign"]["promotion"]) == (
        "campaign.created",
        data["promotion"],
    )


@pytest.mark.parametrize("body", [{}, {"promotion": {}}, {"promotion": {"tiers": None}}])
def test_a_promotion_may_begin_without_tiers(api, body):
    answer = api.post("/v1/campaigns", {"name": "Soon", "campaign_type": "PROMOTION", **body})

    assert answer.json()["promotion"]["tiers"] == []


@pytest.mark.parametrize(
    ("changes", "key", "details"),
    [
        (
            {"vouchers_count": 5},
            "invalid_campaign",
            "Property .vouchers_count is not for campaigns of type PROMOTION",
        ),
        (
            {"voucher": {"type": "DISCOUNT_VOUCHER", **FORTY}},
            "invalid_campaign",
            "Property .voucher is not for campaigns of type PROMOTION",
        ),
        (
            {"promotion": {"tiers": [{"action": FORTY}]}},
            "invalid_payload",
            "Property .promotion.tiers[0] should have required property 'name'",
        ),
        (
            {"promotion": {"tiers": [BODY["promotion"]["tiers"][0], {"name": "B"}]}},
            "invalid_payload",
            "Payload should have required property 'action.discount'",
        ),
        (
            {"campaign_type": "DISCOUNT_COUPONS"},
            "invalid_payload",
            "Property .promotion is for campaigns of type PROMOTION",
        ),
    ],
)
def test_makes_nothing_of_a_body_that_is_wrong(api, changes, key, details):
    answer = api.post("/v1/campaigns", {**BODY, **changes})

    assert (answer.status_code, answer.json()["key"]) == (400, key)
    assert answer.json()["details"] == details
    assert not Campaign.objects.exists()
    assert not PromotionTier.objects.exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/campaigns/Promo/vouchers", {}),
        ("/v1/campaigns/Promo/vouchers?vouchers_count=5", {}),
        ("/v1/campaigns/Promo/vouchers/NEW", {}),
        ("/v1/campaigns/Promo/import", [{"code": "NEW"}]),
        ("/v1/vouchers", {"campaign": "Promo"}),
        ("/v1/publications", {"campaign": "Promo", "customer": {"source_id": "ada"}}),
    ],
)
def test_a_promotion_has_no_codes(api, work, path, body):
    PromotionFactory(name="Promo")

    answer = api.post(path, body)
    work()

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_campaign")
    assert answer.json()["details"] == "You can not generate vouchers for PROMOTION type campaign."
    assert not Voucher.objects.exists()


def test_switches_a_promotion_as_any_campaign(api):
    campaign = PromotionTierFactory().campaign

    api.post(f"/v1/campaigns/{campaign.public_id}/disable")

    shown = api.get(f"/v1/campaigns/{campaign.public_id}").json()
    assert (shown["active"], shown["promotion"]["tiers"][0]["campaign"]["active"]) == (False, False)


def test_a_long_list_costs_as_many_queries_as_a_short_one(api, django_assert_max_num_queries):
    PromotionTierFactory(category=CategoryFactory())
    CampaignFactory()
    with django_assert_max_num_queries(20) as short:
        api.get("/v1/campaigns", {"limit": 100})
    for _ in range(6):
        campaign = PromotionFactory(category=CategoryFactory())
        PromotionTierFactory.create_batch(2, campaign=campaign, category=CategoryFactory())

    with django_assert_max_num_queries(len(short)):
        found = api.get("/v1/campaigns", {"limit": 100}).json()["campaigns"]
    assert [len(row.get("promotion", {}).get("tiers", [])) for row in found] == [
        *[2] * 6,
        0,
        1,
    ]
