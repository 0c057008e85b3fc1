"""A free sample from the forms of the admin to the till: given while there is one."""

import pytest

from campaigns.models import Voucher
from rewards.models import Product
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.usefixtures("in_project")


@pytest.mark.requirement(2)
def test_a_sample_is_given_until_there_is_none(person, api, project):
    beans = ProductFactory(source_id="b1", name="Sample", price=300)
    marketer = person("Marketer")
    sent = {
        "name": "Sample", "price": "3.00", "source_id": "b1", "stock": "1", "metadata": "{}",
        "attributes": "", "image_url": "", "skus-TOTAL_FORMS": 0, "skus-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert marketer.post(f"/admin/rewards/product/{beans.pk}/change/", sent).status_code == 302
    discount = {"type": "UNIT", "unit_type": beans.public_id, "effect": "ADD_NEW_ITEMS"}
    body = {"type": "DISCOUNT_VOUCHER", "discount": discount, "redemption": {"quantity": None}}
    assert api.post("/v1/vouchers/SAMPLE", body).status_code == 200
    wanted = {"redeemables": [{"object": "voucher", "id": "SAMPLE"}], "order": {"amount": 2000}}

    given = api.post("/v1/redemptions", wanted).json()

    (item,) = given["order"]["items"]
    assert (item["product_id"], item["quantity"], item["subtotal_amount"]) == (
        beans.public_id, 1, 0,
    )  # fmt: skip
    assert api.get("/v1/products/b1").json()["stock"] == Product.objects.get().stock == 0
    asked = {**wanted, "options": {"explain": True}}
    (refused,) = api.post("/v1/validations", asked).json()["redeemables"]
    assert refused["result"]["error"]["key"] == "gift_out_of_stock"
    (check,) = [each for each in refused["explain"]["checks"] if each["check"] == "stock"]
    assert check["sentence"] == "1 unit of Sample must be there to give away (now: 0)."
    assert (
        api.post("/v1/qualifications", {"order": {"amount": 2000}}).json()["redeemables"]["data"]
        == []
    )
    page = marketer.get(
        "/admin/redemptions/redemption/try/", {"codes": "SAMPLE", "amount": "20", "metadata": "{}"}
    )
    assert "The gift is out of stock." in page.content.decode()
    assert api.post("/v1/redemptions", wanted).json()["key"] == "gift_out_of_stock"
    back = api.post(f"/v1/redemptions/{given['redemptions'][0]['id']}/rollback")
    assert back.status_code == 200
    assert api.get("/v1/products/b1").json()["stock"] == 1
    assert Voucher.objects.get().redeemed_count == 0
