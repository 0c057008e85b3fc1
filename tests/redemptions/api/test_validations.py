"""POST /v1/validations: what would happen, and nothing happens."""

import pytest

from customers.models import Customer
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order, Redemption
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.category import CategoryFactory

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
FIVE_OFF = {
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
    nothing = {"data": [], "total": 0, "object": "list", "data_ref": "data"}
    assert found == {
        "valid": True,
        "redeemables": [
            {
                "status": "APPLICABLE",
                "id": "FIVE",
                "object": "voucher",
                "order": FIVE_OFF,
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
        "order": FIVE_OFF,
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
