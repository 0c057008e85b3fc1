"""Validation rules and their assignments as published."""

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict

from campaigns.models import Campaign, PromotionTier, RuleAssignment, ValidationRule, Voucher
from campaigns.queries import references
from campaigns.queries import rules as rule_queries
from loyalty_project.core import wire


class ApplicableToJson(TypedDict):
    excluded: list[dict[str, Any]]
    included: list[dict[str, Any]]
    included_all: bool


class ValidationRuleJson(TypedDict):
    """`bundle_rules` is empty where they were removed, absent where there never were any."""

    id: str
    name: str
    rules: dict[str, Any]
    bundle_rules: NotRequired[dict[str, Any]]
    error: NotRequired[dict[str, str]]
    applicable_to: ApplicableToJson
    type: str
    context_type: str
    assignments_count: int
    created_at: str
    updated_at: str
    object: Literal["validation_rules"]


class SavedRuleJson(ValidationRuleJson):
    """The answer to a change; `warnings` name what the rule refers to and nobody knows."""

    warnings: NotRequired[list[str]]


class RuleAssignmentJson(TypedDict):
    id: str
    rule_id: str
    related_object_id: str
    related_object_type: str
    created_at: str
    object: Literal["validation_rules_assignment"]


class RuleAssignmentsJson(TypedDict):
    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[RuleAssignmentJson]
    total: int


def rule_json(rule: ValidationRule) -> ValidationRuleJson:
    document = rule.definition.data
    result: ValidationRuleJson = {
        "id": rule.public_id,
        "name": rule.name,
        "rules": document["rules"],
        "applicable_to": document["applicable_to"],
        "type": rule.type,
        "context_type": rule.context_type,
        "assignments_count": rule_queries.uses_of(rule),
        "created_at": wire.instant(rule.created_at),
        "updated_at": wire.instant(rule.updated_at),
        "object": "validation_rules",
    }
    if "error" in document:
        result["error"] = document["error"]
    if "bundle_rules" in document:
        result["bundle_rules"] = document["bundle_rules"]
    return result


def saved_rule_json(rule: ValidationRule) -> SavedRuleJson:
    """A rule that was just made or changed."""
    unknown = references.unknown(document=rule.definition.data)
    result: Any = {**rule_json(rule), **({"warnings": unknown} if unknown else {})}
    found: SavedRuleJson = result
    return found


def assignment_json(assignment: RuleAssignment) -> RuleAssignmentJson:
    return {
        "id": assignment.public_id,
        "rule_id": assignment.rule.public_id,
        "related_object_id": assignment.related_object_id,
        "related_object_type": assignment.related_object_type,
        "created_at": wire.instant(assignment.created_at),
        "object": "validation_rules_assignment",
    }


def assignments_json(row: Campaign | Voucher | PromotionTier) -> RuleAssignmentsJson:
    """Its own assignments; those of its campaign are not among them."""
    return listed_json(rule_queries.assignments_of(row))


def listed_json(assignments: Iterable[RuleAssignment]) -> RuleAssignmentsJson:
    found = [assignment_json(assignment) for assignment in assignments]
    return {"object": "list", "data_ref": "data", "data": found, "total": len(found)}
