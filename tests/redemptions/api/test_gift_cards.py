"""Gift cards over the API: bought, spent in part, several on an order, given back, topped up."""

import pytest

from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from redemptions.models import Order
from rewards.ledger import audit

pytestmark = pytest.mark.django_db
ITEMS = [{"quantity": 2, "price": 3_300, "source_id": "beans", "related_object": "product"}]


@pytest.fixture
def card(api):
    """`card("GIFT", 10_000)`: the card as it was made."""

    def make(code, amount, **more):
        gift = {"amount": amount, **more.pop("gift", {})}
        answer = api.post(f"/v1/vouchers/{code}", {"type": "GIFT_VOUCHER", "gift": gift, **more})
        assert answer.status_code == 200, answer.content
        return answer.json()

    return make


def of(code, amount=None):
    asked = {} if amount is None else {"gift": {"credits": amount}}
    return {"object": "voucher", "id": code, **asked}


def redeem(api, *redeemables, **more):
    body = {"redeemables": list(redeemables), "order": {"amount": 10_000}, **more}
    return api.post("/v1/redemptions", body)


def gift(api, code):
    return api.get(f"/v1/vouchers/{code}").json()["gift"]


@pytest.mark.requirement(11)
def test_a_card_is_spent_in_parts_and_never_beyond_its_balance(api, card, project, at):
    made = card("GIFT", 10_000)
    assert (made["type"], made["discount"]) == ("GIFT_VOUCHER", None)
    assert made["gift"] == {
        "amount": 10_000, "subtracted_amount": 0, "balance": 10_000, "effect": "APPLY_TO_ORDER",
    }  # fmt: skip

    body = redeem(api, of("GIFT", 3_000)).json()

    (done,) = body["redemptions"]
    assert (done["amount"], done["gift"]) == (3_000, {"amount": 3_000})
    assert done["voucher"]["gift"]["balance"] == 7_000
    assert done["voucher"]["redemption"]["redeemed_amount"] == 3_000
    order = body["order"]
    assert (order["total_discount_amount"], order["total_amount"]) == (3_000, 7_000)
    refused = redeem(api, of("GIFT", 8_000))
    assert refused.status_code == 400
    assert refused.json()["key"] == "gift_amount_exceeded"
    assert refused.json()["resource_id"].startswith("rf_")
    assert gift(api, "GIFT")["balance"] == 7_000
    with tenancy.scope(project):
        assert audit.verify(project=project, at=at).differences == []


@pytest.mark.requirement(11)
def test_by_policy_what_is_left_is_spent_instead(api, card, management_api, project):
    path = f"/management/v1/projects/{project.public_id}/stacking-rules"
    made = management_api.post(path, {"credits_overflow": "CAP"})
    assert made.json()["credits_overflow"] == "CAP"
    card("GIFT", 7_000)

    body = redeem(api, of("GIFT", 8_000)).json()

    assert body["redemptions"][0]["amount"] == 7_000
    assert gift(api, "GIFT")["balance"] == 0
    assert redeem(api, of("GIFT")).json()["key"] == "gift_amount_exceeded"


@pytest.mark.requirement(249, 310)
def test_a_discount_goes_first_and_two_cards_pay_what_is_left(api, card, project):
    card("A", 5_000)
    card("B", 9_000)
    api.post(
        "/v1/vouchers/TEN",
        {"type": "DISCOUNT_VOUCHER", "discount": {"type": "PERCENT", "percent_off": 10}},
    )

    asked = [of("A"), of("B"), of("TEN")]
    validation = api.post(
        "/v1/validations", {"redeemables": asked, "order": {"amount": 10_000}}
    ).json()
    body = redeem(api, *asked).json()

    assert [each["result"] for each in validation["redeemables"][1:]] == [
        {"gift": {"credits": 5_000, "balance": 5_000}},
        {"gift": {"credits": 4_000, "balance": 9_000}},
    ]
    assert [(each["voucher"]["code"], each.get("amount")) for each in body["redemptions"]] == [
        ("TEN", None),
        ("A", 5_000),
        ("B", 4_000),
    ]
    order = body["order"]
    assert (order["total_discount_amount"], order["total_amount"]) == (10_000, 0)
    assert (order["credits_amount"], order["tax_base"]) == (9_000, 9_000)
    assert (gift(api, "A")["balance"], gift(api, "B")["balance"]) == (0, 5_000)
    with tenancy.scope(project):
        row = Order.objects.get()
        assert (row.credits_amount, row.tax_base) == (9_000, 9_000)
        applied = row.redemptions.exclude(voucher=None).values_list("applied_amount", flat=True)
        assert sorted(applied) == [0, 0, 1_000]


