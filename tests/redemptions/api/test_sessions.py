"""Sessions over the API: held at checkout, redeemed at capture, released at void or in time."""

from datetime import timedelta

import pytest

from customers.models import Customer
from redemptions.models import Hold, UsageCounter
from rewards.models import LedgerAccount
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import BudgetFactory, LimitFactory
from tests.redemptions.sessions import ORDER, code_of, error, wanted

pytestmark = pytest.mark.django_db


def test_a_use_is_held_for_the_session_alone_and_redeemed_by_it(
    api, hold, buy, code, in_project, parsed
):
    code("ONCE", limit=1)

    held = hold("ONCE", key="cart-1", ttl={"ttl": 10, "ttl_unit": "MINUTES"})

    assert held["valid"] is True
    assert held["session"] == {
        "key": "cart-1", "type": "LOCK", "ttl": 10, "ttl_unit": "MINUTES",
    }  # fmt: skip
    assert (code_of("ONCE").held_count, code_of("ONCE").redeemed_count) == (1, 0)
    assert hold("ONCE", key="cart-1")["valid"] is True
    refused = error(hold("ONCE", key="cart-2"))
    assert (refused["key"], refused["held"]) == ("quantity_exceeded", True)
    assert refused["explanation"] == (
        "Other customers are about to use what is left of this code. Try again later."
    )
    without = buy("ONCE")
    assert (without.status_code, without.json()["key"]) == (400, "quantity_exceeded")
    assert without.json()["held"] is True
    assert error(api.post("/v1/validations", {**wanted("ONCE"), "order": ORDER}).json())["held"]

    done = buy("ONCE", key="cart-1")

    assert done.status_code == 200, done.content
    body = parsed("RedemptionsRedeemResponseBody", done)
    assert body["redemptions"][0]["session"] == {"key": "cart-1", "type": "LOCK"}
    assert (code_of("ONCE").held_count, code_of("ONCE").redeemed_count) == (0, 1)
    assert not Hold.objects.exists()
    gone = error(hold("ONCE", key="cart-2"))
    assert (gone["key"], "held" in gone) == ("quantity_exceeded", False)
    assert gone["explanation"] == "This code has been used as often as it can be."


def test_what_is_given_back_after_a_hold_can_be_held_again(api, hold, buy, code, in_project):
    code("ONCE", limit=1)
    hold("ONCE")
    redemption = buy("ONCE", key="cart-1").json()["redemptions"][0]

    api.post(f"/v1/redemptions/{redemption['id']}/rollback")

    assert (code_of("ONCE").held_count, code_of("ONCE").redeemed_count) == (0, 0)
    assert hold("ONCE", key="cart-2")["valid"] is True


def test_limits_of_everything_are_held_and_consumed_exactly(hold, buy, code, in_project):
    """Code, campaign, month, customer, budget and project; the order is another in the end."""
    budget = BudgetFactory()
    campaign = CampaignFactory(budget=budget)
    code("TENTH", {"type": "PERCENT", "percent_off": 10}, limit=9, campaign=campaign)
    LimitFactory(campaign=campaign, value=9)
    LimitFactory(campaign=campaign, value=9, period="month")
    LimitFactory(campaign=campaign, value=1, per_customer=True)
    LimitFactory(campaign=campaign, measure="customers", value=9)
    LimitFactory(campaign=campaign, measure="orders", value=9_000)
    LimitFactory(budget=budget, campaign=None, measure="discount", value=1_000)
    LimitFactory(campaign=None, measure="discount", value=5_000)
    ada = {"customer": {"source_id": "ada"}}

    hold("TENTH", order={"amount": 4_000}, **ada)

    ada_id = Customer.objects.get().public_id
    sums = {(c.key.split(":")[0], c.key.split(":")[1], c.held) for c in UsageCounter.objects.all()}
    assert sums == {
        ("redemptions", "campaign", 1), ("customers", "campaign", 1), ("orders", "campaign", 3_600),
        ("discount", "budget", 400), ("discount", "project", 400),
    }  # fmt: skip
    own = UsageCounter.objects.get(key__endswith=f"customer:{ada_id}")
    assert (own.used, own.held) == (0, 1)
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {0}
    assert error(hold("TENTH", key="cart-2", **ada))["held"] is True
    assert hold("TENTH", key="cart-3", order={"amount": 5_000}, customer={"source_id": "bob"})[
        "valid"
    ]

    done = buy("TENTH", key="cart-1", order={"amount": 5_000}, **ada)

    assert done.status_code == 200, done.content
    counted = dict(UsageCounter.objects.exclude(key__contains="cust_").values_list("key", "used"))
    assert sorted(counted.values()) == [1, 1, 1, 500, 500, 4_500]
    assert sorted(UsageCounter.objects.values_list("held", flat=True)) == [
        0, 1, 1, 1, 1, 500, 500, 4_500,
    ]  # fmt: skip


def test_an_amount_that_grew_beyond_what_is_left_is_refused_and_the_hold_stays(
    hold, buy, code, in_project
):
    campaign = CampaignFactory()
    code("HALF", {"type": "PERCENT", "percent_off": 50}, campaign=campaign)
    LimitFactory(campaign=campaign, measure="discount", value=1_500)
    hold("HALF", key="cart-1", order={"amount": 2_000})
    hold("HALF", key="cart-2", order={"amount": 800})

    refused = buy("HALF", key="cart-1", order={"amount": 4_000})

    assert (refused.status_code, refused.json()["key"]) == (400, "redemption_rules_violated")
    assert "held" not in refused.json()
    assert UsageCounter.objects.get().held == 1_400
    assert buy("HALF", key="cart-1", order={"amount": 2_200}).status_code == 200
    assert buy("HALF", key="cart-2", order={"amount": 400}).status_code == 200
    counter = UsageCounter.objects.get()
    assert (counter.used, counter.held) == (1_300, 0)


