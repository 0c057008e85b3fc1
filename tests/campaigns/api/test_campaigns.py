"""`/v1/campaigns` over HTTP."""

from urllib.parse import quote

import pytest
import voucherify

from campaigns.models import Campaign, Voucher
from loyalty_project.core.models import AsyncAction, OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
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
            {"campaign_type": "PROMOTION"},
            400,
            "invalid_payload",
            (
                "Property .campaign_type PROMOTION is not available:"
                " promotion tiers are not supported yet"
            ),
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
    assert list(types) == ["campaign.disabled", "campaign.enabled"]


@pytest.mark.requirement(93, 185)
def test_keeps_who_switched_with_which_key_and_from_where(api):
    campaign = CampaignFactory()

    api.post(f"/v1/campaigns/{campaign.public_id}/disable")

    before, after = campaign.history.order_by("history_id")
    assert (before.active, after.active) == (True, False)
    assert after.credential.startswith("Till (…")
    assert after.ip == "127.0.0.1"
    assert after.request_id.startswith("v-")


@pytest.mark.parametrize("body", [b"", b"5", b"{}", b"null"])
def test_adds_a_code_whatever_the_clients_send_as_body(api, body):
    campaign = CampaignFactory()

    answer = api.post(f"/v1/campaigns/{campaign.public_id}/vouchers", body=body)

    assert answer.status_code == 200
    data = answer.json()
    voucherify.CampaignsVouchersCreateCombinedResponseBody.model_validate(data)
    assert data["code"] == Voucher.objects.get().code
    assert data["campaign_id"] == campaign.public_id
    assert data["redemption"]["quantity"] == 1


def test_adds_many_codes_by_a_background_task(api, work):
    campaign = CampaignFactory()

    answer = api.post(f"/v1/campaigns/{campaign.public_id}/vouchers?vouchers_count=4", {})

    assert answer.status_code == 202
    assert list(answer.json()) == ["async_action_id"]
    work()
    action = api.get(f"/v1/async-actions/{answer.json()['async_action_id']}").json()
    assert (action["status"], action["progress"]) == ("DONE", 100)
    assert Voucher.objects.filter(campaign=campaign).count() == 4


def test_adds_a_code_by_name_once(api):
    campaign = CampaignFactory(category=CategoryFactory(name="Tea"))
    path = f"/v1/campaigns/{campaign.public_id}/vouchers/Code3"
    body = {
        "start_date": "2022-09-24T00:00:00Z",
        "redemption": {"quantity": 5},
        "additional_info": "Voucher added using API",
        "metadata": {"Season": "Fall"},
    }

    first, second = api.post(path, body), api.post(path, body)

    data = first.json()
    voucherify.CampaignsVouchersCreateResponseBody.model_validate(data)
    assert (data["category"], data["redemption"]["quantity"]) == ("Tea", 5)
    assert data["discount"] == {"type": "PERCENT", "percent_off": 10}
    assert (second.status_code, second.json()["key"]) == (409, "duplicate_found")
    assert Campaign.objects.get().vouchers_count == 1


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


def test_imports_codes_and_reports_those_that_exist(api, work):
    campaign = CampaignFactory()
    VoucherFactory(code="CODE8")
    rows = [
        {"code": "CODE7", "category": "First", "redemption": {"quantity": 3}, "active": True},
        {"code": "CODE8", "metadata": {"season": "Fall"}},
    ]

    answer = api.post(f"/v1/campaigns/{campaign.public_id}/import", rows)
    work()

    assert answer.status_code == 202
    action = api.get(f"/v1/async-actions/{answer.json()['async_action_id']}").json()
    assert action["status"] == "DONE"
    assert (action["result"]["done_count"], action["result"]["failed_count"]) == (1, 1)
    assert action["result"]["failed"] == [
        {"code": "CODE8", "row": 2, "reason": "Duplicated voucher exists with id CODE8"}
    ]
    assert api.get("/v1/vouchers/CODE7").json()["redemption"]["quantity"] == 3
    assert not OutboxEvent.objects.filter(type="voucher.created").exists()


@pytest.mark.parametrize(
    ("rows", "key", "details"),
    [
        ([{"code": "A"}, {"code": " A"}], "duplicate_key", "1 voucher codes(s) already exist."),
        ([{}], "invalid_voucher", "Found 1 voucher(s) without 'code' value"),
        ({}, "invalid_payload", "Payload must be array"),
    ],
)
def test_refuses_an_import_that_makes_no_sense(api, rows, key, details):
    campaign = CampaignFactory()

    answer = api.post(f"/v1/campaigns/{campaign.public_id}/import", rows)

    assert (answer.json()["key"], answer.json()["details"]) == (key, details)
    assert not AsyncAction.objects.exists()


def test_imports_a_csv_file_into_a_campaign(api, work):
    campaign = CampaignFactory()
    text = "Code,Active,Category,Season\nA1,TRUE,Tea,Fall\nA2,FALSE,,\nA3,maybe,,\n"

    answer = api.upload(f"/v1/campaigns/{campaign.public_id}/importCSV", text)
    work()

    assert answer.status_code == 200
    assert api.get("/v1/vouchers/A1").json()["metadata"] == {"Season": "Fall"}
    assert api.get("/v1/vouchers/A2").json()["active"] is False
    result = AsyncAction.objects.get().result
    assert result["failed"] == [
        {"code": "A3", "row": 3, "reason": "Column 'Active' must be TRUE or FALSE"}
    ]


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


def test_answers_for_campaigns_without_cards(api):
    campaign = CampaignFactory()
    path = f"/v1/campaigns/{campaign.public_id}"

    assert api.get(f"{path}/transactions").json()["data"] == []
    assert api.post(f"{path}/transactions/export").status_code == 403
    assert api.post("/v1/campaigns/qualification", {}).json()["key"] == "invalid_payload"


@pytest.mark.requirement(174)
def test_hides_campaigns_of_other_projects(other_api):
    campaign = CampaignFactory()
    path = f"/v1/campaigns/{campaign.public_id}"

    assert other_api.get(path).status_code == 404
    assert other_api.post(f"{path}/disable").status_code == 404
    assert other_api.get("/v1/campaigns").json()["total"] == 0
    campaign.refresh_from_db()
    assert campaign.active
