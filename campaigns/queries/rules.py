"""Reading validation rules and what they restrict."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Count, Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from campaigns.models import Campaign, PromotionTier, RuleAssignment, ValidationRule, Voucher
from loyalty_project.core.errors import NotFound

Row = TypeVar("Row", bound=Model)


def listed() -> QuerySet[ValidationRule]:
    """Rules for a list: with their documents, and annotated with how often they are assigned."""
    rows = RuleAssignment.objects.filter(rule=OuterRef("pk")).order_by().values("rule")
    return _rules().annotate(uses=Subquery(rows.annotate(n=Count("pk")).values("n")))


def uses_of(rule: ValidationRule) -> int:
    """How often a rule is assigned, counted now or when the list was read."""
    if hasattr(rule, "uses"):
        return rule.uses or 0
    return int(rule.assignments.count())


def get(*, reference: str) -> ValidationRule:
    """By id. Raises NotFound."""
    found = _rules().filter(public_id=reference).first()
    if found is None:
        raise unknown(reference)
    return found


def assignments() -> QuerySet[RuleAssignment]:
    """With the ids of what they join."""
    found: QuerySet[RuleAssignment] = RuleAssignment.objects.select_related(
        "project", "rule", "campaign", "voucher", "promotion_tier"
    )
    return found


def assigned_to(
    *, campaigns: Collection[int], vouchers: Collection[int], tiers: Collection[int]
) -> QuerySet[RuleAssignment]:
    """Those of any of these, by primary key; the oldest first."""
    of_any = Q(campaign__in=campaigns) | Q(voucher__in=vouchers) | Q(promotion_tier__in=tiers)
    return assignments().filter(of_any).order_by("pk")


def get_assignment(*, rule: ValidationRule, reference: str) -> RuleAssignment:
    """By id, among those of the rule. Raises NotFound."""
    found = assignments().filter(rule=rule, public_id=reference).first()
    if found is None:
        raise _unknown("validation_rules_assignment", reference)
    return found


def with_assignments(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Campaigns, codes or tiers of a list with their own assignments: one query for all of them."""
    own = RuleAssignment.objects.select_related("rule").order_by("pk")
    return rows.prefetch_related(Prefetch("rule_assignments", queryset=own, to_attr="assigned"))


def assignments_of(row: Campaign | Voucher | PromotionTier) -> list[RuleAssignment]:
    """Its own, the oldest first: as they were read with it, else asked for now.

    A row that was read with `has_rules` of False is not asked for.
    """
    if not getattr(row, "has_rules", True):
        return []
    found: list[RuleAssignment] | None = getattr(row, "assigned", None)
    if found is None:
        found = list(row.rule_assignments.select_related("rule").order_by("pk"))
    return found


def forget(row: Campaign | Voucher | PromotionTier) -> None:
    """Have `assignments_of` ask anew for a row whose assignments change."""
    for name in ("assigned", "has_rules"):
        vars(row).pop(name, None)


def unknown(reference: str) -> NotFound:
    return _unknown("validation_rules", reference)


def _rules() -> QuerySet[ValidationRule]:
    found: QuerySet[ValidationRule] = ValidationRule.objects.select_related("project", "definition")
    return found


def _unknown(resource_type: str, reference: str) -> NotFound:
    """Published with the name of the type as it stands, unlike those of NotFound.of."""
    return NotFound(
        f"Cannot find {resource_type} with id {reference}",
        resource_id=reference,
        resource_type=resource_type,
    )