def test_credits_of_a_card_are_held_and_paid_whatever_the_order_comes_to(
    api, hold, buy, in_project
):
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 10_000}})
    account = LedgerAccount.objects.get

    hold("GIFT", gift={"credits": 6_000}, order={"amount": 20_000})

    assert (account().balance, account().held) == (10_000, 6_000)
    refused = error(hold("GIFT", key="cart-2", gift={"credits": 5_000}, order={"amount": 20_000}))
    assert (refused["key"], refused["held"]) == ("gift_amount_exceeded", True)
    other = buy("GIFT", order={"amount": 20_000}).json()
    assert other["redemptions"][0]["amount"] == 4_000
    assert (account().balance, account().held) == (6_000, 6_000)

    done = buy("GIFT", key="cart-1", order={"amount": 2_500}).json()

    assert done["redemptions"][0]["amount"] == 2_500
    assert (account().balance, account().held) == (3_500, 0)


def test_the_same_key_holds_the_cart_as_it_is_now_and_for_longer(hold, code, in_project, clock):
    clock(2026, 3, 10, 8)
    code("ONCE", limit=1)
    code("OTHER", limit=1)
    hold("ONCE", "OTHER", ttl={"ttl": 1, "ttl_unit": "HOURS"})
    begun = Hold.objects.first().created_at
    clock(2026, 3, 10, 8, 30)

    hold("ONCE", ttl={"ttl": 1, "ttl_unit": "HOURS"})

    (kept,) = Hold.objects.all()
    assert (kept.voucher.code, kept.created_at) == ("ONCE", begun)
    assert kept.expires_at - begun == timedelta(minutes=90)
    assert (code_of("ONCE").held_count, code_of("OTHER").held_count) == (1, 0)
    invalid = hold("ONCE", "NOBODY")
    assert (invalid["valid"], "session" in invalid) == (False, False)
    assert Hold.objects.get() == kept


def test_a_hold_ends_with_its_time_although_no_worker_runs(api, hold, buy, code, clock, in_project):
    clock(2026, 3, 10, 8)
    campaign = CampaignFactory()
    code("ONCE", limit=1, campaign=campaign)
    LimitFactory(campaign=campaign, value=1)
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 1_000}})
    hold("ONCE", "GIFT", ttl={"ttl": 60, "ttl_unit": "SECONDS"})
    clock(2026, 3, 10, 8, 0, 59)
    assert error(hold("ONCE", key="cart-2"))["held"] is True
    clock(2026, 3, 10, 8, 1)
    plain = api.post("/v1/validations", {**wanted("ONCE", "GIFT"), "order": ORDER}).json()
    assert (plain["valid"], code_of("ONCE").held_count) == (True, 1)

    done = buy("ONCE", "GIFT")

    assert done.status_code == 200, done.content
    assert (code_of("ONCE").held_count, code_of("ONCE").redeemed_count) == (0, 1)
    counter, account = UsageCounter.objects.get(), LedgerAccount.objects.get()
    assert (counter.used, counter.held, account.balance, account.held) == (1, 0, 0, 0)
    assert not Hold.objects.exists()


def test_sessions_are_listed_and_released_once(api, hold, code, in_project, clock):
    clock(2026, 3, 10, 8)
    code("TWICE", limit=2)
    hold("TWICE", customer={"source_id": "ada"})
    hold("TWICE", key="cart-2")

    listed = api.get("/v1/vouchers/TWICE/sessions").json()

    assert (listed["total"], [row["key"] for row in listed["sessions"]]) == (
        2,
        ["cart-2", "cart-1"],
    )
    assert listed["sessions"][1] == {
        "key": "cart-1", "type": "LOCK", "related_object_type": "voucher",
        "related_object_id": code_of("TWICE").public_id, "customer_id": None,
        "tracking_id": listed["sessions"][1]["tracking_id"], "quantity": 1,
        "expires_at": "2026-03-17T08:00:00.000Z", "created_at": "2026-03-10T08:00:00.000Z",
        "object": "session",
    }  # fmt: skip
    assert api.delete("/v1/vouchers/TWICE/sessions/cart-1").status_code == 204
    assert code_of("TWICE").held_count == 1
    again = api.delete("/v1/vouchers/TWICE/sessions/cart-1")
    assert (again.status_code, again.json()["resource_type"]) == (404, "session")
    assert again.json()["details"] == "Cannot find session with id cart-1"
    assert api.delete("/v1/sessions/cart-2").status_code == 204
    assert code_of("TWICE").held_count == 0
    assert api.delete("/v1/sessions/cart-2").status_code == 404


def test_what_has_no_limit_is_noted_and_locks_nothing(api, hold, code, in_project):
    code("FREE")

    assert hold("FREE")["valid"]
    assert hold("FREE", key="cart-2")["valid"]

    assert not UsageCounter.objects.exists()
    assert code_of("FREE").held_count == 0
    assert api.delete("/v1/vouchers/FREE/sessions/cart-1").status_code == 204
