"""Rules from the API to the till: made, assigned, changed, and asked at every use."""

import itertools

import pytest

from campaigns.models import Campaign, ValidationRule

pytestmark = pytest.mark.django_db
FIVE_OFF = {"type": "DISCOUNT_VOUCHER", "discount": {"type": "AMOUNT", "amount_off": 500}}
LONDON = ("wafa.customer.attribute", "city", {"$is": ["London"]})
SPENT = ("wafa.customer.spend", "", {"$more_than_or_equal": [100_000]})
NO_OTHER = ("wafa.customer.other_redemptions", "P6M", {"$is": [0]})


def condition(name, *more):
    found = {"name": name, "conditions": more[-1]}
    return {**found, "property": more[0]} if len(more) > 1 else found


@pytest.fixture
def rule(api):
    """`rule((name, conditions), …, logic="1 or 2")`: the id of a new rule."""

    def make(*conditions, logic=None, **more):
        rules = {str(place): condition(*each) for place, each in enumerate(conditions, start=1)}
        if logic:
            rules["logic"] = logic
        answer = api.post("/v1/validation-rules", {"name": "Rule", "rules": rules, **more})
        assert answer.status_code == 200, answer.content
        return answer.json()["id"]

    return make


@pytest.fixture
def five(api):
    """`five("CODE", rule)`: a code that takes 5.00 off."""

    def make(name, *rules, **more):
        answer = api.post(f"/v1/vouchers/{name}", {**FIVE_OFF, "validation_rules": rules, **more})
        assert answer.status_code == 200, answer.content

    return make


@pytest.fixture
def ask(api):
    """`ask("CODE", customer=…)`: the result of a validation, without what is around it."""

    def validate(name, **more):
        body = {"redeemables": [{"object": "voucher", "id": name}], **more}
        answer = api.post("/v1/validations", body)
        assert answer.status_code == 200, answer.content
        return answer.json()["redeemables"][0]["result"]

    return validate


def key(result):
    return result["error"]["key"] if "error" in result else None


@pytest.mark.requirement(38)
@pytest.mark.parametrize(
    ("in_london", "spent", "no_other"), list(itertools.product([True, False], repeat=3))
)
def test_the_london_coupon_works_where_all_three_hold(
    api, rule, five, ask, redeemed, in_london, spent, no_other
):
    five("WE-MISS-YOU", rule(LONDON, SPENT, NO_OTHER))
    five("OTHER")
    city = "London" if in_london else "Leeds"
    api.post("/v1/customers", {"source_id": "ada", "address": {"city": city}})
    amount = 100_000 if spent else 98_000
    api.post("/v1/orders", {"customer": {"source_id": "ada"}, "amount": amount, "status": "PAID"})
    if not no_other:
        redeemed("OTHER", amount=1000, customer={"source_id": "ada"})

    wanted = [{"object": "voucher", "id": "WE-MISS-YOU"}]
    body = {"redeemables": wanted, "customer": {"source_id": "ada"}, "order": {"amount": 2000}}
    answer = api.post("/v1/validations", {**body, "options": {"explain": True}}).json()

    held = {"1": in_london, "2": spent, "3": no_other}
    checks = answer["redeemables"][0]["explain"]["checks"]
    assert {check["number"]: check["holds"] for check in checks if check.get("number")} == held
    assert answer["valid"] is all(held.values())
    result = answer["redeemables"][0]["result"]
    assert key(result) == (None if answer["valid"] else "customer_rules_violated")


def test_names_all_rules_that_are_violated(api, rule, five, ask):
    five("SPRING")
    rules = [rule(("order.amount", {"$more_than": [amount]})) for amount in (1000, 2000, 3000)]
    for each in rules:
        path = f"/v1/validation-rules/{each}/assignments"
        assert api.post(path, {"voucher": "SPRING"}).status_code == 200

    result = ask("SPRING", order={"amount": 1500})

    assert result["error"]["details"] == (
        "Discount Coupon cannot be redeemed because of violated validation rules:"
        f" {rules[1]}, {rules[2]}"
    )


