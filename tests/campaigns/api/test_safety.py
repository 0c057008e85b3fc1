"""`/v1/safety`, and the limits of single codes."""

import pytest

from campaigns.models import Limit, MarginFloor
from tests.factories.voucher import VoucherFactory

pytestmark = pytest.mark.usefixtures("in_project")

DAILY = {"measure": "discount", "period": "day", "value": 100_000}


@pytest.mark.requirement(88, 89)
def test_a_project_is_protected_as_a_whole(api):
    assert api.get("/v1/safety").json() == {"limits": [], "margin_floor": None, "object": "safety"}

    put = api.put("/v1/safety", {"limits": [DAILY], "margin_floor": {"amount": 50}}).json()

    assert [(each["measure"], each["period"], each["value"]) for each in put["limits"]] == [
        ("discount", "day", 100_000)
    ]
    floor = {"amount": 50, "percent": 0, "skips": False, "object": "margin_floor"}
    assert put["margin_floor"] == floor
    assert api.get("/v1/safety").json() == put


def test_what_is_absent_stays(api):
    api.put("/v1/safety", {"limits": [DAILY], "margin_floor": {"percent": 5}})

    without = api.put("/v1/safety", {"margin_floor": None}).json()

    assert (len(without["limits"]), without["margin_floor"]) == (1, None)


def test_a_wrong_floor_leaves_the_limits_alone(api):
    answer = api.put("/v1/safety", {"limits": [DAILY], "margin_floor": {"percent": 1.23456}})

    assert answer.status_code == 400
    assert not Limit.objects.exists()
    assert not MarginFloor.objects.exists()


def test_every_project_has_its_own(api, other_api):
    api.put("/v1/safety", {"limits": [DAILY], "margin_floor": {"amount": 50}})

    other_api.put("/v1/safety", {"limits": [], "margin_floor": None})

    assert other_api.get("/v1/safety").json()["limits"] == []
    assert len(api.get("/v1/safety").json()["limits"]) == 1
    assert api.get("/v1/safety").json()["margin_floor"]["amount"] == 50


@pytest.mark.requirement(79)
def test_a_code_has_limits_of_its_own(api):
    VoucherFactory(code="BLCKFRDY", redemption_limit=None)
    path, once = "/v1/vouchers/BLCKFRDY/limits", {"measure": "redemptions", "value": 1}

    put = api.put(path, {"limits": [{**once, "per_customer": True}]}).json()

    assert [(each["per_customer"], each["value"]) for each in put["limits"]] == [(True, 1)]
    assert api.get(path).json() == put
    assert put["object"] == "limits"
    missing = api.put(path, {})
    assert missing.json()["details"] == "Payload should have required property 'limits'"
    assert api.put("/v1/vouchers/NONE/limits", {"limits": []}).status_code == 404
