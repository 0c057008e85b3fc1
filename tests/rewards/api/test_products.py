import pytest
from voucherify.models.products_create_response_body import ProductsCreateResponseBody
from voucherify.models.products_get_response_body import ProductsGetResponseBody
from voucherify.models.products_list_response_body import ProductsListResponseBody
from voucherify.models.products_skus_create_response_body import ProductsSkusCreateResponseBody
from voucherify.models.products_skus_list_response_body import ProductsSkusListResponseBody
from voucherify.models.products_skus_update_response_body import ProductsSkusUpdateResponseBody
from voucherify.models.products_update_in_bulk_response_body import (
    ProductsUpdateInBulkResponseBody,
)
from voucherify.models.products_update_response_body import ProductsUpdateResponseBody
from voucherify.models.skus_get_response_body import SkusGetResponseBody

from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction
from rewards.models import Product, Sku
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

PHONE = {
    "source_id": "first_product",
    "name": "Samsung Phone",
    "price": 200000,
    "attributes": ["color", "memory"],
    "metadata": {"test": True},
    "image_url": "https://shop.example/phone.png",
}


def stored(project, model=Product):
    with tenancy.scope(project):
        return list(model.objects.order_by("pk"))


def details(response, status=400):
    assert response.status_code == status, response.content
    return response.json()["details"]


class TestProducts:
    def test_are_made_and_answered_as_given(self, api):
        body = api.post("/v1/products", PHONE).json()

        assert ProductsCreateResponseBody.from_dict(body).price == 200000
        assert {key: body[key] for key in PHONE} == PHONE
        assert body["object"] == "product"

    def test_show_what_is_not_set_as_null(self, api):
        body = api.post("/v1/products", {"name": "Tea"}).json()

        assert (body["source_id"], body["price"], body["image_url"]) == (None, None, None)
        assert (body["attributes"], body["metadata"]) == ([], {})

    def test_are_found_by_id_and_source_id_with_their_skus(self, api, sku):
        body = api.get("/v1/products/p1").json()

        assert ProductsGetResponseBody.from_dict(body).skus.total == 1
        assert body == api.get(f"/v1/products/{sku.product.public_id}").json()
        assert body["skus"]["data"][0]["product_id"] == sku.product.public_id
        assert "skus" not in api.get("/v1/products/p1?hide=sku").json()

    def test_are_updated(self, api, sku):
        body = api.put("/v1/products/p1", {"price": 210000, "image_url": None}).json()

        assert ProductsUpdateResponseBody.from_dict(body).price == 210000
        assert body["name"].startswith("House blend")

    def test_name_the_wrong_member(self, api, sku, project):
        response = api.put("/v1/products/p1", {"price": "cheap", "name": "New"})

        assert details(response) == "Property .price must be integer"
        assert stored(project)[0].name.startswith("House blend")

    def test_are_not_made_by_a_viewer(self, viewer, project):
        assert viewer.post("/v1/products", PHONE).status_code == 403
        assert stored(project) == []

    def test_are_listed_with_their_skus(self, api, sku):
        body = api.get("/v1/products").json()

        assert len(ProductsListResponseBody.from_dict(body).products) == 1
        assert (body["data_ref"], body["total"]) == ("products", 1)
        assert body["products"][0]["skus"]["total"] == 1

    def test_are_listed_between_dates(self, api, project, at):
        with tenancy.scope(project):
            ProductFactory(created_at=at)

        def total(**params):
            return api.get("/v1/products", params).json()["total"]

        assert total(start_date="2026-03-02T00:00:00Z", end_date="2026-03-03") == 1
        assert total(end_date="2026-03-01T00:00:00.000Z") == 0

    def test_cost_as_many_queries_for_ten_as_for_one(
        self, api, project, sku, django_assert_max_num_queries
    ):
        with tenancy.scope(project):
            SkuFactory.create_batch(9)

        with django_assert_max_num_queries(9):
            assert len(api.get("/v1/products").json()["products"]) == 10

    def test_go_into_the_bin_or_for_good(self, api, sku, project):
        assert api.delete("/v1/products/p1").status_code == 204
        assert api.get("/v1/products/p1").status_code == 404
        assert api.get("/v1/skus/s1").status_code == 404
        assert len(stored(project)) == 1

        api.post("/v1/products", PHONE)
        assert api.delete("/v1/products/first_product?force=true").status_code == 204
        assert len(stored(project)) == 1

    def test_answer_the_published_404(self, api):
        response = api.get("/v1/products/nothing")

        assert details(response, 404) == "Cannot find product with id nothing"
        assert response.json()["resource_type"] == "product"

    def test_are_not_seen_from_another_project(self, other_api, sku, project):
        assert other_api.get("/v1/products/p1").status_code == 404
        assert other_api.delete(f"/v1/products/{sku.product.public_id}").status_code == 404
        assert other_api.get("/v1/products").json()["total"] == 0
        assert stored(project)[0].deleted_at is None

    def test_include_shipping(self, api):
        body = api.get("/v1/products/prod_5h1pp1ng").json()

        assert ProductsGetResponseBody.from_dict(body).name == "Shipping"
        assert (body["id"], body["source_id"], body["price"]) == (
            "prod_5h1pp1ng",
            "5h1pp1ng",
            None,
        )
        assert body["skus"]["total"] == 0


