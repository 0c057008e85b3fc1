import pytest
from voucherify.models.async_action_get_response_body import AsyncActionGetResponseBody

from customers.models import Customer
from loyalty_project.core import tenancy
from loyalty_project.core.models import AsyncAction


def stored(project, **conditions):
    with tenancy.scope(project):
        return list(Customer.objects.filter(**conditions))


def details(response, status=400):
    assert response.status_code == status, response.content
    return response.json()["details"]


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
