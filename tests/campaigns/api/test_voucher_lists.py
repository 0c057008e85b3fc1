"""GET /v1/vouchers: which, and in how many queries."""

import pytest
import voucherify

from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


def listed(api, params):
    answer = api.get("/v1/vouchers", params)
    assert answer.status_code == 200, answer.json()
    voucherify.VouchersListResponseBody.model_validate(answer.json())
    return [voucher["code"] for voucher in answer.json()["vouchers"]]


def test_filters_by_all_that_is_published(api, at):
    category = CategoryFactory(name="Tea")
    campaign = CampaignFactory(name="Autumn", category=category)
    customer = CustomerFactory(source_id="ada")
    mine = VoucherFactory(code="A", campaign=campaign, holder=customer, metadata={"lot": 7})
    own = VoucherFactory(code="B", active=False, expires_at=at, redemption_limit=None)
    UsageDeltaFactory(voucher=own, count=4)

    assert listed(api, {"order": "code"}) == ["A", "B"]
    for params in (
        {"campaign": "Autumn"},
        {"campaign_id": campaign.public_id},
        {"category": "Tea"},
        {"customer": "ada"},
        {"code": " A "},
        {"ids": [mine.public_id]},
        {"filters[active][conditions][$active]": ""},
        {"filters[active][conditions][$enabled]": "true"},
        {"filters[category_ids][conditions][$in][0]": category.public_id},
        {"filters[metadata.lot][conditions][$is]": "7"},
        {"filters[holder_id][conditions][$is]": customer.public_id},
    ):
        assert listed(api, params) == ["A"], params
    for params in (
        {"campaign": "null"},
        {"filters[active][conditions][$expired]": ""},
        {"filters[redemption.redeemed_quantity][conditions][$more_than]": "3"},
        {"filters[code][conditions][$in]": "['B', 'C']"},
        {"filters[is_referral_code][conditions][$is]": "false", "code": "B"},
        {"[created_at][after]": "2020-01-01T00:00:00Z", "page": 2, "limit": 1, "order": "code"},
    ):
        assert listed(api, params) == ["B"], params
    assert api.get("/v1/vouchers", {"page": 100}).json()["key"] == "invalid_query_params"


def test_lists_in_the_same_number_of_queries_whatever_the_number(
    api, django_assert_num_queries, django_assert_max_num_queries
):
    campaign = CampaignFactory(category=CategoryFactory())
    for _ in range(2):
        VoucherFactory(campaign=campaign, holder=CustomerFactory())
    api.get("/v1/vouchers")
    with django_assert_max_num_queries(12) as few:
        api.get("/v1/vouchers")
    for _ in range(8):
        VoucherFactory(campaign=campaign, holder=CustomerFactory())

    with django_assert_num_queries(len(few.captured_queries)):
        assert len(api.get("/v1/vouchers").json()["vouchers"]) == 10