class TestSkus:
    BODY = {
        "source_id": "sku_1",
        "sku": "256GB",
        "price": 1300,
        "currency": "USD",
        "attributes": {"color": "black"},
        "image_url": "https://shop.example/sku.png",
        "metadata": {"imported": True},
    }

    def test_are_made_below_a_product(self, api, sku):
        body = api.post("/v1/products/p1/skus", self.BODY).json()

        assert ProductsSkusCreateResponseBody.from_dict(body).price == 1300
        assert {key: body[key] for key in self.BODY} == self.BODY
        assert (body["product_id"], body["object"]) == (sku.product.public_id, "sku")

    def test_are_found_alone(self, api, sku):
        body = api.get("/v1/skus/s1").json()

        assert SkusGetResponseBody.from_dict(body).id == sku.public_id
        assert body["price"] is None

    def test_are_listed(self, api, sku):
        body = api.get("/v1/products/p1/skus").json()

        assert ProductsSkusListResponseBody.from_dict(body).total == 1
        assert (body["data_ref"], body["skus"][0]["id"]) == ("skus", sku.public_id)

    def test_are_updated(self, api, sku):
        body = api.put("/v1/products/p1/skus/s1", {"price": 210000, "currency": "PLN"}).json()

        assert ProductsSkusUpdateResponseBody.from_dict(body).currency == "PLN"
        assert body["sku"] == "250 g, whole"

    def test_are_deleted(self, api, sku, project):
        assert api.delete("/v1/products/p1/skus/s1").status_code == 204
        assert api.get("/v1/products/p1/skus").json()["total"] == 0
        assert len(stored(project, Sku)) == 1

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/v1/products/p2/skus/s1", "Cannot find product with id p2"),
            ("/v1/products/p1/skus/s2", "Cannot find sku with id s2"),
        ],
    )
    def test_name_what_is_missing(self, api, sku, path, said):
        assert details(api.delete(path), 404) == said

    def test_name_the_wrong_member(self, api, sku, project):
        response = api.post("/v1/products/p1/skus", {"currency": "EURO"})

        assert details(response) == "Property .currency must NOT have more than 3 characters"
        assert len(stored(project, Sku)) == 1

    def test_are_not_changed_by_a_viewer(self, viewer, sku, project):
        assert viewer.put("/v1/products/p1/skus/s1", {"price": 1}).status_code == 403
        assert stored(project, Sku)[0].price is None

    def test_are_not_seen_from_another_project(self, other_api, sku):
        assert other_api.get("/v1/skus/s1").status_code == 404
        assert other_api.get("/v1/products/p1/skus").status_code == 404


class TestManyProducts:
    def test_are_updated_in_the_background(self, api, sku, project, work):
        response = api.post("/v1/products/bulk/async", [{"source_id": "p1", "price": 5}])

        assert response.status_code == 202
        assert ProductsUpdateInBulkResponseBody.from_dict(response.json()).async_action_id
        work()
        assert stored(project)[0].price == 5

    def test_get_the_same_metadata(self, api, sku, project, work):
        response = api.post(
            "/v1/products/metadata/async", {"source_ids": ["p1"], "metadata": {"label": True}}
        )

        assert response.status_code == 202
        work()
        assert stored(project)[0].metadata == {"label": True}

    @pytest.mark.parametrize(
        ("path", "body", "said"),
        [
            ("bulk", {}, "Payload must be array"),
            ("bulk", [{"name": "x"}], "Property [0] should have required property 'source_id'"),
            ("metadata", {}, "Payload should have required property 'source_ids'"),
        ],
    )
    def test_are_refused_without_names(self, api, project, path, body, said):
        assert details(api.post(f"/v1/products/{path}/async", body)) == said
        assert stored(project, AsyncAction) == []

    def test_come_from_a_csv_file(self, api, project, work):
        response = api.upload("/v1/products/importCSV", "name,source_id,price\nTea,t1,4.90\n")

        assert response.status_code == 200
        work()
        assert stored(project)[0].price == 490

    def test_skus_come_from_a_csv_file(self, api, sku, project, work):
        response = api.upload("/v1/skus/importCSV", "product_id,source_id,price\np1,s2,4.90\n")

        assert response.status_code == 200
        work()
        assert stored(project, Sku)[1].price == 490

    def test_need_the_right_columns(self, api, project):
        response = api.upload("/v1/skus/importCSV", "sku\nx\n")

        assert details(response) == "The file should have the column 'product_id'"
        assert stored(project, AsyncAction) == []
