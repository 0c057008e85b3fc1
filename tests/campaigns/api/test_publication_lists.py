"""GET /v1/publications: which, and in how many queries."""

import pytest
import voucherify

from tests.campaigns.api.publishing import pool, publish
from tests.factories.publication import PublicationFactory

pytestmark = pytest.mark.usefixtures("in_project")


def test_lists_the_publication_of_several_under_each_of_its_codes(api):
    campaign = pool(codes=2)
    made = publish(api, campaign, count=2).json()

    of_code = api.get(f"/v1/vouchers/{campaign.name.replace(' ', '%20')}-1/publications").json()
    by_code = api.get("/v1/publications", {"voucher": f"{campaign.name}-0"}).json()

    assert [row["id"] for row in of_code["publications"]] == [made["id"]]
    assert [row["id"] for row in by_code["publications"]] == [made["id"]]
    assert of_code["publications"][0]["vouchers_id"] == made["vouchers_id"]
    assert api.get("/v1/publications", {"voucher": "NOPE"}).json()["total"] == 0


def test_lists_what_is_asked_for(api):
    campaign = pool(name="Autumn")
    mine = PublicationFactory(
        voucher=campaign.vouchers.first(),
        campaign=campaign,
        customer__source_id="ada",
        source_id="s1",
    )
    PublicationFactory(result="FAILURE", failure_code="x")

    def ids(params):
        data = api.get("/v1/publications", params).json()
        return [row["id"] for row in data["publications"]]

    assert len(ids({})) == 2
    for params in (
        {"campaign": "Autumn"},
        {"customer": "ada"},
        {"voucher": "Autumn-0"},
        {"result": "SUCCESS"},
        {"source_id": "s1"},
        {"filters[campaign_name][conditions][$is]": "Autumn"},
        {"filters[related_object_id][conditions][$in][0]": mine.voucher.public_id},
        {"filters[result][conditions][$is]": "SUCCESS"},
    ):
        assert ids(params) == [mine.public_id], params
    over = api.get("/v1/publications", {"page": 1001}).json()
    assert over["key"] == "page_over_limit"
    assert over["details"] == "Property .page cannot be higher than 1000"
    assert ids({"order": "voucher_code"})
    of_code = api.get("/v1/vouchers/Autumn-0/publications").json()
    assert (of_code["total"], of_code["data_ref"]) == (1, "publications")
    voucherify.PublicationsListResponseBody.model_validate(of_code)


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    api, django_assert_num_queries, django_assert_max_num_queries
):
    PublicationFactory()
    api.get("/v1/publications")
    with django_assert_max_num_queries(6) as few:
        api.get("/v1/publications")
    for _ in range(5):
        PublicationFactory()

    with django_assert_num_queries(len(few.captured_queries)):
        assert len(api.get("/v1/publications").json()["publications"]) == 6
