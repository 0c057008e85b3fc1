"""Campaigns of gift cards: codes with an amount, each with an account of its own."""

import pytest

from campaigns.models import Voucher
from loyalty_project.core import tenancy
from rewards.ledger import audit
from rewards.models import LedgerAccount, LedgerEntry
from tests.factories.jurisdiction import JurisdictionFactory

pytestmark = pytest.mark.django_db


def campaign(api, name="Cards", amount=5_000, **more):
    voucher = {
        "type": "GIFT_VOUCHER",
        "gift": {"amount": amount, "effect": "APPLY_TO_ITEMS"},
        "code_config": {"pattern": "GIFT-######"},
        **more.pop("voucher", {}),
    }
    body = {"name": name, "campaign_type": "GIFT_VOUCHERS", "voucher": voucher, **more}
    return api.post("/v1/campaigns", body)


@pytest.mark.requirement(217)
def test_many_cards_are_made_with_an_account_each(api, work, project, at):
    made = campaign(api, vouchers_count=300).json()
    coupons = {
        "name": "Coupons",
        "vouchers_count": 300,
        "voucher": {
            "type": "DISCOUNT_VOUCHER",
            "discount": {"type": "AMOUNT", "amount_off": 100},
            "code_config": {"pattern": "GIFT-######"},
        },
    }
    api.post("/v1/campaigns", coupons)
    work()

    assert made["voucher"]["gift"] == {"amount": 5_000, "effect": "APPLY_TO_ITEMS"}
    assert "discount" not in made["voucher"]
    listed = api.get("/v1/vouchers", {"campaign_id": made["id"], "limit": 100}).json()
    gifts = [voucher["gift"] for voucher in listed["vouchers"]]
    assert (
        gifts
        == [
            {
                "amount": 5_000,
                "subtracted_amount": 0,
                "balance": 5_000,
                "effect": "APPLY_TO_ITEMS",
            }
        ]
        * 100
    )
    with tenancy.scope(project):
        assert Voucher.objects.values("code_key").distinct().count() == 600
        assert Voucher.objects.exclude(account=None).count() == 300
        assert LedgerAccount.objects.filter(balance=5_000).count() == 300
        assert LedgerEntry.objects.values_list("kind", "amount").distinct().get() == (
            "issue",
            5_000,
        )
        assert audit.verify(project=project, at=at).accounts == 300


def test_a_card_may_hold_another_amount_than_its_campaign(api, work):
    made = campaign(api).json()
    path = f"/v1/campaigns/{made['id']}"

    named = api.post(f"{path}/vouchers/BIG", {"gift": {"amount": 9_000}}).json()
    drawn = api.post(f"{path}/vouchers", {"gift": {"amount": 700}}).json()
    api.post(f"{path}/import", [{"code": "IN", "gift": {"amount": 300}}, {"code": "PLAIN"}])
    api.upload(f"{path}/importCSV", "Code,Gift Amount\nCSV,12.50\n")
    work()

    assert (named["gift"]["balance"], named["gift"]["effect"]) == (9_000, "APPLY_TO_ITEMS")
    assert drawn["gift"]["balance"] == 700
    balances = {
        code: api.get(f"/v1/vouchers/{code}").json()["gift"]["balance"]
        for code in ("IN", "PLAIN", "CSV")
    }
    assert balances == {"IN": 300, "PLAIN": 5_000, "CSV": 1_250}


@pytest.mark.parametrize(
    ("changes", "key", "details"),
    [
        (
            {"voucher": {"type": "DISCOUNT_VOUCHER"}},
            "invalid_payload",
            "Property .voucher should have required property 'discount'",
        ),
        (
            {"campaign_type": "DISCOUNT_COUPONS"},
            "invalid_campaign",
            "Property .voucher.type GIFT_VOUCHER is not of its type",
        ),
        (
            {"voucher": {"gift": {"amount": -1}}},
            "invalid_payload",
            "Property .gift.amount must be a non-negative integer",
        ),
        (
            {"voucher": {"discount": {"type": "AMOUNT", "amount_off": 1}}},
            "invalid_payload",
            "Property .voucher.discount is not for vouchers of type GIFT_VOUCHER",
        ),
    ],
)
def test_names_what_is_wrong(api, changes, key, details):
    answer = campaign(api, **changes).json()

    assert (answer["key"], answer["details"]) == (key, details)


def test_the_amount_of_a_campaign_is_fixed_and_its_effect_is_not(api, work):
    made = campaign(api, vouchers_count=1).json()
    path = f"/v1/campaigns/{made['id']}"

    refused = api.put(path, {"voucher": {"gift": {"amount": 1}}}).json()
    changed = api.put(path, {"voucher": {"gift": {"effect": "APPLY_TO_ORDER"}}}).json()
    work()

    assert refused["key"] == "invalid_campaign"
    assert changed["voucher"]["gift"] == {"amount": 5_000, "effect": "APPLY_TO_ORDER"}
    listed = api.get("/v1/vouchers", {"campaign_id": made["id"]}).json()
    assert listed["vouchers"][0]["gift"]["effect"] == "APPLY_TO_ORDER"
    assert api.post(f"{path}/vouchers/X", {"discount": {"type": "AMOUNT"}}).status_code == 400


@pytest.mark.requirement(300)
def test_where_cards_must_not_expire_one_with_an_end_is_refused(api, project):
    with tenancy.scope(project):
        JurisdictionFactory(code="US-ME", gift_cards_expire=False)
    end = {"expiration_date": "2027-01-01T00:00:00Z"}

    refused = campaign(api, jurisdiction="US-ME", **end)
    lifetime = campaign(api, jurisdiction="US-ME", activity_duration_after_publishing="P30D")
    elsewhere = campaign(api, "Elsewhere", **end)
    made = campaign(api, jurisdiction="US-ME").json()

    assert refused.status_code == 400
    assert refused.json()["details"] == (
        "Property .expiration_date must be absent: gift cards must not expire in US-ME"
    )
    assert lifetime.json()["key"] == "invalid_payload"
    assert elsewhere.json()["jurisdiction"] is None
    assert made["jurisdiction"] == "US-ME"
    later = api.put(f"/v1/campaigns/{made['id']}", end).json()
    card = api.post(f"/v1/campaigns/{made['id']}/vouchers/ONE", end).json()
    assert later["details"] == card["details"] == refused.json()["details"]
    assert campaign(api, "X", jurisdiction="nowhere").json()["key"] == "not_found"


@pytest.mark.requirement(300)
def test_the_law_of_the_project_holds_for_cards_of_their_own(api, project):
    with tenancy.scope(project):
        JurisdictionFactory(code="US-ME", gift_cards_expire=False, is_default=True)
    body = {
        "type": "GIFT_VOUCHER",
        "gift": {"amount": 100},
        "expiration_date": "2027-01-01T00:00:00Z",
    }

    refused = api.post("/v1/vouchers/ONE", body)

    assert refused.status_code == 400
    assert api.post("/v1/vouchers/ONE", {**body, "expiration_date": None}).status_code == 200
    assert (
        api.put("/v1/vouchers/ONE", {"expiration_date": body["expiration_date"]})
        .json()["details"]
        .endswith("must not expire in US-ME")
    )
    discount = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 1}}
    coupon = {**discount, "expiration_date": body["expiration_date"]}
    assert api.post("/v1/vouchers/TWO", coupon).status_code == 200
