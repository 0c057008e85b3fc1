"""/v1/orders: stored, changed, read, imported."""

import pytest

from customers.models import Customer, CustomerSummary
from loyalty_project.core.models import AsyncAction, OutboxEvent
from redemptions.models import Order
from rewards.models import Product, Sku
from tests.factories.customer import CustomerFactory

pytestmark = pytest.mark.django_db


def types():
    return list(OutboxEvent.objects.order_by("pk").values_list("type", flat=True))


def test_stores_an_order_with_its_customer_and_items(api, in_project, parsed):
    response = api.post(
        "/v1/orders",
        {
            "source_id": "o-1",
            "status": "PAID",
            "customer": {"source_id": "ada", "name": "Ada"},
            "items": [{"source_id": "cup", "related_object": "product", "price": 700}],
            "metadata": {"shop": "Berlin"},
        },
    )

    body = parsed("OrdersCreateResponseBody", response)
    customer = Customer.objects.get()
    order = Order.objects.get()
    item = order.items.get()
    assert response.status_code == 200
    assert body.pop("created_at")
    assert body.pop("updated_at")
    assert body == {
        "id": order.public_id,
        "source_id": "o-1",
        "status": "PAID",
        "amount": 700,
        "total_amount": 700,
        "items": [
            {
                "object": "order_item",
                "id": item.public_id,
                "source_id": "cup",
                "related_object": "product",
                "quantity": 1,
                "amount": 700,
                "price": 700,
                "subtotal_amount": 700,
            }
        ],
        "metadata": {"shop": "Berlin"},
        "customer": {"id": customer.public_id, "object": "customer"},
        "customer_id": customer.public_id,
        "referrer_id": None,
        "object": "order",
    }
    assert types() == ["customer.created", "order.created", "order.paid"]
    summary = CustomerSummary.objects.get(customer=customer)
    assert (summary.orders_count, summary.orders_amount) == (1, 700)


def test_an_order_starts_as_created_and_without_metadata(api, in_project, parsed):
    body = parsed("OrdersCreateResponseBody", api.post("/v1/orders", {"amount": 900}))

    assert (body["status"], body["amount"], body["total_amount"]) == ("CREATED", 900, 900)
    assert "metadata" not in body
    assert "items" not in body
    assert types() == ["order.created"]


def test_keeps_a_given_amount_that_its_items_do_not_add_up_to(api, in_project):
    body = api.post("/v1/orders", {"amount": 900, "items": [{"price": 100, "quantity": 2}]}).json()

    assert (body["amount"], body["items"][0]["amount"]) == (900, 200)


def test_stores_products_and_skus_that_override_the_catalog(api, in_project):
    api.post(
        "/v1/orders",
        {
            "items": [
                {
                    "source_id": "phone",
                    "related_object": "product",
                    "quantity": 2,
                    "product": {"name": "Phone", "price": 60000, "override": True},
                },
                {
                    "source_id": "comic-1",
                    "related_object": "sku",
                    "product": {"source_id": "comics", "name": "Comics", "override": True},
                    "sku": {"sku": "First", "price": 1700, "override": True},
                },
                {"source_id": "mug", "related_object": "product", "product": {"name": "Mug"}},
            ]
        },
    )

    order = Order.objects.get()
    phone, comic, mug = order.items.all()
    assert order.amount == 121700
    assert set(Product.objects.values_list("source_id", "name", "price")) == {
        ("phone", "Phone", 60000),
        ("comics", "Comics", None),
    }
    sku = Sku.objects.get()
    assert (sku.source_id, sku.sku, sku.price) == ("comic-1", "First", 1700)
    assert phone.product["id"] == phone.product_id
    assert (comic.sku_id, comic.product["source_id"]) == (sku.public_id, "comics")
    assert mug.product == {"name": "Mug"}


def test_changes_the_order_with_its_source_id(api, in_project):
    first = api.post("/v1/orders", {"source_id": "o-1", "amount": 900, "metadata": {"a": 1}})
    second = api.post("/v1/orders", {"source_id": "o-1", "amount": 800, "metadata": {"b": 2}})

    assert first.json()["id"] == second.json()["id"]
    assert second.json()["amount"] == 800
    assert second.json()["metadata"] == {"a": 1, "b": 2}
    assert Order.objects.count() == 1
    assert types() == ["order.created", "order.updated"]


def test_follows_the_status_in_events_and_sums(api, in_project, parsed):
    ada = CustomerFactory(source_id="ada")
    CustomerFactory(source_id="bob")
    order_id = api.post(
        "/v1/orders", {"amount": 900, "customer": {"source_id": "ada"}, "status": "PAID"}
    ).json()["id"]
    path = f"/v1/orders/{order_id}"

    def counted():
        rows = CustomerSummary.objects.values_list(
            "customer__source_id", "orders_count", "orders_amount"
        )
        return set(rows)

    assert counted() == {("ada", 1, 900)}
    response = api.put(path, {"amount": 1000})
    assert parsed("OrdersUpdateResponseBody", response)["customer_id"] == ada.public_id
    assert counted() == {("ada", 1, 1000)}
    api.put(path, {"status": "FULFILLED"})
    assert counted() == {("ada", 1, 1000)}
    api.put(path, {"customer": {"source_id": "bob"}})
    assert counted() == {("ada", 0, 0), ("bob", 1, 1000)}
    api.put(path, {"status": "CANCELED"})
    assert counted() == {("ada", 0, 0), ("bob", 0, 0)}
    assert types()[1:] == [
        "order.paid",
        "order.updated",
        "order.updated",
        "order.fulfilled",
        "order.updated",
        "order.updated",
        "order.canceled",
    ]


