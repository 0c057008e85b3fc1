"""What a marketer fills in decides at the till: from the forms of the admin to the API."""

import itertools
import json

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Category, ValidationRule
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.usefixtures("in_project")
LONDON = {"fact": "wafa.customer.attribute", "property": "city", "operator": "$is",
          "values": ["London"]}  # fmt: skip
SPENT = {"fact": "wafa.customer.spend", "operator": "$more_than_or_equal", "values": ["1000"],
         "window": {"span": ""}}  # fmt: skip
FRESH = {"fact": "wafa.customer.other_redemptions", "operator": "$is", "values": ["0"],
         "window": {"span": "last", "number": "6", "unit": "M"}}  # fmt: skip
PERCENT = {"discount_type": "PERCENT", "percent_off": "10"}
TEN = {"discount_type": "AMOUNT", "amount_off": "10"}


@pytest.fixture
def marketer(staff, project):
    """`marketer("validationrule", …)`: the form of a new one, filled in by a marketer."""
    http = staff("Marketer")

    def add(model, **fields):
        sent = {"_project": project.public_id, "metadata": "{}", **fields}
        answer = http.post(reverse(f"admin:campaigns_{model}_add"), sent)
        assert answer.status_code == 302, answer.context["adminform"].form.errors

    return add


@pytest.fixture
def rule(marketer):
    """`rule(row, …)`: a rule of rows that must all hold."""

    def make(*rows, **drafts):
        sent = {"rules": {"join": "and", "parts": list(rows)}, "lines": {}, "bundle": {}, **drafts}
        texts = {name: json.dumps(draft) for name, draft in sent.items()}
        marketer("validationrule", name="Rule", message="", **texts)
        return ValidationRule.objects.get().pk

    return make


@pytest.fixture
def code(marketer):
    """`code("SPRING", rule, …)`: a code for as many uses as one likes."""

    def make(name, *rules, **discount):
        marketer("voucher", code=name, active="on", rules=rules, **{**PERCENT, **discount})

    return make


@pytest.fixture
def promotion(marketer):
    """`promotion("Ten", {…})`: a promotion with a tier of the fields of a discount."""

    def make(name, fields):
        marketer("campaign", campaign_type="PROMOTION", name=name, active="on", listed="on")
        campaign = Campaign.objects.get(name=name).pk
        marketer("promotiontier", campaign=campaign, name=name, active="on", **fields)

    return make


@pytest.fixture
def saved(api):
    """`saved(customer=…)`: what all that applies without a code takes off 100.00."""

    def qualify(**more):
        offers = api.post("/v1/qualifications", {"order": {"amount": 10_000}, **more}).json()
        wanted = [{"object": each["object"], "id": each["id"]}
                  for each in offers["redeemables"]["data"]]  # fmt: skip
        body = {"redeemables": wanted, "order": {"amount": 10_000}, **more}
        return api.post("/v1/validations", body).json()["order"]["total_discount_amount"]

    return qualify


@pytest.fixture
def ask(api):
    """`ask("SPRING", …)`: the answer to a validation."""

    def validate(name, **more):
        body = {"redeemables": [{"object": "voucher", "id": name}], **more}
        return api.post("/v1/validations", {"order": {"amount": 2000}, **body}).json()

    return validate


@pytest.mark.requirement(38)
@pytest.mark.parametrize(
    ("in_london", "spent", "fresh"), list(itertools.product([True, False], repeat=3))
)
def test_the_london_coupon(api, rule, code, ask, redeemed, in_london, spent, fresh):
    code("WE-MISS-YOU", rule(LONDON, SPENT, FRESH))
    code("OTHER")
    ada = {"source_id": "ada"}
    api.post("/v1/customers", {**ada, "address": {"city": "London" if in_london else "Leeds"}})
    amount = 100_000 if spent else 98_000
    api.post("/v1/orders", {"customer": ada, "amount": amount, "status": "PAID"})
    if not fresh:
        redeemed("OTHER", amount=1000, customer=ada)

    answer = ask("WE-MISS-YOU", customer=ada, options={"explain": True})
    (found,) = answer["redeemables"] or answer["inapplicable_redeemables"]
    checks = found["explain"]["checks"]
    failed = {each.get("fact") for each in checks if not each["holds"]} - {"reason"}
    assert answer["valid"] is (in_london and spent and fresh)
    assert failed == {
        asked["fact"]
        for asked, holds in ((LONDON, in_london), (SPENT, spent), (FRESH, fresh))
        if not holds
    }


@pytest.mark.requirement(47)
def test_germans_get_double_on_mondays(api, marketer, rule, promotion, saved, clock):
    """The project lies in Berlin, in winter an hour before UTC. Nobody enrols anybody."""
    clock(2026, 3, 1)
    german = {**LONDON, "property": "country", "values": ["DE"]}
    monday = {"fact": "wafa.time", "operator": "$dow", "values": ["1"]}
    promotion("For everybody", TEN)
    promotion("Germans on Mondays", {**TEN, "rules": [rule(german, monday)]})
    for name, country in (("otto", "DE"), ("resi", "AT")):
        api.post("/v1/customers", {"source_id": name, "address": {"country": country}})

    found = []
    for day, hour, minute, second in (
        (1, 22, 59, 59),
        (1, 23, 0, 0),
        (2, 22, 59, 59),
        (2, 23, 0, 0),
    ):
        clock(2026, 3, day, hour, minute, second)
        found.append([saved(customer={"source_id": name}) for name in ("otto", "resi")])
    clock(2026, 3, 9, 12)
    api.post("/v1/customers", {"source_id": "new", "address": {"country": "DE"}})

    assert found == [[1000, 1000], [2000, 1000], [2000, 1000], [1000, 1000]]
    assert saved(customer={"source_id": "new"}) == 2000


