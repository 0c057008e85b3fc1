"""Pages of offers lose nothing, and cost as much for many as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.services import state
from redemptions.services import qualifications
from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionFactory, PromotionStackFactory, PromotionTierFactory
from tests.redemptions.api.test_qualifications import ORDER, URL, offered
from tests.redemptions.terms import ruled


def pages(api, limit):
    found, options = [], {"limit": limit}
    while True:
        page = api.post(URL, {"order": ORDER, "options": options}).json()["redeemables"]
        found.append([offer["id"] for offer in page["data"]])
        if not page["has_more"]:
            return found
        options["starting_after"] = page["more_starting_after"]


def test_offers_made_at_the_same_instant_stay_on_one_page(api, code, in_project, at):
    tiers = [PromotionTierFactory(created_at=at).public_id for _ in range(3)]
    code("OLD", created_at=at - timedelta(seconds=1))
    code("NEW", created_at=at + timedelta(seconds=1))

    first, second = pages(api, 2)

    assert first[0] == "NEW"
    assert set(first[1:]) == set(tiers)
    assert second == ["OLD"]


def test_a_cursor_in_milliseconds_loses_and_repeats_nothing(api, code, in_project, at):
    for number in range(6):
        code(f"C{number}", created_at=at + timedelta(microseconds=400 * number))

    assert pages(api, 1) == [["C5"], ["C4", "C3"], ["C2", "C1", "C0"]]


def test_a_look_at_many_candidates_ends_between_two_milliseconds(
    api, code, in_project, at, monkeypatch
):
    monkeypatch.setattr(qualifications, "SCANNED_MAX", 2)
    monkeypatch.setattr("redemptions.context.offers.BATCH", 2)
    for number in range(3):
        ruled(code(f"BIG{number}", created_at=at), ("order.amount", {"$more_than": [9999]}))
    code("TIED", created_at=at)
    code("OLD", created_at=at - timedelta(seconds=1))

    found = pages(api, 5)

    assert [name for page in found for name in page] == ["TIED", "OLD"]


@pytest.mark.parametrize("path", ["/v1/vouchers/qualification", "/v1/campaigns/qualification"])
def test_the_older_endpoints_keep_to_their_limit(api, code, in_project, at, path):
    for number in range(3):
        code(f"C{number}", campaign=CampaignFactory(type="STANDALONE"), created_at=at)

    assert api.post(f"{path}?limit=2", {"order": ORDER}).json()["total"] == 2


def offers(project, code, number):
    for _ in range(number):
        campaign = CampaignFactory(type="STANDALONE")
        ruled(campaign, ("order.amount", {"$more_than": [1]}))
        LimitFactory(campaign=campaign, value=10)
        name = f"CODE-{campaign.pk}"
        ruled(code(name, campaign=campaign), ("order.amount", {"$more_than": [1]}))
        promotion = PromotionFactory()
        tier = PromotionTierFactory(campaign=promotion)
        ruled(tier, ("order.amount", {"$more_than": [1]}))
        PromotionStackFactory(campaign=promotion, tiers=[tier])
    state.stamp(project=project)


@pytest.mark.parametrize("path", [URL, "/v1/vouchers/qualification", "/v1/campaigns/qualification"])
def test_five_offers_cost_as_many_queries_as_one(api, code, in_project, path):
    def cost():
        body = {"order": ORDER, **({"options": {"limit": 50}} if path == URL else {})}
        api.post(path, body)
        with CaptureQueriesContext(connection) as captured:
            answer = api.post(path, body).json()
        shown = answer.get("data") or answer["redeemables"]["data"]
        return len(shown), len(captured.captured_queries)

    offers(in_project, code, 1)
    few, once = cost()
    offers(in_project, code, 4)
    many, often = cost()

    assert many == 5 * few
    assert often == once


def test_a_browser_lists_codes_that_some_know_only_if_the_project_says_so(
    client_api, code, in_project
):
    ada = CustomerFactory(source_id="ada")
    code("MINE", campaign=CampaignFactory(type="STATIC"), holder=ada)
    code("ALONE")
    code("PUBLIC", campaign=CampaignFactory(type="STANDALONE"))
    tier = PromotionTierFactory().public_id
    said = {"order": ORDER, "customer": {"source_id": "ada"}}

    def listed(**more):
        body = client_api.post("/client/v1/qualifications", {**said, **more}).json()
        return {offer["id"] for offer in body["redeemables"]["data"]}

    def applied():
        body = client_api.post("/client/v1/validations", {**said, "auto": True}).json()
        shown = [*body["redeemables"], *body["left_out"]]
        return {one["id"] for one in shown}

    assert listed() == applied() == {"PUBLIC", tier}
    assert listed(scenario="CUSTOMER_WALLET") == set()

    in_project.client_options = {"client_list_vouchers_enabled": True}
    in_project.save()

    assert listed() == applied() == {"PUBLIC", "ALONE", "MINE", tier}
    assert listed(scenario="CUSTOMER_WALLET") == {"MINE"}


@pytest.mark.parametrize(
    "limit", [{"per_customer": True}, {"measure": "customers"}, {"measure": "customers", "own": 1}]
)
def test_a_lenient_scenario_leaves_out_limits_of_customers_for_nobody(api, code, in_project, limit):
    voucher = code("FIVE")
    limit = dict(limit)
    LimitFactory(**({"voucher": voucher} if limit.pop("own", None) else {}), **limit)

    assert offered(api, scenario="AUDIENCE_ONLY") == ["FIVE"]
    assert offered(api) == []
