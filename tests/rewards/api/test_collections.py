from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from voucherify.models.product_collections_create_response_body import (
    ProductCollectionsCreateResponseBody,
)
from voucherify.models.product_collections_get_response_body import (
    ProductCollectionsGetResponseBody,
)
from voucherify.models.product_collections_list_response_body import (
    ProductCollectionsListResponseBody,
)
from voucherify.models.product_collections_products_list_response_body import (
    ProductCollectionsProductsListResponseBody,
)

from campaigns.models import DefinitionVersion, ValidationRule
from loyalty_project.core import tenancy, wire
from loyalty_project.core.models import KeyRole
from rewards.models import ProductCollection
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.collection import CollectionFactory
from tests.factories.product import ProductFactory
from tests.factories.sku import SkuFactory

PATH = "/v1/product-collections"
CHEAP = {"junction": "and", "price": {"conditions": {"$less_than": [1000]}}}
AUTO = {"name": "Cheap", "type": "AUTO_UPDATE", "filter": CHEAP}
pytestmark = pytest.mark.django_db


@pytest.fixture
def bag(project):
    with tenancy.scope(project):
        return SkuFactory(source_id="bag", product__source_id="beans", product__price=900)


@pytest.fixture
def cheap(project):
    with tenancy.scope(project):
        return CollectionFactory(name="Cheap", filter=CHEAP)


def stored(project):
    with tenancy.scope(project):
        return list(ProductCollection.objects.order_by("pk"))


def test_a_chosen_list_is_answered_with_its_products(api, bag, project, set_clock, at):
    set_clock(at)
    given = [{"id": "beans", "object": "product"}, {"id": "bag", "object": "sku"}]

    body = api.post(PATH, {"name": "Arabica", "type": "STATIC", "products": given}).json()

    (made,) = stored(project)
    ProductCollectionsCreateResponseBody.from_dict(body)
    assert body == {
        "id": made.public_id,
        "name": "Arabica",
        "type": "STATIC",
        "products": [
            {"id": bag.product.public_id, "object": "product"},
            {"id": bag.public_id, "product_id": bag.product.public_id, "object": "sku"},
        ],
        "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": wire.instant(made.updated_at),
        "object": "products_collection",
    }
    assert api.get(f"{PATH}/{made.public_id}").json() == body


def test_one_with_a_filter_is_answered_with_it(api, project):
    body = api.post(PATH, AUTO).json()

    ProductCollectionsCreateResponseBody.from_dict(body)
    assert (body["type"], body["filter"], "products" in body) == ("AUTO_UPDATE", CHEAP, False)


@pytest.mark.parametrize(
    ("body", "key", "details"),
    [
        ({"name": "x"}, "invalid_payload", "Payload should have required property 'type'"),
        ({**AUTO, "name": 5}, "invalid_payload", "Property .name must be string"),
        ({**AUTO, "name": ""}, "invalid_payload", "Property .name must NOT be empty"),
        (
            {**AUTO, "filter": {}},
            "invalid_payload",
            "'AUTO_UPDATE' collection must contain valid filter with 'junction' property",
        ),
        (
            {"name": "x", "type": "STATIC", "products": [{"id": "beans"}]},
            "invalid_payload",
            "Property .products[0] should have required property 'object'",
        ),
        (
            {"name": "x", "type": "STATIC", "products": [{"id": "tea", "object": "product"}]},
            "resource_not_found",
            "Cannot find product with id tea",
        ),
    ],
)
def test_a_wrong_one_is_not_made(body, key, details, api, project):
    response = api.post(PATH, body)

    assert (response.status_code, response.json()["key"]) == (400, key)
    assert response.json()["details"] == details
    assert stored(project) == []


def test_is_renamed_and_filtered_anew(api, cheap, project):
    tree = {"junction": "AND", "price": {"conditions": {"$more_than_equal": 10000}}}

    body = api.put(f"{PATH}/{cheap.public_id}", {"name": "Dear", "filter": tree}).json()

    assert (body["name"], body["filter"]) == ("Dear", {**tree, "junction": "and"})
    refused = api.put(f"{PATH}/{cheap.public_id}", {"filter": {**CHEAP, "junction": "nor"}})
    assert refused.json()["details"] == (
        "Property .filter has wrong `junction` property. It must be one of: and, or"
    )
    assert api.put(f"{PATH}/{cheap.public_id}", {"name": 5}).status_code == 400
    assert [row.name for row in stored(project)] == ["Dear"]


def test_the_products_of_a_chosen_list_are_replaced(api, bag, project):
    with tenancy.scope(project):
        chosen = CollectionFactory(members=[bag.product])
    given = {"products": [{"id": "bag", "object": "sku"}]}

    body = api.put(f"{PATH}/{chosen.public_id}", given).json()

    assert [member["id"] for member in body["products"]] == [bag.public_id]
    assert api.put(f"{PATH}/{chosen.public_id}", {"products": []}).json()["products"] == []


def test_two_of_one_name_are_refused(api, cheap):
    response = api.post(PATH, AUTO)

    assert (response.status_code, response.json()["key"]) == (409, "duplicate_found")


