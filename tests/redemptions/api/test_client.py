"""/client/v1: what browsers may do."""

import pytest

from customers.models import Customer
from redemptions.models import Order, Redemption
from rewards.models import Product
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.django_db
FIVE = {"redeemables": [{"object": "voucher", "id": "FIVE"}], "order": {"amount": 2000}}


@pytest.fixture
def allowed(project):
    project.client_options = {"client_redeem_enabled": True}
    project.save()
    return project


def test_validates_and_shows_of_customers_only_ids(client_api, code, parsed):
    code("FIVE")
    ada = CustomerFactory(source_id="ada", name="Ada", metadata={"vip": True})

    response = client_api.post("/client/v1/validations", {**FIVE, "customer": {"source_id": "ada"}})

    body = parsed("ClientValidationsValidateResponseBody", response)
    assert body["valid"] is True
    assert body["order"]["customer"] == {"id": ada.public_id, "object": "customer"}
    assert "Ada" not in response.content.decode()


def test_redeeming_is_off_until_the_project_allows_it(client_api, code):
    code("FIVE")

    answers = [
        client_api.post("/client/v1/redemptions", FIVE),
        client_api.post("/client/v1/redeem?code=FIVE", {"order": {"amount": 2000}}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["key"] == "forbidden"
    assert not Redemption.objects.exists()


def test_redeems_and_shows_of_customers_only_ids(client_api, code, allowed, parsed):
    code("FIVE", additional_info="for the team")
    ada = CustomerFactory(source_id="ada", name="Ada", metadata={"vip": True})

    response = client_api.post(
        "/client/v1/redemptions", {**FIVE, "customer": {"source_id": "ada", "name": "Eve"}}
    )

    body = parsed("ClientRedemptionsRedeemResponseBody", response)
    assert body["order"]["total_amount"] == 1500
    assert body["redemptions"][0]["customer"] == {
        "id": ada.public_id,
        "source_id": "ada",
        "object": "customer",
    }
    assert "for the team" not in response.content.decode()
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_stores_neither_customers_nor_products_from_a_browser(client_api, code, allowed):
    code("FIVE")
    item = {
        "source_id": "cup",
        "related_object": "product",
        "price": 700,
        "product": {"name": "Cup", "override": True},
    }

    unknown = client_api.post(
        "/client/v1/redemptions", {**FIVE, "customer": {"source_id": "ada", "name": "Ada"}}
    )
    brought = client_api.post("/client/v1/redemptions", {**FIVE, "order": {"items": [item]}})

    assert unknown.status_code == 404
    assert unknown.json()["details"] == "Cannot find customer with id ada"
    assert brought.status_code == 200
    assert not Customer.objects.exists()
    assert not Product.objects.exists()
    assert Order.objects.count() == 1


def test_stores_customers_when_the_project_allows_that_too(client_api, code, allowed):
    allowed.client_options["client_create_customer_enabled"] = True
    allowed.save()
    code("FIVE")

    client_api.post("/client/v1/redemptions", {**FIVE, "customer": {"source_id": "ada"}})

    assert Customer.objects.get().source_id == "ada"


@pytest.mark.requirement(198)
def test_codes_of_other_projects_look_like_unknown_ones(client_api, code, other_project):
    code("THEIRS", project=other_project)

    answers = [
        client_api.get("/client/v1/validate", {"code": name, "amount": 2000}).json()
        for name in ("THEIRS", "NOSUCH")
    ]

    for answer in answers:
        answer.pop("tracking_id")
        name = answer.pop("code")
        error = answer["error"]
        error.pop("request_id")
        assert error.pop("details") == f"Cannot find voucher with id {name}"
        assert error.pop("resource_id") == name
    assert answers[0] == answers[1]
    assert answers[0]["error"]["key"] == "not_found"


def test_validates_one_code_from_the_query(client_api, code):
    code("FIVE")

    body = client_api.get(
        "/client/v1/validate",
        {
            "code": "FIVE",
            "item[0][source_id]": "cup",
            "item[0][related_object]": "product",
            "item[0][price]": "700",
            "item[0][quantity]": "2",
            "order[metadata][shop]": "Berlin",
            "customer[source_id]": "ada",
            "tracking_id": "ada",
        },
    ).json()

    assert body["valid"] is True
    assert body["order"]["total_amount"] == 900
    assert body["order"]["metadata"] == {"shop": "Berlin"}
    assert body["discount"]["amount_off"] == 500


@pytest.mark.parametrize(
    ("params", "details"),
    [
        ({}, "Payload should have required property 'code'"),
        ({"code": "FIVE", "amount": "x"}, "Property .amount must be integer"),
        (
            {"code": "FIVE", "session_type": "LOCK"},
            "Property .session_type must be absent: sessions are not available",
        ),
    ],
)
def test_names_the_wrong_parameter(client_api, in_project, params, details):
    response = client_api.get("/client/v1/validate", params)

    assert response.status_code == 400
    assert response.json()["details"] == details


def test_redeems_one_code_named_in_the_query(client_api, code, allowed):
    code("FIVE")

    body = client_api.post("/client/v1/redeem?code=FIVE", {"order": {"amount": 2000}}).json()

    assert (body["object"], body["order"]["total_amount"]) == ("redemption", 1500)
    assert client_api.post("/client/v1/redeem", {}).status_code == 400
