"""Rules as they are sent: what is read and what is refused."""

import pytest

from campaigns.engine import rules
from campaigns.engine.facts import Order
from tests.campaigns.engine.build import (
    asks,
    cart,
    percent_off,
    ruled,
    run,
    voucher,
)

FROM_50 = asks("order.amount", "$more_than_or_equal", 5000)
EACH = asks("order.items.price", "$more_than", 1)

WRONG = [
    ({"1": {"name": "customer.age", "conditions": {"$is": [1]}}},
     "Rule '1' has an unknown name 'customer.age'"),
    ({"1": {"name": "order.amount", "conditions": {"$more_than": ["50"]}}},
     "Rule '1' (order.amount) $more_than compares a number with '50'"),
    ({"1": {"name": "custom_event.metadata", "conditions": {"$is": [1]}}},
     "Rule 'custom_event.metadata' must have a 'property'"),
    ({"1": {"name": "wafa.customer.attribute", "property": "shoe", "conditions": {"$is": [1]}}},
     "Rule '1' (wafa.customer.attribute) does not know the property 'shoe'"),
    ({"1": {"name": "wafa.customer.spend", "property": "soon", "conditions": {"$is": [1]}}},
     "Rule '1' (wafa.customer.spend) has no window 'soon'"),
    ({"1": {"name": "wafa.customer.orders_with", "property": "P6M", "conditions": {"$is": [1]}}},
     ("Rule '1' (wafa.customer.orders_with) must name a collection, product or SKU, as in "
     "'P6M;pc_…'")),
    ({"1": {"name": "wafa.customer.spend", "property": "P3000Y", "conditions": {"$is": [1]}}},
     "Rule '1' (wafa.customer.spend) must not look back more than 100 years"),
    ({"1": {"name": "wafa.time",
            "conditions": {"$timeframe": ["2000-01-01T00:00:00Z;P9000Y;P1D"]}}},
     "Rule '1' (wafa.time) $timeframe must not have 'P9000Y', more than 100 years"),
    ({"1": {"name": "order.items.any"}},
     "Rule '1' (order.items.any) must have conditions"),
    ({"1": {"name": "order.items.any", "conditions": {"$is": ["prod_1"]}}},
     "Rule '1' (order.items.any) must name products by id and object"),
    ({"1": {"name": "order.items.any", "conditions": {"$more_than": [1]}}},
     "Rule '1' (order.items.any) cannot use $more_than on products"),
    ({"1": {"name": "product.id", "conditions": {"$is": []}}},
     "Rule '1' (product.id) must have an array after $is"),
    ({"1": FROM_50, "logic": "1 and 2"}, "logic names rule 2, which does not exist"),
    ({"1": {**FROM_50, "rules": {"1": FROM_50, "logic": "7"}}},
     "1 logic names rule 7, which does not exist"),
    ({"1": {**FROM_50, "rules": {"1": {**FROM_50, "rules": {"1": {**FROM_50, "rules": {
        "1": FROM_50}}}}}}}, "1.1.1 must not be nested deeper than 3 levels"),
    ({"1": {"name": "order.items.any", "rules": {"1": {**EACH, "rules": {"1": {**EACH, "rules": {
        "1": EACH}}}}}}}, "1.1.1 must not be nested deeper than 3 levels"),
    ({"1": {"name": "order.items.any", "rules": {"1": asks("order.items.price", "$is", "x")}}},
     "Rule '1.1' (order.items.price) $is compares a number with 'x'"),
    ("rules", "must be an object of numbered rules"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "details"), WRONG)
def test_refuses_what_could_never_be_evaluated(document, details):
    with pytest.raises(rules.InvalidCondition) as refused:
        rules.read({"rules": document}, rule_id="val_1", schema=lambda _name, _key: None)

    assert refused.value.details == details
    assert refused.value.key == "invalid_validation_rules"


@pytest.mark.parametrize("inside", [False, True])
def test_a_window_of_centuries_that_was_saved_before_is_read(inside):
    frame = asks("wafa.time", "$timeframe", "2000-01-01T00:00:00Z;P9000Y;P500Y")
    orders = asks("wafa.customer.orders", "$is", 0, property="P3000Y")
    ruled_by = {"1": frame, "2": orders, "logic": "1 or 2"}
    if inside:
        ruled_by = {"1": {**FROM_50, "rules": ruled_by}}
    document = {"rules": ruled_by}

    redeemable = rules.assign(voucher("A"), [rules.read(document, rule_id="val_1")])

    assert run(redeemable, order=Order(amount=5000)).valid
    with pytest.raises(rules.InvalidCondition):
        rules.read(document, rule_id="val_1", schema=lambda _name, _key: None)


