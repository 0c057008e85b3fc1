"""POST /v1/validations: what would happen, and nothing happens."""

import pytest

from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, Redemption
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.category import CategoryFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

pytestmark = pytest.mark.django_db
STACKING = {
    "redeemables_limit": 30,
    "applicable_redeemables_limit": 5,
    "applicable_redeemables_per_category_limit": None,
    "applicable_redeemables_category_limits": {},
    "applicable_exclusive_redeemables_limit": 1,
    "applicable_exclusive_redeemables_per_category_limit": None,
    "exclusive_categories": [],
    "joint_categories": [],
    "redeemables_application_mode": "ALL",
    "redeemables_sorting_rule": "REQUESTED_ORDER",
    "redeemables_products_application_mode": "STACK",
    "redeemables_no_effect_rule": "REDEEM_ANYWAY",
    "no_effect_skip_categories": [],
    "no_effect_redeem_anyway_categories": [],
    "redeemables_rollback_order_mode": "WITH_ORDER",
    "grouped_redeemables_sorting_rule": "JOINT_ALWAYS_LAST",
}


def wanted(*names):
    return [{"object": "voucher", "id": name} for name in names]


def nothing_written():
    return not (
        Redemption.objects.exists()
        or Order.objects.exists()
        or OutboxEvent.objects.exists()
        or Customer.objects.exists()
    )


def test_says_what_a_code_would_take_off_and_writes_nothing(api, code, parsed):
    code("FIVE", limit=1)
    body = {
        "redeemables": wanted("FIVE"),
        "order": {"amount": 2000, "metadata": {"shop": "Berlin"}},
        "customer": {"source_id": "ada", "name": "Ada"},
    }

    response = api.post("/v1/validations", body)

    found = parsed("ValidationsValidateResponseBody", response)
    assert response.status_code == 200
    assert found.pop("id").startswith("valid_")
    assert found.pop("tracking_id").startswith("track_")
    order = {
        "amount": 2000,
        "discount_amount": 500,
        "total_discount_amount": 500,
        "applied_discount_amount": 500,
        "total_applied_discount_amount": 500,
        "total_amount": 1500,
        "metadata": {"shop": "Berlin"},
        "customer_id": None,
        "referrer_id": None,
        "object": "order",
    }
    nothing = {"data": [], "total": 0, "object": "list", "data_ref": "data"}
    assert found == {
        "valid": True,
        "redeemables": [
            {
                "status": "APPLICABLE",
                "id": "FIVE",
                "object": "voucher",
                "order": order,
                "applicable_to": nothing,
                "inapplicable_to": nothing,
                "result": {
                    "discount": {
                        "type": "AMOUNT",
                        "amount_off": 500,
                        "effect": "APPLY_TO_ORDER",
                        "is_dynamic": False,
                    }
                },
            }
        ],
        "order": order,
        "stacking_rules": STACKING,
    }
    assert nothing_written()


@pytest.mark.requirement(198)
def test_answers_200_with_the_reason_for_an_unknown_code(api, in_project, parsed):
    response = api.post("/v1/validations", {"redeemables": wanted("NOSUCH")})

    body = parsed("ValidationsValidateResponseBody", response)
    error = {
        "code": 404,
        "key": "not_found",
        "message": "Resource not found",
        "details": "Cannot find voucher with id NOSUCH",
        "request_id": response["X-Request-Id"],
        "resource_id": "NOSUCH",
        "resource_type": "voucher",
        "explanation": "This code does not exist. Check its spelling.",
    }
    assert response.status_code == 200
    assert body["valid"] is False
    assert body["stacking_rules"] == STACKING
    assert "order" not in body
    assert body["redeemables"] == [
        {
            "status": "INAPPLICABLE",
            "id": "NOSUCH",
            "object": "voucher",
            "result": {
                "error": error,
                "details": {"key": "not_found", "message": "Resource not found"},
            },
        }
    ]
    assert nothing_written()


