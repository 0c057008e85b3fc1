"""Stacking rules: at most one set per project; without one the published defaults hold."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns import queries
from campaigns.models import Category, StackingRules, StackingRulesType
from campaigns.services import state
from loyalty_project.core import reading
from loyalty_project.core.errors import Conflict, NotFound
from loyalty_project.core.models import Project

MAX_LIMIT = 100
LIMITS = (
    "redeemables_limit",
    "applicable_redeemables_limit",
    "applicable_redeemables_per_category_limit",
    "applicable_exclusive_redeemables_limit",
    "applicable_exclusive_redeemables_per_category_limit",
)
CATEGORY_LIMITS = "applicable_redeemables_category_limits"
CHOICES = (
    "redeemables_application_mode",
    "redeemables_sorting_rule",
    "redeemables_products_application_mode",
    "redeemables_no_effect_rule",
    "redeemables_rollback_order_mode",
    "grouped_redeemables_sorting_rule",
    "credits_overflow",
    "discount_calculation_mode",
)
FLAGS = ("canceled_orders_roll_back", "credits_with_discounts")
# Kept on the categories themselves.
TYPES = {
    "exclusive_categories": StackingRulesType.EXCLUSIVE,
    "joint_categories": StackingRulesType.JOINT,
}
LISTS = (
    "no_effect_skip_categories",
    "no_effect_redeem_anyway_categories",
    "initial_amount_mode_categories",
    "discounted_amount_mode_categories",
)
_APART = (tuple(TYPES), LISTS[:2], LISTS[2:])
# The first of each pair is at most the second.
AT_MOST = (
    ("applicable_redeemables_limit", "redeemables_limit"),
    ("applicable_redeemables_per_category_limit", "applicable_redeemables_limit"),
    (
        "applicable_exclusive_redeemables_per_category_limit",
        "applicable_exclusive_redeemables_limit",
    ),
)


class StackingRulesExist(Conflict):
    key = "stacking_rules_exist"
    message = "Stacking rules exist"


def find(*, project: Project, public_id: str) -> StackingRules:
    """Raises NotFound."""
    del project
    rules: StackingRules | None = StackingRules.objects.filter(public_id=public_id).first()
    if rules is None:
        raise _not_found(public_id)
    return rules


def create(*, project: Project, data: Mapping[str, Any], at: datetime) -> StackingRules:
    """Take the place of the defaults with the published members of `data`.

    A limit that is not given is its default, or less where another one bounds it. Raises
    StackingRulesExist, and WrongMember naming the member.
    """
    with transaction.atomic():
        state.exclusive_combinations(project=project)
        if queries.stacking_rules() is not None:
            raise StackingRulesExist("Cannot exist more stacking rules for given project")
        return _create(project, data, at=at)


def update(
    *, project: Project, rules: StackingRules, data: Mapping[str, Any], at: datetime
) -> StackingRules:
    """Change what is given; a list takes the place of the whole list. Raises WrongMember."""
    del at
    with transaction.atomic():
        state.exclusive_combinations(project=project)
        return _update(project, _read_again(rules), data)


def put(
    *, project: Project, data: Mapping[str, Any], hierarchies: Mapping[str, int], at: datetime
) -> StackingRules:
    """Update the rules or make them, and place categories by id, in one transaction."""
    with transaction.atomic():
        state.exclusive_combinations(project=project)
        for category in Category.objects.filter(public_id__in=hierarchies):
            if category.hierarchy != hierarchies[category.public_id]:
                category.hierarchy = hierarchies[category.public_id]
                category.save(update_fields=["hierarchy", "updated_at"])
        rules = queries.stacking_rules()
        return _create(project, data, at=at) if rules is None else _update(project, rules, data)


def delete(*, project: Project, rules: StackingRules, at: datetime) -> None:
    """Back to the published defaults, for categories too. Raises NotFound."""
    del at
    with transaction.atomic():
        state.exclusive_combinations(project=project)
        _read_again(rules)
        _set_types(dict.fromkeys(TYPES, ()))
        rules.delete()
        state.stamp(project=project)


def names(*, rules: StackingRules | None, category: Category) -> bool:
    """Whether the rules say something of the category."""
    if rules is None:
        return False
    named = {entry for member in LISTS for entry in getattr(rules, member)}
    named |= set(rules.applicable_redeemables_category_limits)
    return bool(category.stacking_rules_type) or category.public_id in named


def forget(*, rules: StackingRules, category: Category) -> None:
    """Take a category out of the rules, in the caller's transaction."""
    for member in LISTS:
        kept = [entry for entry in getattr(rules, member) if entry != category.public_id]
        setattr(rules, member, kept)
    rules.applicable_redeemables_category_limits.pop(category.public_id, None)
    rules.save()


