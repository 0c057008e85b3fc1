import pytest
from voucherify.models.customers_list_response_body import CustomersListResponseBody
from voucherify.models.customers_segments_list_response_body import (
    CustomersSegmentsListResponseBody,
)

from loyalty_project.core import tenancy
from tests.factories.customer import CustomerFactory


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
