"""POST /v1/redemptions: what it answers, what it leaves behind, what it refuses."""

import pytest

from customers.models import Customer, CustomerSummary
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, Redemption
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.django_db


def wanted(*names):
    return [{"object": "voucher", "id": name} for name in names]


def test_takes_an_amount_off_the_order_and_stores_it_paid(api, code, parsed):
    voucher = code("FIVE", limit=3)

    response = api.post(
        "/v1/redemptions", {"redeemables": wanted("FIVE"), "order": {"amount": 2000}}
    )

    body = parsed("RedemptionsRedeemResponseBody", response)
    assert response.status_code == 200
    assert body["order"]["amount"] == 2000
    assert body["order"]["discount_amount"] == 500
    assert body["order"]["total_discount_amount"] == 500
    assert body["order"]["applied_discount_amount"] == 500
    assert body["order"]["total_amount"] == 1500
    assert body["order"]["status"] == "PAID"
    assert "initial_amount" not in body["order"]
    assert body["inapplicable_redeemables"] == []
    assert body["skipped_redeemables"] == []
    assert "parent_redemption" not in body
    redemption = body["redemptions"][0]
    assert redemption["id"].startswith("r_")
    assert redemption["result"] == "SUCCESS"
    assert redemption["status"] == "SUCCEEDED"
    assert redemption["related_object_id"] == voucher.public_id
    assert redemption["voucher"]["redemption"]["redeemed_quantity"] == 1
    assert list(body["order"]["redemptions"]) == [redemption["id"]]

    order = Order.objects.get()
    assert (order.amount, order.discount_amount, order.total_amount) == (2000, 500, 1500)
    stored = Redemption.objects.get()
    assert (stored.applied_amount, stored.order, stored.voucher) == (500, order, voucher)
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 1


def test_rounds_a_percentage_half_up(api, code):
    code("TEN", {"type": "PERCENT", "percent_off": 12.5})

    body = api.post(
        "/v1/redemptions", {"redeemables": wanted("TEN"), "order": {"amount": 199}}
    ).json()

    assert body["order"]["discount_amount"] == 25
    assert body["order"]["total_amount"] == 174
    assert Redemption.objects.get().discount == {
        "type": "PERCENT",
        "percent_off": 12.5,
        "effect": "APPLY_TO_ORDER",
        "is_dynamic": False,
    }


def test_stores_a_new_customer_and_counts_for_them(api, code):
    code("FIVE")

    body = api.post(
        "/v1/redemptions",
        {
            "redeemables": wanted("FIVE"),
            "order": {"amount": 2000},
            "customer": {"source_id": "ada", "name": "Ada", "metadata": {"vip": True}},
        },
    ).json()

    customer = Customer.objects.get(source_id="ada")
    assert customer.metadata == {"vip": True}
    assert body["redemptions"][0]["customer"] == {
        "id": customer.public_id,
        "source_id": "ada",
        "name": "Ada",
        "metadata": {"vip": True},
        "object": "customer",
    }
    assert body["order"]["customer"] == {"id": customer.public_id, "object": "customer"}
    summary = CustomerSummary.objects.get(customer=customer)
    assert (summary.orders_count, summary.orders_amount) == (1, 1500)
    assert summary.redemptions_succeeded == 1


def test_stores_who_sent_the_customer(api, code):
    code("FIVE")

    body = api.post(
        "/v1/redemptions",
        {
            "redeemables": wanted("FIVE"),
            "order": {
                "amount": 2000,
                "customer": {"source_id": "ada"},
                "referrer": {"source_id": "bob", "name": "Bob"},
            },
        },
    ).json()

    ada, bob = Customer.objects.order_by("source_id")
    assert (bob.source_id, bob.name) == ("bob", "Bob")
    assert body["order"]["referrer"] == {"id": bob.public_id, "object": "customer"}
    assert body["order"]["customer_id"] == ada.public_id
    assert Order.objects.get().referrer == bob


def test_announces_the_order_and_the_redemption(api, code):
    customer = CustomerFactory(source_id="ada")
    code("FIVE")

    api.post(
        "/v1/redemptions",
        {
            "redeemables": wanted("FIVE"),
            "order": {"amount": 2000},
            "customer": {"source_id": "ada"},
        },
    )

    events = list(OutboxEvent.objects.order_by("pk"))
    assert [event.type for event in events] == [
        "order.created",
        "order.paid",
        "redemption.succeeded",
    ]
    assert {event.about for event in events} == {customer.public_id}
    assert events[2].data["order"]["total_amount"] == 1500
    assert events[2].data["voucher"]["code"] == "FIVE"


def test_refuses_a_used_up_code_and_stores_the_try(api, code, redeemed):
    voucher = code("ONCE", limit=1)
    redeemed("ONCE")

    response = api.post(
        "/v1/redemptions", {"redeemables": wanted("ONCE"), "order": {"amount": 2000}}
    )

    failed = Redemption.objects.get(result="FAILURE")
    assert response.status_code == 400
    assert response.json() == {
        "code": 400,
        "key": "quantity_exceeded",
        "message": "quantity exceeded",
        "details": "ONCE",
        "request_id": response["X-Request-Id"],
        "resource_id": failed.public_id,
        "resource_type": "redemption",
        "explanation": "This code has been used as often as it can be.",
        "redeemable_type": "voucher",
        "redeemable_id": "ONCE",
    }
    assert failed.public_id.startswith("rf_")
    assert failed.failure_code == "quantity_exceeded"
    assert Order.objects.count() == 1
    voucher.refresh_from_db()
    assert voucher.redeemed_count == 1
    assert OutboxEvent.objects.filter(type="redemption.failed").count() == 1


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "Payload should have required property 'redeemables'"),
        ({"redeemables": []}, "Property .redeemables must NOT have fewer than 1 items"),
        (
            {"redeemables": [{"object": "voucher"}]},
            "Property .redeemables[0] should have required property 'id'",
        ),
        (
            {"redeemables": wanted("A"), "session": {"type": "LOCK", "ttl": 0}},
            "Property .session.ttl must be > 0",
        ),
        (
            {"redeemables": [{"object": "voucher", "id": "A", "gift": {"credits": 0}}]},
            "Property .redeemables[0].gift.credits must be >= 1",
        ),
        (
            {"redeemables": wanted("A"), "order": {"items": [{"quantity": 0}]}},
            "Property .order.items[0].quantity must be >= 1",
        ),
        (
            {"redeemables": wanted("A"), "order": {"amount": "x"}},
            "Property .order.amount must be integer",
        ),
        ({"redeemables": wanted("A"), "order": "x"}, "Property .order must be object"),
        ({"redeemables": wanted("A"), "customer": 5}, "Property .customer must be object"),
        (
            {"redeemables": wanted(*map(str, range(31)))},
            "Property .redeemables must NOT have more than 30 items",
        ),
    ],
)
def test_names_the_wrong_member(api, in_project, body, details):
    response = api.post("/v1/redemptions", body)

    assert response.status_code == 400
    assert response.json()["key"] == "invalid_payload"
    assert response.json()["details"] == details
    assert not Redemption.objects.exists()


def test_explains_in_the_language_of_the_request(api, code):
    code("OFF", active=False)

    body = api.post(
        "/v1/redemptions", {"redeemables": wanted("OFF"), "options": {"language": "xx"}}
    ).json()

    assert body["message"] == "voucher is disabled"
    assert body["explanation"] == "This code is switched off."
