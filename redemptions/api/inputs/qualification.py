"""What may be asked about what a customer could use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from campaigns.engine.redeemable import Kind
from campaigns.engine.scenarios import Scenario
from loyalty_project.core.api import filters, inputs
from redemptions.api.inputs.redeemable import Language, RedeemableInput, SituationInput
from redemptions.context import PROMOTION_STACK
from redemptions.context.offers import Filters
from redemptions.services.qualifications import LIMIT_DEFAULT, LIMIT_MAX, SortingRule, Wish

EXPANDABLE = ("redeemable", "category", "validation_rules")
_OPERATORS = frozenset({"$is", "$is_not", "$in", "$not_in", "$has_value", "$is_unknown"})
_NOTHING = Q(pk__in=())


class QualificationOptionsInput(inputs.Input):
    """How many offers, which, in which sequence, and what to show of them."""

    limit = inputs.Whole(required=False, min_value=1, max_value=LIMIT_MAX)
    starting_after = inputs.Moment(required=False, allow_null=True)
    filters = inputs.Object(required=False)
    expand = inputs.ListOf(child=inputs.OneOf(EXPANDABLE), required=False)
    sorting_rule = inputs.OneOf([rule.value for rule in SortingRule], required=False)
    language = Language(required=False)
    explain = inputs.Flag(required=False)


class QualificationInput(SituationInput):
    """Who asks, with which order; `best` asks for the best use of the `redeemables`."""

    scenario = inputs.OneOf([scenario.value for scenario in Scenario], required=False)
    options = QualificationOptionsInput(required=False)
    best = inputs.Flag(required=False)
    redeemables = RedeemableInput(many=True, required=False, min_length=1, max_length=100)


def wish_of(given: Mapping[str, Any], *, at: datetime) -> Wish:
    """How to look, from a checked payload. Raises InvalidQuery for a wrong filter."""
    options = given.get("options") or {}
    tree = options.get("filters")
    return Wish(
        scenario=Scenario(given.get("scenario") or Scenario.ALL),
        limit=options.get("limit") or LIMIT_DEFAULT,
        starting_after=options.get("starting_after"),
        filters=filters_of(tree, at=at) if tree else Filters(),
        sorting_rule=SortingRule(options.get("sorting_rule") or SortingRule.DEFAULT),
    )


def filters_of(tree: Any, *, at: datetime) -> Filters:
    """A published filter tree, as a condition on each kind of thing."""
    return Filters(
        vouchers=filters.build(tree, _fields(Kind.VOUCHER.value), at=at),
        tiers=filters.build(tree, _fields(Kind.PROMOTION_TIER.value), at=at),
        stacks=filters.build(tree, _fields(PROMOTION_STACK), at=at),
    )


def _fields(kind: str) -> dict[str, Any]:
    of_code = kind == Kind.VOUCHER
    return {
        "category_id": _of("category__public_id", "campaign__category__public_id"),
        "campaign_id": _of("campaign__public_id"),
        "campaign_type": _of("campaign__campaign_type"),
        "resource_id": _of("public_id", "campaign__public_id"),
        "resource_type": _constant(kind, "campaign"),
        "voucher_type": _of("type") if of_code else _constant(),
        "code": _of("code") if of_code else _constant(),
        "holder_role": _constant("OWNER") if of_code else _constant(),
    }


def _of(*columns: str) -> filters.Custom:
    """A condition on any of several columns."""

    def build(condition: filters.Condition) -> Q:
        known = Q()
        for column in columns:
            known |= Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})
        if condition.operator in {"$has_value", "$is_unknown"}:
            return known if condition.operator == "$has_value" else ~known
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__in": [str(value) for value in condition.values]})
        return ~(known & found) if condition.operator in {"$is_not", "$not_in"} else found

    return filters.Custom(build, _OPERATORS)


def _constant(*values: str) -> filters.Custom:
    """A condition on what all things of a kind have in common; without values they have none."""

    def build(condition: filters.Condition) -> Q:
        if condition.operator in {"$has_value", "$is_unknown"}:
            holds = bool(values) == (condition.operator == "$has_value")
        else:
            named = bool(set(values) & {str(value) for value in condition.values})
            holds = named != (condition.operator in {"$is_not", "$not_in"})
        return Q() if holds else _NOTHING

    return filters.Custom(build, _OPERATORS)