@pytest.mark.requirement(249)
def test_where_the_shop_says_so_a_discount_keeps_the_card_out(api, card, management_api, project):
    path = f"/management/v1/projects/{project.public_id}/stacking-rules"
    management_api.post(path, {"credits_with_discounts": False})
    card("A", 5_000)
    discount = {"type": "AMOUNT", "amount_off": 100}
    api.post("/v1/vouchers/OFF", {"type": "DISCOUNT_VOUCHER", "discount": discount})

    body = redeem(api, of("OFF"), of("A")).json()

    assert [each["voucher"]["code"] for each in body["redemptions"]] == ["OFF"]
    (skipped,) = body["skipped_redeemables"]
    assert skipped["result"]["details"]["key"] == "exclusion_rules_not_met"
    assert gift(api, "A")["balance"] == 5_000


@pytest.mark.requirement(144)
def test_a_rollback_gives_every_unit_back_once(api, card, project, at):
    card("A", 5_000)
    card("B", 9_000)
    done = redeem(api, of("A"), of("B"), order={"items": ITEMS}).json()
    parent = done["parent_redemption"]["id"]

    first, again = (api.post(f"/v1/redemptions/{parent}/rollbacks", {}) for _ in range(2))

    assert [each.get("amount") for each in first.json()["rollbacks"]] == [-5_000, -1_600]
    assert first.json()["rollbacks"][0]["gift"] == {"amount": -5_000}
    assert first.json()["rollbacks"][0]["voucher"]["gift"]["balance"] == 5_000
    assert again.json()["key"] == "already_rolled_back"
    assert (gift(api, "A")["balance"], gift(api, "B")["balance"]) == (5_000, 9_000)
    order = api.get(f"/v1/orders/{done['order']['id']}").json()
    assert (order["status"], order["total_amount"]) == ("CANCELED", 6_600)
    assert "credits_amount" not in order
    with tenancy.scope(project):
        assert audit.verify(project=project, at=at).differences == []


def test_a_card_for_items_pays_only_those_of_its_rule(api, card):
    item = {"object": "product", "id": "tea", "effect": "APPLY_TO_EVERY"}
    product = api.post("/v1/products", {"source_id": "tea", "name": "Tea", "price": 500}).json()
    rule = {
        "name": "Tea",
        "applicable_to": {"included": [{**item, "id": product["id"]}], "included_all": False},
    }
    rule_id = api.post("/v1/validation-rules", rule).json()["id"]
    card("TEA", 5_000, gift={"effect": "APPLY_TO_ITEMS"}, validation_rules=[rule_id])
    tea = {"product_id": product["id"], "quantity": 3}

    body = redeem(api, of("TEA"), order={"items": [tea, *ITEMS]}).json()
    other = redeem(api, of("TEA"), order={"items": ITEMS})

    assert body["redemptions"][0]["amount"] == 1_500
    assert body["order"]["items_discount_amount"] == 1_500
    assert other.json()["key"] == "missing_order_items_amount"


def test_the_balance_is_changed_with_a_reason_and_told(api, card, project, work):
    made = card("GIFT", 10_000)
    path = "/v1/vouchers/GIFT/balance"

    added = api.post(path, {"amount": 500, "reason": "Late parcel", "source_id": "desk-1"})
    taken = api.post(path, {"amount": -200, "reason": "Typo"})

    assert added.json() == {
        "amount": 500, "total": 10_500, "balance": 10_500, "type": "gift_voucher",
        "object": "balance", "operation_type": "MANUAL",
        "related_object": {"type": "voucher", "id": made["id"]},
    }  # fmt: skip
    assert (taken.json()["total"], taken.json()["balance"]) == (10_300, 10_300)
    assert gift(api, "GIFT")["subtracted_amount"] == 200
    for body, key in (
        ({"amount": -10_301}, "invalid_balance"),
        ({"amount": 0}, "invalid_amount"),
        ({"amount": 1, "source_id": "desk-1"}, "duplicate_source_id"),
        ({}, "invalid_payload"),
    ):
        assert api.post(path, body).json()["key"] == key
    redeem(api, of("GIFT", 300))
    page = api.get("/v1/vouchers/GIFT/transactions", {"limit": 3}).json()
    assert [(each["type"], each["details"]["balance"]["amount"]) for each in page["data"]] == [
        ("CREDITS_REDEMPTION", -300),
        ("CREDITS_REMOVAL", -200),
        ("CREDITS_ADDITION", 500),
    ]
    assert (page["data"][2]["source_id"], page["data"][2]["source"]) == ("desk-1", "API")
    assert page["data"][0]["details"]["order"]["id"].startswith("ord_")
    assert page["has_more"] is True
    after = {"limit": 3, "starting_after_id": page["more_starting_after"]}
    rest = api.get("/v1/vouchers/GIFT/transactions", after).json()
    assert [each["wafa_kind"] for each in rest["data"]] == ["issue"]
    with tenancy.scope(project):
        told = OutboxEvent.objects.filter(type__startswith="voucher.gift").order_by("pk")
        assert [event.type.removeprefix("voucher.gift.") for event in told] == [
            "balance_added",
            "transaction.created",
            "transaction.created",
            "transaction.created",
        ]


