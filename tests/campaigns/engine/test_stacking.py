import pytest

from campaigns.engine import checks, stacking
from campaigns.engine.context import ApplicationMode, CalculationMode, StackingRules
from campaigns.engine.facts import Order
from campaigns.engine.results import Reason
from tests.campaigns.engine.build import amount_off, in_category, percent_off, run, said, voucher
from tests.campaigns.engine.cases.stacking import HIERARCHY, ROWS, Row, common, exclusive, joint

RULES = {
    "exclusive_categories": frozenset({"cat_ex"}),
    "joint_categories": frozenset({"cat_joint"}),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_stacks_as_the_table_says(row: Row):
    evaluation = run(*row.redeemables, order=Order(amount=1000), stacking=row.rules)

    assert said(evaluation) == row.said
    assert evaluation.valid is row.valid
    assert (evaluation.order is not None) is row.valid


def test_skipped_ones_leave_the_order_alone():
    evaluation = run(
        exclusive("A"), common("B"), order=Order(amount=1000), stacking=StackingRules(**RULES)
    )

    assert evaluation.order.total_discount_amount == 10


def test_thirty_asked_for_five_are_applied():
    evaluation = run(*(common(str(n)) for n in range(30)), order=Order(amount=1000))

    assert [r.redeemable.code for r in evaluation.applied] == ["0", "1", "2", "3", "4"]
    assert len(evaluation.skipped) == 25
    assert {r.reason.key for r in evaluation.skipped} == {"applicable_redeemables_limit_exceeded"}
    assert evaluation.skipped[0].reason.parameters == {"limit": 5}
    assert evaluation.order.total_amount == 950


def test_a_category_limit_names_the_category():
    rules = StackingRules(applicable_redeemables_per_category_limit=1)

    evaluation = run(common("A", "x"), common("B", "x"), stacking=rules)

    assert evaluation.skipped[0].reason.parameters == {"limit": 1, "category_id": "cat_x"}


def test_keeps_the_requested_order_but_puts_joint_ones_last():
    asked = (joint("J"), common("B", "x"), common("A"))

    arranged = stacking.arrange(asked, StackingRules(**RULES))

    assert [r.code for r in arranged] == ["B", "A", "J"]


def test_sorts_joint_ones_with_the_rest_where_the_rules_say_so():
    asked = (joint("J"), common("B"), common("A"))

    arranged = stacking.arrange(asked, StackingRules(**RULES, joint_always_last=False))

    assert [r.code for r in arranged] == ["J", "B", "A"]


def test_sorts_by_hierarchy_then_by_request_and_without_category_last():
    asked = (
        voucher("none"),
        voucher("two", categories=in_category("low", 2)),
        voucher("one", categories=in_category("mid")),
        voucher("top", categories=in_category("top", 0)),
        voucher("one-too", categories=in_category("mid")),
    )

    arranged = stacking.arrange(asked, StackingRules(**HIERARCHY))

    assert [r.code for r in arranged] == ["top", "one", "one-too", "two", "none"]


def test_the_order_of_application_decides_what_a_percentage_is_of():
    ten_percent = voucher("P", percent_off(10), categories=in_category("late", 5))
    hundred = voucher("A", amount_off(100), categories=in_category("early", 1))
    order = Order(amount=1000)

    as_asked = run(ten_percent, hundred, order=order)
    by_hierarchy = run(ten_percent, hundred, order=order, stacking=StackingRules(**HIERARCHY))

    assert (as_asked.order.total_amount, by_hierarchy.order.total_amount) == (800, 810)


def test_partial_prices_only_what_applies():
    rules = StackingRules(redeemables_application_mode=ApplicationMode.PARTIAL)

    evaluation = run(
        common("A"), common("B", active=False), order=Order(amount=1000), stacking=rules
    )

    assert evaluation.order.total_amount == 990
    assert [r.redeemable.code for r in evaluation.inapplicable] == ["B"]


def test_a_category_can_calculate_from_the_initial_amount():
    rules = StackingRules(initial_amount_mode_categories=frozenset({"cat_x"}))
    discounted, initial = voucher("D"), voucher("I", categories=in_category("x"))

    assert stacking.calculation_mode(discounted, rules) == CalculationMode.DISCOUNTED_AMOUNT
    assert stacking.calculation_mode(initial, rules) == CalculationMode.INITIAL_AMOUNT


@pytest.fixture
def total_is_checked(monkeypatch):
    """A further check that looks at the order as it stands when the redeemable's turn comes."""

    def check(redeemable, _context, order):
        wanted = redeemable.metadata.get("least", 0), redeemable.metadata.get("most", 10**9)
        inside = wanted[0] <= order.total_amount <= wanted[1]
        return None if inside else Reason("order_rules_violated")

    monkeypatch.setattr(checks, "CHECKS", (*checks.CHECKS, check))


def test_a_minimum_spend_depends_on_what_came_before(total_is_checked):
    ten_off = voucher("TEN", amount_off(1000))
    from_hundred = voucher("MIN", amount_off(500), metadata={"least": 10000})
    order = Order(amount=10500)

    assert said(run(from_hundred, ten_off, order=order)) == [("MIN", "applied"), ("TEN", "applied")]
    assert said(run(ten_off, from_hundred, order=order)) == [
        ("TEN", "applied"),
        ("MIN", "order_rules_violated"),
    ]


def test_an_exclusive_that_applies_only_after_a_common_one_is_kept_out(total_is_checked):
    rules = StackingRules(**RULES, redeemables_application_mode=ApplicationMode.PARTIAL)
    only_small = exclusive("B", metadata={"most": 995})

    evaluation = run(common("A"), only_small, order=Order(amount=1000), stacking=rules)

    assert said(evaluation) == [("A", "applied"), ("B", "exclusion_rules_not_met")]
