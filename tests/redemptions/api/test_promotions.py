"""`/v1/promotions/tiers` and `/client/v1/promotions/tiers` over HTTP."""

from datetime import timedelta

import pytest
import voucherify

from campaigns.models import PromotionTier
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.api_key import client_headers, server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.limit import HolidayCalendarFactory
from tests.factories.promotion import PromotionFactory, PromotionTierFactory
from tests.factories.redemption import RedemptionFactory

pytestmark = pytest.mark.usefixtures("in_project")
# The published example.
BODY = {
    "name": "Order more than $100",
    "banner": "Order more than $100",
    "action": {
        "discount": {"type": "AMOUNT", "amount_off": 3000, "effect": "APPLY_TO_ORDER"},
    },
    "metadata": {},
    "active": True,
    "start_date": "2022-09-21T00:00:00.000Z",
    "expiration_date": "2022-09-30T00:00:00.000Z",
    "validity_timeframe": {"interval": "P2D", "duration": "P1D"},
    "validity_day_of_week": [1, 2, 3, 4],
}
UNUSED = {
    "redemptions": {"total_redeemed": 0},
    "orders": {"total_amount": 0, "total_discount_amount": 0},
}


def use(tier, **values):
    return RedemptionFactory(
        voucher=None, code="", promotion_tier=tier, campaign=tier.campaign, **values
    )


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [tier["id"] for tier in answer.json()["tiers"]]


def test_adds_a_tier_as_published(api):
    campaign = PromotionFactory(category=CategoryFactory())

    answer = api.post(f"/v1/promotions/{campaign.public_id}/tiers", BODY)

    assert answer.status_code == 200
    data = answer.json()
    voucherify.PromotionsTiersCreateResponseBody.model_validate(data)
    tier = PromotionTier.objects.get()
    assert data == {
        **data,
        **BODY,
        "id": tier.public_id,
        "hierarchy": 1,
        "promotion_id": campaign.public_id,
        "campaign_id": campaign.public_id,
        "summary": UNUSED,
        "object": "promotion_tier",
    }
    assert data["campaign"]["category_id"] == campaign.category.public_id
    assert api.get(f"/v1/promotions/tiers/{tier.public_id}").json() == data


def test_changes_switches_and_deletes_a_tier(api):
    tier = PromotionTierFactory()
    path = f"/v1/promotions/tiers/{tier.public_id}"

    changed = api.put(path, {"name": "New", "banner": None, "hierarchy": 4}).json()
    off = api.post(f"{path}/disable").json()
    on = api.post(f"{path}/enable").json()
    gone = api.delete(path)

    assert (changed["name"], changed["hierarchy"]) == ("New", 4)
    assert "banner" not in changed
    assert (off["active"], on["active"]) == (False, True)
    voucherify.PromotionsTiersUpdateResponseBody.model_validate(changed)
    voucherify.PromotionsTiersDisableResponseBody.model_validate(off)
    assert (gone.status_code, gone.content) == (204, b"")
    missing = api.get(path).json()
    assert (missing["code"], missing["key"]) == (404, "not_found")
    assert missing["details"] == f"Cannot find promotion_tier with id {tier.public_id}"
    assert (missing["resource_id"], missing["resource_type"]) == (
        tier.public_id,
        "promotion_tier",
    )
    assert api.delete(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"name": None}, "Payload should have required property 'name'"),
        ({"name": "x" * 256}, "Property .name must NOT have more than 255 characters"),
        ({"action": {}}, "Payload should have required property 'action.discount'"),
        ({"action": {"discount": 5}}, "Property .action.discount must be object"),
        ({"hierarchy": 1.5}, "Property .hierarchy must be integer"),
        ({"hierarchy": -1}, "Property .hierarchy must be >= 0"),
        ({"validity_day_of_week": [7]}, "Property .validity_day_of_week[0] must be <= 6"),
        (
            {"expiration_date": "2022-09-20"},
            "Property .expiration_date must be later than .start_date",
        ),
    ],
)
def test_names_what_is_wrong_and_leaves_no_trace(api, changes, details):
    campaign = PromotionFactory()

    answer = api.post(f"/v1/promotions/{campaign.public_id}/tiers", {**BODY, **changes})

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_payload")
    assert answer.json()["details"] == details
    assert not PromotionTier.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_refuses_tiers_for_a_campaign_of_codes(api):
    campaign = CampaignFactory()

    answer = api.post(f"/v1/promotions/{campaign.public_id}/tiers", BODY)

    assert (answer.status_code, answer.json()["key"]) == (400, "invalid_campaign")
    assert api.get(f"/v1/promotions/{campaign.public_id}/tiers").json()["tiers"] == []


def test_lists_the_newest_first_and_those_of_a_campaign_in_their_sequence(api, at):
    campaign = PromotionFactory()
    low = PromotionTierFactory(campaign=campaign, hierarchy=9, created_at=at)
    high = PromotionTierFactory(
        campaign=campaign, hierarchy=1, created_at=at + timedelta(seconds=1)
    )
    other = PromotionTierFactory(created_at=at + timedelta(seconds=2))
    PromotionTierFactory(campaign=campaign, deleted_at=at)

    everything = api.get("/v1/promotions/tiers")
    assert ids(everything) == [other.public_id, high.public_id, low.public_id]
    assert everything.json()["total"] == 3
    voucherify.PromotionsTiersListResponseBody.model_validate(everything.json())
    assert ids(api.get("/v1/promotions/tiers", {"order": "created_at", "limit": 1})) == [
        low.public_id
    ]
    of_campaign = api.get(f"/v1/promotions/{campaign.public_id}/tiers")
    assert ids(of_campaign) == [high.public_id, low.public_id]
    assert {**of_campaign.json(), "tiers": []} == {
        "object": "list",
        "data_ref": "tiers",
        "tiers": [],
        "total": 2,
        "has_more": False,
    }
    assert api.get("/v1/promotions/camp_x/tiers").status_code == 404


