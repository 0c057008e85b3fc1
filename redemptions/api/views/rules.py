"""`/v1/validation-rules/{id}/validation`, which the published JavaScript client still calls."""

from typing import Any, Literal, NotRequired, TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.queries import rules as rule_queries
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ApiView
from redemptions.api.inputs.redeemable import SingleInput, request_of
from redemptions.services import rule_checks


class ApplicableEntriesJson(TypedDict):
    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[dict[str, Any]]
    total: int


class RuleValidationJson(TypedDict):
    """`applicable_to` are the items that the rule chooses, where it holds."""

    valid: bool
    rule_id: str
    applicable_to: NotRequired[ApplicableEntriesJson]


class RuleValidationView(ApiView):
    resource = "validation-rules"

    @documented(
        summary="Say whether a rule holds for a customer and an order",
        request=SingleInput,
        response=RuleValidationJson,
        deprecated=True,
    )
    def validate(self, _request: Request, rule_id: str) -> Response:
        rule = rule_queries.get(reference=rule_id)
        request = request_of(self.parse(SingleInput), wanted=())
        valid = rule_checks.holds(project=self.project, rule=rule, request=request, at=self.at)
        answer: RuleValidationJson = {"valid": valid, "rule_id": rule.public_id}
        if valid:
            chosen = rule.definition.data["applicable_to"]["included"]
            answer["applicable_to"] = {
                "object": "list",
                "data_ref": "data",
                "data": chosen,
                "total": len(chosen),
            }
        return Response(answer)
