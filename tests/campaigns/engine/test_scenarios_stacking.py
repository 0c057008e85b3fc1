"""Promotions that meet others, as marketers describe them."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from campaigns.engine.context import (
    ApplicationMode,
    NoEffectRule,
    SortingRule,
    StackingRules,
)
from campaigns.engine.explain import explain
from campaigns.engine.facts import Order
from tests.campaigns.engine.build import (
    amount_off,
    asks,
    cart,
    context,
    in_category,
    percent_off,
    ruled,
    run,
    said,
    tier,
    voucher,
)
from tests.campaigns.engine.build import product as entry
from tests.campaigns.engine.documents import AT_LEAST

PARTIAL = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)


@pytest.mark.requirement(250)
def test_fifteen_percent_never_comes_with_twenty():
    rules_ = StackingRules(exclusive_categories=frozenset({"cat_loyalty"}))
    general = voucher("GENERAL", percent_off(15))
    loyalty = voucher("LOYALTY", percent_off(20), categories=in_category("loyalty"))

    for asked in permutations((general, loyalty)):
        evaluation = run(*asked, order=Order(amount=10_000), stacking=rules_)
        assert evaluation.order.total_applied_discount_amount == 2000
        assert [each.redeemable.code for each in evaluation.applied] == ["LOYALTY"]


@pytest.mark.requirement(7)
@pytest.mark.parametrize(
    ("amount", "off"), [(9999, None), (10_000, 1000), (19_999, 2000), (20_000, 3000)]
)
def test_the_highest_spend_tier_alone_applies(amount, off):
    """Two tiers of one promotion; one of their category may apply, the higher one goes first."""
    spend = [
        ruled(
            tier(name, percent_off(percent), categories=in_category("spend")),
            asks("order.initial_amount", AT_LEAST, least),
        )
        for name, percent, least in (("15", 15, 20_000), ("10", 10, 10_000))
    ]
    one = replace(PARTIAL, applicable_redeemables_per_category_limit=1)

    evaluation = run(*spend, order=Order(amount=amount), stacking=one)

    total = evaluation.order.total_applied_discount_amount if evaluation.valid else None
    assert total == off


@pytest.mark.requirement(248)
def test_no_forbidden_pair_is_ever_in_the_result():
    rules_ = replace(
        PARTIAL,
        exclusive_categories=frozenset({"cat_x"}),
        joint_categories=frozenset({"cat_j"}),
        applicable_exclusive_redeemables_limit=2,
    )
    groups = {"C": (), "X": in_category("x"), "J": in_category("j")}
    for kinds in product(groups, repeat=3):
        codes = [
            voucher(f"{kind}{n}", amount_off(100), categories=groups[kind])
            for n, kind in enumerate(kinds)
        ]
        evaluation = run(*codes, order=Order(amount=9000), stacking=rules_)
        applied = {each.redeemable.code[0] for each in evaluation.applied}
        assert not {"C", "X"} <= applied
        assert evaluation.valid is True


@pytest.mark.requirement(251)
def test_the_hierarchy_decides_whatever_the_request_says():
    rules_ = StackingRules(redeemables_sorting_rule=SortingRule.CATEGORY_HIERARCHY)
    codes = [
        voucher("1", percent_off(10), categories=in_category("a", 1)),
        voucher("2", amount_off(500), categories=in_category("b", 2)),
        voucher("3", percent_off(50), categories=in_category("c", 3)),
    ]

    found = {
        (run(*asked, order=Order(amount=10_000), stacking=rules_).order.total_amount,
         tuple(code for code, _ in said(run(*asked, order=Order(amount=10_000), stacking=rules_))))
        for asked in permutations(codes)
    }  # fmt: skip

    assert found == {(4250, ("1", "2", "3"))}


@pytest.mark.requirement(252)
def test_the_order_of_application_matters():
    ten, five = voucher("P", percent_off(10)), voucher("A", amount_off(500))

    assert run(ten, five, order=Order(amount=10_000)).order.total_amount == 8500
    assert run(five, ten, order=Order(amount=10_000)).order.total_amount == 8550


@pytest.mark.requirement(253)
def test_the_trace_says_why_each_promotion_was_left_out():
    rules_ = replace(
        PARTIAL,
        exclusive_categories=frozenset({"cat_x"}),
        applicable_redeemables_limit=1,
        redeemables_no_effect_rule=NoEffectRule.SKIP,
    )
    alone = voucher("ALONE", amount_off(500), categories=in_category("x"))
    other = voucher("OTHER", amount_off(500), categories=in_category("x"))
    common = voucher("COMMON", percent_off(10))
    idle = voucher("IDLE", percent_off(10), applicable_to=(entry("pot"),))
    order = cart(("tea", 1, 9000))

    crowded = explain(context(common, alone, other, order=order, stacking=rules_))
    empty = explain(context(idle, order=order, stacking=rules_))

    assert [each.steps[-1].actual for each in (*crowded, *empty) if each.suggestion] == [
        "exclusion_rules_not_met", "applicable_redeemables_limit_exceeded", "no_effect",
    ]  # fmt: skip