@pytest.mark.requirement(40)
def test_a_changed_rule_counts_from_the_next_validation_on(api, rule, ask, redeemed):
    conditions = condition("order.amount", {"$more_than_or_equal": [1000]})
    changed = rule(("order.amount", {"$more_than_or_equal": [1000]}))
    campaign = {"name": "Live", "type": "STANDALONE", "voucher": {**FIVE_OFF, "code": "LIVE"}}
    api.post("/v1/campaigns", {**campaign, "validation_rules": [changed]})
    before = redeemed("LIVE", amount=1500)
    assert key(ask("LIVE", order={"amount": 1500})) is None

    conditions["conditions"] = {"$more_than_or_equal": [2000]}
    api.put(f"/v1/validation-rules/{changed}", {"rules": {"1": conditions}})

    assert key(ask("LIVE", order={"amount": 1500})) == "order_rules_violated"
    assert key(ask("LIVE", order={"amount": 2000})) is None
    refused = api.post(
        "/v1/redemptions",
        {"redeemables": [{"object": "voucher", "id": "LIVE"}], "order": {"amount": 1500}},
    )
    assert (refused.status_code, refused.json()["key"]) == (400, "order_rules_violated")
    kept = api.get(f"/v1/redemptions/{before['redemptions'][0]['id']}").json()
    assert kept["result"] == "SUCCESS"


@pytest.mark.requirement(40)
def test_a_rule_counts_as_soon_as_it_is_assigned_and_no_longer_than_that(api, rule, ask):
    rich = rule(("order.amount", {"$more_than": [5000]}))
    campaign = {"name": "Live", "type": "STANDALONE", "voucher": {**FIVE_OFF, "code": "LIVE"}}
    made = api.post("/v1/campaigns", campaign).json()
    path = f"/v1/validation-rules/{rich}/assignments"
    assert key(ask("LIVE", order={"amount": 1500})) is None

    assigned = api.post(path, {"campaign": made["id"]}).json()
    assert key(ask("LIVE", order={"amount": 1500})) == "order_rules_violated"
    api.delete(f"{path}/{assigned['id']}")
    assert key(ask("LIVE", order={"amount": 1500})) is None
    api.put(f"/v1/campaigns/{made['id']}", {"validation_rules": [rich]})
    assert key(ask("LIVE", order={"amount": 1500})) == "order_rules_violated"
    api.put(f"/v1/campaigns/{made['id']}", {"validation_rules": []})
    assert key(ask("LIVE", order={"amount": 1500})) is None


@pytest.mark.requirement(97)
@pytest.mark.usefixtures("in_project")
def test_a_campaign_is_stopped_changed_and_started_again(api, rule, ask):
    cheap = rule(("order.amount", {"$more_than": [1000]}))
    body = {"name": "Live", "type": "STANDALONE", "voucher": {**FIVE_OFF, "code": "LIVE"}}
    path = f"/v1/campaigns/{api.post('/v1/campaigns', body).json()['id']}"
    api.put(path, {"validation_rules": [cheap]})

    api.post(f"{path}/disable")
    stopped = key(ask("LIVE", order={"amount": 2000}))
    dear = {"1": condition("order.amount", {"$more_than": [5000]})}
    api.put(f"/v1/validation-rules/{cheap}", {"rules": dear})
    api.post(f"{path}/enable")

    assert stopped == "campaign_not_active"
    assert key(ask("LIVE", order={"amount": 2000})) == "order_rules_violated"
    assert key(ask("LIVE", order={"amount": 6000})) is None
    switched = list(Campaign.history.order_by("pk").values_list("active", flat=True))
    assert switched[-3:] == [True, False, True]
    before, after = ValidationRule.history.select_related("definition").order_by("pk")
    assert before.definition.data["rules"]["1"]["conditions"] == {"$more_than": [1000]}
    assert after.definition.data["rules"] == dear


def test_rules_of_the_campaign_and_of_the_code_must_both_hold(api, rule, five, ask):
    made = api.post("/v1/campaigns", {"name": "Live", "voucher": FIVE_OFF, "vouchers_count": 0})
    of_campaign, own = rule(("order.amount", {"$more_than": [1000]})), rule(LONDON)
    campaign_id = made.json()["id"]
    api.put(f"/v1/campaigns/{campaign_id}", {"validation_rules": [of_campaign]})
    five("BOTH", own, campaign_id=campaign_id)
    five("ONE", campaign_id=campaign_id)
    london = {"source_id": "ada", "address": {"city": "London"}}

    assert key(ask("BOTH", customer=london, order={"amount": 2000})) is None
    assert key(ask("BOTH", customer=london, order={"amount": 900})) == "order_rules_violated"
    assert key(ask("BOTH", customer="bob", order={"amount": 2000})) == "customer_rules_violated"
    assert key(ask("ONE", customer="bob", order={"amount": 2000})) is None