def test_are_listed_in_as_many_queries_for_many_as_for_one(api, bag, cheap, project):
    def read():
        with CaptureQueriesContext(connection) as captured:
            body = api.get(PATH, {"limit": 100}).json()
        return body, len(captured)

    read()
    _body, few = read()
    with tenancy.scope(project):
        for _ in range(5):
            CollectionFactory(members=[bag, bag.product])
    body, many = read()

    assert many <= few + 1, "one for the members, where there are any"
    assert (body["data_ref"], body["total"], len(body["data"])) == ("data", 6, 6)
    assert body["data"][-1]["name"] == "Cheap"
    ProductCollectionsListResponseBody.from_dict(body)


@pytest.mark.parametrize("order", ["created_at", "-type", "code", "-campaign", "category"])
def test_every_published_order_is_taken(order, api, cheap):
    assert api.get(PATH, {"order": order}).json()["total"] == 1
    assert api.get(f"{PATH}/{cheap.public_id}/products", {"order": order}).json()["total"] == 0


class TestProducts:
    def held(self, api, collection, **params):
        response = api.get(f"{PATH}/{collection}/products", params)
        assert response.status_code == 200, response.content
        return response.json()

    def test_are_answered_with_skus_and_their_product(self, api, bag, cheap):
        body = self.held(api, cheap.public_id)

        ProductCollectionsProductsListResponseBody.from_dict(body)
        sku, product = body["data"]
        assert (body["object"], body["data_ref"], body["total"]) == ("list", "data", 2)
        assert (product["id"], product["object"]) == (bag.product.public_id, "product")
        assert (sku["id"], sku["object"]) == (bag.public_id, "sku")
        assert (sku["product"]["id"], sku["attributes"]) == (product["id"], None)
        assert "skus" not in product

    def test_keep_the_attributes_of_a_sku_that_has_some(self, api, bag, cheap):
        api.put("/v1/products/beans/skus/bag", {"attributes": {"size": "250 g"}})

        assert self.held(api, cheap.public_id)["data"][0]["attributes"] == {"size": "250 g"}

    def test_of_all_are_the_whole_catalog(self, api, bag, cheap):
        body = api.get(f"{PATH}/pc_a11pr0dUc75").json()

        ProductCollectionsGetResponseBody.from_dict(body)
        assert (body["name"], body["object"]) == ("All Products", "products_collection")
        assert self.held(api, "pc_a11pr0dUc75")["total"] == 2
        assert [row["id"] for row in api.get(PATH).json()["data"]] == [cheap.public_id]
        assert api.delete(f"{PATH}/pc_a11pr0dUc75").json()["key"] == "resource_in_use"

    def test_come_in_pages(self, api, project, at, cheap):
        with tenancy.scope(project):
            for day in range(3):
                ProductFactory(price=1, source_id=f"p{day}", created_at=at + timedelta(days=day))

        def names(**params):
            found = self.held(api, cheap.public_id, **params)
            assert found["total"] == 3
            return [row["source_id"] for row in found["data"]]

        assert names(limit=2) == ["p2", "p1"]
        assert names(limit=2, page=2) == ["p0"]
        assert names(order="created_at") == ["p0", "p1", "p2"]
        assert names(starting_after="2026-03-03T12:00:00.000Z") == ["p0"]
        assert names(starting_after="2026-03-03T12:00:00Z", order="created_at") == ["p2"]

    @pytest.mark.parametrize(
        "params", [{"limit": 0}, {"page": 101}, {"order": "name"}, {"starting_after": "x"}]
    )
    def test_are_not_asked_for_wrongly(self, params, api, bag, cheap):
        response = api.get(f"{PATH}/{cheap.public_id}/products", params)

        assert (response.status_code, response.json()["key"]) == (400, "invalid_query_params")


class TestDelete:
    def test_of_a_free_one_leaves_nothing(self, api, cheap, project):
        assert api.delete(f"{PATH}/{cheap.public_id}").status_code == 204
        assert stored(project) == []

        body = api.get(f"{PATH}/{cheap.public_id}").json()
        assert body["details"] == f"Cannot find products_collection with id {cheap.public_id}"
        assert (body["key"], body["resource_type"]) == ("not_found", "products_collection")

    def test_of_one_in_a_rule_is_refused_as_published(self, api, cheap, project):
        document = {"rules": {"1": {"conditions": {"$is": [cheap.public_id]}}}}
        with tenancy.scope(project):
            definition = DefinitionVersion.objects.create(data=document)
            rule = ValidationRule.objects.create(name="Cheap", definition=definition)

        response = api.delete(f"{PATH}/{cheap.public_id}")

        body = response.json()
        assert (response.status_code, body["key"]) == (400, "resource_in_use")
        assert body["message"] == "Resource in use"
        assert body["related_object_ids"] == [rule.public_id]
        assert body["related_object_type"] == "validation_rules"
        assert body["related_object_total"] == 1
        assert len(stored(project)) == 1


def test_is_read_but_not_written_by_a_viewer(cheap, project):
    viewer = ApiClient(server_headers(project, role=KeyRole.VIEWER))

    assert viewer.get(f"{PATH}/{cheap.public_id}").status_code == 200
    assert viewer.post(PATH, AUTO).status_code == 403
    assert viewer.put(f"{PATH}/{cheap.public_id}", {"name": "x"}).status_code == 403
    assert viewer.delete(f"{PATH}/{cheap.public_id}").status_code == 403
