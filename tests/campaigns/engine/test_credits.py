"""Gift cards: what they pay, after all discounts, never more than they hold."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.engine import best, explain
from campaigns.engine.context import ApplicationMode, ProductsMode, StackingRules
from campaigns.engine.counters import Measure, Scope
from campaigns.engine.effects.base import InvalidDiscount
from campaigns.engine.effects.credit import CreditDiscount, read_gift
from campaigns.engine.facts import Order
from campaigns.engine.redeemable import Limit, MarginFloor, Overflow, Redeemable
from tests.campaigns.engine.build import (
    amount_off,
    cart,
    context,
    line,
    percent_off,
    product,
    run,
    said,
    voucher,
)

CAP = StackingRules(credits_overflow=Overflow.CAP)
APART = StackingRules(credits_with_discounts=False)
ITEMS = "APPLY_TO_ITEMS"


def card(code, balance, wanted=None, effect="APPLY_TO_ORDER", **facts):
    credit = CreditDiscount(effect=effect, balance=balance, wanted=wanted)
    return replace(voucher(code, type="GIFT_VOUCHER", **facts), discount=credit)


def paid(evaluation):
    return {result.redeemable.code: result.credits for result in evaluation.applied}


HUNDRED = Order(amount=10_000)
CASES = {
    # what of the request: cards and discounts, the order, what each card pays, what is left to pay
    "as much as it holds": ([card("A", 3_000)], HUNDRED, {"A": 3_000}, 7_000),
    "no more than there is to pay": ([card("A", 30_000)], HUNDRED, {"A": 10_000}, 0),
    "what is asked of it": ([card("A", 30_000, 2_500)], HUNDRED, {"A": 2_500}, 7_500),
    "less than asked where less is to pay": (
        [card("A", 30_000, 20_000)],
        HUNDRED,
        {"A": 10_000},
        0,
    ),
    "two cards, the second the rest": (
        [card("A", 7_000), card("B", 7_000)],
        HUNDRED,
        {"A": 7_000, "B": 3_000},
        0,
    ),
    "after a discount, whatever comes first": (
        [card("A", 100), voucher("TEN", percent_off(40))],
        Order(amount=1_000),
        {"TEN": 0, "A": 100},
        500,
    ),
    "nothing of an order that is paid": ([card("A", 500)], Order(amount=0), {"A": 0}, 0),
    "items in proportion": (
        [card("A", 1_000, effect=ITEMS)],
        cart(("a", 1, 3_300), ("b", 1, 6_700)),
        {"A": 1_000},
        9_000,
    ),
    "only items of its products": (
        [card("A", 5_000, effect=ITEMS, applicable_to=(product("a"),))],
        cart(("a", 1, 3_300), ("b", 1, 6_700)),
        {"A": 3_300},
        6_700,
    ),
}


@pytest.mark.parametrize(("asked", "order", "pays", "left"), CASES.values(), ids=CASES)
def test_pays_as_the_table_says(asked, order, pays, left):
    evaluation = run(*asked, order=order)

    assert paid(evaluation) == pays
    assert evaluation.order.total_amount == left
    assert evaluation.order.credits_amount == sum(pays.values())
    assert evaluation.order.tax_base == left + sum(pays.values())


def test_splits_what_items_are_paid_by_their_amounts():
    evaluation = run(card("A", 1_000, effect=ITEMS), order=cart(("a", 1, 3_300), ("b", 1, 6_700)))

    assert [each.discount_amount for each in evaluation.order.lines] == [330, 670]


@pytest.mark.requirement(11)
def test_more_than_it_holds_is_refused_or_cut_down_by_policy():
    asked = card("A", 7_000, 8_000)

    refused, capped = run(asked, order=HUNDRED), run(asked, order=HUNDRED, stacking=CAP)

    assert said(refused) == [("A", "gift_amount_exceeded")]
    assert refused.results[0].reason.details == {"balance": 7_000, "wanted": 8_000}
    assert paid(capped) == {"A": 7_000}


@pytest.mark.parametrize("rules", [StackingRules(), CAP])
def test_an_empty_card_is_refused_by_either_policy(rules):
    assert said(run(card("A", 0), order=HUNDRED, stacking=rules)) == [("A", "gift_amount_exceeded")]


def test_a_card_for_other_items_is_refused():
    other = card("A", 500, effect=ITEMS, applicable_to=(product("c"),))

    assert said(run(other, order=cart(("a", 1, 100)))) == [("A", "missing_order_items_amount")]


@pytest.mark.requirement(249)
def test_a_discount_and_a_card_meet_only_where_the_rules_let_them():
    asked = (card("A", 3_000), voucher("TEN", percent_off(10)))

    together, apart = run(*asked, order=HUNDRED), run(*asked, order=HUNDRED, stacking=APART)

    assert (together.order.total_amount, together.order.price_discount_amount) == (6_000, 1_000)
    assert said(apart) == [("TEN", "applied"), ("A", "exclusion_rules_not_met")]
    assert apart.order.total_amount == 9_000


def test_what_an_order_has_from_before_counts_for_that_as_well():
    discounted = Order(amount=10_000, discount_amount=1_000)
    part_paid = replace(discounted, credits_amount=1_000)
    coupon = voucher("TEN", percent_off(10))

    for order, asked in ((discounted, card("A", 500)), (part_paid, coupon)):
        skipped = run(asked, order=order, stacking=APART)
        assert [result.reason.key for result in skipped.results] == ["exclusion_rules_not_met"]
    assert said(run(card("A", 500), order=part_paid, stacking=APART)) == [("A", "applied")]


@pytest.mark.parametrize(("paid_before", "off"), [(0, 1_000), (4_000, 1_000), (9_700, 300)])
def test_what_a_card_paid_before_makes_no_percentage_smaller(paid_before, off):
    order = Order(amount=10_000, discount_amount=paid_before, credits_amount=paid_before)

    evaluation = run(voucher("TEN", percent_off(10)), order=order)

    assert evaluation.order.applied_discount_amount == off


def test_no_margin_no_budget_and_no_one_discount_per_product_keeps_money_back():
    limit = Limit("lim_1", Measure.DISCOUNT, Scope.REDEEMABLE, 100)
    rules = StackingRules(redeemables_products_application_mode=ProductsMode.ONCE)
    coupon = voucher("OFF", amount_off(100, ITEMS), included_all=True)
    money = card("A", 700, effect=ITEMS, limits=(limit,))

    evaluation = run(
        coupon,
        money,
        order=Order(lines=(line("a", 1, 1_000, cost=900),)),
        stacking=rules,
        margin=MarginFloor(),
    )

    assert paid(evaluation) == {"OFF": 0, "A": 700}
    assert [use.amount for use in evaluation.applied[1].uses] == [0]


def test_the_best_use_never_spends_a_card_to_save():
    found = best.best(context(card("A", 9_000), voucher("OFF", amount_off(100)), order=HUNDRED))

    assert ([each.code for each in found.redeemables], found.saving) == (["OFF"], 100)


def test_explains_what_the_card_holds():
    (explanation,) = explain.explain(context(card("A", 70, 80), order=HUNDRED))

    balance = next(step for step in explanation.steps if step.check == "balance")
    assert (balance.holds, balance.required, balance.actual) == (False, 80, 70)
    assert explanation.suggestion.impossible == "used_up"


def test_a_card_that_holds_just_what_is_asked_is_enough():
    (explanation,) = explain.explain(context(card("A", 80, 80), order=HUNDRED))

    balance = next(step for step in explanation.steps if step.check == "balance")
    assert (balance.holds, balance.required, balance.actual) == (True, 80, 80)


def test_reads_the_published_gift():
    assert read_gift({"amount": 1000.0}) == {"amount": 1_000, "effect": "APPLY_TO_ORDER"}
    for wrong in ({}, {"amount": -1}, {"amount": 1, "effect": "ADD_NEW_ITEMS"}):
        with pytest.raises(InvalidDiscount, match=r"\.gift\."):
            read_gift(wrong)


amounts = st.integers(0, 20_000)
cards = st.builds(
    card,
    st.uuids().map(str),
    amounts,
    st.none() | amounts,
    st.sampled_from(["APPLY_TO_ORDER", ITEMS]),
)
coupons = st.builds(lambda n: voucher(f"C{n}", amount_off(n)), amounts)
carts = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5), amounts), min_size=1)


@settings(max_examples=300, deadline=None, database=None)
@given(asked=st.lists(cards | coupons, min_size=1, max_size=5), lines=carts, cap=st.booleans())
def test_for_every_cart(asked: list[Redeemable], lines, cap):
    rules = StackingRules(
        credits_overflow=Overflow.CAP if cap else Overflow.REFUSE,
        redeemables_application_mode=ApplicationMode.PARTIAL,
    )
    evaluation = run(*asked, order=cart(*lines), stacking=rules)
    if evaluation.order is None:
        return

    order = evaluation.order
    for result in evaluation.applied:
        if result.redeemable.pays:
            assert 0 <= result.credits <= result.redeemable.discount.balance
    assert order.credits_amount == sum(result.credits for result in evaluation.applied)
    assert order.total_amount >= 0
    assert order.amount - order.price_discount_amount - order.credits_amount == order.total_amount
    assert order.tax_base == order.amount - order.price_discount_amount
    pays = [result.redeemable.pays for result in evaluation.applied]
    assert pays == sorted(pays)