@pytest.mark.requirement(51)
def test_any_metadata_can_be_asked_and_a_missing_one_is_no_error(rule, five, ask):
    rain = ("order.metadata", "weather", {"$is": ["rain"]})
    gold = ("customer.metadata", "tier", {"$in": ["gold", "silver"]})
    shop = ("redemption.metadata", "shop.city", {"$is": ["Berlin"]})
    roast = ("order.items.metadata_any", "roast", {"$is": ["dark"]})
    five("RAIN", rule(rain))
    five("ALL", rule(rain, gold, shop, roast))

    def weather(**metadata):
        return key(ask("RAIN", order={"amount": 900, "metadata": metadata}))

    assert weather(weather="rain") is None
    assert weather(weather="sun") == weather(weather=5) == weather() == "order_rules_violated"
    complete = {
        "order": {
            "metadata": {"weather": "rain"},
            "items": [{"amount": 900, "quantity": 1, "metadata": {"roast": "dark"}}],
        },
        "customer": {"source_id": "ada", "metadata": {"tier": "gold"}},
        "metadata": {"shop": {"city": "Berlin"}},
    }
    assert key(ask("ALL", **complete)) is None
    assert key(ask("ALL", **{**complete, "metadata": {}})) == "redemption_rules_violated"
    assert key(ask("ALL", **{**complete, "customer": "ada"})) == "customer_rules_violated"
    del complete["order"]["items"][0]["metadata"]
    assert key(ask("ALL", **complete)) == "order_rules_violated"


@pytest.mark.requirement(52)
@pytest.mark.parametrize(
    ("london", "rich", "rainy"), list(itertools.product([True, False], repeat=3))
)
def test_conditions_are_joined_by_and_or_and_not(rule, five, ask, london, rich, rainy):
    rain = ("order.metadata", "rain", {"$is": [True]})
    three = (LONDON, ("order.amount", {"$more_than": [1000]}), rain)
    five("MIXED", rule(*three, logic="1 and (2 or not 3)"))
    customer = {"source_id": "ada", "address": {"city": "London" if london else "Leeds"}}
    order = {"amount": 2000 if rich else 900, "metadata": {"rain": rainy}}

    result = ask("MIXED", customer=customer, order=order)

    assert (key(result) is None) is (london and (rich or not rainy))


def test_says_why_in_the_words_of_the_marketer(api, rule, five, ask):
    message = {"error": {"message": "Only for orders of 50 or more."}}
    made = rule(("order.amount", {"$more_than_or_equal": [5000]}), **message)
    five("FIFTY", made)

    first = ask("FIFTY", order={"amount": 900})
    own = {
        **condition("order.amount", {"$more_than_or_equal": [5000]}),
        "error": {"message": "50!"},
    }
    api.put(f"/v1/validation-rules/{made}", {"rules": {"1": own}})
    second = ask("FIFTY", order={"amount": 900})

    assert first["error"]["error"] == {"message": "Only for orders of 50 or more."}
    assert second["error"]["error"] == {"message": "50!"}


def test_one_rule_can_be_asked_alone(api, rule):
    entry = {"object": "product", "id": "prod_coffee", "effect": "APPLY_TO_EVERY"}
    made = rule(
        LONDON,
        ("order.total_amount", {"$more_than": [1000]}),
        ("redemption.count", {"$less_than_or_equal": [1]}),
        applicable_to={"included": [entry]},
    )
    path = f"/v1/validation-rules/{made}/validation"
    london = {"source_id": "ada", "address": {"city": "London"}}

    held = api.post(path, {"customer": london, "order": {"amount": 2000}})
    broken = [
        api.post(path, {"customer": london, "order": {"amount": 900}}),
        api.post(path, {"order": {"amount": 2000}}),
        api.post(path, {}),
    ]

    assert held.json() == {
        "valid": True,
        "rule_id": made,
        "applicable_to": {"object": "list", "data_ref": "data", "data": [entry], "total": 1},
    }
    assert [each.json() for each in broken] == [{"valid": False, "rule_id": made}] * 3
    assert api.post("/v1/validation-rules/val_x/validation", {}).status_code == 404
