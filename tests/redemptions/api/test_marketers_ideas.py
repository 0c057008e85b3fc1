"""What marketers thought of, over HTTP from the rule to the answer."""

from datetime import timedelta

import pytest

from tests.factories.campaign import CampaignFactory
from tests.factories.customer import CustomerFactory
from tests.factories.product import ProductFactory
from tests.factories.segment import SegmentFactory

pytestmark = pytest.mark.usefixtures("in_project")
TEN = {"type": "PERCENT", "percent_off": 10}


@pytest.fixture
def made(api):
    """`made("CODE", discount, (name, property, conditions), …)`: a code; the id of its rule."""

    def make(name, discount, *conditions, **more):
        rules = {
            str(place): {"name": asked, "property": of, "conditions": wanted}
            for place, (asked, of, wanted) in enumerate(conditions, start=1)
        }
        rule = api.post("/v1/validation-rules", {"name": name, "rules": rules, **more}).json()
        body = {"type": "DISCOUNT_VOUCHER", "discount": discount, "validation_rules": [rule["id"]]}
        answer = api.post(f"/v1/vouchers/{name}", body)
        assert answer.status_code == 200, answer.content
        return rule["id"]

    return make


@pytest.fixture
def ask(api):
    """`ask("CODE", …)`: the validation; `redeemables[0]` is the code."""

    def validate(name, **more):
        body = {"redeemables": [{"object": "voucher", "id": name}], "order": {"amount": 2000}}
        return api.post("/v1/validations", {**body, **more}).json()

    return validate


@pytest.mark.requirement(20)
@pytest.mark.parametrize(
    ("name", "channel", "key", "missing"),
    [
        ("ada", "app", None, []),
        ("ada", "web", "redemption_rules_violated", ["wafa.context.channel"]),
        ("bob", "app", "customer_rules_violated", ["customer.segment"]),
    ],
)
def test_premium_members_in_the_app_alone(made, ask, name, channel, key, missing):
    premium = SegmentFactory(name="Premium", customers=[CustomerFactory(source_id="ada")])
    CustomerFactory(source_id="bob")
    made(
        "GOLD", TEN,
        ("customer.segment", None, {"$is": [premium.public_id]}),
        ("wafa.context.channel", None, {"$is": ["app"]}),
    )  # fmt: skip

    found = ask(
        "GOLD", customer={"source_id": name}, context={"channel": channel},
        options={"explain": True},
    )["redeemables"][0]  # fmt: skip

    assert found["result"].get("error", {}).get("key") == key
    checks = found["explain"]["checks"]
    assert [one["fact"] for one in checks if one["check"] == "rule" and not one["holds"]] == missing


@pytest.mark.requirement(39, 40)
def test_who_redeemed_in_thirty_days_is_refused_and_in_sixty_after_a_change(
    api, made, ask, code, redeemed, set_clock, at
):
    campaign = CampaignFactory()
    code("WE-MISS-YOU", campaign=campaign)

    def fresh(window):
        asked = "wafa.customer.redemptions"
        return asked, f"{window};{campaign.public_id}", {"$is": [0]}

    rule = made("AGAIN", TEN, fresh("P30D"))
    ada = {"source_id": "ada"}
    set_clock(at)
    redeemed("WE-MISS-YOU", customer=ada)

    set_clock(at + timedelta(days=29))
    assert ask("AGAIN", customer=ada)["valid"] is False
    set_clock(at + timedelta(days=31))
    assert ask("AGAIN", customer=ada)["valid"] is True
    name, window, conditions = fresh("P60D")
    changed = {"1": {"name": name, "property": window, "conditions": conditions}}
    assert api.put(f"/v1/validation-rules/{rule}", {"rules": changed}).status_code == 200
    assert ask("AGAIN", customer=ada)["valid"] is False
    set_clock(at + timedelta(days=61))
    assert ask("AGAIN", customer=ada)["valid"] is True


@pytest.mark.requirement(54)
def test_who_stopped_buying_is_offered_it_on_the_page_of_a_product(api, made, set_clock, at):
    set_clock(at)
    made(
        "BACK", TEN,
        ("wafa.customer.days_since_last_order", None, {"$more_than": [90]}),
        ("wafa.context.placement", None, {"$is": ["product"]}),
    )  # fmt: skip
    for name, days in [("lapsed", 91), ("recent", 90), ("new", None)]:
        body = {"source_id": name}
        assert api.post("/v1/customers", body).status_code == 200
        if days is not None:
            set_clock(at - timedelta(days=days))
            api.post("/v1/orders", {"customer": body, "amount": 1000, "status": "PAID"})
            set_clock(at)

    def offered(name, placement="product"):
        body = {"customer": {"source_id": name}, "context": {"placement": placement}}
        found = api.post("/v1/qualifications", {**body, "order": {"amount": 2000}}).json()
        return [one["id"] for one in found["redeemables"]["data"]]

    assert [offered(name) for name in ("lapsed", "recent", "new")] == [["BACK"], [], []]
    assert offered("lapsed", placement="cart") == []


@pytest.mark.requirement(59)
@pytest.mark.parametrize(("days", "off"), [(30, 2000), (90, 4000), (180, 8000), (900, 10_000)])
def test_the_longer_a_car_stands_in_the_lot_the_more_is_off(made, ask, days, off):
    """2 % after 30 days, 8 % after 180, and never above 10 %."""
    car = ProductFactory(source_id="car", price=100_000)
    formula = 'MIN(10; ROUND(2 + (ORDER_ITEM_METADATA("days_in_lot") - 30) / 25; 0))'
    made(
        "OLD-STOCK",
        {"type": "PERCENT", "percent_off": 2, "percent_off_formula": formula,
         "effect": "APPLY_TO_ITEMS"},
        applicable_to={"included": [{"object": "product", "id": car.public_id}]},
    )  # fmt: skip
    item = {"source_id": "car", "related_object": "product", "metadata": {"days_in_lot": days}}

    found = ask("OLD-STOCK", order={"items": [item]})

    assert found["order"]["total_discount_amount"] == off


@pytest.mark.requirement(6)
@pytest.mark.parametrize(("names", "off"), [("abcd", 600), ("abd", None)])
def test_a_complete_bundle_costs_less(made, ask, names, off):
    """10 % off a, b and c together, not off d; without c it says so."""
    goods = {
        name: ProductFactory(source_id=name, name=name.upper(), price=price)
        for name, price in [("a", 1000), ("b", 2000), ("c", 3000), ("d", 4000)]
    }
    parts = [{"object": "product", "id": goods[name].public_id} for name in "abc"]
    bundle = {
        str(place): {"name": "order.items.any", "conditions": {"$is": [part]}}
        for place, part in enumerate(parts, start=1)
    }
    made(
        "BUNDLE", {**TEN, "effect": "APPLY_TO_ITEMS"},
        applicable_to={"included": parts}, bundle_rules={**bundle, "limit": 1},
    )  # fmt: skip
    items = [{"source_id": name, "related_object": "product"} for name in names]

    found = ask("BUNDLE", order={"items": items}, options={"explain": True})

    if off is None:
        said = found["redeemables"][0]["explain"]
        change = {"type": "ADD_ITEMS", "object": "product", "id": goods["c"].public_id}
        assert said["gap"]["changes"] == [{**change, "quantity": 1}]
        assert said["sentence"] == "The order does not contain the whole bundle."
        assert said["gap"]["sentence"] == "Add 1 unit of C."
        return
    lines = found["order"]["items"]
    assert [line.get("discount_amount", 0) for line in lines] == [100, 200, 300, 0]
    assert found["order"]["total_discount_amount"] == off
