"""The best use of incentives, offers in words, and what needs not be named."""

import pytest

from campaigns.models import StackingRules
from campaigns.services import state
from tests.factories.campaign import CampaignFactory
from tests.factories.promotion import PromotionTierFactory
from tests.redemptions.terms import ruled

URL = "/v1/qualifications"
ORDER = {"amount": 4000}


def ids(response):
    assert response.status_code == 200, response.content.decode()
    return [offer["id"] for offer in response.json()["redeemables"]["data"]]


def offered(api, **body):
    return ids(api.post(URL, {"order": ORDER, **body}))


def test_the_best_use_of_codes_is_found(api, code, in_project):
    code("TEN", {"type": "PERCENT", "percent_off": 10})
    code("FIVE", {"type": "AMOUNT", "amount_off": 500})
    code("OFF", active=False)

    body = api.post(
        URL,
        {
            "best": True,
            "order": ORDER,
            "redeemables": [{"object": "voucher", "id": n} for n in ("FIVE", "OFF", "TEN")],
        },
    ).json()

    assert ids_of(body) == ["FIVE", "TEN"]
    assert (body["best"]["saving"], body["order"]["total_amount"]) == (850, 3150)


def ids_of(body):
    return [offer["id"] for offer in body["redeemables"]["data"]]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"scenario": "SOME"}, "Property .scenario"),
        ({"options": {"limit": 51}}, "Property .options.limit"),
        ({"best": True}, "redeemables"),
        (
            {"best": True, "redeemables": [{"object": "voucher", "id": str(n)} for n in range(13)]},
            "Property .redeemables must NOT have more than 12 items",
        ),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(api, project, body, said):
    response = api.post(URL, body)

    assert response.status_code == 400
    assert said in response.json()["details"]


def test_the_older_endpoints_list_codes_and_campaigns(api, code, in_project):
    campaign = CampaignFactory(type="STANDALONE")
    code("ONE", campaign=campaign)

    codes = api.post("/v1/vouchers/qualification", {"order": ORDER}).json()
    campaigns = api.post("/v1/campaigns/qualification", {"order": ORDER}).json()

    assert [row["code"] for row in codes["data"]] == ["ONE"]
    assert [row["id"] for row in campaigns["data"]] == [campaign.public_id]


def test_a_browser_sees_offers_too(client_api, code, in_project):
    code("ONE", campaign=CampaignFactory(type="STANDALONE"))

    assert ids(client_api.post("/client/v1/qualifications", {"order": ORDER})) == ["ONE"]


def test_offers_of_another_project_are_not_seen(other_api, code, in_project):
    code("ONE")
    PromotionTierFactory()

    assert offered(other_api) == []


@pytest.mark.requirement(64, 78)
def test_an_offer_says_its_restrictions_in_plain_words(api, code, in_project, at):
    ruled(
        code("FIVE", expires_at=at.replace(year=2099)),
        ("order.amount", {"$more_than_or_equal": [2000]}),
    )

    body = api.post(URL, {"order": ORDER, "options": {"language": "en"}}).json()

    (offer,) = body["redeemables"]["data"]
    assert offer["expiration_date"] == "2099-03-02T12:00:00.000Z"
    assert any("20.00" in sentence for sentence in offer["restrictions"])
    assert len(offer["restrictions"]) == 2


@pytest.mark.requirement(199)
def test_public_codes_are_applied_without_being_named(api, code, in_project):
    code("TEN", {"type": "PERCENT", "percent_off": 10})
    code("FIVE", {"type": "AMOUNT", "amount_off": 500})
    api_rules(in_project, 1)

    body = api.post("/v1/validations", {"auto": True, "order": ORDER}).json()

    assert [one["id"] for one in body["redeemables"]] == ["FIVE"]
    assert body["order"]["total_amount"] == 3500
    assert body["left_out"] == [
        {"object": "voucher", "id": "TEN", "saving": 400, "reason": "lower_value"}
    ]


def api_rules(project, applied):
    """At most so many incentives per request."""
    StackingRules.objects.create(project=project, applicable_redeemables_limit=applied)
    state.stamp(project=project)
    project.refresh_from_db()
