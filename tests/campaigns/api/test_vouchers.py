"""`/v1/vouchers` over HTTP."""

from urllib.parse import quote, urlsplit

import pytest
import voucherify

from campaigns.models import Voucher
from campaigns.services import counting
from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.category import CategoryFactory
from tests.factories.customer import CustomerFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")
PERCENT = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 12.5}}


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
        "id": voucher.public_id,
        "code": "ab/c %",
        "campaign": None,
        "campaign_id": None,
        "category": "New Customers",
        "category_id": category["id"],
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
        "updated_at": data["updated_at"],
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
        "object": "voucher",
    }
    for image in (assets["qr"], assets["barcode"]):
        picture = ApiClient({}).get(urlsplit(image["url"]).path, {"format": "png", "size": 20})
        assert picture.status_code == 200
        assert picture["Content-Type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
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
            {"type": "GIFT_VOUCHER", "gift": {"amount": 100}},
            400,
            "invalid_payload",
            "Property .type GIFT_VOUCHER is not available: gift cards are not supported yet",
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


def test_switches_a_code_and_answers_it_whole_each_time(api):
    VoucherFactory(code="A")

    for action, active in (("disable", False), ("disable", False), ("enable", True)):
        answer = api.post(f"/v1/vouchers/A/{action}")
        assert (answer.status_code, answer.json()["active"]) == (200, active)

    types = OutboxEvent.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == ["voucher.disabled", "voucher.enabled"]


def test_updates_what_is_given_and_clears_what_is_null(api):
    voucher = VoucherFactory(code="A", additional_info="old", metadata={"a": 1, "b": 2})

    answer = api.put(
        "/v1/vouchers/A",
        {
            "discount": {"type": "PERCENT", "percent_off": 45},
            "additional_info": None,
            "metadata": {"b": 3},
            "redemption": {"quantity": None},
            "code": "B",
        },
    )

    data = answer.json()
    assert data["code"] == "A"
    assert data["discount"] == {"type": "PERCENT", "percent_off": 45}
    assert data["additional_info"] is None
    assert data["metadata"] == {"a": 1, "b": 3}
    assert data["redemption"]["quantity"] is None
    assert voucher.history.count() == 2
    refused = api.put("/v1/vouchers/A", {"discount": {"type": "AMOUNT", "amount_off": 5}})
    assert refused.json()["key"] == "invalid_voucher"
    assert refused.json()["details"] == "It is not possible to change Voucher discount type"


def test_folds_open_uses_before_a_code_gets_a_limit(api):
    voucher = UsageDeltaFactory(count=3).voucher

    refused = api.put(f"/v1/vouchers/{voucher.code}", {"redemption": {"quantity": 2}})
    taken = api.put(f"/v1/vouchers/{voucher.code}", {"redemption": {"quantity": 3}})

    assert refused.json()["details"] == (
        "Property .redemption.quantity must be >= 3, for so often is the code redeemed"
    )
    assert taken.json()["redemption"]["redeemed_quantity"] == 3
    voucher.refresh_from_db()
    assert (voucher.redeemed_count, voucher.deltas.count()) == (3, 0)


def test_deletes_into_the_bin_where_the_code_stays_taken(api):
    campaign = CampaignFactory(vouchers_count=1)
    VoucherFactory(code="A", campaign=campaign)

    assert api.delete("/v1/vouchers/A").status_code == 204

    assert api.get("/v1/vouchers/A").status_code == 404
    assert api.get("/v1/vouchers").json()["total"] == 0
    assert Voucher.objects.get().deleted_at is not None
    campaign.refresh_from_db()
    assert campaign.vouchers_count == 0
    assert OutboxEvent.objects.get().type == "voucher.deleted"


def test_deletes_for_good_what_nothing_names(api, project, at):
    VoucherFactory(code="A")
    UsageDeltaFactory(voucher__code="USED")

    assert api.delete("/v1/vouchers/A?force=true").status_code == 204
    refused = api.delete("/v1/vouchers/USED?force=true")

    assert (refused.status_code, refused.json()["key"]) == (400, "resource_in_use")
    assert list(Voucher.objects.values_list("code", "deleted_at")) == [("USED", None)]
    assert counting.redeemed(voucher=Voucher.objects.get()) == 1


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


@pytest.mark.requirement(175)
def test_is_blind_to_the_same_code_of_another_project(api, other_api, other_project):
    VoucherFactory(code="SAME")
    with tenancy.scope(other_project):
        VoucherFactory(code="SAME", project=other_project)

    other_api.post("/v1/vouchers/SAME/disable")

    assert api.get("/v1/vouchers/SAME").json()["active"] is True
    assert other_api.get("/v1/vouchers/SAME").json()["active"] is False


def test_lets_viewers_read_and_nothing_else(api, project):
    VoucherFactory(code="A")
    viewer = ApiClient(server_headers(project, role="VIEWER"))

    assert viewer.get("/v1/vouchers/A").status_code == 200
    assert viewer.post("/v1/vouchers/A/disable").json()["key"] == "missing_required_permission"
    assert Voucher.objects.get().active


def test_answers_for_what_holds_no_money(api):
    VoucherFactory(code="A")

    assert api.get("/v1/vouchers/A/transactions").json() == {
        "object": "list",
        "data_ref": "data",
        "data": [],
        "has_more": False,
    }
    assert api.post("/v1/vouchers/A/balance", {"amount": 5}).json()["key"] == "invalid_voucher"
    assert api.post("/v1/vouchers/A/transactions/export").json()["key"] == "forbidden"
    assert api.delete("/v1/vouchers/A/sessions/s1").status_code == 404
    assert api.post("/v1/vouchers/qualification", {}).json()["key"] == "invalid_payload"
    assert not Voucher.objects.filter(code="qualification").exists()
