"""Goods that come back over the API: budgets, limits and gift cards get their part."""

import pytest

from campaigns.engine.counters import Measure
from campaigns.models import StackingRules
from campaigns.services import state
from customers.models import CustomerSummary
from loyalty_project.core import tenancy
from loyalty_project.core.models import OutboxEvent
from redemptions.models import OrderReturn, Redemption, UsageCounter
from rewards.ledger import audit
from tests.factories.campaign import CampaignFactory
from tests.factories.limit import LimitFactory

pytestmark = pytest.mark.django_db
TEN = {"type": "PERCENT", "percent_off": 10}
ITEMS = [
    {"source_id": "tea", "related_object": "product", "quantity": 3, "price": 1_000},
    {"source_id": "cup", "related_object": "product", "quantity": 1, "price": 2_000},
]


@pytest.fixture
def sold(api, code, in_project):
    """50.00 less 10 %, 20.00 of the rest by gift card: 25.00 in money."""
    campaign = CampaignFactory(project=in_project)
    for measure in (Measure.DISCOUNT, Measure.ORDERS, Measure.REDEMPTIONS):
        LimitFactory(campaign=campaign, measure=measure, value=90_000)
    code("TEN", TEN, campaign=campaign, limit=1)
    api.post("/v1/vouchers/GIFT", {"type": "GIFT_VOUCHER", "gift": {"amount": 2_000}})
    body = {
        "redeemables": [{"object": "voucher", "id": name} for name in ("TEN", "GIFT")],
        "order": {"source_id": "A-1", "items": ITEMS},
        "customer": {"source_id": "ada"},
    }
    answer = api.post("/v1/redemptions", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def used():
    rows = UsageCounter.objects.filter(key__contains=":campaign:").order_by("key")
    return {row.key.partition(":")[0]: row.used for row in rows}


def balance(api):
    return api.get("/v1/vouchers/GIFT").json()["gift"]["balance"]


def uses(api):
    return api.get("/v1/vouchers/TEN").json()["redemption"]["redeemed_quantity"]


def amounts(body):
    return tuple(
        body[name] for name in ("amount", "discount_amount", "credits_amount", "refund_amount")
    )


@pytest.mark.requirement(144)
def test_a_part_is_seen_before_and_comes_back_pro_rata(api, sold):
    assert (used(), balance(api)) == ({"discount": 500, "orders": 4_500, "redemptions": 1}, 0)
    wish = {"items": [{"source_id": "tea", "quantity": 1}], "reason": "Bitter"}

    seen = api.post("/v1/orders/A-1/returns/preview", wish).json()

    assert amounts(seen) == (1_000, 100, 400, 500)
    assert [
        (one["code"], one["discount_amount"], one["credits_amount"]) for one in seen["redemptions"]
    ] == [("TEN", 100, 0), ("GIFT", 0, 400)]
    assert (OrderReturn.objects.count(), balance(api)) == (0, 0)

    done = api.post("/v1/orders/A-1/returns", wish).json()

    assert amounts(done) == amounts(seen)
    assert (done["whole"], done["reason"], done["id"][:4]) == (False, "Bitter", "ret_")
    assert (used(), balance(api), uses(api)) == (
        {"discount": 400, "orders": 3_600, "redemptions": 1},
        400,
        1,
    )
    order = api.get("/v1/orders/A-1").json()
    assert [(item["source_id"], item["quantity"], item["amount"]) for item in order["items"]] == [
        ("tea", 2, 2_000),
        ("cup", 1, 2_000),
    ]
    names = ("amount", "total_discount_amount", "credits_amount", "total_amount", "status")
    assert tuple(order[name] for name in names) == (4_000, 2_000, 1_600, 2_000, "PAID")
    assert CustomerSummary.objects.get().orders_amount == 2_000
    moved = api.get("/v1/vouchers/GIFT/transactions").json()["data"][0]
    assert (moved["type"], moved["details"]["return"]) == ("CREDITS_REFUND", {"id": done["id"]})


@pytest.mark.requirement(144)
def test_two_parts_and_the_rest_give_back_exactly_the_whole(api, sold, in_project, at):
    api.post("/v1/orders/A-1/returns", {"items": [{"source_id": "tea", "quantity": 1}]})

    by_put = api.put("/v1/orders/A-1", {"items": [ITEMS[1]]}).json()

    assert (by_put["amount"], by_put["total_amount"]) == (2_000, 1_000)
    assert (used()["discount"], balance(api), uses(api)) == (200, 1_200, 1)

    last = api.post("/v1/orders/A-1/returns", {"everything": True}).json()

    assert (amounts(last), last["whole"]) == ((2_000, 200, 800, 1_000), True)
    assert (used(), balance(api), uses(api)) == (
        {"discount": 0, "orders": 0, "redemptions": 0},
        2_000,
        0,
    )
    assert api.get("/v1/orders/A-1").json()["status"] == "CANCELED"
    shown = api.get("/v1/orders/A-1/returns?order=created_at").json()["returns"]
    totals = [sum(column) for column in zip(*map(amounts, shown), strict=True)]
    assert totals == [5_000, 500, 2_000, 2_500]
    assert not Redemption.objects.filter(rolled_back_at=None).exists()
    assert audit.verify(project=in_project, at=at).differences == []
    types = list(OutboxEvent.objects.values_list("type", flat=True))
    assert (types.count("order.returned"), types.count("order.canceled")) == (3, 1)
    assert types.count("redemption.rollback.succeeded") == 2
    refused = api.post("/v1/orders/A-1/returns", {"everything": True})
    assert (refused.status_code, refused.json()["key"]) == (400, "invalid_order")


@pytest.mark.requirement(144)
def test_a_rollback_after_a_return_gives_back_only_the_rest(api, sold, in_project, at):
    api.post("/v1/orders/A-1/returns", {"items": [{"source_id": "cup", "quantity": 1}]})
    assert (used()["discount"], balance(api)) == (300, 800)
    parent = sold["parent_redemption"]["id"]

    body = api.post(f"/v1/redemptions/{parent}/rollbacks").json()

    assert [one.get("amount") for one in body["rollbacks"]] == [None, -1_200]
    assert (used(), balance(api), uses(api)) == (
        {"discount": 0, "orders": 0, "redemptions": 0},
        2_000,
        0,
    )
    order = body["order"]
    assert (order["amount"], order["total_amount"], order["status"]) == (3_000, 3_000, "CANCELED")
    assert audit.verify(project=in_project, at=at).differences == []


def test_a_counter_made_later_knows_what_came_back(api, sold, in_project):
    api.post("/v1/orders/A-1/returns", {"items": [{"source_id": "tea", "quantity": 1}]})
    campaign = Redemption.objects.get(code="TEN").campaign

    LimitFactory(campaign=campaign, measure=Measure.DISCOUNT, period="month", value=90_000)

    told = api.get(f"/v1/campaigns/{campaign.public_id}").json()["limits"]
    assert {one["used"] for one in told if one["measure"] == "discount"} == {400}


@pytest.mark.parametrize("how", ["put", "post"])
@pytest.mark.parametrize("gives_back", [True, False])
@pytest.mark.requirement(144)
def test_a_canceled_order_gives_back_unless_the_project_says_no(
    api, sold, in_project, how, gives_back
):
    StackingRules.objects.create(project=in_project, canceled_orders_roll_back=gives_back)
    state.stamp(project=in_project)

    if how == "put":
        body = api.put("/v1/orders/A-1", {"status": "CANCELED"}).json()
    else:
        body = api.post("/v1/orders", {"source_id": "A-1", "status": "CANCELED"}).json()

    kept = 0 if gives_back else 1
    assert (body["status"], uses(api), balance(api)) == ("CANCELED", kept, 2_000 - 2_000 * kept)
    assert used()["discount"] == 500 * kept
    assert body["total_amount"] == (5_000 if gives_back else 2_500)
    again = api.put("/v1/orders/A-1", {"status": "CANCELED"})
    assert (again.status_code, uses(api)) == (200, kept)


def test_all_returned_where_cancellation_gives_nothing_back_keeps_the_use(api, sold, in_project):
    StackingRules.objects.create(project=in_project, canceled_orders_roll_back=False)
    state.stamp(project=in_project)

    done = api.post("/v1/orders/A-1/returns", {"everything": True}).json()

    assert (done["whole"], uses(api), balance(api)) == (True, 1, 2_000)
    assert used() == {"discount": 0, "orders": 0, "redemptions": 1}
    order = api.get("/v1/orders/A-1").json()
    assert (order["status"], order["amount"], order.get("items")) == ("CANCELED", 0, None)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({}, "items"),
        ({"items": [{"source_id": "tea", "quantity": 4}]}, "items[0].quantity"),
        ({"items": [{"source_id": "tea", "quantity": 2}] * 2}, "items[1].quantity"),
        ({"items": [{"source_id": "nut", "quantity": 1}]}, "items[0]"),
        ({"items": [{"quantity": 1}]}, "items[0]"),
        ({"items": [{"source_id": "tea", "quantity": 0}]}, "quantity"),
        ({"amount": 5_001}, "amount"),
        ({"amount": -1}, "amount"),
    ],
)
def test_what_is_not_there_is_refused_and_leaves_no_trace(api, sold, wish, says):
    for path in ("returns", "returns/preview"):
        answer = api.post(f"/v1/orders/A-1/{path}", wish)
        assert answer.status_code == 400, answer.content
        assert says in answer.json()["details"]
    assert (OrderReturn.objects.count(), balance(api), used()["discount"]) == (0, 0, 500)


def test_orders_of_others_are_not_found(sold, other_api, other_project):
    for call in (other_api.get, other_api.post):
        answer = call("/v1/orders/A-1/returns")
        assert (answer.status_code, answer.json()["key"]) == (404, "not_found")
    with tenancy.scope(other_project):
        assert OrderReturn.objects.count() == 0