def _create(project: Project, data: Mapping[str, Any], *, at: datetime) -> StackingRules:
    rules = StackingRules(project=project, created_at=at)
    _set(rules, data)
    for small, big in AT_MOST:
        limit = getattr(rules, small)
        if small not in data and limit is not None:
            setattr(rules, small, min(limit, getattr(rules, big)))
    return _save(project, rules, data)


def _update(project: Project, rules: StackingRules, data: Mapping[str, Any]) -> StackingRules:
    _set(rules, data)
    return _save(project, rules, data)


def _save(project: Project, rules: StackingRules, data: Mapping[str, Any]) -> StackingRules:
    for small, big in AT_MOST:
        low, high = getattr(rules, small), getattr(rules, big)
        if low is not None and low > high:
            if small in data:
                raise reading.wrong(small, f"must be <= {high}, which is {big}")
            raise reading.wrong(big, f"must be >= {low}, which is {small}")
    _check_apart(rules, data)
    rules.save()
    _set_types({member: data[member] for member in TYPES if member in data})
    state.stamp(project=project)
    return rules


def _read_again(rules: StackingRules) -> StackingRules:
    found: StackingRules | None = StackingRules.objects.filter(pk=rules.pk).first()
    if found is None:
        raise _not_found(rules.public_id)
    return found


def _not_found(public_id: str) -> NotFound:
    return NotFound(
        f"Cannot find stacking_rules with id {public_id}",
        resource_id=public_id,
        resource_type="stacking_rules",
    )


def _set(rules: StackingRules, data: Mapping[str, Any]) -> None:
    for member in LIMITS:
        if member in data:
            setattr(rules, member, _limit(member, data[member]))
    for member in (*CHOICES, *FLAGS):
        if member in data:
            setattr(rules, member, data[member])
    _check_known(data)
    for member in LISTS:
        if member in data:
            setattr(rules, member, list(dict.fromkeys(data[member])))
    if CATEGORY_LIMITS in data:
        limits = data[CATEGORY_LIMITS].items()
        rules.applicable_redeemables_category_limits = {
            public_id: _limit(f"{CATEGORY_LIMITS}.{public_id}", limit)
            for public_id, limit in limits
        }


def _limit(member: str, value: Any) -> int | None:
    if value is None and member.endswith("per_category_limit"):
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise reading.wrong(member, "must be integer")
    if value < 1:
        raise reading.wrong(member, "must be >= 1")
    if value > MAX_LIMIT:
        raise reading.wrong(member, f"must be <= {MAX_LIMIT}")
    return value


def _check_known(data: Mapping[str, Any]) -> None:
    """Refuse ids that no category of the project has."""
    given = {member: list(data[member]) for member in (*TYPES, *LISTS) if member in data}
    given[CATEGORY_LIMITS] = list(data.get(CATEGORY_LIMITS) or ())
    wanted = {public_id for ids in given.values() for public_id in ids}
    rows = Category.objects.filter(public_id__in=wanted)
    known = set(rows.values_list("public_id", flat=True))
    for member, ids in given.items():
        for public_id in ids:
            if public_id not in known:
                raise reading.wrong(member, f"names no category: {public_id}")


def _check_apart(rules: StackingRules, data: Mapping[str, Any]) -> None:
    """Two lists that say the opposite have no category in common."""
    types = queries.stacking_types()
    now: dict[str, Iterable[str]] = {member: types[kind] for member, kind in TYPES.items()}
    now |= {member: getattr(rules, member) for member in LISTS}
    now |= {member: data[member] for member in TYPES if member in data}
    for one, other in _APART:
        both = set(now[one]) & set(now[other])
        if both:
            given, against = (other, one) if other in data else (one, other)
            raise reading.wrong(given, f"overlaps .{against}: {min(both)}")


def _set_types(lists: Mapping[str, Iterable[str]]) -> None:
    """Let exactly the categories of each list have its type."""
    wanted = {public_id: TYPES[member] for member, ids in lists.items() for public_id in ids}
    replaced = {TYPES[member].value for member in lists}
    for category in Category.objects.order_by("pk"):
        kept = category.stacking_rules_type
        kind = wanted.get(category.public_id, "" if kept in replaced else kept)
        if kind != kept:
            category.stacking_rules_type = kind
            category.save(update_fields=["stacking_rules_type", "updated_at"])