def test_gets_by_id_and_source_id(api, in_project, parsed):
    order = api.post("/v1/orders", {"source_id": "a/b 1", "amount": 900}).json()

    by_id = parsed("OrdersGetResponseBody", api.get(f"/v1/orders/{order['id']}"))
    by_source = parsed("OrdersGetResponseBody", api.get("/v1/orders/a%2Fb%201"))
    missing = api.get("/v1/orders/ord_0")

    assert by_id == by_source == order
    assert missing.status_code == 404
    assert missing.json()["details"] == "Cannot find order with id ord_0"
    assert missing.json()["resource_type"] == "order"


def test_lists_newest_first(api, in_project, parsed):
    for number in range(3):
        api.post("/v1/orders", {"source_id": f"o-{number}", "amount": 900})

    body = parsed("OrdersListResponseBody", api.get("/v1/orders", {"limit": 2}))

    assert (body["data_ref"], body["total"]) == ("orders", 3)
    assert [order["source_id"] for order in body["orders"]] == ["o-2", "o-1"]
    ascending = api.get("/v1/orders", {"order": "created_at"}).json()
    assert [order["source_id"] for order in ascending["orders"]] == ["o-0", "o-1", "o-2"]


def test_reads_a_page_in_few_queries(api, in_project, django_assert_max_num_queries):
    for _number in range(5):
        api.post("/v1/orders", {"items": [{"price": 100}, {"price": 200}]})

    with django_assert_max_num_queries(10):
        api.get("/v1/orders")


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"amount": -1}, "Property .amount must be >= 0"),
        ({"amount": 1.5}, "Property .amount must be integer"),
        (
            {"status": "LOST"},
            (
                "Property .status must be equal to one of the allowed values:"
                " CREATED, PAID, CANCELED, FULFILLED"
            ),
        ),
        ({"items": {}}, "Property .items must be array"),
        ({"items": [1]}, "Property .items[0] must be object"),
        ({"items": [{"initial_quantity": 0}]}, "Property .items[0].initial_quantity must be >= 1"),
        ({"items": [{}] * 501}, "Property .items must NOT have more than 500 items"),
        ({"metadata": "x"}, "Property .metadata must be object"),
        (
            {"items": [{"source_id": "x", "sku": {"override": True}}]},
            "Property .items[0].product is needed to store its sku",
        ),
    ],
)
def test_names_the_wrong_member_and_writes_nothing(api, in_project, body, details):
    response = api.post("/v1/orders", {"customer": {"source_id": "ada"}, **body})

    assert (response.status_code, response.json()["key"]) == (400, "invalid_payload")
    assert response.json()["details"] == details
    assert not Order.objects.exists()
    assert not Customer.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_refuses_an_amount_that_cannot_be_stored(api, in_project):
    item = {"price": 9_000_000_000_000_000_000, "quantity": 1_000_000}

    response = api.post("/v1/orders", {"items": [item]})

    assert response.status_code == 400
    assert not Order.objects.exists()


def test_imports_orders_of_the_past_without_events(api, in_project, work, parsed):
    rows = [
        {
            "source_id": f"o-{number}",
            "status": "PAID",
            "amount": 1000,
            "discount_amount": 100,
            "created_at": "2024-05-01T10:00:00.000Z",
            "customer": {"source_id": "ada", "birthdate": "1990-01-02"},
        }
        for number in range(3)
    ]
    rows.append({"id": "ord_0", "amount": 5})

    response = api.post("/v1/orders/import", rows)
    work()

    body = parsed("OrdersImportCreateResponseBody", response)
    action = AsyncAction.objects.get()
    assert response.status_code == 202
    assert body == {"async_action_id": action.public_id}
    assert (action.type, action.status) == ("ORDERS.IMPORT", "DONE")
    assert (action.result["done_count"], action.result["failed_count"]) == (3, 1)
    assert action.result["failed"] == [
        {"source_id": None, "row": 4, "reason": "Cannot find order with id ord_0"}
    ]
    first = api.get("/v1/orders/o-0").json()
    assert first["created_at"] == "2024-05-01T10:00:00.000Z"
    assert (first["discount_amount"], first["total_amount"]) == (100, 900)
    assert "order.created" not in types()
    summary = CustomerSummary.objects.get()
    assert (summary.orders_count, summary.orders_amount) == (3, 2700)
    assert summary.last_order_at.year == 2024


def test_refuses_an_import_with_a_wrong_order_as_a_whole(api, in_project):
    rows = [{"amount": 5}, {"items": [{"initial_quantity": 0}]}]

    wrong = api.post("/v1/orders/import", rows)
    many = api.post("/v1/orders/import", [{}] * 2001)

    assert wrong.status_code == many.status_code == 400
    assert wrong.json()["details"] == "Property [1].items[0].initial_quantity must be >= 1"
    assert not AsyncAction.objects.exists()
