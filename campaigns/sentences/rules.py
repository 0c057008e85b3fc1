"""Rule trees in words: one statement for each condition, joined as the tree joins them."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.engine.redeemable import Rule
from campaigns.engine.rules.conditions import Condition, Group
from campaigns.engine.rules.counted import COUNTED, PAST
from campaigns.engine.rules.verdict import highest
from campaigns.sentences import comparisons, counts, facts, items
from campaigns.sentences.words import Words, any_of, both, either, sentence
from loyalty_project.core.predicates import All, AnyOf, Comparison, Leaf, Node, Not

_SOME = frozenset({"$is", "$in", "$from"})
_NONE = frozenset({"$is_not", "$not_in", "$not_intersect"})
_MEMBERSHIPS: Mapping[str, tuple[Promise, Promise]] = {
    "customer.segment": (
        gettext_lazy("the customer must be in the segment %(names)s"),
        gettext_lazy("the customer must not be in the segment %(names)s"),
    ),
    "customer.loyalty_tier": (
        gettext_lazy("the customer must be in the loyalty tier %(names)s"),
        gettext_lazy("the customer must not be in the loyalty tier %(names)s"),
    ),
    "publication.redeemable_by_linked_customer": (
        gettext_lazy("the customer must be the one to whom the code was given"),
        gettext_lazy("the customer must not be the one to whom the code was given"),
    ),
}


def of_rule(rule: Rule, words: Words) -> list[str]:
    """One sentence for each condition that must hold, each once."""
    found = [of_tree(part, words, negated=no) for part, no in _demands(rule.tree, negated=False)]
    return list(dict.fromkeys(sentence(text) for text in found if text))


def of_number(rule: Rule, number: str, words: Words, *, group: str | None = None) -> list[str]:
    """The statements of the condition under a number, where it is of that group."""
    found = []
    for condition, negated in _placed(rule.tree, number, negated=False):
        if group is None or condition.group == group:
            found.append(of_condition(condition, words, negated=negated))
    return found


def of_tree(node: Node[Condition], words: Words, *, negated: bool = False) -> str:
    """The statement of a tree without capital and full stop; empty where nothing is asked."""
    if isinstance(node, Leaf):
        return of_condition(node.condition, words, negated=negated)
    if isinstance(node, Not):
        return of_tree(node.part, words, negated=not negated)
    join = either if isinstance(node, AnyOf) is not negated else both
    found: dict[str, bool] = {}
    for part in node.parts:
        text = of_tree(part, words, negated=negated)
        if text:
            found[text] = _is_joined(part)
    if len(found) == 1:
        return next(iter(found))
    return join([f"({text})" if joined else text for text, joined in found.items()])


def of_condition(condition: Condition, words: Words, *, negated: bool = False) -> str:
    """The statement of one condition with all that it compares with."""
    if condition.items is not None:
        where = of_tree(condition.items.parts, words) if condition.items.parts else ""
        return items.clause(condition.items, where, words, negated=negated)
    found = [
        of_comparison(condition, each, words, negated=negated) for each in condition.comparisons
    ]
    return (either if negated else both)(list(dict.fromkeys(found)))


def of_comparison(
    condition: Condition, comparison: Comparison, words: Words, *, negated: bool = False
) -> str:
    """What one operator asks of a condition's fact."""
    fact = facts.of(condition, words)
    if words.for_shoppers and fact.secret:
        return _untold(condition)
    return (
        _plain(condition, comparison, words, negated=negated)
        or _of_count(condition, comparison, words, negated=negated)
        or comparisons.clause(fact, comparison, words, negated=negated)
    )


def _demands(node: Node[Condition], *, negated: bool) -> Iterator[tuple[Node[Condition], bool]]:
    """The parts of a tree that must hold each by itself, or must each not hold."""
    if isinstance(node, Not):
        yield from _demands(node.part, negated=not negated)
    elif isinstance(node, AnyOf if negated else All):
        for part in node.parts:
            yield from _demands(part, negated=negated)
    else:
        yield node, negated


def _placed(
    node: Node[Condition], number: str, *, negated: bool
) -> Iterator[tuple[Condition, bool]]:
    """The condition under a number, with whether the tree wants its contrary."""
    if isinstance(node, Leaf):
        if node.number == number:
            yield node.condition, negated
    elif isinstance(node, Not):
        yield from _placed(node.part, number, negated=not negated)
    else:
        for part in node.parts:
            yield from _placed(part, number, negated=negated)


def _untold(condition: Condition) -> str:
    if condition.group == Group.CUSTOMER:
        return _("the customer must be one of those whom it is for")
    return _("the shop must allow it in this case")


def _plain(condition: Condition, comparison: Comparison, words: Words, *, negated: bool) -> str:
    """Conditions that people say in other words than "this must be that"."""
    operator = comparison.operator
    if condition.name == "wafa.customer.days_since_birthday":
        is_today = operator == "$is" and _is_zero(comparison) and not negated
        return _("today must be the customer's birthday") if is_today else ""
    if operator not in _SOME | _NONE:
        return ""
    wanted = (operator in _SOME) is not negated
    values = {"names": any_of(words.named(comparison.required))}
    if condition.name == "publication.redeemable_by_linked_customer":
        wanted = wanted is (comparison.required[0] is True)
    pair = _MEMBERSHIPS.get(condition.name)
    return "" if pair is None else str((pair[0] if wanted else pair[1]) % values)


def _of_count(condition: Condition, comparison: Comparison, words: Words, *, negated: bool) -> str:
    """Upper bounds of what was counted: `at most 500 uses of the campaign per day`."""
    is_bound = comparison.operator.startswith("$less") or _is_zero(comparison)
    most = highest(comparison) if is_bound else None
    if negated or most is None:
        return ""
    if condition.name in COUNTED:
        return counts.at_most(COUNTED[condition.name], most, words)
    if condition.name in PAST and most == 0:
        return counts.nothing_yet(condition.name, condition.property or "", words)
    return ""


def _is_zero(comparison: Comparison) -> bool:
    return len(comparison.required) == 1 and comparison.required[0] == 0


def _is_joined(node: Node[Condition]) -> bool:
    """Whether a part of a tree is said with "and" or "or", so that it needs brackets."""
    if isinstance(node, Not):
        return _is_joined(node.part)
    if isinstance(node, Leaf):
        return node.condition.items is None and len(node.condition.comparisons) > 1
    parts = [part for part in node.parts if not (isinstance(part, All) and not part.parts)]
    return len(parts) > 1 or (len(parts) == 1 and _is_joined(parts[0]))