@pytest.mark.requirement(71)
def test_a_happy_hour_gives_three_times_as_much(promotion, saved, clock):
    clock(2026, 3, 1)
    promotion("Ever", TEN)
    hours = {"weekdays": ["1"], "hours_from": "14:00", "hours_to": "16:00"}
    promotion("Happy", {**TEN, "amount_off": "20", **hours})

    found = []
    for hour, minute, second in ((12, 59, 59), (13, 0, 0), (14, 59, 59), (15, 0, 0)):
        clock(2026, 3, 2, hour, minute, second)
        found.append(saved())

    assert found == [1000, 3000, 3000, 1000]


@pytest.mark.requirement(76)
def test_half_price_in_the_app_for_a_week_from_the_birthday(api, rule, code, ask, clock):
    """29 March, on which clocks go forward in Berlin."""
    code(
        "BDAY",
        rule(
            {"fact": "wafa.customer.days_since_birthday", "operator": "$less_than_or_equal",
             "values": ["6"]},
            {"fact": "order.items.price_each", "operator": "$less_than_or_equal", "values": ["50"]},
            {"fact": "wafa.context.channel", "operator": "$is", "values": ["app"]},
        ),
        percent_off="50",
        effect="APPLY_TO_ITEMS",
    )  # fmt: skip
    clock(2026, 3, 1)
    api.post("/v1/customers", {"source_id": "ada", "birthdate": "1990-03-29"})

    def valid(*parts, price=5000, channel="app"):
        clock(2026, *parts)
        items = [{"product_id": ProductFactory(price=price).public_id, "quantity": 1}]
        answer = ask("BDAY", customer={"source_id": "ada"}, order={"items": items},
                     context={"channel": channel})  # fmt: skip
        return answer["valid"]

    week = [(3, 28, 22, 59, 59), (3, 28, 23), (4, 4, 21, 59, 59), (4, 4, 22)]
    assert [valid(*each) for each in week] == [False, True, True, False]
    assert valid(3, 30, price=5001) is False
    assert valid(3, 30, channel="web") is False


@pytest.mark.requirement(250)
def test_fifteen_percent_never_come_with_twenty(marketer, code, ask, api):
    """The category of the members stands alone; whichever code is named first."""
    marketer("category", name="General", hierarchy="1", stacking_rules_type="")
    marketer("category", name="Members", hierarchy="2", stacking_rules_type="EXCLUSIVE")
    general, members = Category.objects.order_by("hierarchy")
    code("GENERAL15", percent_off="15", category=general.pk)
    code("MEMBERS20", percent_off="20", category=members.pk)

    def taken(*names):
        wanted = [{"object": "voucher", "id": name} for name in names]
        body = {"redeemables": wanted, "order": {"amount": 10_000}}
        done = api.post("/v1/redemptions", body).json()
        return done["order"]["total_applied_discount_amount"]

    assert ask("GENERAL15")["valid"] is ask("MEMBERS20")["valid"] is True
    assert [taken("GENERAL15", "MEMBERS20"), taken("MEMBERS20", "GENERAL15")] == [2000, 2000]


@pytest.mark.requirement(25, 53)
def test_arabica_lvrs(api, rule, code, ask):
    beans, pot = ProductFactory(price=3000), ProductFactory(price=2000)
    api.post("/v1/customers", {"source_id": "ada"})
    made = rule(
        {"fact": "wafa.context.placement", "operator": "$is", "values": ["category:arabica"]},
        lines={"included": [{"item": {"object": "product", "id": beans.public_id}}]},
    )
    formula = "IF(WAFA_CUSTOMER_ORDERS = 0; 10; 5)"
    code(
        "ARABICA-LVRS", made, discount_type="AMOUNT", amount_off="5",
        effect="APPLY_TO_ITEMS", formula=formula,
    )  # fmt: skip
    items = [{"product_id": each.public_id, "quantity": 1} for each in (beans, pot)]
    there = {"order": {"items": items}, "customer": {"source_id": "ada"},
             "context": {"placement": "category:arabica"}}  # fmt: skip

    new = ask("ARABICA-LVRS", **there)
    api.post("/v1/orders", {"customer": {"source_id": "ada"}, "amount": 900, "status": "PAID"})
    old = ask("ARABICA-LVRS", **there)
    elsewhere = ask("ARABICA-LVRS", **{**there, "context": {"placement": "home"}})

    assert [line.get("discount_amount", 0) for line in new["order"]["items"]] == [1000, 0]
    assert old["order"]["total_discount_amount"] == 500
    assert elsewhere["valid"] is False
