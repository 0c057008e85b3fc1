"""The older endpoints, one code at a time."""

import pytest

from redemptions.models import Redemption

pytestmark = pytest.mark.django_db


def test_validates_a_code(api, code, campaign):
    code("FIVE", campaign=campaign, metadata={"hint": "Mondays"})

    body = api.post("/v1/vouchers/FIVE/validate", {"order": {"amount": 2000}}).json()

    nothing = {"data": [], "total": 0, "object": "list", "data_ref": "data"}
    assert body.pop("tracking_id").startswith("track_")
    assert body.pop("order")["total_amount"] == 1500
    assert body == {
        "valid": True,
        "code": "FIVE",
        "applicable_to": nothing,
        "inapplicable_to": nothing,
        "discount": {
            "type": "AMOUNT",
            "amount_off": 500,
            "effect": "APPLY_TO_ORDER",
            "is_dynamic": False,
        },
        "metadata": {"hint": "Mondays"},
        "campaign": "Spring sale",
        "campaign_id": campaign.public_id,
    }
    assert not Redemption.objects.exists()


def test_says_why_a_code_is_not_valid(api, code):
    code("OFF", active=False)

    response = api.post("/v1/vouchers/OFF/validate")

    body = response.json()
    assert response.status_code == 200
    assert (body["valid"], body["reason"], body["code"]) == (False, "voucher is disabled", "OFF")
    assert body["error"]["key"] == "voucher_disabled"
    assert body["error"]["details"] == "OFF"
    assert body["metadata"] == {}


def test_redeems_a_code(api, code):
    code("A/B %", limit=1)

    response = api.post(
        "/v1/vouchers/A%2FB%20%25/redemption?tracking_id=till-7", {"order": {"amount": 2000}}
    )

    body = response.json()
    assert response.status_code == 200
    assert body["object"] == "redemption"
    assert body["tracking_id"].startswith("track_")
    assert body["order"]["total_amount"] == 1500
    assert body["voucher"]["code"] == "A/B %"
    assert body["voucher"]["redemption"]["redeemed_quantity"] == 1


def test_refuses_a_code_as_published(api, code):
    code("OFF", active=False)

    response = api.post("/v1/vouchers/OFF/redemption")

    body = response.json()
    assert response.status_code == 400
    assert (body["key"], body["message"]) == ("voucher_disabled", "voucher is disabled")
    assert body["resource_id"] == Redemption.objects.get().public_id