def test_a_declared_metadata_property_has_its_kind():
    age = {"rules": {"1": asks("customer.metadata", "$is", "30", property="age")}}

    def schema(name, key):
        known = {("customer.metadata", "age"): rules.Kind.NUMBER}
        return known.get((name, key))

    rules.read(age, rule_id="val_1")
    with pytest.raises(rules.InvalidCondition) as refused:
        rules.read(age, rule_id="val_1", schema=schema)
    assert refused.value.details == "Rule '1' (customer.metadata) $is compares a number with '30'"


def test_a_rule_without_conditions_only_chooses_lines():
    tea = {"object": "product", "id": "prod_tea", "effect": "APPLY_TO_CHEAPEST", "repeat": 2.0}
    chosen = rules.read(
        {"applicable_to": {"included": [tea], "excluded": {"data": [{**tea, "id": "prod_cup"}]}}},
        rule_id="val_1",
    )
    redeemable = rules.assign(voucher("P", percent_off(10)), [chosen])

    evaluation = run(redeemable, order=cart(("tea", 1, 1000), ("cup", 1, 1000)))

    assert [line.discount_amount for line in evaluation.order.lines] == [100, 0]
    assert redeemable.applicable_to[0].repeat == 2
    assert redeemable.inapplicable_to[0].id == "prod_cup"


def test_a_rule_alone_chooses_all_lines_but_some():
    cup = {"object": "product", "id": "prod_cup"}
    chosen = rules.read(
        {"applicable_to": {"included_all": True, "excluded": {"data": [cup]}}}, rule_id="val_1"
    )
    redeemable = rules.assign(voucher("P", percent_off(10)), [chosen])

    evaluation = run(redeemable, order=cart(("tea", 1, 1000), ("cup", 1, 1000)))

    assert redeemable.included_all
    assert not rules.assign(voucher("Q", percent_off(10)), []).included_all
    assert [line.discount_amount for line in evaluation.order.lines] == [100, 0]


def test_old_rules_say_in_their_conditions_what_is_discounted():
    redeemable = ruled(
        voucher("P", percent_off(10)),
        asks(
            "product.id", "$in", "prod_tea",
            rules={"1": asks("product.discount_applicable", "$is", True)},
        ),
    )  # fmt: skip

    evaluation = run(redeemable, order=cart(("tea", 1, 1000), ("cup", 1, 1000)))

    assert [line.discount_amount for line in evaluation.order.lines] == [100, 0]


@pytest.mark.parametrize(
    ("applicable_to", "details"),
    [
        ({"included": "x"}, "applicable_to.included must be an array"),
        ({"included": [{}]},
         "applicable_to.included[0] must name a product, sku or products_collection"),
        ({"excluded": [{"object": "sku"}]}, "applicable_to.excluded[0] must have an id"),
        ({"included": [{"object": "sku", "id": "s", "repeat": 0}]},
         "applicable_to.included[0].repeat must be an integer, 1 or more"),
        ({"included": [{"object": "sku", "id": "s", "effect": "ALL"}]},
         "applicable_to.included[0].effect should be one of the allowed values"),
        ({"included": [{"object": "sku", "id": "s", "price_formula": "1/0"}]},
         "applicable_to.included[0].price_formula divides by zero"),
        ({"included": [{"object": "sku", "id": "s"}] * 501},
         "applicable_to.included must not have more than 500 entries"),
    ],
)  # fmt: skip
def test_refuses_wrong_choices_of_lines(applicable_to, details):
    with pytest.raises(rules.InvalidCondition) as refused:
        rules.read({"rules": {}, "applicable_to": applicable_to}, rule_id="val_1")

    assert refused.value.details == details


def test_keeps_the_name_that_people_gave_it():
    named = [
        rules.read({"rules": {}, **more}, rule_id="val_1").name for more in ({"name": "VIP"}, {})
    ]

    assert named == ["VIP", ""]
