"""Sessions at other endpoints: single codes, tiers, browsers; wrong ones; what is said of them."""

import pytest

from redemptions.models import Hold, UsageCounter
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory
from tests.factories.promotion import PromotionTierFactory
from tests.redemptions.sessions import ORDER, code_of, error, lock, wanted

pytestmark = pytest.mark.django_db


def test_the_older_endpoints_hold_one_code_each(api, code, in_project):
    code("ONCE", limit=1)
    code("OTHER", limit=1)
    for name in ("ONCE", "OTHER"):
        body = {"order": ORDER, **lock(ttl=1, ttl_unit="DAYS")}
        answer = api.post(f"/v1/vouchers/{name}/validate", body).json()
        assert answer["session"] == {"key": "cart-1", "type": "LOCK", "ttl": 1, "ttl_unit": "DAYS"}
    assert Hold.objects.count() == 2
    assert api.post("/v1/vouchers/ONCE/redemption", {"order": ORDER}).status_code == 400

    body = {"order": ORDER, **lock()}
    assert api.post("/v1/vouchers/ONCE/redemption", body).status_code == 200

    assert Hold.objects.get().voucher.code == "OTHER"


BAD = [
    ({"type": "HOLD"}, ".session.type"), ({"ttl": 0}, ".session.ttl must be > 0"),
    ({"ttl": -1}, ".session.ttl"), ({"ttl": 1e300, "ttl_unit": "DAYS"}, "<= 366 days"),
    ({"ttl": 1, "ttl_unit": "WEEKS"}, ".session.ttl_unit"), ({"key": ""}, ".session.key"),
    ({"key": 5}, ".session.key"), ("LOCK", ".session must be object"),
]  # fmt: skip


@pytest.mark.parametrize(("session", "says"), BAD)
def test_a_wrong_session_is_named_and_holds_nothing(api, code, in_project, session, says):
    code("ONCE", limit=1)

    answer = api.post("/v1/validations", {**wanted("ONCE"), "session": session})

    assert answer.status_code == 400
    assert says in answer.json()["details"]
    assert (Hold.objects.count(), code_of("ONCE").held_count) == (0, 0)


def test_a_tier_is_held_listed_and_released(api, in_project):
    tier = PromotionTierFactory()
    LimitFactory(campaign=None, promotion_tier=tier, value=1)
    path = f"/v1/promotions/tiers/{tier.public_id}"

    held = api.post(f"{path}/validation", {"order": ORDER, **lock()}).json()

    assert (held["valid"], held["session"]["key"]) == (True, "cart-1")
    refused = api.post(f"{path}/validation", {"order": ORDER}).json()
    assert (refused["error"]["key"], refused["error"]["held"]) == (
        "redemption_rules_violated",
        True,
    )
    assert [row["key"] for row in api.get(f"{path}/sessions").json()["sessions"]] == ["cart-1"]
    assert api.delete(f"{path}/sessions/cart-1").status_code == 204
    assert api.post(f"{path}/redemption", {"order": ORDER}).status_code == 200


def test_browsers_hold_too_but_not_for_long(client_api, code, in_project):
    code("ONCE", limit=1)
    asked = {"code": "ONCE", "session_type": "LOCK", "session_key": "tab", "session_ttl": 2}

    held = client_api.get("/client/v1/validate", {**asked, "session_ttl_unit": "HOURS"}).json()

    assert held["session"] == {"key": "tab", "type": "LOCK", "ttl": 2, "ttl_unit": "HOURS"}
    assert code_of("ONCE").held_count == 1
    long = client_api.get("/client/v1/validate", {**asked, "session_ttl": 8})
    assert (long.status_code, "<= 7 days" in long.json()["details"]) == (400, True)
    body = {**wanted("ONCE"), "session": {"type": "LOCK"}}
    assert client_api.post("/client/v1/validations", body).json()["valid"] is False


def test_a_day_is_released_when_the_next_one_is_used(hold, buy, code, in_project, clock):
    campaign = CampaignFactory()
    code("DAILY", campaign=campaign)
    LimitFactory(campaign=campaign, value=1, period="day")
    clock(2026, 3, 10, 20)
    hold("DAILY")
    clock(2026, 3, 12, 8)

    assert buy("DAILY", key="cart-1").status_code == 200

    days = {c.key.split(":")[4]: (c.used, c.held) for c in UsageCounter.objects.all()}
    assert days == {"2026-03-10": (0, 0), "2026-03-12": (1, 0)}


def test_what_others_hold_is_explained_with_numbers(api, hold, code, in_project):
    code("TWICE", limit=2, redeemed_count=1)
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 1_000}})
    hold("TWICE", "GIFT")

    answer = hold("TWICE", key="cart-2", options={"explain": True})

    why = answer["redeemables"][0]["explain"]
    (quantity,) = [check for check in why["checks"] if check["check"] == "quantity"]
    assert why["sentence"] == "It was used 1 of 2 times and is held 1 times."
    assert (quantity["used"], quantity["held"], quantity["left"]) == (2, 1, 0)
    assert (why["gap"]["possible"], why["gap"]["reason"]) == (False, "held")
    assert why["gap"]["sentence"] == "It can be used again if others do not use it after all."
    card = error(hold("GIFT", key="cart-2"))
    assert card["explanation"] == (
        "What is on this gift card is reserved for another order. Try again later."
    )


def test_a_session_belongs_to_its_project(hold, other_api, code, in_project):
    code("ONCE", limit=1)
    hold("ONCE")

    for path in ("/v1/sessions/cart-1", "/v1/vouchers/ONCE/sessions/cart-1"):
        assert other_api.delete(path).status_code == 404

    assert Hold.objects.count() == 1
