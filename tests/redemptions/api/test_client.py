"""/client/v1: what browsers may do."""

import pytest

from customers.models import Customer
from redemptions import context
from redemptions.context import Request, Wanted
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
            {"code": "FIVE", "session_type": "LOCK", "session_ttl": "0"},
            "Property .session.ttl must be > 0",
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


@pytest.fixture
def theirs(api):
    """The order of somebody else, with what only their shop may see."""
    item = {"source_id": "cup", "product_id": "prod_1", "quantity": 2, "price": 450}
    order = {
        "source_id": "1001",
        "items": [item],
        "metadata": {"address": "Hidden street 1"},
        "customer": {"source_id": "victim"},
    }
    return api.post("/v1/orders", order).json()


def answered(response):
    body = response.json()
    return response.status_code, {k: v for k, v in body.items() if k != "request_id"}


@pytest.mark.requirement(198)
def test_prices_only_what_the_browser_sends_of_a_stored_order(client_api, code, theirs):
    code("FIVE")
    said = {**FIVE, "order": {"source_id": "1001", "amount": 2000}}

    posted = client_api.post("/client/v1/validations", said)
    asked = client_api.get(
        "/client/v1/validate", {"code": "FIVE", "amount": 2000, "order[source_id]": "1001"}
    )

    for response in (posted, asked):
        body = response.json()
        assert body["valid"] is True
        assert body["order"]["total_amount"] == 1500
        assert body["order"]["metadata"] == {}
        for hidden in ("Hidden street 1", "cup", theirs["id"]):
            assert hidden not in response.content.decode()


@pytest.mark.parametrize("name", ["id", "source_id"])
def test_redeems_on_no_stored_order(api, client_api, code, allowed, theirs, name):
    code("FIVE")
    before = api.get("/v1/orders/1001").json()
    order = {name: theirs[name], "amount": 1, "metadata": {"address": "Elsewhere"}}

    response = client_api.post("/client/v1/redemptions", {**FIVE, "order": order})

    assert response.status_code == 404
    assert response.json()["details"] == f"Cannot find order with id {theirs[name]}"
    assert api.get("/v1/orders/1001").json() == before
    assert not Redemption.objects.exists()


def test_the_id_of_a_stored_order_looks_like_an_unknown_one(client_api, code, allowed, theirs):
    code("FIVE")
    for path in ("/client/v1/validations", "/client/v1/redemptions"):
        known, unknown = (
            answered(client_api.post(path, {**FIVE, "order": {"id": name, "amount": 2000}}))
            for name in (theirs["id"], "ord_unknown")
        )
        assert unknown[0] == 404
        assert str(known).replace(theirs["id"], "ord_unknown") == str(unknown)


def test_redeems_on_a_new_order_under_its_source_id(client_api, code, allowed):
    code("FIVE")

    response = client_api.post(
        "/client/v1/redemptions", {**FIVE, "order": {"source_id": "mine", "amount": 2000}}
    )

    assert response.json()["order"]["total_amount"] == 1500
    assert Order.objects.get().source_id == "mine"


@pytest.mark.parametrize(("trusted", "vip"), [(True, True), (False, False)])
def test_what_a_browser_says_of_a_customer_decides_nothing(in_project, code, at, trusted, vip):
    code("FIVE")
    CustomerFactory(source_id="ada", metadata={"vip": False})
    said = {"source_id": "ada", "metadata": {"vip": True}}
    request = Request((Wanted("voucher", "FIVE"),), customer=said, trusted=trusted)

    loaded = context.load(project=in_project, request=request, at=at)

    assert loaded.context.customer.metadata == {"vip": vip}


def test_the_metadata_of_a_stranger_decides_nothing_either(in_project, code, at):
    code("FIVE")
    said = {"source_id": "new", "metadata": {"vip": True}}
    request = Request((Wanted("voucher", "FIVE"),), customer=said, trusted=False)

    loaded = context.load(project=in_project, request=request, at=at)

    assert loaded.context.customer.metadata == {}