def test_a_coupon_has_no_balance(api, other_api, card):
    discount = {"type": "AMOUNT", "amount_off": 100}
    api.post("/v1/vouchers/OFF", {"type": "DISCOUNT_VOUCHER", "discount": discount})
    card("GIFT", 10_000)

    assert api.post("/v1/vouchers/OFF/balance", {"amount": 1}).json()["key"] == "invalid_voucher"
    assert api.get("/v1/vouchers/OFF/transactions").json()["data"] == []
    assert other_api.post("/v1/vouchers/GIFT/balance", {"amount": 1}).status_code == 404
    assert other_api.get("/v1/vouchers/GIFT/transactions").status_code == 404


def test_a_card_needs_an_order(api, card):
    card("GIFT", 10_000)

    answer = api.post("/v1/redemptions", {"redeemables": [of("GIFT")]})

    assert (answer.status_code, answer.json()["key"]) == (400, "missing_order")


def test_the_older_endpoints_take_credits_too(api, card):
    card("GIFT", 10_000)
    body = {"gift": {"credits": 200}, "order": {"amount": 10_000}}

    checked = api.post("/v1/vouchers/GIFT/validate", body).json()
    done = api.post("/v1/vouchers/GIFT/redemption", body).json()

    assert checked["valid"] is True
    assert checked["gift"]["balance"] == 10_000
    assert checked["order"]["total_amount"] == 9_800
    assert "discount" not in checked
    assert done["amount"] == 200
    for wrong in (0, -1, 1.5, "x"):
        refused = api.post("/v1/vouchers/GIFT/validate", {"gift": {"credits": wrong}})
        assert refused.json()["key"] == "invalid_payload"


def test_more_is_put_on_a_card_by_an_update_but_nothing_taken_off(api, card):
    card("GIFT", 10_000)

    more = api.put("/v1/vouchers/GIFT", {"gift": {"amount": 12_000, "effect": "APPLY_TO_ITEMS"}})
    less = api.put("/v1/vouchers/GIFT", {"gift": {"amount": 11_000}})

    assert more.json()["gift"] == {
        "amount": 12_000, "subtracted_amount": 0, "balance": 12_000, "effect": "APPLY_TO_ITEMS",
    }  # fmt: skip
    assert less.json()["key"] == "invalid_voucher"
    discount = {"type": "AMOUNT", "amount_off": 100}
    assert api.put("/v1/vouchers/GIFT", {"discount": discount}).json()["key"] == "invalid_voucher"


def test_the_wallet_shows_cards_and_the_best_use_leaves_them_alone(api, card):
    campaign = {
        "name": "Cards",
        "campaign_type": "GIFT_VOUCHERS",
        "type": "AUTO_UPDATE",
        "voucher": {"type": "GIFT_VOUCHER", "gift": {"amount": 10_000}},
    }
    made = api.post("/v1/campaigns", campaign).json()
    published = {"customer": {"source_id": "ada"}, "campaign": {"name": "Cards"}}
    code = api.post("/v1/publications", published).json()["voucher"]["code"]
    asked = {"customer": {"source_id": "ada"}, "order": {"amount": 4_000}}

    wallet = api.post("/v1/qualifications", {**asked, "scenario": "CUSTOMER_WALLET"}).json()
    automatic = api.post("/v1/validations", {**asked, "auto": True}).json()

    (offer,) = wallet["redeemables"]["data"]
    assert (offer["id"], offer["result"]["gift"]) == (code, {"credits": 4_000, "balance": 10_000})
    assert automatic["valid"] is False
    page = api.get(f"/v1/campaigns/{made['id']}/transactions").json()
    assert [each["type"] for each in page["data"]] == ["CREDITS_ADDITION"]
