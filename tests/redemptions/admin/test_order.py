"""The pages of orders."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from loyalty_project.core.models import AsyncAction
from redemptions.admin.resources import OrderResource
from redemptions.models import Order
from tests.factories.order import OrderFactory

pytestmark = pytest.mark.usefixtures("in_project")
LIST = "admin:redemptions_order_changelist"


def page(order):
    return reverse("admin:redemptions_order_change", args=[order.pk])


def found(http, **params):
    rows = http.get(reverse(LIST), params).context["cl"].result_list
    return [order.source_id for order in rows]


def test_shows_items_sums_and_redemptions(person, api, code):
    code("FIVE")
    items = [
        {"source_id": "cup", "related_object": "product", "price": 700, "quantity": 3},
        {"source_id": "tea", "related_object": "product", "product": {"name": "Green tea"}},
    ]
    done = api.post(
        "/v1/redemptions",
        {
            "redeemables": [{"object": "voucher", "id": "FIVE"}],
            "order": {"source_id": "o-1", "items": items},
            "customer": {"source_id": "ada", "name": "Ada"},
        },
    ).json()

    response = person("Viewer").get(page(Order.objects.get()))

    shown = response.content.decode()
    redemption = done["redemptions"][0]["id"]
    for word in ("o-1", "Ada", "21.00", "5.00", "16.00", "cup", "Green tea", "FIVE", redemption):
        assert word in shown


def test_finds_by_number_id_and_customer(person):
    first, second = OrderFactory.create_batch(2)
    http = person("Support agent")

    assert found(http) == [second.source_id, first.source_id]
    assert found(http, q=first.source_id) == [first.source_id]
    assert found(http, q=first.public_id[:20]) == [first.source_id]
    assert found(http, q=second.customer.source_id) == [second.source_id]
    assert found(http, q="none") == []
    assert found(http, status__exact="PAID") == []


def test_is_a_record_that_nobody_edits(person):
    order = OrderFactory()
    http = person("Administrator")

    assert http.post(page(order), {"source_id": "x"}).status_code == 403
    assert http.get(reverse("admin:redemptions_order_add")).status_code == 403


def test_reads_a_page_in_few_queries(person, django_assert_max_num_queries):
    OrderFactory.create_batch(20)
    http = person("Viewer")

    with django_assert_max_num_queries(20):
        http.get(reverse(LIST))


@pytest.mark.requirement(310)
def test_the_export_says_what_tax_is_due_on():
    OrderFactory(amount=10_000, discount_amount=4_000, credits_amount=3_000, total_amount=6_000)

    exported = OrderResource().export(Order.objects.all()).dict[0]

    sums = [exported[name] for name in ("credits_amount", "total_amount", "tax_base")]
    assert sums == ["30.00", "60.00", "90.00"]


def test_reads_its_own_export_without_a_change(person, work, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    OrderFactory(
        source_id="=1+1",
        amount=10_000,
        initial_amount=10_000,
        discount_amount=500,
        total_amount=9_500,
    )
    before = Order.objects.values().get()
    http = person("Administrator")
    names = ("public_id", "source_id", "status", "customer", "amount", "discount_amount")
    names += ("total_amount", "tax_base", "created_at", "paid_at")
    chosen = {f"orderresource_{name}": "on" for name in names}
    chosen |= {"format": "0", "resource": ""}
    exported = http.post(reverse("admin:redemptions_order_export"), chosen).getvalue()
    address = reverse("admin:redemptions_order_import")

    answer = http.post(address, {"file": SimpleUploadedFile("orders.csv", exported)})
    work()

    assert b"'=1+1" in exported
    assert answer.status_code == 302
    action = AsyncAction.objects.get()
    assert (action.type, action.done, action.failed) == ("ORDERS.IMPORT_CSV", 1, 0)
    assert Order.objects.values().get() == before
    assert "major units" in http.get(address).content.decode()
    assert person("Marketer").get(address).status_code == 403
