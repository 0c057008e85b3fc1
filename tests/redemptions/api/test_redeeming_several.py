"""POST /v1/redemptions with several codes."""

import pytest

from redemptions.models import Order, Redemption

pytestmark = pytest.mark.django_db


def wanted(*names):
    return [{"object": "voucher", "id": name} for name in names]


def test_applies_several_codes_one_after_the_other_under_a_parent(api, code, parsed):
    code("FIVE")
    code("TEN", {"type": "PERCENT", "percent_off": 10})

    response = api.post(
        "/v1/redemptions", {"redeemables": wanted("FIVE", "TEN"), "order": {"amount": 2000}}
    )

    body = parsed("RedemptionsRedeemResponseBody", response)
    first, second = body["redemptions"]
    parent = body["parent_redemption"]
    assert first["order"]["applied_discount_amount"] == 500
    assert second["order"]["applied_discount_amount"] == 150
    assert second["order"]["discount_amount"] == 650
    assert body["order"]["applied_discount_amount"] == 650
    assert body["order"]["total_amount"] == 1350
    assert first["redemption"] == second["redemption"] == parent["id"]
    assert parent["related_object_type"] == "redemption"
    assert parent["voucher"] is None
    assert [one["id"] for one in parent["related_redemptions"]["redemptions"]] == [
        first["id"],
        second["id"],
    ]
    assert body["order"]["redemptions"][parent["id"]]["stacked"] == [first["id"], second["id"]]


def test_redeems_nothing_when_one_of_several_is_refused(api, code):
    code("FIVE", limit=1)
    code("OFF", active=False)

    response = api.post(
        "/v1/redemptions", {"redeemables": wanted("FIVE", "OFF"), "order": {"amount": 2000}}
    )

    assert response.status_code == 400
    assert response.json()["key"] == "voucher_disabled"
    assert response.json()["redeemable_id"] == "OFF"
    assert not Redemption.objects.filter(result="SUCCESS").exists()
    assert not Order.objects.exists()


def test_refuses_the_same_code_twice_also_under_its_id(api, code):
    voucher = code("FIVE")

    for names in (("FIVE", "FIVE"), ("FIVE", voucher.public_id)):
        response = api.post("/v1/redemptions", {"redeemables": wanted(*names)})
        assert response.status_code == 400
        assert response.json()["key"] == "duplicated_redeemables"
    assert not Redemption.objects.exists()


def test_redeems_the_first_five_of_many_and_skips_the_rest(api, code, parsed):
    for number in range(7):
        code(f"C{number}", {"type": "AMOUNT", "amount_off": 100})

    response = api.post(
        "/v1/redemptions",
        {"redeemables": wanted(*(f"C{n}" for n in range(7))), "order": {"amount": 2000}},
    )

    body = parsed("RedemptionsRedeemResponseBody", response)
    assert [one["voucher"]["code"] for one in body["redemptions"]] == [f"C{n}" for n in range(5)]
    assert [one["id"] for one in body["skipped_redeemables"]] == ["C5", "C6"]
    assert body["skipped_redeemables"][0]["result"]["details"] == {
        "key": "applicable_redeemables_limit_exceeded",
        "message": "Applicable redeemables limit exceeded",
    }
    assert body["order"]["total_amount"] == 1500
