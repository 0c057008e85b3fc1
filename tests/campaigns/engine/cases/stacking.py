"""Who stacks with whom: each row is rules, redeemables and what becomes of each."""

from dataclasses import dataclass
from typing import Any

from campaigns.engine.context import ApplicationMode, NoEffectRule, SortingRule, StackingRules
from campaigns.engine.redeemable import Redeemable
from tests.campaigns.engine.build import amount_off, in_category, voucher

LIMIT = "applicable_redeemables_limit_exceeded"
PER_CATEGORY = "applicable_redeemables_per_category_limit_exceeded"
EXCLUSIVE_LIMIT = "applicable_exclusive_redeemables_limit_exceeded"
EXCLUSIVE_PER_CATEGORY = "applicable_exclusive_redeemables_per_category_limit_exceeded"
NOT_MET = "exclusion_rules_not_met"
PRECEDING = "preceding_validation_failed"
EXPIRED = "voucher_disabled"


@dataclass(frozen=True)
class Row:
    redeemables: tuple[Redeemable, ...]
    said: list[tuple[str, str]]
    valid: bool
    rules: StackingRules


def row(*pairs: tuple[Redeemable, str], valid: bool = True, **rules: Any) -> Row:
    """Pairs stand in the order of the request; one that comes out elsewhere says so by `said`."""
    rules.setdefault("exclusive_categories", frozenset({"cat_ex", "cat_ex2"}))
    rules.setdefault("joint_categories", frozenset({"cat_joint"}))
    return Row(
        tuple(redeemable for redeemable, _ in pairs),
        [(str(redeemable.code), outcome) for redeemable, outcome in pairs],
        valid,
        StackingRules(**rules),
    )


def common(code: str, category: str | None = None, **facts: Any) -> Redeemable:
    categories = in_category(category) if category else ()
    return voucher(code, amount_off(10), categories=categories, **facts)


def exclusive(code: str, category: str = "ex", **facts: Any) -> Redeemable:
    return common(code, category, **facts)


def joint(code: str, **facts: Any) -> Redeemable:
    return common(code, "joint", **facts)


OK = "applied"
PARTIAL = {"redeemables_application_mode": ApplicationMode.PARTIAL}
SKIP = {"redeemables_no_effect_rule": NoEffectRule.SKIP}
NOTHING = amount_off(0)

ROWS = {
    # The compatibility matrix.
    "common with common": row((common("A"), OK), (common("B"), OK)),
    "common with exclusive": row((common("A"), NOT_MET), (exclusive("B"), OK)),
    "exclusive with common": row((exclusive("A"), OK), (common("B"), NOT_MET)),
    "common with joint": row((common("A"), OK), (joint("B"), OK)),
    "exclusive with joint": row((exclusive("A"), OK), (joint("B"), OK)),
    "joint with joint": row((joint("A"), OK), (joint("B"), OK)),
    "exclusive with exclusive": row(
        (exclusive("A"), OK), (exclusive("B"), OK), applicable_exclusive_redeemables_limit=2
    ),
    "exclusive with exclusive over the limit": row(
        (exclusive("A"), OK), (exclusive("B"), EXCLUSIVE_LIMIT)
    ),
    "an exclusive of a category that is joint, too": row(
        (common("A"), NOT_MET),
        (exclusive("B"), OK),
        joint_categories=frozenset({"cat_ex"}),
    ),
    # An exclusive one that cannot be applied keeps nobody out.
    "common with an exclusive that is disabled, partial": row(
        (common("A"), OK), (exclusive("B", active=False), EXPIRED), **PARTIAL
    ),
    "common with an exclusive that is disabled, all": row(
        (common("A"), OK), (exclusive("B", active=False), EXPIRED), valid=False
    ),
    "common with an exclusive without effect": row(
        (common("A"), OK),
        (voucher("B", NOTHING, categories=in_category("ex")), "no_effect"),
        **SKIP,
    ),
    # Limits, and the key of each.
    "the sixth of six": row(*((common(str(n)), OK) for n in range(5)), (common("6"), LIMIT)),
    "the limit counts joint ones": row(
        (common("A"), OK), (joint("B"), LIMIT), applicable_redeemables_limit=1
    ),
    "over the limit an expired one is skipped, not refused": row(
        (common("A"), OK),
        (common("B", active=False), LIMIT),
        applicable_redeemables_limit=1,
    ),
    "the second of a category": row(
        (common("A", "x"), OK),
        (common("B", "x"), PER_CATEGORY),
        (common("C", "y"), OK),
        (common("D"), OK),
        applicable_redeemables_per_category_limit=1,
    ),
    "a category may have more": row(
        (common("A", "x"), OK),
        (common("B", "x"), OK),
        (common("C", "x"), PER_CATEGORY),
        (common("D", "y"), OK),
        (common("E", "y"), PER_CATEGORY),
        applicable_redeemables_per_category_limit=1,
        applicable_redeemables_category_limits={"cat_x": 2},
    ),
    "no limit per category by default": row((common("A", "x"), OK), (common("B", "x"), OK)),
    "the second exclusive of a category": row(
        (exclusive("A"), OK),
        (exclusive("B"), EXCLUSIVE_PER_CATEGORY),
        (exclusive("C", "ex2"), OK),
        applicable_exclusive_redeemables_limit=3,
        applicable_exclusive_redeemables_per_category_limit=1,
    ),
    # Modes.
    "all: the first refusal ends it": row(
        (common("A"), OK),
        (common("B", active=False), EXPIRED),
        (common("C"), PRECEDING),
        valid=False,
    ),
    "partial: goes on": row(
        (common("A"), OK), (common("B", active=False), EXPIRED), (common("C"), OK), **PARTIAL
    ),
    "partial: nothing applies": row(
        (common("A", active=False), EXPIRED),
        (common("B", active=False), EXPIRED),
        valid=False,
        **PARTIAL,
    ),
    "partial: a refused one takes no place": row(
        (common("A", active=False), EXPIRED),
        (common("B"), OK),
        (common("C"), LIMIT),
        applicable_redeemables_limit=1,
        **PARTIAL,
    ),
    # No effect.
    "without effect, redeemed anyway": row((voucher("A", NOTHING), OK)),
    "without effect, skipped": row((voucher("A", NOTHING), "no_effect"), (common("B"), OK), **SKIP),
    "nothing but one without effect": row(
        (voucher("A", NOTHING), "no_effect"), valid=False, **SKIP
    ),
    "a skipped one takes no place": row(
        (voucher("A", NOTHING), "no_effect"),
        (common("B"), OK),
        applicable_redeemables_limit=1,
        **SKIP,
    ),
    "without effect, by category skipped": row(
        (voucher("A", NOTHING, categories=in_category("x")), "no_effect"),
        (voucher("B", NOTHING), OK),
        no_effect_skip_categories=frozenset({"cat_x"}),
    ),
    "without effect, by category redeemed": row(
        (voucher("A", NOTHING, categories=in_category("x")), OK),
        (voucher("B", NOTHING), "no_effect"),
        no_effect_redeem_anyway_categories=frozenset({"cat_x"}),
        **SKIP,
    ),
    "the order is used up": row(
        (voucher("A", amount_off(100_000)), OK), (common("B"), "no_effect"), **SKIP
    ),
}

HIERARCHY = {"redeemables_sorting_rule": SortingRule.CATEGORY_HIERARCHY}