def test_the_summary_counts_the_redemptions_that_stand(api, at):
    tier, unused = PromotionTierFactory(), PromotionTierFactory()
    use(tier, order__amount=2000, applied_amount=200)
    use(tier, order__amount=3000, applied_amount=150)
    use(tier, order__amount=5000, applied_amount=500, rolled_back_at=at)
    use(tier, order=None, customer=None, applied_amount=0, result="FAILURE")

    listed = {row["id"]: row["summary"] for row in api.get("/v1/promotions/tiers").json()["tiers"]}

    expected = {
        "redemptions": {"total_redeemed": 2},
        "orders": {"total_amount": 5000, "total_discount_amount": 350},
    }
    assert listed == {tier.public_id: expected, unused.public_id: UNUSED}
    single = api.get(f"/v1/promotions/tiers/{tier.public_id}").json()
    assert single["summary"] == expected
    changed = api.put(f"/v1/promotions/tiers/{tier.public_id}", {"name": "New"}).json()
    assert changed["summary"] == expected


def test_a_long_list_costs_as_many_queries_as_a_short_one(api, django_assert_max_num_queries):
    use(PromotionTierFactory(category=CategoryFactory()))
    with django_assert_max_num_queries(20) as short:
        api.get("/v1/promotions/tiers", {"limit": 100})
    for tier in PromotionTierFactory.create_batch(12, category=CategoryFactory()):
        use(tier)

    with django_assert_max_num_queries(len(short)):
        assert len(ids(api.get("/v1/promotions/tiers", {"limit": 100}))) == 13


@pytest.mark.requirement(69)
def test_lists_those_that_are_available_now(api, set_clock, at):
    set_clock(at)
    day = timedelta(days=1)
    running = PromotionTierFactory(starts_at=at, expires_at=at + day)
    PromotionTierFactory(active=False)
    PromotionTierFactory(campaign__active=False)
    PromotionTierFactory(starts_at=at + timedelta(seconds=1), expires_at=at + day)
    PromotionTierFactory(expires_at=at)
    PromotionTierFactory(campaign__expires_at=at)
    tomorrow = PromotionTierFactory(campaign__starts_at=at + day)

    assert ids(api.get("/v1/promotions/tiers", {"is_available": "true"})) == [running.public_id]
    assert len(ids(api.get("/v1/promotions/tiers", {"is_available": "false"}))) == 7
    set_clock(at + day)
    assert ids(api.get("/v1/promotions/tiers", {"is_available": "true"})) == [tomorrow.public_id]
    wrong = api.get("/v1/promotions/tiers", {"is_available": "now"})
    assert (wrong.status_code, wrong.json()["key"]) == (400, "invalid_query_params")


def test_days_hours_and_holidays_count_for_what_is_available(api, set_clock, at):
    """Noon UTC of a Monday is one o'clock in Berlin."""
    set_clock(at)
    calendar = HolidayCalendarFactory(days=[{"date": "2026-03-02", "name": "Ours"}])
    shut = {"daily": [{"start_time": "09:00", "expiration_time": "13:00"}]}
    open_ = {"daily": [{"start_time": "13:00", "expiration_time": "14:00"}]}
    PromotionTierFactory(validity_day_of_week=[2, 3])
    PromotionTierFactory(validity_hours=shut)
    PromotionTierFactory(campaign__validity_hours=shut)
    PromotionTierFactory(campaign__holiday_calendar=calendar)
    running = PromotionTierFactory(validity_hours=open_, campaign__validity_day_of_week=[1])

    assert ids(api.get("/v1/promotions/tiers", {"is_available": "true"})) == [running.public_id]


def test_browsers_see_the_tiers_but_not_what_they_brought_in(project, client_api):
    tier = PromotionTierFactory()
    use(tier)

    answer = client_api.get("/client/v1/promotions/tiers", {"is_available": "true"})

    assert ids(answer) == [tier.public_id]
    assert "summary" not in answer.json()["tiers"][0]
    voucherify.ClientPromotionsTiersListResponseBody.model_validate(answer.json())
    narrow = ApiClient(client_headers(project, scopes=["client_validations"]))
    assert narrow.get("/client/v1/promotions/tiers").status_code == 403


def test_a_viewer_reads_and_changes_nothing(project):
    tier = PromotionTierFactory()
    viewer = ApiClient(server_headers(project, role="VIEWER"))
    path = f"/v1/promotions/tiers/{tier.public_id}"

    assert viewer.get(path).status_code == 200
    for answer in (viewer.put(path, {"name": "New"}), viewer.post(f"{path}/disable")):
        assert answer.status_code == 403
    tier.refresh_from_db()
    assert (tier.name != "New", tier.active) == (True, True)


def test_the_history_names_the_key(api):
    tier = PromotionTierFactory()

    api.put(f"/v1/promotions/tiers/{tier.public_id}", {"name": "New"})

    newest = tier.history.first()
    assert (newest.history_type, newest.name) == ("~", "New")
    assert newest.credential.startswith("Till")
