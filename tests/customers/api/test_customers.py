from urllib.parse import quote

import pytest
from voucherify.models.customers_create_response_body import CustomersCreateResponseBody
from voucherify.models.customers_get_response_body import CustomersGetResponseBody
from voucherify.models.customers_permanent_deletion_create_response_body import (
    CustomersPermanentDeletionCreateResponseBody,
)
from voucherify.models.customers_update_response_body import CustomersUpdateResponseBody

from customers.models import Customer
from loyalty_project.core import tenancy

BOB = {
    "source_id": "source_123",
    "name": "Bob Smith",
    "description": "A frequent customer",
    "email": "bob.smith@email.com",
    "phone": "+1 933 222 3333",
    "address": {
        "city": "New York",
        "country": "United States",
        "line_1": "123 Main St.",
        "line_2": "APT 3 BLG 4",
        "postal_code": "10001",
        "state": "NY",
    },
    "metadata": {"lang": "en", "test": True},
    "birthdate": "2022-01-01",
}


def stored(project, **conditions):
    with tenancy.scope(project):
        return list(Customer.objects.filter(**conditions))


def details(response, status=400):
    assert response.status_code == status, response.content
    return response.json()["details"]


class TestCreate:
    def test_answers_the_whole_customer_with_zeroed_blocks(self, api, project):
        response = api.post("/v1/customers", BOB)

        assert response.status_code == 200
        body = response.json()
        assert CustomersCreateResponseBody.from_dict(body).birthdate.isoformat() == "2022-01-01"
        (customer,) = stored(project)
        assert {key: body[key] for key in BOB} == BOB
        assert body["id"] == customer.public_id
        assert body["object"] == "customer"
        assert body["summary"] == {
            "redemptions": {
                "total_redeemed": 0,
                "total_failed": 0,
                "total_succeeded": 0,
                "total_rolled_back": 0,
                "total_rollback_failed": 0,
                "total_rollback_succeeded": 0,
                "gift": {"redeemed_amount": 0, "amount_to_go": 0},
                "loyalty_card": {"redeemed_points": 0, "points_to_go": 0},
            },
            "orders": {
                "total_amount": 0,
                "total_count": 0,
                "average_amount": 0,
                "last_order_amount": 0,
            },
        }
        assert body["loyalty"] == {"points": 0, "referred_customers": 0, "campaigns": {}}
        assert body["referrals"] == {"total": 0, "campaigns": []}
        assert body["system_metadata"] == {}

    def test_leaves_out_what_is_not_known(self, api):
        body = api.post("/v1/customers", {"name": "Bob", "email": None}).json()

        assert set(body) == {
            "id", "source_id", "name", "address", "summary", "loyalty", "referrals",
            "system_metadata", "created_at", "updated_at", "object",
        }  # fmt: skip
        assert (body["address"], body["source_id"]) == (None, None)

    def test_changes_a_known_source_id(self, api, bob, project):
        body = api.post("/v1/customers", {"source_id": "bob", "phone": "1"}).json()

        assert (body["id"], body["name"], body["phone"]) == (bob.public_id, "Bob", "1")
        assert len(stored(project)) == 1

    def test_names_the_wrong_member(self, api, project):
        response = api.post("/v1/customers", {"address": {"city": 5}})

        assert details(response) == "Property .address.city must be string"
        assert stored(project) == []

    def test_refuses_a_viewer(self, viewer, project):
        response = viewer.post("/v1/customers", BOB)

        assert (response.status_code, response.json()["key"]) == (
            403,
            "missing_required_permission",
        )
        assert stored(project) == []


class TestRetrieve:
    @pytest.mark.parametrize("by", ["public_id", "source_id"])
    def test_goes_by_id_and_by_source_id(self, api, bob, by):
        response = api.get(f"/v1/customers/{getattr(bob, by)}")

        assert CustomersGetResponseBody.from_dict(response.json()).id == bob.public_id

    def test_takes_any_source_id(self, api):
        source_id = "a/b c%é@x"
        api.post("/v1/customers", {"source_id": source_id})

        response = api.get(f"/v1/customers/{quote(source_id, safe='')}")

        assert response.json()["source_id"] == source_id

    def test_answers_the_published_404(self, api):
        response = api.get("/v1/customers/nobody")

        assert response.status_code == 404
        body = response.json()
        assert (body["key"], body["details"]) == (
            "not_found",
            "Cannot find customer with id nobody",
        )
        assert (body["resource_id"], body["resource_type"]) == ("nobody", "customer")

    @pytest.mark.requirement(174)
    def test_does_not_see_those_of_another_project(self, other_api, bob):
        assert other_api.get(f"/v1/customers/{bob.public_id}").status_code == 404


class TestUpdate:
    def test_changes_what_is_given_and_clears_with_null(self, api, bob):
        body = api.put(
            "/v1/customers/bob", {"email": None, "name": "Robert", "metadata": None}
        ).json()

        assert CustomersUpdateResponseBody.from_dict(body).name == "Robert"
        assert "email" not in body

    def test_writes_nothing_when_refused(self, api, bob, project):
        response = api.put("/v1/customers/bob", {"name": "Robert", "birthdate": "x"})

        assert details(response) == 'Property .birthdate must match format "date"'
        assert stored(project)[0].name == "Bob"


class TestDelete:
    def test_removes_the_profile(self, api, bob):
        assert api.delete("/v1/customers/bob").status_code == 204
        assert api.get("/v1/customers/bob").status_code == 404
        assert api.get("/v1/customers").json()["total"] == 0

    @pytest.mark.requirement(174)
    def test_leaves_those_of_another_project(self, other_api, bob, project):
        assert other_api.delete("/v1/customers/bob").status_code == 404
        assert stored(project)[0].name == "Bob"


class TestPermanentDeletion:
    def test_answers_what_was_removed(self, api, project):
        customer_id = api.post("/v1/customers", BOB).json()["id"]

        body = api.post("/v1/customers/source_123/permanent-deletion").json()

        assert CustomersPermanentDeletionCreateResponseBody.from_dict(body).id == body["id"]
        assert body["object"] == "pernament_deletion"
        assert (body["related_object_id"], body["related_object"], body["status"]) == (
            customer_id,
            "customer",
            "DONE",
        )
        assert body["data_json"] == {
            "events": 1,
            "customer_events": 1,
            "daily_events": 0,
            "segments": 0,
            "orders": 0,
            "order_events": 0,
            "customer": 1,
        }
        assert stored(project)[0].name == ""

    def test_refuses_an_unknown_customer(self, api):
        assert api.post("/v1/customers/nobody/permanent-deletion").status_code == 404
