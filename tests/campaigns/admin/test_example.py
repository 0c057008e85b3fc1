"""The example beside a discount: what it gives on a cart, computed by the engine."""

import json

import pytest
from django.urls import reverse

from tests.factories.campaign import DefinitionVersionFactory
from tests.factories.product import ProductFactory
from tests.factories.validation_rule import ValidationRuleFactory

pytestmark = pytest.mark.usefixtures("in_project")
EXAMPLE = "admin:campaigns_validationrule_example"


def typed(**values):
    return {"discount_type": "PERCENT", "percent_off": "10", **values}


def example(http, cart=None, **values):
    data = {**typed(**values), "cart": json.dumps(cart) if cart is not None else ""}
    return http.post(reverse(EXAMPLE), data).json()


def given(product):
    item = {"object": "product", "id": product.public_id}
    return json.dumps({"units": [{"item": item, "quantity": "1", "effect": "ADD_MISSING_ITEMS"}]})


def test_works_an_example_on_products_of_the_catalog(person):
    ProductFactory(name="Tea", price=1000)
    ProductFactory(name="Pot", price=3050)

    found = example(person("Marketer"), effect="APPLY_TO_ITEMS")

    assert [(row["name"], row["quantity"], row["discount"]) for row in found["lines"]] == [
        ("Tea", 2, "2.00 EUR"), ("Pot", 1, "3.05 EUR"),
    ]  # fmt: skip
    assert found["total"] == {
        "before": "50.50 EUR", "discount": "5.05 EUR", "after": "45.45 EUR",
    }  # fmt: skip


@pytest.mark.requirement(7)
@pytest.mark.parametrize(("price", "discount_"), [("199.99", "20.00 EUR"), ("200", "30.00 EUR")])
def test_works_it_on_the_cart_that_is_typed(person, price, discount_):
    cart = [{"item": "Something", "quantity": "1", "price": price}]

    found = example(
        person("Marketer"), cart, effect="APPLY_TO_ORDER", formula="IF(ORDER_AMOUNT >= 200; 15; 10)"
    )

    assert found["lines"][0]["name"] == "Something"
    assert found["on_order"] == found["total"]["discount"] == discount_


def test_shows_what_is_added_for_free(person):
    gift = ProductFactory(name="Cup", price=400)
    cart = [{"item": "Tea", "quantity": "1", "price": "10"}]

    found = example(person("Marketer"), cart, discount_type="UNIT", units=given(gift))

    assert found["lines"][1] == {
        "name": "Cup", "quantity": 1, "before": "4.00 EUR", "discount": "4.00 EUR",
        "after": "0.00 EUR",
    }  # fmt: skip
    assert found["total"]["after"] == "10.00 EUR"


@pytest.mark.requirement(43)
def test_takes_the_lines_of_the_chosen_rule_and_its_conditions_as_met(person):
    tea, pot = ProductFactory(name="Tea", price=1000), ProductFactory(name="Pot", price=3000)
    rule = ValidationRuleFactory(rules={
        "1": {"name": "customer.segment", "conditions": {"$is": ["seg_1"]}}})  # fmt: skip
    document = {**rule.definition.data, "applicable_to": {
        "included": [{"object": "product", "id": tea.public_id}]}}  # fmt: skip
    rule.definition = DefinitionVersionFactory(data=document)
    rule.save()
    cart = [{"item": {"object": "product", "id": each.public_id}, "quantity": "1", "price": ""}
            for each in (tea, pot)]  # fmt: skip

    found = example(person("Marketer"), cart, effect="APPLY_TO_ITEMS", rules=[rule.pk])

    assert [row["discount"] for row in found["lines"]] == ["1.00 EUR", ""]


def test_says_why_an_example_gives_nothing(person):
    recipe = "bundle_price?" + "&".join(
        f'{name}={{"object":"product","id":"{name}"}}' for name in ("first", "second")
    )
    cart = [{"item": "Tea", "quantity": "1", "price": "10"}]

    found = example(person("Marketer"), cart, recipe=f"{recipe}&amount=5")

    assert found["total"] is None
    assert found["why"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"quantity": "x"}, ("quantity", "Enter a whole number, 0 or more.")),
        ({"price": "1.234"},
         ("price", "Enter a number with at most 2 decimals, such as 1250.5.")),
    ],
)  # fmt: skip
def test_says_at_the_line_what_is_wrong(person, line, problem):
    cart = [{"item": "Tea", "quantity": "1", "price": "10", **line}]

    (found,) = example(person("Marketer"), cart)["problems"]

    assert (found["path"], found["field"], found["message"]) == ("lines.0", *problem)


def test_waits_for_a_form_that_is_not_finished(person):
    assert example(person("Marketer"), percent_off="") == {"unfinished": True}


def test_reads_fields_with_a_prefix(person):
    data = {"prefix": "tier-0", **{f"tier-0-{name}": value for name, value in typed().items()}}
    cart = json.dumps([{"item": "Tea", "quantity": "1", "price": "10"}])

    found = person("Marketer").post(reverse(EXAMPLE), {**data, "cart": cart}).json()

    assert found["total"]["after"] == "9.00 EUR"


@pytest.mark.parametrize("cart", ["{}", "[7]", '[{"item": {"id": []}, "price": {}}]', "[" * 50])
def test_no_cart_breaks_it(person, cart):
    data = {**typed(), "cart": cart}

    assert person("Marketer").post(reverse(EXAMPLE), data).status_code == 200


def test_uses_no_product_and_no_rule_of_another_project(person, other_project):
    foreign = ProductFactory(project=other_project, name="Foreign", price=999)
    cart = [{"item": {"object": "product", "id": foreign.public_id}, "quantity": "1", "price": ""}]

    found = example(person("Marketer"), cart)

    assert "Foreign" not in json.dumps(found)


def test_is_worked_for_those_who_write_discounts_only(person):
    assert person("Viewer").post(reverse(EXAMPLE), typed()).status_code == 403


def test_says_which_facts_of_a_formula_an_example_lacks(person):
    """Nobody buys in it: the value beside the formula counts."""
    cart = [{"item": "Something", "quantity": "1", "price": "100"}]
    formula = 'IF(CUSTOMER_METADATA("age") > 60; 20; 5) + WAFA_CUSTOMER_ORDERS'

    found = example(person("Marketer"), cart, effect="APPLY_TO_ORDER", formula=formula)
    known = example(person("Marketer"), cart, effect="APPLY_TO_ORDER", formula="ORDER_AMOUNT / 20")

    assert found["total"]["discount"] == "10.00 EUR"
    assert found["note"] == (
        "Not known in this example: “age” of the customer and the number of the customer's orders. "
        "Where a formula has no result, its value counts."
    )
    assert (known["total"]["discount"], known["note"]) == ("5.00 EUR", "")
