"""Taking redemptions back over the API."""

import pytest

from customers.models import CustomerSummary
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, Redemption, RedemptionRollback
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.django_db


def test_gives_the_use_back_and_cancels_the_order(api, code, redeemed, parsed):
    voucher = code("ONCE", limit=1)
    done = redeemed("ONCE", customer={"source_id": "ada"})
    redemption_id = done["redemptions"][0]["id"]

    response = api.post(f"/v1/redemptions/{redemption_id}/rollback", {"reason": "Returned"})

    body = parsed("RedemptionsRollbackCreateResponseBody", response)
    rollback = RedemptionRollback.objects.get()
    assert response.status_code == 200
    assert body["id"] == rollback.public_id
    assert body["id"].startswith("rr_")
    assert body["object"] == "redemption_rollback"
    assert (body["redemption"], body["reason"]) == (redemption_id, "Returned")
    assert (body["result"], body["status"]) == ("SUCCESS", "SUCCEEDED")
    order = body["order"]
    assert (order["status"], order["amount"], order["total_amount"]) == ("CANCELED", 2000, 2000)
    assert "discount_amount" not in order
    assert order["redemptions"][redemption_id]["rollback_id"] == body["id"]
    assert body["voucher"]["redemption"]["redeemed_quantity"] == 0

    voucher.refresh_from_db()
    stored = Order.objects.get()
    assert voucher.redeemed_count == 0
    assert (stored.status, stored.discount_amount, stored.total_amount) == ("CANCELED", 0, 2000)
    assert Redemption.objects.get().status == "ROLLED_BACK"
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (0, 0)
    assert (summary.redemptions_succeeded, summary.rollbacks_succeeded) == (1, 1)
    types = list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))[-3:]
    assert types == ["redemption.rollback.succeeded", "order.updated", "order.canceled"]


def test_a_code_works_again_after_it_was_taken_back(api, code, redeemed):
    code("ONCE", limit=1)
    redemption_id = redeemed("ONCE")["redemptions"][0]["id"]
    api.post(f"/v1/redemptions/{redemption_id}/rollback")

    assert redeemed("ONCE")["order"]["total_amount"] == 1500


def test_refuses_the_second_time_and_stores_the_try(api, code, redeemed):
    voucher = code("TWICE", limit=2)
    redeemed("TWICE")
    redemption_id = redeemed("TWICE")["redemptions"][0]["id"]
    api.post(f"/v1/redemptions/{redemption_id}/rollback")

    response = api.post(f"/v1/redemptions/{redemption_id}/rollback")

    failed = RedemptionRollback.objects.get(result="FAILURE")
    body = response.json()
    assert response.status_code == 400
    assert (body["key"], body["message"]) == ("already_rolled_back", "Already rolled back")
    assert body["details"] == "Redemption has been already rolled back."
    assert (body["resource_id"], body["resource_type"]) == (
        failed.public_id,
        "redemption_rollback",
    )
    assert failed.public_id.startswith("rrf_")
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 1
    assert RedemptionRollback.objects.filter(result="SUCCESS").count() == 1


def test_takes_a_stack_back_as_a_whole(api, code, redeemed, parsed):
    first, second = code("FIVE", limit=1), code("TEN", {"type": "PERCENT", "percent_off": 10})
    done = redeemed("FIVE", "TEN")
    parent_id = done["parent_redemption"]["id"]
    child_id = done["redemptions"][0]["id"]

    single = api.post(f"/v1/redemptions/{parent_id}/rollback")
    child = api.post(f"/v1/redemptions/{child_id}/rollbacks")
    response = api.post(f"/v1/redemptions/{parent_id}/rollbacks?reason=Returned&tracking_id=till")

    assert (single.status_code, single.json()["key"]) == (400, "invalid_redemption")
    assert (child.status_code, child.json()["key"]) == (400, "invalid_redemption_parent")
    body = parsed("RedemptionsRollbacksCreateResponseBody", response)
    assert response.status_code == 200
    assert [one["redemption"] for one in body["rollbacks"]] == [
        one["id"] for one in done["redemptions"]
    ]
    assert body["parent_rollback"]["redemption"] == parent_id
    assert body["parent_rollback"]["reason"] == "Returned"
    assert body["parent_rollback"]["tracking_id"].startswith("track_")
    assert (body["order"]["status"], body["order"]["total_amount"]) == ("CANCELED", 2000)
    entry = body["order"]["redemptions"][parent_id]
    assert entry["rollback_stacked"] == [one["id"] for one in body["rollbacks"]]
    first.refresh_from_db()
    assert first.redeemed_count == 0
    assert sum(second.deltas.values_list("count", flat=True)) == 0
    stored = api.get(f"/v1/orders/{body['order']['id']}").json()
    assert stored["redemptions"] == body["order"]["redemptions"]


