"""Codes that are added to a campaign, one by one, by number or from a file."""

import pytest
import voucherify

from campaigns.models import Campaign, Voucher
from loyalty_project.core.models import AsyncAction, OutboxEvent
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")


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
