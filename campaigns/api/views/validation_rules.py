"""`/v1/validation-rules` and their assignments."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api import filters
from campaigns.api.inputs.validation_rule import RuleAssignmentInput, ValidationRuleInput
from campaigns.api.views.vouchers import is_forced
from campaigns.queries import rules as rule_queries
from campaigns.serializers.validation_rule import (
    RuleAssignmentJson,
    SavedRuleJson,
    ValidationRuleJson,
    assignment_json,
    rule_json,
    saved_rule_json,
)
from campaigns.services import rule_assignments, rules
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.listing import Listing
from loyalty_project.core.api.views import ApiView
from loyalty_project.core.errors import Invalid

RULES = Listing(
    ref="data",
    item=ValidationRuleJson,
    to_json=rule_json,
    order=("created_at", "updated_at", "name"),
    params=filters.RuleParams,
    filters=filters.RULES,
)
ASSIGNMENTS = Listing(
    ref="data",
    item=RuleAssignmentJson,
    to_json=assignment_json,
    order=("created_at",),
    params=filters.RuleAssignmentParams,
)
_SHORT = ("campaign", "voucher", "promotion_tier")


class ValidationRulesView(ApiView):
    resource = "validation-rules"

    @documented(summary="List validation rules", listing=RULES)
    def list(self, _request: Request) -> Response:
        return self.listed(RULES, rule_queries.listed())

    @documented(
        summary="Create a validation rule",
        request=ValidationRuleInput,
        response=SavedRuleJson,
    )
    def create(self, _request: Request) -> Response:
        data = self.parse(ValidationRuleInput)
        return Response(saved_rule_json(rules.create(project=self.project, data=data, at=self.at)))

    @documented(summary="Get a validation rule", response=ValidationRuleJson)
    def retrieve(self, _request: Request, rule_id: str) -> Response:
        return Response(rule_json(rule_queries.get(reference=rule_id)))

    @documented(
        summary="Update a validation rule, for all that it is assigned to",
        request=ValidationRuleInput,
        response=SavedRuleJson,
        errors=[409],
    )
    def update(self, _request: Request, rule_id: str) -> Response:
        rule = rules.update(
            project=self.project,
            rule=rule_queries.get(reference=rule_id),
            data=self.parse(ValidationRuleInput, partial=True),
            at=self.at,
        )
        return Response(saved_rule_json(rule))

    @documented(summary="Delete a validation rule that nothing is assigned", status=204)
    def destroy(self, _request: Request, rule_id: str) -> Response:
        rule = rule_queries.get(reference=rule_id)
        rules.delete(project=self.project, rule=rule, at=self.at)
        return Response(status=204)


class RuleAssignmentsView(ApiView):
    """What one rule restricts."""

    resource = "validation-rules"

    @documented(summary="List the assignments of a rule", listing=ASSIGNMENTS)
    def list(self, _request: Request, rule_id: str) -> Response:
        rule = rule_queries.get(reference=rule_id)
        return self.listed(ASSIGNMENTS, rule_queries.assignments().filter(rule=rule))

    @documented(
        summary="Assign a rule to a campaign, a code or a promotion tier",
        request=RuleAssignmentInput,
        response=RuleAssignmentJson,
        errors=[409],
    )
    def create(self, _request: Request, rule_id: str) -> Response:
        rule = rule_queries.get(reference=rule_id)
        kind, reference = _named(self.parse(RuleAssignmentInput))
        assignment = rule_assignments.assign(
            project=self.project,
            rule=rule,
            to=rule_assignments.target(kind=kind, reference=reference),
            force=is_forced(self.query),
            at=self.at,
        )
        return Response(assignment_json(assignment))

    @documented(summary="Delete an assignment of a rule", status=204)
    def destroy(self, _request: Request, rule_id: str, assignment_id: str) -> Response:
        rule = rule_queries.get(reference=rule_id)
        assignment = rule_queries.get_assignment(rule=rule, reference=assignment_id)
        rule_assignments.unassign(project=self.project, assignment=assignment, at=self.at)
        return Response(status=204)


class AllRuleAssignmentsView(ApiView):
    """What any rule restricts."""

    resource = "validation-rules-assignments"

    @documented(summary="List the assignments of all rules", listing=ASSIGNMENTS)
    def list(self, _request: Request) -> Response:
        return self.listed(ASSIGNMENTS, rule_queries.assignments())


def _named(data: dict[str, Any]) -> tuple[str, str]:
    """Kind and id; without a kind it is a voucher, as published. Raises Invalid."""
    for kind in _SHORT:
        if data.get(kind):
            return kind, data[kind]
    if not data.get("related_object_id"):
        raise Invalid("Payload should have required property 'related_object_id'")
    return data.get("related_object_type") or "voucher", data["related_object_id"]
