"""`/v1/campaigns` over HTTP."""

from urllib.parse import quote

import pytest
import voucherify

from campaigns.models import Campaign, Voucher
from loyalty_project.core.models import AsyncAction, OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.publication import PublicationFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
BODY = {
    "name": "Discount Campaign 4",
    "campaign_type": "DISCOUNT_COUPONS",
    "join_once": True,
    "type": "AUTO_UPDATE",
    "start_date": "2020-08-16T00:00:00Z",
    "expiration_date": "2033-12-26T00:00:00Z",
    "vouchers_count": 3,
    "voucher": {
        "type": "DISCOUNT_VOUCHER",
        "discount": {"percent_off": 10, "type": "PERCENT"},
        "redemption": {"quantity": 10},
        "code_config": {"pattern": "10OFF-#######"},
    },
    "validity_timeframe": {"interval": "P2D", "duration": "P1D"},
    "validity_day_of_week": [0, 1, 2],
    "activity_duration_after_publishing": "P24D",
    "use_voucher_metadata_schema": False,
    "metadata": {"region": "AMER"},
}


def test_creates_a_campaign_as_published(api, work, set_clock, at):
    set_clock(at)

    answer = api.post("/v1/campaigns", BODY)

    assert answer.status_code == 200
    data = answer.json()
    voucherify.CampaignsCreateResponseBody.model_validate(data)
    validity = {
        "start_date": "2020-08-16T00:00:00.000Z",
        "expiration_date": "2033-12-26T00:00:00.000Z",
        "validity_timeframe": {"interval": "P2D", "duration": "P1D"},
        "validity_day_of_week": [0, 1, 2],
    }
    assert data == {
        **data,
        **validity,
        "name": "Discount Campaign 4",
        "campaign_type": "DISCOUNT_COUPONS",
        "type": "AUTO_UPDATE",
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "PERCENT", "percent_off": 10},
            "redemption": {"quantity": 10},
            "code_config": {
                "length": 7,
                "charset": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                "pattern": "10OFF-#######",
            },
            "is_referral_code": False,
            **validity,
        },
        "join_once": True,
        "use_voucher_metadata_schema": False,
        "activity_duration_after_publishing": "P24D",
        "vouchers_count": 0,
        "metadata": {"region": "AMER"},
        "creation_status": "IN_PROGRESS",
        "vouchers_generation_status": "IN_PROGRESS",
        "object": "campaign",
    }
    work()
    name = quote("Discount Campaign 4")
    found = api.get(f"/v1/campaigns/{name}").json()
    assert (found["id"], found["vouchers_count"]) == (data["id"], 3)
    assert found["vouchers_generation_status"] == "DONE"


@pytest.mark.parametrize(
    ("changes", "status", "key", "details"),
    [
        ({"name": None}, 400, "invalid_payload", "Payload should have required property 'name'"),
        (
            {"vouchers_count": "x"},
            400,
            "invalid_payload",
            "Property .vouchers_count must be integer",
        ),
        (
            {"voucher": {**BODY["voucher"], "code_config": {"pattern": "#", "charset": "AB"}}},
            400,
            "invalid_code_config",
            "the code config can yield 2 distinct codes, 0 of them are taken, 3 are wanted",
        ),
        (
            {"category_id": "cat_0"},
            404,
            "not_found",
            "Cannot find category with id cat_0",
        ),
        (
            {"validity_day_of_week": [7]},
            400,
            "invalid_payload",
            "Property .validity_day_of_week[0] must be <= 6",
        ),
    ],
)
def test_names_what_is_wrong_and_writes_nothing(api, changes, status, key, details):
    answer = api.post("/v1/campaigns", {**BODY, **changes})

    found = answer.json()
    assert (answer.status_code, found["key"], found["details"]) == (status, key, details)
    assert not Campaign.objects.exists()
    assert not AsyncAction.objects.exists()


def test_refuses_a_name_twice(api):
    CampaignFactory(name=BODY["name"])

    answer = api.post("/v1/campaigns", BODY)

    assert answer.status_code == 409
    assert answer.json()["message"] == "Duplicated resource found"
    assert answer.json()["resource_id"] == "Discount Campaign 4"


@pytest.mark.requirement(93)
def test_switches_without_a_body_and_answers_an_empty_object(api):
    campaign = CampaignFactory(name="My campaign/1")
    path = f"/v1/campaigns/{quote('My campaign/1', safe='')}"

    for action, active in (("disable", False), ("disable", False), ("enable", True)):
        answer = api.post(f"{path}/{action}")
        assert (answer.status_code, answer.json()) == (200, {})
        campaign.refresh_from_db()
        assert campaign.active is active

    types = OutboxEvent.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == ["campaign.disabled", "campaign.enabled", "campaign.started"]


@pytest.mark.requirement(93, 185)
def test_keeps_who_switched_with_which_key_and_from_where(api):
    campaign = CampaignFactory()

    api.post(f"/v1/campaigns/{campaign.public_id}/disable")

    before, after = campaign.history.order_by("history_id")
    assert (before.active, after.active) == (True, False)
    assert after.credential.startswith("Till (…")
    assert after.ip == "127.0.0.1"
    assert after.request_id.startswith("v-")


def test_updates_and_leaves_immutable_members_alone(api):
    campaign = CampaignFactory(name="A", description="old")

    answer = api.put(
        f"/v1/campaigns/{campaign.public_id}",
        {"name": "B", "description": "New description", "expiration_date": "2090-01-01"},
    )

    data = answer.json()
    voucherify.CampaignsUpdateResponseBody.model_validate(data)
    assert (data["name"], data["description"]) == ("A", "New description")
    assert data["expiration_date"] == "2090-01-01T00:00:00.000Z"
    assert Campaign.objects.get().version == 2


def test_refuses_to_change_a_protected_campaign(api):
    campaign = CampaignFactory(protected=True)
    path = f"/v1/campaigns/{campaign.public_id}"

    assert api.put(path, {"description": "x"}).json()["key"] == "resource_protected"
    assert api.delete(path).json()["key"] == "resource_protected"
    assert Campaign.objects.get().deleted_at is None


def test_deletes_into_the_bin_with_its_codes(api, work):
    campaign = CampaignFactory(name="A")
    VoucherFactory(code="V", campaign=campaign)

    answer = api.delete(f"/v1/campaigns/{campaign.public_id}")

    assert answer.status_code == 202
    work()
    assert api.get("/v1/campaigns/A").status_code == 404
    assert api.get("/v1/vouchers/V").status_code == 404
    assert Voucher.objects.get().deleted_at is not None
    event = OutboxEvent.objects.get(type="campaign.deleted")
    assert event.data["deleted_at"]


def test_deletes_for_good_what_nobody_used(api, work):
    used = CampaignFactory()
    PublicationFactory(voucher__campaign=used)
    free = CampaignFactory()
    VoucherFactory(campaign=free)

    refused = api.delete(f"/v1/campaigns/{used.public_id}?force=true")
    done = api.delete(f"/v1/campaigns/{free.public_id}?force=true")
    work()

    assert (refused.status_code, refused.json()["key"]) == (400, "resource_in_use")
    assert done.status_code == 202
    assert [campaign.pk for campaign in Campaign.objects.all()] == [used.pk]
    assert Voucher.objects.count() == 1


def test_answers_for_campaigns_without_cards(api):
    campaign = CampaignFactory()
    path = f"/v1/campaigns/{campaign.public_id}"

    assert api.get(f"{path}/transactions").json()["data"] == []
    assert api.post(f"{path}/transactions/export").status_code == 403
    assert api.post("/v1/campaigns/qualification", {}).status_code == 200
