"""POST /v1/validations: the order that is answered."""

import pytest

from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

pytestmark = pytest.mark.django_db


def wanted(*names):
    return [{"object": "voucher", "id": name} for name in names]


def answered_items(beans, bag):
    goods = {"id": beans.public_id, "source_id": "beans", "name": "Beans", "price": 1200}
    return [
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
    assert (order["amount"], order["total_amount"]) == (5900, 5310)
    assert order["items"] == answered_items(beans, bag)


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
