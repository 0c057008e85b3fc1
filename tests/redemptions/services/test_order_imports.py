"""Orders from CSV files: a row for each line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Customer, CustomerSummary
from loyalty_project.core import bulk, clock, jobs
from loyalty_project.core.models import OutboxEvent, RefusedRows
from redemptions.models import Order, OrderItem
from redemptions.services import order_imports, orders
from tests.factories.customer import CustomerFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

HEADER = (
    "source_id,status,created_at,customer,discount_amount,"
    "item_product,item_sku,item_quantity,item_price,gift wrap\n"
)
FILE = (
    HEADER
    + "o1,paid,2026-01-02T10:00:00Z,ada,1.50,beans,,2,9.90,yes\n"
    + "o1,,,,,,kilo,1,,\n"
    + "o2,CREATED,2026-01-03,eve,,unknown,,1,5.00,\n"
)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(in_project):
    CustomerFactory(source_id="ada")
    beans = ProductFactory(source_id="beans", name="Beans", price=1000)
    SkuFactory(source_id="kilo", product=beans, price=3000)
    return in_project


def imported(project, text=FILE):
    upload = SimpleUploadedFile("orders.csv", text.encode())
    action = order_imports.start_csv(project=project, upload=upload, at=clock.now())
    jobs.run_due()
    action.refresh_from_db()
    return action


def stored():
    return [list(model.objects.order_by("pk").values()) for model in (Order, OrderItem)]


def test_rows_of_an_order_become_one_with_its_lines(project):
    action = imported(project)

    one, two = Order.objects.order_by("source_id").select_related("customer")
    assert (action.type, action.total, action.done, action.failed) == ("ORDERS.IMPORT_CSV", 3, 3, 0)
    assert (one.amount, one.discount_amount, one.total_amount) == (4980, 150, 4830)
    assert (one.status, one.customer.source_id) == ("PAID", "ada")
    assert one.created_at == one.paid_at
    assert one.created_at.isoformat() == "2026-01-02T10:00:00+00:00"
    assert one.metadata == {"gift wrap": "yes"}
    lines = one.items.order_by("position")
    assert list(lines.values_list("source_id", "quantity", "price", "amount")) == [
        ("beans", 2, 990, 1980),
        ("kilo", 1, 3000, 3000),
    ]
    assert [line.product["name"] for line in lines] == ["Beans", "Beans"]
    assert (two.status, two.customer.source_id, two.amount) == ("CREATED", "eve", 500)
    assert (two.paid_at, Customer.objects.get(source_id="eve").search_name) == (None, "eve")
    sums = CustomerSummary.objects.get()
    assert (sums.customer_id, sums.orders_count, sums.orders_amount) == (one.customer_id, 1, 4830)
    assert (sums.last_order_amount, sums.last_order_at) == (4830, one.created_at)
    assert not OutboxEvent.objects.exists()


def test_is_the_same_order_as_one_that_the_api_was_sent(project):
    data = {
        "source_id": "api",
        "customer": "ada",
        "status": "PAID",
        "discount_amount": 150,
        "items": [
            {"source_id": "beans", "related_object": "product", "quantity": 2, "price": 990},
            {"source_id": "kilo", "related_object": "sku", "quantity": 1},
        ],
        "metadata": {"gift wrap": "yes"},
    }
    sent = orders.upsert(project=project, data=data, at=clock.now())
    imported(project)

    own = {"id", "public_id", "source_id", "created_at", "updated_at", "paid_at"}
    mine, theirs = (
        {
            name: value
            for name, value in Order.objects.values().get(pk=pk).items()
            if name not in own
        }
        for pk in (Order.objects.get(source_id="o1").pk, sent.pk)
    )
    assert mine == theirs
    own = {"id", "order_id", "public_id", "created_at", "updated_at"}
    lines = {
        name: [
            {key: value for key, value in line.items() if key not in own}
            for line in OrderItem.objects.filter(order__source_id=name)
            .order_by("position")
            .values()
        ]
        for name in ("o1", "api")
    }
    assert lines["o1"] == lines["api"]


def test_the_same_file_again_changes_nothing(project):
    imported(project)
    before, versions = stored(), Customer.history.count()

    action = imported(project)

    assert (action.status, action.done, action.failed) == ("DONE", 3, 0)
    assert stored() == before
    assert Customer.history.count() == versions
    assert CustomerSummary.objects.get().orders_count == 1


def test_an_order_that_differs_is_changed_with_the_sums_of_its_customer(project):
    imported(project)

    imported(project, HEADER + "o1,FULFILLED,,,,beans,,1,5.00,\n")

    order = Order.objects.get(source_id="o1")
    assert (order.status, order.amount, order.total_amount) == ("FULFILLED", 500, 350)
    assert order.created_at.isoformat() == "2026-01-02T10:00:00+00:00"
    sums = CustomerSummary.objects.get()
    assert (sums.orders_count, sums.orders_amount) == (1, 350)


def test_a_wrong_line_refuses_its_order_alone_and_says_where(project):
    text = HEADER + (
        "o1,PAID,,ada,,beans,,2,9.90,\n"
        "o1,,,,,beans,,none,9.90,\n"
        "o2,PAID,,ada,,beans,,1,9.90,\n"
        "o3,LOST,,,,beans,,1,9.90,\n"
        "o4,PAID,,cust_nobody,,beans,,1,9.90,\n"
        ",PAID,,ada,,beans,,1,9.90,\n"
        "o5,PAID,,ada,,beans,,1,9.999,\n"
        "o6,PAID,,ada,,beans,,1,1,\n"
        "o6,CREATED,,ada,,beans,,1,1,\n"
        "o7,PAID,,ada,,,,1,1,\n"
    )

    action = imported(project, text)

    assert [order.source_id for order in Order.objects.all()] == ["o2"]
    assert (action.done, action.failed) == (1, 9)
    (rows,) = RefusedRows.objects.values_list("failures", flat=True)
    assert [(row["line"], row["source_id"], row["column"], row["reason"]) for row in rows] == [
        (2, "o1", "", "Its order is refused because of row 2"),
        (3, "o1", "item_quantity", "Property .item_quantity must be >= 1 and <= 1000000"),
        (5, "o3", "status", "Property .status must be equal to one of the allowed values"),
        (6, "o4", "", "Cannot find customer with id cust_nobody"),
        (7, "", "source_id", "Property .source_id must NOT be empty"),
        (8, "o5", "item_price", "'9.999' has more than 2 decimals"),
        (9, "o6", "", "Its order is refused because of row 9"),
        (10, "o6", "status", "Column 'status' differs from the first row of the order"),
        (11, "o7", "item_product", "Property .item_product must NOT be empty"),
    ]


def test_an_order_beside_a_row_that_cannot_be_read_is_not_stored_without_it(project):
    text = HEADER + "o1,,,,,beans,,1,1,\no1,a,b,c,d,e,f,g,h,i,j\no2,,,,,beans,,1,1,\no3,,,,,,,,,\n"

    action = imported(project, text)

    assert [order.source_id for order in Order.objects.all()] == ["o3"]
    assert [(row["row"], row["reason"]) for row in action.result["failed"]] == [
        (1, "The row beside it cannot be read and may belong to the order"),
        (2, "has 11 cells where the header names 10"),
        (3, "The row beside it cannot be read and may belong to the order"),
    ]


def test_lines_that_are_apart_do_not_replace_each_other(project, monkeypatch):
    text = HEADER + "o1,,,,,beans,,1,1,\no2,,,,,beans,,1,1,\no1,,,,,beans,,1,2,\n"
    reason = (
        "Order o1 was changed after the file was sent; the rows of an order must follow one another"
    )
    for chunk in (bulk.CHUNK, 1):
        Order.objects.all().delete()
        monkeypatch.setattr(bulk, "CHUNK", chunk)

        action = imported(project, text)

        assert [(row["row"], row["reason"]) for row in action.result["failed"]] == [(3, reason)]
        assert Order.objects.get(source_id="o1").amount == 100


def test_no_order_is_torn_by_the_end_of_a_step(project, monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK", 2)
    rows = "".join(f"o{n // 3},PAID,,ada,,beans,,{n % 3 + 1},1,\n" for n in range(12))

    action = imported(project, HEADER + rows)
    again = imported(project, HEADER + rows)

    assert (action.done, again.done, action.failed, again.failed) == (12, 12, 0, 0)
    assert list(Order.objects.order_by("source_id").values_list("amount", flat=True)) == [600] * 4
    assert CustomerSummary.objects.get().orders_count == 4
