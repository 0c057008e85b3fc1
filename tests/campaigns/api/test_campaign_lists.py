"""GET /v1/campaigns: which, in which order, in how many queries."""

import pytest
import voucherify

from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory

pytestmark = pytest.mark.usefixtures("in_project")


def test_lists_what_is_asked_for(api, at):
    tea = CategoryFactory(name="Tea")
    CampaignFactory(name="A", category=tea, expires_at=at)
    CampaignFactory(name="B", active=False, generation_status="IN_PROGRESS")

    def names(params):
        data = api.get("/v1/campaigns", params).json()
        voucherify.CampaignsListResponseBody.model_validate(data)
        return [campaign["name"] for campaign in data["campaigns"]]

    assert names({}) == ["B", "A"]
    for params in (
        {"campaign_status": "DONE"},
        {"filters[categories][conditions][$in]": "['Tea']"},
        {"filters[active][conditions][$enabled]": ""},
        {"filters[active][conditions][$expired]": ""},
        {"filters[status][conditions][$active]": ""},
        {"filters[campaigns][conditions][$is]": "A"},
        {"filters[created_date][conditions][$less_than]": "2", "order": "created_at", "limit": 1},
    ):
        assert names(params) == ["A"], params
    assert names({"is_referral_code": "true"}) == []
    assert api.get("/v1/campaigns", {"campaign_status": "X"}).status_code == 400


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    api, django_assert_num_queries, django_assert_max_num_queries
):
    for _ in range(2):
        CampaignFactory(category=CategoryFactory())
    api.get("/v1/campaigns")
    with django_assert_max_num_queries(6) as few:
        api.get("/v1/campaigns")
    for _ in range(8):
        CampaignFactory(category=CategoryFactory())

    with django_assert_num_queries(len(few.captured_queries)):
        assert len(api.get("/v1/campaigns").json()["campaigns"]) == 10


@pytest.mark.requirement(174)
def test_hides_campaigns_of_other_projects(other_api):
    campaign = CampaignFactory()
    path = f"/v1/campaigns/{campaign.public_id}"

    assert other_api.get(path).status_code == 404
    assert other_api.post(f"{path}/disable").status_code == 404
    assert other_api.get("/v1/campaigns").json()["total"] == 0
    campaign.refresh_from_db()
    assert campaign.active