@pytest.mark.requirement(198)
def test_explains_in_the_language_that_is_asked_for(api, code):
    code("OFF", active=False)

    asked = {"redeemables": wanted("OFF")}
    plain = api.post("/v1/validations", asked).json()
    persian = api.post("/v1/validations", {**asked, "options": {"language": "fa"}}).json()

    for body, sentence in [
        (plain, "This code is switched off."),
        (persian, "این کد غیرفعال است."),
    ]:
        error = body["redeemables"][0]["result"]["error"]
        assert (error["key"], error["message"]) == ("voucher_disabled", "voucher is disabled")
        assert error["explanation"] == sentence


def test_a_refusal_stops_the_rest(api, code, parsed):
    code("FIVE")
    code("OFF", active=False)
    code("TEN", {"type": "PERCENT", "percent_off": 10})

    response = api.post(
        "/v1/validations", {"redeemables": wanted("FIVE", "OFF", "TEN"), "order": {"amount": 900}}
    )

    body = parsed("ValidationsValidateResponseBody", response)
    assert body["valid"] is False
    assert [one["status"] for one in body["redeemables"]] == [
        "APPLICABLE",
        "INAPPLICABLE",
        "SKIPPED",
    ]
    assert body["redeemables"][2]["result"]["details"] == {
        "key": "preceding_validation_failed",
        "message": "Redeemable cannot be applied due to preceding validation failure",
    }
    assert "order" not in body


def test_leaves_out_the_lists_of_what_did_not_happen(api, code):
    code("FIVE")

    body = api.post("/v1/validations", {"redeemables": wanted("FIVE")}).json()

    assert "inapplicable_redeemables" not in body
    assert "skipped_redeemables" not in body


def test_shows_code_and_category_when_asked(api, code, campaign, parsed):
    category = CategoryFactory(project=campaign.project, name="Spring", hierarchy=2)
    code("FIVE", campaign=campaign, category=category, metadata={"channel": "mail"})

    response = api.post(
        "/v1/validations",
        {
            "redeemables": wanted("FIVE"),
            "order": {"amount": 900},
            "options": {"expand": ["redeemable", "category"]},
        },
    )

    one = parsed("ValidationsValidateResponseBody", response)["redeemables"][0]
    assert one["metadata"] == {"channel": "mail"}
    assert (one["campaign_name"], one["campaign_id"]) == ("Spring sale", campaign.public_id)
    assert one["categories"][0]["name"] == "Spring"
    assert "order" not in one


def test_resolves_items_by_catalog_and_lets_the_request_go_before_it(api, code, in_project, parsed):
    code("TEN", {"type": "PERCENT", "percent_off": 10})
    beans = ProductFactory(source_id="beans", name="Beans", price=1200)
    bag = SkuFactory(product=beans, source_id="beans-1kg", sku="1 kg", price=None)
    items = [
        {"product_id": beans.public_id, "quantity": "2"},
        {"source_id": "beans-1kg", "related_object": "sku", "price": 3000},
        {"source_id": "gift-box", "related_object": "product", "amount": 500},
        {"source_id": "unknown", "related_object": "product", "product": {"name": "Cup"}},
    ]

    response = api.post(
        "/v1/validations", {"redeemables": wanted("TEN"), "order": {"items": items}}
    )

    order = parsed("ValidationsValidateResponseBody", response)["order"]
    goods = {"id": beans.public_id, "source_id": "beans", "name": "Beans", "price": 1200}
    assert (order["amount"], order["total_amount"]) == (5900, 5310)
    assert order["items"] == [
        {
            "object": "order_item",
            "product_id": beans.public_id,
            "quantity": 2,
            "amount": 2400,
            "price": 1200,
            "subtotal_amount": 2400,
            "product": goods,
        },
        {
            "object": "order_item",
            "source_id": "beans-1kg",
            "related_object": "sku",
            "product_id": beans.public_id,
            "sku_id": bag.public_id,
            "quantity": 1,
            "amount": 3000,
            "price": 3000,
            "subtotal_amount": 3000,
            "product": goods,
            "sku": {"id": bag.public_id, "source_id": "beans-1kg", "sku": "1 kg"},
        },
        {
            "object": "order_item",
            "source_id": "gift-box",
            "related_object": "product",
            "quantity": 1,
            "amount": 500,
            "subtotal_amount": 500,
        },
        {
            "object": "order_item",
            "source_id": "unknown",
            "related_object": "product",
            "quantity": 1,
            "product": {"name": "Cup"},
        },
    ]


