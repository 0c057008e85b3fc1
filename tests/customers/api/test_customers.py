from urllib.parse import quote

import pytest
from voucherify.models.async_action_get_response_body import AsyncActionGetResponseBody
from voucherify.models.customers_create_response_body import CustomersCreateResponseBody
from voucherify.models.customers_get_response_body import CustomersGetResponseBody
from voucherify.models.customers_list_response_body import CustomersListResponseBody
from voucherify.models.customers_permanent_deletion_create_response_body import (
    CustomersPermanentDeletionCreateResponseBody,
)
from voucherify.models.customers_segments_list_response_body import (
    CustomersSegmentsListResponseBody,
)
from voucherify.models.customers_update_response_body import CustomersUpdateResponseBody

from customers.models import Customer
from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction, KeyRole
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.customer import CustomerFactory

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


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def viewer(project):
    return ApiClient(server_headers(project, role=KeyRole.VIEWER))


@pytest.fixture
def bob(project):
    with tenancy.scope(project):
        return CustomerFactory(source_id="bob", name="Bob", email="bob@example.com")


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


class TestList:
    @pytest.fixture(autouse=True)
    def _people(self, project, at):
        with tenancy.scope(project):
            for day, name in enumerate(["Ada Byron", "Grace Hopper", "Adele Goldberg"]):
                CustomerFactory(
                    name=name,
                    search_name=name.lower(),
                    source_id=f"s{day}",
                    city="London" if day else "Paris",
                    created_at=at.replace(day=day + 1),
                )

    def names(self, api, **params):
        response = api.get("/v1/customers", params)
        assert response.status_code == 200, response.content
        return [customer["name"] for customer in response.json()["customers"]]

    def test_answers_the_published_envelope_newest_first(self, api):
        body = api.get("/v1/customers", {"limit": 2}).json()

        assert len(CustomersListResponseBody.from_dict(body).customers) == 2
        assert (body["object"], body["data_ref"], body["total"]) == ("list", "customers", 3)
        assert [row["name"] for row in body["customers"]] == ["Adele Goldberg", "Grace Hopper"]

    def test_filters(self, api):
        assert self.names(api, name="ad") == ["Adele Goldberg", "Ada Byron"]
        assert self.names(api, city="Paris") == ["Ada Byron"]
        assert self.names(api, email="s1@example.com") == ["Grace Hopper"]
        assert self.names(api, segment_id="seg_1") == []
        assert self.names(api, **{"created_at[after]": "2026-03-02T00:00:00Z"}) == [
            "Adele Goldberg",
            "Grace Hopper",
        ]

    def test_sorts_and_goes_on_after_an_instant(self, api):
        assert self.names(api, order="source_id", page=2, limit=1) == ["Grace Hopper"]
        body = api.get(
            "/v1/customers", {"starting_after": "2026-03-03T12:00:00.000Z", "limit": 1}
        ).json()
        assert ([row["name"] for row in body["customers"]], body["has_more"]) == (
            ["Grace Hopper"],
            True,
        )

    @pytest.mark.parametrize("params", [{"page": 100}, {"limit": 101}, {"order": "name"}])
    def test_refuses_wrong_params(self, api, params):
        response = api.get("/v1/customers", params)

        assert (response.status_code, response.json()["key"]) == (400, "invalid_query_params")

    def test_takes_two_queries_whatever_the_number(self, api, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            assert len(self.names(api)) == 3

    def test_shows_nothing_of_another_project(self, other_api):
        assert self.names(other_api) == []


class TestSegments:
    def test_is_empty_also_for_an_unknown_id(self, api):
        body = api.get("/v1/customers/nobody/segments").json()

        assert CustomersSegmentsListResponseBody.from_dict(body).total == 0
        assert body == {"object": "list", "data_ref": "data", "data": [], "total": 0}


class TestImportCsv:
    def test_imports_in_the_background(self, api, project, work):
        response = api.upload("/v1/customers/importCSV", "Source_id,Name\nbob,Bob\n,\n")

        assert response.status_code == 202
        work()
        action = api.get(f"/v1/async-actions/{response.json()['async_action_id']}").json()
        assert AsyncActionGetResponseBody.from_dict(action).result["done_count"] == 1
        assert (action["type"], action["status"], action["progress"]) == (
            "CUSTOMERS.IMPORT_CSV",
            "DONE",
            100,
        )
        assert [customer.source_id for customer in stored(project)] == ["bob"]

    @pytest.mark.requirement(185)
    def test_names_the_key_in_the_history(self, api, project, work):
        api.upload("/v1/customers/importCSV", "source_id\nbob\n")
        work()

        with tenancy.scope(project):
            assert Customer.history.get().credential.startswith("Till (…")

    def test_asks_for_the_file(self, api):
        response = api.call(
            "POST",
            "/v1/customers/importCSV",
            body=b"",
            content_type="multipart/form-data; boundary=x",
        )

        assert details(response) == "Payload should have required property 'file'"

    def test_refuses_an_empty_file(self, api, project):
        assert details(api.upload("/v1/customers/importCSV", "")) == "The file is empty"
        with tenancy.scope(project):
            assert not AsyncAction.objects.exists()

    def test_refuses_a_viewer(self, viewer, project):
        response = viewer.upload("/v1/customers/importCSV", "source_id\nbob\n")

        assert response.status_code == 403
        with tenancy.scope(project):
            assert not AsyncAction.objects.exists()


class TestBulk:
    def test_updates_in_the_background(self, api, bob, project, work):
        response = api.post("/v1/customers/bulk/async", [{"source_id": "bob", "name": "Robert"}])

        assert response.status_code == 202
        assert response.json()["async_action_id"].startswith("aa_")
        work()
        assert stored(project)[0].name == "Robert"

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"source_id": "bob"}, "Payload must be array"),
            ([5], "Property [0] must be object"),
            ([{"name": "x"}], "Property [0] should have required property 'source_id'"),
        ],
    )
    def test_refuses_what_names_nobody(self, api, project, body, said):
        assert details(api.post("/v1/customers/bulk/async", body)) == said
        with tenancy.scope(project):
            assert not AsyncAction.objects.exists()


class TestMetadata:
    def test_updates_in_the_background(self, api, bob, project, work):
        response = api.post(
            "/v1/customers/metadata/async",
            {"source_ids": ["bob"], "metadata": {"tier": "gold"}},
        )

        assert response.status_code == 202
        work()
        assert stored(project)[0].metadata == {"tier": "gold"}

    def test_asks_for_source_ids(self, api):
        response = api.post("/v1/customers/metadata/async", {"metadata": {}})

        assert details(response) == "Payload should have required property 'source_ids'"
