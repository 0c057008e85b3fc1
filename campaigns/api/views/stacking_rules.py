"""`/management/v1/projects/{project_id}/stacking-rules`."""

from typing import Literal, TypedDict

from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import queries, snapshots
from campaigns.api.inputs.stacking_rules import StackingRulesInput
from campaigns.models import StackingRules
from campaigns.serializers.stacking_rules import ManagedRulesJson, managed_json
from campaigns.services import stacking_rules
from loyalty_project.core.api.documentation import documented
from loyalty_project.core.api.views import ProjectManagementView


class StackingRulesListJson(TypedDict):
    """Always one: the rules of the project, or the published defaults."""

    object: Literal["list"]
    data_ref: Literal["data"]
    data: list[ManagedRulesJson]
    total: int


class StackingRulesView(ProjectManagementView):
    resource = "stacking-rules"

    @documented(summary="List the stacking rules of a project", response=StackingRulesListJson)
    def list(self, _request: Request) -> Response:
        answer: StackingRulesListJson = {
            "object": "list",
            "data_ref": "data",
            "data": [self._json(queries.stacking_rules())],
            "total": 1,
        }
        return Response(answer)

    @documented(
        summary="Create stacking rules in place of the defaults",
        request=StackingRulesInput,
        response=ManagedRulesJson,
        errors=(409,),
    )
    def create(self, _request: Request) -> Response:
        rules = stacking_rules.create(
            project=self.project, data=self.parse(StackingRulesInput), at=self.at
        )
        return Response(self._json(rules))

    @documented(summary="Get stacking rules", response=ManagedRulesJson)
    def retrieve(self, _request: Request, rules_id: str) -> Response:
        return Response(self._json(self._found(rules_id)))

    @documented(
        summary="Change stacking rules", request=StackingRulesInput, response=ManagedRulesJson
    )
    def update(self, _request: Request, rules_id: str) -> Response:
        rules = stacking_rules.update(
            project=self.project,
            rules=self._found(rules_id),
            data=self.parse(StackingRulesInput, partial=True),
            at=self.at,
        )
        return Response(self._json(rules))

    @documented(summary="Delete stacking rules; the defaults hold again", status=204)
    def destroy(self, _request: Request, rules_id: str) -> Response:
        stacking_rules.delete(project=self.project, rules=self._found(rules_id), at=self.at)
        return Response(status=204)

    def _found(self, rules_id: str) -> StackingRules:
        return stacking_rules.find(project=self.project, public_id=rules_id)

    def _json(self, rules: StackingRules | None) -> ManagedRulesJson:
        return managed_json(rules, snapshots.stacking(self.project))
