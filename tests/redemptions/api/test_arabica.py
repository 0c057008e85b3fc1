"""ARABICA-LVRS: one code, other amounts for new and old customers, some SKUs, one page."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = {"context": {"placement": "category:arabica"}}


@pytest.fixture
def beans(api):
    """Two SKUs of a product, the first of which the code is for."""
    product = api.post("/v1/products", {"source_id": "arabica", "name": "Arabica"}).json()
    path = f"/v1/products/{product['id']}/skus"
    return [
        api.post(path, {"source_id": name, "sku": name, "price": 3000}).json()["id"]
        for name in ("yirgacheffe", "decaf")
    ]


@pytest.fixture
def arabica(api, beans):
    """The code: 10.00 for new customers, else 5.00, on the page of arabica coffee."""
    rule = {
        "name": "Arabica page",
        "rules": {
            "1": {
                "name": "wafa.context.placement",
                "conditions": {"$is": ["category:arabica"]},
            }
        },
        "applicable_to": {"included": [{"object": "sku", "id": beans[0]}]},
    }
    made = api.post("/v1/validation-rules", rule).json()
    discount = {
        "type": "AMOUNT",
        "amount_off": 500,
        "amount_off_formula": "IF(WAFA_CUSTOMER_ORDERS = 0; 10; 5)",
        "effect": "APPLY_TO_ITEMS",
    }
    body = {"type": "DISCOUNT_VOUCHER", "discount": discount, "validation_rules": [made["id"]]}
    answer = api.post("/v1/vouchers/ARABICA-LVRS", body)
    assert answer.json()["discount"] == {**discount, "is_dynamic": True}


@pytest.fixture
def cart(api):
    """`cart(sku, …, customer="ada")`: the answer for one unit of each."""

    def validate(*skus, customer="ada", **more):
        items = [{"sku_id": sku, "quantity": 1} for sku in skus]
        body = {
            "redeemables": [{"object": "voucher", "id": "ARABICA-LVRS"}],
            "customer": {"source_id": customer},
            "order": {"items": items},
            **more,
        }
        return api.post("/v1/validations", body).json()

    return validate


def off(answer):
    """What each line costs less."""
    return [line.get("discount_amount", 0) for line in answer["order"]["items"]]


@pytest.mark.requirement(25)
@pytest.mark.usefixtures("arabica")
def test_gives_ten_to_new_customers_and_five_to_those_who_ordered(api, beans, cart):
    new = cart(beans[0], **PAGE)
    api.post("/v1/orders", {"customer": {"source_id": "ada"}, "amount": 900, "status": "PAID"})
    old = cart(beans[0], **PAGE)

    assert (off(new), new["order"]["total_discount_amount"]) == ([1000], 1000)
    assert (off(old), old["order"]["total_discount_amount"]) == ([500], 500)
    assert new["redeemables"][0]["result"]["discount"]["is_dynamic"] is True


@pytest.mark.requirement(25)
@pytest.mark.usefixtures("arabica")
def test_an_unpaid_order_makes_nobody_an_old_customer(api, beans, cart):
    api.post("/v1/orders", {"customer": {"source_id": "ada"}, "amount": 900})

    assert off(cart(beans[0], **PAGE)) == [1000]


@pytest.mark.requirement(25, 53)
@pytest.mark.usefixtures("arabica")
def test_takes_its_amount_from_the_chosen_skus_only(beans, cart):
    assert off(cart(*beans, **PAGE)) == [1000, 0]
    other = cart(beans[1], **PAGE)
    assert off(other) == [0]


@pytest.mark.requirement(53)
@pytest.mark.usefixtures("arabica")
@pytest.mark.parametrize("elsewhere", [{}, {"context": {"placement": "category:tea"}}])
def test_works_on_its_page_only(beans, cart, elsewhere):
    answer = cart(beans[0], **elsewhere)

    assert answer["valid"] is False
    assert answer["redeemables"][0]["result"]["error"]["key"] == "redemption_rules_violated"


@pytest.mark.requirement(53)
@pytest.mark.usefixtures("arabica")
def test_is_offered_on_its_page_only(api, beans):
    order = {"items": [{"sku_id": beans[0], "quantity": 1}]}

    def offered(placement):
        body = {"customer": {"source_id": "ada"}, "order": order}
        asked = {**body, "context": {"placement": placement}}
        listed = api.post("/v1/qualifications", asked).json()["redeemables"]["data"]
        return [offer["id"] for offer in listed]

    assert offered("category:arabica") == ["ARABICA-LVRS"]
    assert offered("category:tea") == []


@pytest.mark.requirement(25)
@pytest.mark.usefixtures("arabica")
def test_redeems_what_it_promised(api, beans):
    order = {"items": [{"sku_id": beans[0], "quantity": 2}]}
    body = {
        "redeemables": [{"object": "voucher", "id": "ARABICA-LVRS"}],
        "customer": {"source_id": "ada"},
        "order": order,
        **PAGE,
    }

    amounts = [
        api.post("/v1/redemptions", body).json()["order"]["total_discount_amount"] for _ in range(2)
    ]

    assert amounts == [1000, 500]