def test_adds_free_shipping_to_the_order(api, code, parsed):
    code("SHIP", {"type": "UNIT", "unit_off": 1, "unit_type": "prod_5h1pp1ng"})

    response = api.post(
        "/v1/validations",
        {
            "redeemables": wanted("SHIP"),
            "order": {"items": [{"source_id": "cup", "related_object": "product", "price": 700}]},
        },
    )

    items = parsed("ValidationsValidateResponseBody", response)["order"]["items"]
    assert items[1] == {
        "object": "order_item",
        "product_id": "prod_5h1pp1ng",
        "quantity": 1,
        "discount_quantity": 1,
        "initial_quantity": 0,
        "applied_discount_quantity": 1,
        "applied_quantity": 1,
        "product": {"id": "prod_5h1pp1ng", "source_id": "5h1pp1ng", "name": "Shipping"},
    }


def test_refuses_an_order_in_another_currency(api, code):
    code("FIVE")

    response = api.post(
        "/v1/validations",
        {"redeemables": wanted("FIVE"), "order": {"amount": 900, "currency": "USD"}},
    )

    assert response.status_code == 400
    assert response.json()["key"] == "currency_mismatch"
    assert response.json()["details"] == "Property .order.currency must be EUR"


def test_says_not_found_for_an_unknown_order_or_customer(api, code):
    code("FIVE")

    for member, reference in (("order", "ord_0"), ("customer", "cust_0")):
        response = api.post(
            "/v1/validations", {"redeemables": wanted("FIVE"), member: {"id": reference}}
        )
        assert response.status_code == 404
        assert response.json()["details"] == f"Cannot find {member} with id {reference}"


def test_a_promotion_is_not_found_and_a_stack_stands_alone(api, code, parsed):
    code("FIVE")

    tier = api.post("/v1/validations", {"redeemables": [{"object": "promotion_tier", "id": "p"}]})
    stack = api.post(
        "/v1/validations",
        {"redeemables": [{"object": "promotion_stack", "id": "s"}, *wanted("FIVE")]},
    )

    error = parsed("ValidationsValidateResponseBody", tier)["redeemables"][0]["result"]["error"]
    assert error["details"] == "Cannot find promotion tier with id p"
    assert stack.status_code == 400
    assert stack.json()["key"] == "invalid_redeemables"


@pytest.mark.requirement(198)
def test_whoever_guesses_codes_has_to_wait(client_api, code, set_clock, at):
    set_clock(at)
    code("FIVE")
    right = {"redeemables": wanted("FIVE"), "order": {"amount": 900}}
    assert client_api.post("/client/v1/validations", right).json()["valid"] is True
    for number in range(20):
        body = {"redeemables": wanted(f"GUESS{number}")}
        assert client_api.post("/client/v1/validations", body).status_code == 200

    response = client_api.post("/client/v1/validations", right)

    assert response.status_code == 429
    assert response.json()["key"] == "too_many_requests"
    assert response["Retry-After"] == "60"


def test_merchants_validate_one_code_at_a_time(project, code):
    code("FIVE")
    till = ApiClient(server_headers(project, role="MERCHANT"))

    refused = till.post("/v1/validations", {"redeemables": wanted("FIVE")})
    allowed = till.post("/v1/vouchers/FIVE/validate", {"order": {"amount": 900}})

    assert refused.status_code == 403
    assert allowed.json()["valid"] is True


@pytest.mark.requirement(23)
@pytest.mark.parametrize(("currency", "amount", "off"), [("EUR", 20_000, 2000), ("JPY", 200, 20)])
def test_formulas_are_written_in_major_units_of_the_currency(
    api, code, in_project, currency, amount, off
):
    in_project.currency = currency
    in_project.save(update_fields=["currency"])
    code(
        "TENTH",
        {
            "type": "AMOUNT", "amount_off": 1, "effect": "APPLY_TO_ORDER",
            "amount_off_formula": "MIN(20; 0.1 * ORDER_AMOUNT)", "is_dynamic": True,
        },
    )  # fmt: skip

    response = api.post(
        "/v1/validations", {"redeemables": wanted("TENTH"), "order": {"amount": amount}}
    )

    assert response.json()["order"]["total_discount_amount"] == off
