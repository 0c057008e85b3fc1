"""The published Python client against a live server process, from campaign to rollback."""

import time

import pytest
import voucherify
from voucherify import models
from voucherify.exceptions import BadRequestException

from tests.journeys import server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(api_key_pair, tmp_path):
    app_id, app_token = api_key_pair
    with server.running(log=tmp_path / "server.log") as address:
        configuration = voucherify.Configuration(
            host=address, api_key={"X-App-Id": app_id, "X-App-Token": app_token}
        )
        yield voucherify.ApiClient(configuration)


def create_campaign(client, *, codes):
    body = {
        "name": "Spring / 10 % off",
        "campaign_type": "DISCOUNT_COUPONS",
        "type": "AUTO_UPDATE",
        "vouchers_count": codes,
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "PERCENT", "percent_off": 10},
            "redemption": {"quantity": 1},
            "code_config": {"pattern": "SPRING-######"},
        },
    }
    return voucherify.CampaignsApi(client).create_campaign(
        models.CampaignsCreateRequestBody.from_dict(body)
    )


def until(condition, *, seconds=60):
    for _ in range(seconds * 10):
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"nothing after {seconds} s")


def generated(campaigns, campaign):
    """The campaign when all its codes are there."""

    def found():
        now = campaigns.get_campaign(campaign.id)
        return now if now.vouchers_generation_status == "DONE" else None

    return until(found)


def redeem(client, code, *, amount=20000, source_id="anna"):
    body = {
        "redeemables": [{"object": "voucher", "id": code}],
        "order": {"amount": amount},
        "customer": {"source_id": source_id},
    }
    return voucherify.RedemptionsApi(client).redeem_stacked_discounts(
        models.RedemptionsRedeemRequestBody.from_dict(body)
    )


def validate(client, code, *, amount=20000):
    body = {"redeemables": [{"object": "voucher", "id": code}], "order": {"amount": amount}}
    return voucherify.ValidationsApi(client).validate_stacked_discounts(
        models.ValidationsValidateRequestBody.from_dict(body)
    )


def publish(client, campaign, *, source_id="anna"):
    body = {"campaign": {"name": campaign.name}, "customer": {"source_id": source_id}}
    return voucherify.PublicationsApi(client).create_publication(
        publications_create_request_body=models.PublicationsCreateRequestBody.from_dict(body),
    )


@pytest.mark.requirement(189, 190, 191)
def test_a_shop_runs_a_campaign_from_creation_to_rollback(client):
    campaigns = voucherify.CampaignsApi(client)

    campaign = create_campaign(client, codes=20)
    assert campaign.vouchers_generation_status == "IN_PROGRESS"
    assert generated(campaigns, campaign).vouchers_count == 20

    added = campaigns.add_vouchers_to_campaign(campaign.id, vouchers_count=1)
    assert added.code.startswith("SPRING-")
    until(lambda: campaigns.get_campaign(campaign.id).vouchers_count == 21)

    publication = publish(client, campaign)
    code = publication.voucher.code
    assert publication.result == "SUCCESS"

    valid = validate(client, code)
    assert valid.valid is True
    assert valid.order.total_discount_amount == 2000
    assert valid.order.total_amount == 18000

    redemption = redeem(client, code).redemptions[0]
    assert redemption.result == "SUCCESS"
    assert redemption.order.total_amount == 18000

    with pytest.raises(BadRequestException) as refused:
        redeem(client, code)
    assert '"key":"quantity_exceeded"' in refused.value.body.replace(" ", "")

    rollback = voucherify.RedemptionsApi(client).rollback_redemption(
        redemption.id, reason="returned"
    )
    assert rollback.status == "SUCCEEDED"

    again = redeem(client, code).redemptions[0]
    assert again.result == "SUCCESS"

    listed = voucherify.RedemptionsApi(client).list_redemptions(limit=10)
    statuses = [(entry.object, entry.status) for entry in listed.redemptions]
    assert statuses == [
        ("redemption", "SUCCEEDED"),
        ("redemption_rollback", "SUCCEEDED"),
        ("redemption", "FAILED"),
        ("redemption", "ROLLED_BACK"),
    ]
