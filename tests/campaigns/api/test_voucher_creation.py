"""POST /v1/vouchers: a code of its own."""

from urllib.parse import quote, urlsplit

import pytest
import voucherify

from campaigns.models import Voucher
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
PERCENT = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 12.5}}
PUBLISHED = {
    "code": "ab/c %",
    "campaign": None,
    "campaign_id": None,
    "category": "New Customers",
    "type": "DISCOUNT_VOUCHER",
    "discount": {"type": "PERCENT", "percent_off": 12.5},
    "gift": None,
    "loyalty_card": None,
    "start_date": "2022-01-01T00:00:00.000Z",
    "expiration_date": None,
    "validity_timeframe": {"duration": "PT1H", "interval": "P2D"},
    "validity_day_of_week": None,
    "validity_hours": None,
    "active": False,
    "additional_info": "Inactive until enabled.",
    "metadata": {"test": True},
    "is_referral_code": False,
    "created_at": "2026-03-02T12:00:00.000Z",
    "validation_rules_assignments": {
        "object": "list",
        "data_ref": "data",
        "data": [],
        "total": 0,
    },
    "redemption": {
        "quantity": 10,
        "redeemed_quantity": 0,
        "object": "list",
        "url": "/v1/vouchers/ab%2Fc%20%25/redemptions?page=1&limit=10",
    },
    "publish": {
        "object": "list",
        "count": 0,
        "url": "/v1/vouchers/ab%2Fc%20%25/publications?page=1&limit=10",
    },
    "limits": [],
    "object": "voucher",
}


def assert_shows_png(*images):
    for image in images:
        picture = ApiClient({}).get(urlsplit(image["url"]).path, {"format": "png", "size": 20})
        assert picture.status_code == 200
        assert picture["Content-Type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")


def test_creates_a_code_of_its_own_as_published(api, set_clock, at):
    set_clock(at)
    body = {
        **PERCENT,
        "category": "New Customers",
        "start_date": "2022-01-01T00:00:00Z",
        "validity_timeframe": {"duration": "PT1H", "interval": "P2D"},
        "active": False,
        "additional_info": "Inactive until enabled.",
        "redemption": {"quantity": 10},
        "metadata": {"test": True},
    }

    answer = api.post(f"/v1/vouchers/{quote('ab/c %', safe='')}", body)

    assert answer.status_code == 200
    data = answer.json()
    voucher = Voucher.objects.get()
    assert voucherify.VouchersCreateResponseBody.model_validate(data).code == "ab/c %"
    assets = data.pop("assets")
    category = data.pop("categories")[0]
    assert (category["name"], category["hierarchy"]) == ("New Customers", 1)
    assert data == {
        **PUBLISHED,
        "id": voucher.public_id,
        "category_id": category["id"],
        "updated_at": data["updated_at"],
    }
    assert_shows_png(assets["qr"], assets["barcode"])
    assert api.get(f"/v1/vouchers/{quote('ab/c %', safe='')}").json()["id"] == voucher.public_id
    assert api.get(f"/v1/vouchers/{voucher.public_id}").json()["code"] == "ab/c %"


def test_draws_a_code_by_its_pattern(api):
    config = {"pattern": "GIFT-###", "prefix": "New-", "postfix": "0", "charset": "7"}

    answer = api.post("/v1/vouchers", {**PERCENT, "code_config": config})

    assert answer.json()["code"] == "New-GIFT-7770"
    assert Voucher.objects.get().history.count() == 1
    assert OutboxEvent.objects.get().type == "voucher.created"


def test_refuses_a_code_that_exists_also_in_the_bin(api, at):
    VoucherFactory(code="WELCOME", deleted_at=at)

    answer = api.post("/v1/vouchers/WELCOME", PERCENT)

    assert answer.status_code == 409
    body = answer.json()
    assert (body["key"], body["details"], body["resource_id"], body["resource_type"]) == (
        "duplicate_found",
        "Duplicated voucher exists with id WELCOME",
        "WELCOME",
        "voucher",
    )
    assert Voucher.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "key", "details"),
    [
        ({}, 400, "invalid_payload", "Payload should have required property 'type'"),
        (
            {"type": "DISCOUNT_VOUCHER"},
            400,
            "invalid_payload",
            "Payload should have required property 'discount'",
        ),
        (
            {"type": "GIFT_VOUCHER"},
            400,
            "invalid_payload",
            "Payload should have required property 'gift'",
        ),
        (
            {**PERCENT, "redemption": {"quantity": "many"}},
            400,
            "invalid_payload",
            "Property .redemption.quantity must be integer",
        ),
        (
            {**PERCENT, "campaign": "Unknown"},
            404,
            "not_found",
            "Cannot find campaign with id Unknown",
        ),
        (
            {**PERCENT, "start_date": "2026-01-02", "expiration_date": "2026-01-01"},
            400,
            "invalid_payload",
            "Property .expiration_date must be later than .start_date",
        ),
        (
            {
                **PERCENT,
                "start_date": "2000-01-01",
                "validity_timeframe": {"interval": "P9000Y", "duration": "P1D"},
            },
            400,
            "invalid_payload",
            "Property .validity_timeframe.interval must NOT be longer than 100 years",
        ),
        (
            {
                **PERCENT,
                "start_date": "2000-01-01",
                "validity_timeframe": {"interval": "P1D", "duration": "P1200M1D"},
            },
            400,
            "invalid_payload",
            "Property .validity_timeframe.duration must NOT be longer than 100 years",
        ),
        (
            {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 101}},
            400,
            "invalid_payload",
            "Property .discount.percent_off must be between 0 and 100",
        ),
    ],
)
def test_names_what_is_wrong_and_writes_nothing(api, body, status, key, details):
    answer = api.post("/v1/vouchers", body)

    found = answer.json()
    assert (answer.status_code, found["key"], found["details"]) == (status, key, details)
    assert not Voucher.objects.exists()
    assert not OutboxEvent.objects.exists()
