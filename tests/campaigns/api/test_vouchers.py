"""`/v1/vouchers` over HTTP."""

import pytest

from campaigns.models import Voucher
from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from tests.client import ApiClient
from tests.factories.api_key import server_headers
from tests.factories.campaign import CampaignFactory
from tests.factories.voucher import UsageDeltaFactory, VoucherFactory, uses_of

pytestmark = pytest.mark.usefixtures("in_project")


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
    assert uses_of(Voucher.objects.get()) == 1


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
        "total": 0,
        "has_more": False,
    }
    assert api.post("/v1/vouchers/A/balance", {"amount": 5}).json()["key"] == "invalid_voucher"
    assert api.post("/v1/vouchers/A/transactions/export").json()["key"] == "forbidden"
    assert api.delete("/v1/vouchers/A/sessions/s1").status_code == 404
    assert api.post("/v1/vouchers/qualification", {}).status_code == 200
    assert not Voucher.objects.filter(code="qualification").exists()
