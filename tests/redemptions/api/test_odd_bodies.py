"""Whatever a client can send gets a documented status, and nothing half done is left behind."""

import pytest

from redemptions.models import Order, Redemption

pytestmark = pytest.mark.django_db
PATHS = (
    "/v1/orders",
    "/v1/orders/import",
    "/v1/orders/export",
    "/v1/validations",
    "/v1/redemptions",
    "/v1/vouchers/FIVE/validate",
    "/v1/vouchers/FIVE/redemption",
    "/v1/redemptions/r_0/rollback",
    "/v1/redemptions/r_0/rollbacks",
    "/v1/promotions/validation",
    "/v1/promotions/tiers/promo_0/redemption",
)
DEEP = {"a": {"a": {"a": {"a": {"a": {"a": [[[[[{}]]]]]}}}}}}
BODIES = (
    None,
    5,
    "five",
    [],
    [None],
    [[]],
    {},
    {"order": None, "customer": None, "metadata": None, "session": None, "options": None},
    {"redeemables": None},
    {"redeemables": {}},
    {"redeemables": [None]},
    {"redeemables": [{"object": "voucher", "id": None}]},
    {"redeemables": [{"object": "voucher", "id": 5}]},
    {"redeemables": [{"object": "spaceship", "id": "FIVE"}]},
    {"redeemables": [{"object": "voucher", "id": "x" * 300}]},
    {"redeemables": [{"object": "voucher", "id": " "}]},
    {"redeemables": [{"object": "voucher", "id": "\u0000"}]},
    {"redeemables": [{"object": "voucher", "id": "کد تخفیف‌دار ۱"}]},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "order": {"items": []}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "order": {"amount": 2**63 - 1}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "order": {"amount": 2**70}},
    {
        "redeemables": [{"object": "voucher", "id": "FIVE"}],
        "order": {"items": [{"price": 2**63 - 1, "quantity": 1_000_000}]},
    },
    {
        "redeemables": [{"object": "voucher", "id": "FIVE"}],
        "order": {"items": [{"amount": 5, "product": {"metadata": DEEP}}]},
        "metadata": DEEP,
    },
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "options": {"expand": "order"}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "options": {"language": "<b>"}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "options": {"language": "fa"}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "customer": "ada"},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "customer": {"source_id": 5}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "customer": {"birthdate": "never"}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "metadata": {"a": "\u0000"}},
    {"redeemables": [{"object": "voucher", "id": "FIVE"}], "tracking_id": ["x"]},
    {"amount": True},
    {"status": "paid"},
    {"items": [{"quantity": "two"}]},
    {"items": [{"quantity": 1e9}]},
    {"items": [{"price": 1.5}]},
    {"items": [{"product": []}]},
    {"items": [{"source_id": "x", "related_object": "planet"}]},
    {"items": [{"product_id": "x" * 300}]},
    {"source_id": "x" * 256},
    {"source_id": "\u0000"},
    {"metadata": []},
    {"metadata": {"a": float("1e308")}},
    {"customer": {"id": "cust_0", "source_id": "ada"}},
    {"customer": {}, "order": {}},
    {"order": {"id": "ord_0", "source_id": "o-1"}},
    {"referrer": "nobody"},
    {"reason": "x" * 501},
    {"reason": 5},
)


@pytest.mark.parametrize("path", PATHS)
def test_gets_a_documented_status(api, code, path):
    code("FIVE")

    for body in BODIES:
        response = api.post(path, body)

        assert response.status_code in {200, 202, 400, 403, 404}, (body, response.content)
        if response.status_code >= 400:
            error = response.json()
            assert error["code"] == response.status_code, body
            assert isinstance(error["key"], str)
            assert isinstance(error.get("details", ""), str)


@pytest.mark.parametrize("path", ["/client/v1/validations", "/client/v1/redemptions"])
def test_gets_a_documented_status_from_browsers_too(client_api, project, code, path):
    project.client_options = {"client_redeem_enabled": True}
    project.save()
    code("FIVE")

    for body in BODIES:
        response = client_api.post(path, body)
        assert response.status_code in {200, 400, 404, 429}, (body, response.content)


@pytest.mark.parametrize(
    "query",
    [
        "code=%00",
        "code=FIVE&amount=99999999999999999999999",
        "code=FIVE&item=x",
        "code=FIVE&item[0]=x",
        "code=FIVE&item[0][quantity]=-1",
        "code=FIVE&order=x",
        "code=FIVE&order[items]=x",
        "code=FIVE&metadata=x",
        "code=FIVE&customer[source_id][x]=y",
        "code[]=FIVE",
        "code=FIVE&code=SIX",
        "code=%ff",
    ],
)
def test_odd_queries_are_refused_or_understood(client_api, code, query):
    code("FIVE")

    response = client_api.get(f"/client/v1/validate?{query}")

    assert response.status_code in {200, 400}, response.content


def test_a_refused_redemption_leaves_no_order(api, code):
    code("FIVE")

    response = api.post(
        "/v1/redemptions",
        {
            "redeemables": [{"object": "voucher", "id": "FIVE"}],
            "order": {"items": [{"price": 2**63 - 1, "quantity": 1_000_000}]},
        },
    )

    assert response.status_code == 400
    assert not Order.objects.exists()
    assert not Redemption.objects.exists()
