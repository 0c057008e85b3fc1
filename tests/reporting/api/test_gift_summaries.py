"""What moved on gift cards, in the summaries of their campaign and of their customer."""

import pytest
import voucherify

pytestmark = pytest.mark.django_db
SUMMED = (
    "created_vouchers_amount",
    "amount_added",
    "amount_deleted",
    "amount_redeemed",
    "amount_rolledback",
    "amount_subtracted",
    "discounted_amount",
)


def redeem(api, code, amount):
    card = {"object": "voucher", "id": code, "gift": {"credits": amount}}
    body = {"redeemables": [card], "order": {"amount": 10_000}, "customer": {"source_id": "ada"}}
    return api.post("/v1/redemptions", body).json()["redemptions"][0]["id"]


def test_summaries_of_campaign_and_customer_say_what_moved(api):
    campaign = {
        "name": "Cards",
        "campaign_type": "GIFT_VOUCHERS",
        "type": "AUTO_UPDATE",
        "voucher": {"type": "GIFT_VOUCHER", "gift": {"amount": 10_000}},
    }
    made = api.post("/v1/campaigns", campaign).json()
    published = {"customer": {"source_id": "ada"}, "campaign": {"name": "Cards"}}
    code = api.post("/v1/publications", published).json()["voucher"]["code"]
    redeem(api, code, 3_000)
    api.post(f"/v1/redemptions/{redeem(api, code, 500)}/rollback", {})
    api.post(f"/v1/vouchers/{code}/balance", {"amount": -700})
    other = api.post(f"/v1/campaigns/{made['id']}/vouchers", {}).json()["code"]
    api.delete(f"/v1/vouchers/{other}")

    summary = api.get(f"/v1/campaigns/{made['id']}/summary").json()
    (listed,) = api.get("/v1/customers").json()["customers"]

    voucherify.CampaignsSummaryGetResponseBody.model_validate(summary)
    assert {name: summary.get(name) for name in SUMMED} == {
        "created_vouchers_amount": 20_000,
        "amount_added": 0,
        "amount_deleted": 10_000,
        "amount_redeemed": 3_500,
        "amount_rolledback": 500,
        "amount_subtracted": 700,
        "discounted_amount": None,
    }
    gift = {"redeemed_amount": 3_000, "amount_to_go": 6_300}
    assert listed["summary"]["redemptions"]["gift"] == gift
    assert api.get("/v1/customers/ada").json()["summary"] == listed["summary"]