def test_takes_only_its_own_discount_off_an_order_with_two_redemptions(api, code):
    code("FIVE")
    code("ONE", {"type": "AMOUNT", "amount_off": 100})
    wanted = [{"object": "voucher", "id": "FIVE"}]
    first = api.post(
        "/v1/redemptions", {"redeemables": wanted, "order": {"source_id": "o-1", "amount": 2000}}
    ).json()
    second = api.post(
        "/v1/redemptions",
        {"redeemables": [{"object": "voucher", "id": "ONE"}], "order": {"source_id": "o-1"}},
    ).json()
    assert second["order"]["discount_amount"] == 600
    assert second["order"]["applied_discount_amount"] == 100
    assert len(second["order"]["redemptions"]) == 2

    body = api.post(f"/v1/redemptions/{first['redemptions'][0]['id']}/rollback").json()

    assert body["order"]["discount_amount"] == 100
    assert body["order"]["total_amount"] == 1900


def test_removes_the_units_that_it_had_added(api, code):
    code("GIFT", {"type": "UNIT", "unit_off": 2, "unit_type": "cup", "effect": "ADD_NEW_ITEMS"})
    items = [{"product_id": "cup", "quantity": 1, "price": 700}]
    done = api.post(
        "/v1/redemptions",
        {"redeemables": [{"object": "voucher", "id": "GIFT"}], "order": {"items": items}},
    ).json()
    assert (done["order"]["amount"], done["order"]["total_amount"]) == (2100, 700)

    body = api.post(f"/v1/redemptions/{done['redemptions'][0]['id']}/rollback").json()

    item = body["order"]["items"][0]
    assert (body["order"]["amount"], body["order"]["total_amount"]) == (700, 700)
    assert (item["quantity"], item["amount"]) == (1, 700)
    assert "initial_quantity" not in item


def test_refuses_the_customer_or_order_of_another_redemption(api, code, redeemed):
    code("FIVE")
    CustomerFactory(source_id="bob")
    redemption_id = redeemed("FIVE", customer={"source_id": "ada"})["redemptions"][0]["id"]
    other = redeemed("FIVE")["order"]["id"]
    path = f"/v1/redemptions/{redemption_id}/rollback"

    wrong = [
        api.post(path, {"customer": {"source_id": "bob"}}),
        api.post(path, {"order": {"id": other}}),
        api.post(path, {"customer": {"id": "cust_0"}}),
        api.post("/v1/redemptions/r_0/rollback"),
    ]

    assert [(one.status_code, one.json()["key"]) for one in wrong] == [
        (400, "invalid_customer"),
        (400, "invalid_order"),
        (404, "not_found"),
        (404, "not_found"),
    ]
    assert not RedemptionRollback.objects.exists()


def test_refuses_to_take_a_failed_try_back(api, code):
    code("OFF", active=False)
    body = {"redeemables": [{"object": "voucher", "id": "OFF"}]}
    failed = api.post("/v1/redemptions", body).json()["resource_id"]

    response = api.post(f"/v1/redemptions/{failed}/rollback")

    assert (response.status_code, response.json()["key"]) == (400, "invalid_redemption")
    assert not RedemptionRollback.objects.exists()


def test_a_redemption_of_another_project_is_not_found(other_api, code, redeemed):
    code("FIVE")
    redemption_id = redeemed("FIVE")["redemptions"][0]["id"]

    response = other_api.post(f"/v1/redemptions/{redemption_id}/rollback")

    assert response.status_code == 404
    assert not RedemptionRollback.objects.exists()
