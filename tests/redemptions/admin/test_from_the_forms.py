"""What a marketer fills in decides at the till: from the forms of the admin to the API."""

import itertools
import json

import pytest
from django.urls import reverse

from campaigns.models import ValidationRule
from tests.factories.product import ProductFactory

pytestmark = pytest.mark.usefixtures("in_project")
LONDON = {"fact": "wafa.customer.attribute", "property": "city", "operator": "$is",
          "values": ["London"]}  # fmt: skip
SPENT = {"fact": "wafa.customer.spend", "operator": "$more_than_or_equal", "values": ["1000"],
         "window": {"span": ""}}  # fmt: skip
FRESH = {"fact": "wafa.customer.other_redemptions", "operator": "$is", "values": ["0"],
         "window": {"span": "last", "number": "6", "unit": "M"}}  # fmt: skip
PERCENT = {"discount_type": "PERCENT", "percent_off": "10"}


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

    assert ask("WE-MISS-YOU", customer=ada)["valid"] is (in_london and spent and fresh)


@pytest.mark.requirement(47)
@pytest.mark.parametrize(
    ("day", "country", "valid"), [(2, "DE", True), (3, "DE", False), (2, "AT", False)]
)
def test_germans_get_double_on_mondays(api, rule, code, ask, clock, day, country, valid):
    german = {**LONDON, "property": "country", "values": ["DE"]}
    monday = {"fact": "wafa.time", "operator": "$dow", "values": ["1"]}
    code("DOUBLE", rule(german, monday), percent_off="20")
    api.post("/v1/customers", {"source_id": "ada", "address": {"country": country}})

    clock(2026, 3, day, 12)

    assert ask("DOUBLE", customer={"source_id": "ada"})["valid"] is valid


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
