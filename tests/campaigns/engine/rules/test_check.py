"""What a refused rule says, what a rule relied on, and where in the fold it is asked."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.engine import rules
from campaigns.engine.context import ApplicationMode, StackingRules
from campaigns.engine.counters import Counter, Measure, Relied, Scope, Use
from campaigns.engine.facts import Customer, Order
from campaigns.engine.history import Measure as PastMeasure
from campaigns.engine.history import Past, bounds
from campaigns.engine.redeemable import Campaign
from tests.campaigns.engine.build import (
    BERLIN,
    amount_off,
    asks,
    cart,
    context,
    percent_off,
    rule,
    ruled,
    run,
    said,
    voucher,
)

VIP = Customer(id="cust_1", segments=frozenset({"seg_vip"}))
PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)
IS_VIP = asks("customer.segment", "$is", "seg_vip")
FROM_50 = asks("order.amount", "$more_than_or_equal", 5000)
CAMPAIGN = Campaign("camp_1")
COUNT = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def reason(*conditions, logic=None, order=None, **more):
    facts = {name: more.pop(name) for name in ("customer", "counters") if name in more}
    redeemable = ruled(voucher("A", amount_off(100)), *conditions, logic=logic, **more)
    (refused,) = run(redeemable, order=order, **facts).inapplicable
    return refused.reason


def numbers(reason_):
    return [each["number"] for each in reason_.details["violations"]]


@pytest.mark.parametrize(
    ("condition", "facts", "key"),
    [
        (IS_VIP, {"customer": Customer()}, "customer_rules_violated"),
        (IS_VIP, {}, "missing_customer"),
        (FROM_50, {"order": Order(amount=4999)}, "order_rules_violated"),
        (FROM_50, {}, "missing_order"),
        (FROM_50, {"order": Order()}, "missing_amount"),
        (
            asks("order.items.any", "$is", {"id": "prod_tea", "object": "product"}),
            {"order": Order(amount=5000)},
            "missing_order_items",
        ),
        (
            asks("redemption.metadata", "$is", "x", property="y"),
            {"order": Order(amount=5000)},
            "redemption_rules_violated",
        ),
        (asks("redemption.count.per_customer", "$is", 1), {}, "missing_customer"),
        (asks("campaign.orders.amount", "$less_than", 1), {}, "missing_order"),
        (asks("order.total_amount", "$less_than", 1), {}, "missing_order"),
    ],
)
def test_says_whose_rules_were_broken(condition, facts, key):
    assert reason(condition, **facts).key == key


@pytest.mark.requirement(41)
def test_names_the_rules_and_conditions_that_failed():
    refused = reason(IS_VIP, FROM_50, order=Order(amount=100), customer=Customer())

    assert refused.key == "customer_rules_violated"
    assert refused.parameters["rules"] == "val_1"
    assert refused.details["rules"] == ("val_1",)
    assert refused.details["violations"] == (
        {"rule": "val_1", "number": "1", "name": "customer.segment", "property": None},
        {"rule": "val_1", "number": "2", "name": "order.amount", "property": None},
    )


def test_names_only_what_stands_in_the_way():
    weather = asks("order.metadata", "$is", "rain", property="weather")
    order = Order(amount=100, metadata={"weather": "rain"})

    assert numbers(reason(IS_VIP, FROM_50, weather, logic="(1 or 3) and 2", order=order)) == ["2"]
    assert numbers(reason(weather, logic="not 1", order=order)) == ["1"]
    assert numbers(reason(IS_VIP, FROM_50, logic="1 or 2", order=order, customer=Customer())) == [
        "1",
        "2",
    ]


def test_says_the_most_specific_message():
    general = {"error": {"message": "Not today"}}
    special = asks("order.amount", "$more_than", 5000, message="Spend more")

    assert reason(FROM_50, order=Order(amount=1)).details["message"] is None
    assert reason(FROM_50, order=Order(amount=1), **general).details["message"] == "Not today"
    assert reason(special, order=Order(amount=1), **general).details["message"] == "Spend more"


def test_as_many_lines_may_be_chosen_as_there_may_be():
    entry = {"object": "sku", "id": "sku_1"}
    sent = {"rules": {}, "applicable_to": {"included": [entry] * 500}}

    assert len(rules.read(sent, rule_id="val_1").applicable_to) == 500


def test_all_assigned_rules_must_hold():
    both = rules.assign(
        voucher("A", amount_off(100)),
        [rule(IS_VIP, rule_id="val_1"), rule(FROM_50, rule_id="val_2")],
    )

    assert run(both, order=Order(amount=5000), customer=VIP).valid is True
    (refused,) = run(both, order=Order(amount=4999), customer=VIP).inapplicable
    assert refused.reason.details["rules"] == ("val_2",)


@pytest.mark.requirement(252)
def test_order_amount_moves_with_the_stack_and_the_initial_amount_does_not():
    first = voucher("A", amount_off(1000))
    after_others = ruled(voucher("B", amount_off(500)), asks("order.amount", "$more_than", 9999))
    at_all = ruled(voucher("C", amount_off(500)), asks("order.initial_amount", "$more_than", 9999))
    order = Order(amount=10_500)

    assert said(run(first, after_others, order=order, stacking=PARTIAL)) == [
        ("A", "applied"), ("B", "order_rules_violated"),
    ]  # fmt: skip
    assert run(after_others, first, order=order).valid is True
    assert run(first, at_all, order=order).valid is True


def test_total_amount_is_what_the_discount_leaves():
    at_least = asks("order.total_amount", "$more_than_or_equal", 5000)

    assert run(ruled(voucher("A", amount_off(1000)), at_least), order=Order(amount=6000)).valid
    refused = run(ruled(voucher("A", amount_off(1001)), at_least), order=Order(amount=6000))
    assert said(refused) == [("A", "order_rules_violated")]
    assert refused.order is None


def test_gifts_of_the_request_do_not_satisfy_item_rules():
    gift = voucher("G", {"type": "UNIT", "unit_type": "prod_tea", "effect": "ADD_NEW_ITEMS"})
    needs_tea = ruled(
        voucher("T", amount_off(100)),
        asks("order.items.any", "$is", {"id": "prod_tea", "object": "product"}),
    )

    evaluation = run(gift, needs_tea, order=cart(("cup", 1, 500)), stacking=PARTIAL)

    assert said(evaluation) == [("G", "applied"), ("T", "order_rules_violated")]


@pytest.mark.requirement(80)
def test_a_limit_counts_this_redemption_too():
    first_500 = asks("campaign.redemptions.count", "$less_than_or_equal", 500)

    def valid(used):
        redeemable = ruled(voucher("A", campaign=CAMPAIGN), first_500)
        return run(redeemable, counters={COUNT: used}).valid

    assert [valid(used) for used in (0, 499, 500)] == [True, True, False]


def test_says_which_counters_it_relied_on():
    first_500 = asks("campaign.redemptions.count", "$less_than_or_equal", 500)
    redeemable = ruled(voucher("A", campaign=CAMPAIGN), first_500, IS_VIP, logic="1 or 2")

    def applied(customer, used):
        return run(redeemable, customer=customer, counters={COUNT: used}).applied

    (stranger,) = applied(Customer(), 499)
    (vip,) = applied(VIP, 499)
    (late_vip,) = applied(VIP, 500)
    assert stranger.relied == (Relied(COUNT, 1, 500),)
    assert (vip.relied, late_vip.relied) == ((), ())
    assert stranger.uses == vip.uses == late_vip.uses == (Use(COUNT, 1),)
    assert applied(Customer(), 500) == ()


@pytest.mark.parametrize(
    ("operator", "value", "logic", "limit"),
    [
        ("$less_than", 10, "1", 9),
        ("$less_than", 9.5, "1", 9),
        ("$less_than_or_equal", 9.5, "1", 9),
        ("$is", 4, "1", 4),
        ("$more_than", 9, "not 1", 9),
        ("$greater_than", 9, "not 1", 9),
        ("$more_than_or_equal", 9, "not 1", 8),
        ("$is_not", 4, "not 1", 4),
        ("$more_than", 2, "1", None),
        ("$is_not", 9, "1", None),
    ],
)
def test_knows_the_limit_of_a_comparison(operator, value, logic, limit):
    redeemable = ruled(
        voucher("A", campaign=CAMPAIGN),
        asks("campaign.redemptions.count", operator, value),
        logic=logic,
    )

    (applied,) = run(redeemable, counters={COUNT: 3}).applied

    assert applied.relied == (() if limit is None else (Relied(COUNT, 1, limit),))


def test_two_rules_on_one_counter_rely_on_the_lower_limit():
    redeemable = rules.assign(
        voucher("A", campaign=CAMPAIGN),
        [
            rule(asks("campaign.redemptions.count", "$less_than", 100)),
            rule(
                asks("campaign.redemptions.count", "$less_than", 50),
                asks("campaign.redemptions.count", "$less_than", 70),
            ),
        ],
    )

    (applied,) = run(redeemable).applied

    assert applied.relied == (Relied(COUNT, 1, 49),)
    assert applied.uses == (Use(COUNT, 1),)


def test_redeemables_of_one_request_see_what_earlier_ones_used():
    at_most_two = asks("campaign.redemptions.count", "$less_than_or_equal", 2)
    codes = [ruled(voucher(code, amount_off(1), campaign=CAMPAIGN), at_most_two) for code in "ABC"]

    evaluation = run(*codes, order=Order(amount=100), stacking=PARTIAL)

    assert [status for _, status in said(evaluation)] == [
        "applied", "applied", "redemption_rules_violated",
    ]  # fmt: skip


def test_a_customer_is_counted_once():
    at_most_two = asks("campaign.redemptions.customers_count", "$less_than_or_equal", 2)
    customers = Counter(Measure.CUSTOMERS, Scope.CAMPAIGN, "camp_1")
    mine = Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", per="customer:cust_1")
    redeemable = ruled(voucher("A", campaign=CAMPAIGN), at_most_two)

    new = run(redeemable, customer=VIP, counters={customers: 1})
    known = run(redeemable, customer=VIP, counters={customers: 2, mine: 1})

    assert run(redeemable, customer=VIP, counters={customers: 2}).valid is False
    assert new.applied[0].uses == (Use(customers, 1), Use(mine, 1))
    assert known.applied[0].uses == (Use(customers, 0), Use(mine, 1))


def test_lists_what_the_loader_must_bring():
    redeemable = ruled(
        voucher("A", campaign=CAMPAIGN),
        asks("wafa.customer.other_redemptions", "$is", 0, property="P6M"),
        asks("campaign.redemptions.customers_count", "$less_than", 5),
        IS_VIP,
    )

    needs = rules.needs(redeemable, context(redeemable, customer=VIP))

    assert needs.past == {Past(PastMeasure.REDEMPTIONS, "P6M", but="camp_1")}
    assert needs.counters == {
        Counter(Measure.CUSTOMERS, Scope.CAMPAIGN, "camp_1"),
        Counter(Measure.REDEMPTIONS, Scope.CAMPAIGN, "camp_1", per="customer:cust_1"),
    }


@pytest.mark.requirement(37)
def test_six_months_are_those_of_the_calendar():
    at = datetime(2025, 8, 31, 12, tzinfo=UTC)
    begin, end = bounds("P6M", at, BERLIN)

    assert end is None
    assert begin == datetime(2025, 2, 28, 13, tzinfo=UTC)
    assert begin - timedelta(days=1) < begin <= at


@pytest.mark.requirement(46)
@pytest.mark.parametrize(
    ("window", "begin", "end"),
    [
        ("", None, None),
        ("last_year", utc(2023, 12, 31, 23), utc(2024, 12, 31, 23)),
        ("this_year", utc(2024, 12, 31, 23), None),
        ("last_month", utc(2024, 12, 31, 23), utc(2025, 1, 31, 23)),
        ("this_month", utc(2025, 1, 31, 23), None),
        ("today", utc(2025, 2, 9, 23), None),
        ("P1D", utc(2025, 2, 9, 12), None),
    ],
)
def test_windows_of_the_calendar_begin_in_the_time_zone(window, begin, end):
    found = bounds(window, datetime(2025, 2, 10, 12, tzinfo=UTC), BERLIN)

    assert found == (begin, end)


def test_last_month_of_january_is_december():
    begin, _ = bounds("last_month", datetime(2025, 1, 10, 12, tzinfo=UTC), BERLIN)

    assert begin == datetime(2024, 11, 30, 23, tzinfo=UTC)


@pytest.mark.requirement(52)
def test_random_trees_rely_on_counters_whose_room_makes_them_true():
    """Raise any counter that was not relied on, and the rule still holds."""
    rng = random.Random(15)
    names = ["campaign.redemptions.count", "redemption.count", "redemption.count.per_customer"]
    for _ in range(300):
        leaves = [
            asks(name, "$less_than_or_equal", rng.randint(0, 3)) for name in names
        ] + [IS_VIP]  # fmt: skip
        parts = [f"{rng.choice(['', '', 'not '])}{n}" for n in rng.choices("1234", k=4)]
        a, b, c, d = parts
        logic = f"({a} {rng.choice(['and', 'or'])} {b}) {rng.choice(['and', 'or'])} ({c} or {d})"
        redeemable = ruled(voucher("A", campaign=CAMPAIGN), *leaves, logic=logic)
        keys = rules.needs(redeemable, context(redeemable, customer=VIP)).counters
        counters = {key: rng.randint(0, 3) for key in sorted(keys, key=repr)}
        evaluation = run(redeemable, customer=VIP, counters=counters)
        if not evaluation.valid:
            continue
        relied = {one.counter: one for one in evaluation.applied[0].relied}
        for one in relied.values():
            assert counters[one.counter] + one.amount <= one.limit
        for key in keys - set(relied):
            lower = {**counters, key: counters[key]}
            raised = {**lower, key: 100}
            if "not" not in logic:
                assert run(redeemable, customer=VIP, counters=raised).valid, logic


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
    ({"1": {"name": "order.items.any", "rules": {"1": asks("order.items.price", "$is", "x")}}},
     "Rule '1.1' (order.items.price) $is compares a number with 'x'"),
    ("rules", "must be an object of numbered rules"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "details"), WRONG)
def test_refuses_what_could_never_be_evaluated(document, details):
    with pytest.raises(rules.InvalidCondition) as refused:
        rules.read({"rules": document}, rule_id="val_1")

    assert refused.value.details == details
    assert refused.value.key == "invalid_validation_rules"


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
